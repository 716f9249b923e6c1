"""``fairpapers review``: decisions of people on statements."""

from __future__ import annotations

from pathlib import Path

import click

from .group import SKIPPED_SOME
from .options import chosen_graph, graph_option


@click.command()
@click.argument("file", required=False, metavar="[DECISIONS]", type=click.Path(path_type=Path))
@graph_option
@click.option("--reviewer", default="", help="Name or ORCID iD, for lines that give none.")
@click.option("--date", default="", help="Day or time, ISO 8601, for lines that give none.")
@click.option("--links", type=click.Path(path_type=Path, exists=True), help="As for build.")
@click.option("--list", "listed", is_flag=True, help="List the decisions that the graph keeps.")
@click.option("--export", "export", type=click.Path(path_type=Path), help="Write them to a file.")
@click.option("--template", metavar="PAPER", help="CSV of a paper's statements, to be filled in.")
@click.pass_context
def command(
    ctx: click.Context,
    file: Path | None,
    directory: Path | None,
    reviewer: str,
    date: str,
    links: Path | None,
    listed: bool,
    export: Path | None,
    template: str | None,
) -> None:
    """Confirm, reject or correct statements of a graph.

    DECISIONS is CSV or JSON Lines. "statement" is the IRI of a claim, result or size, or a line has
    "subject", "predicate" and "object"; "decision" is confirmed, rejected or corrected; then
    "reviewer", "date" and "comment". A correction says what is so: new_role, new_label and new_name
    of a claim; new_value, new_unit, new_metric, new_subject, new_dataset, new_task ... of a result;
    new_number, new_counted of a size; a dash empties a field. What extraction missed is "confirmed"
    with "label", "start", "end" and "words" beside subject, predicate and the name as object.

    The decisions are kept in the graph directory by what they judge, and the graph is built again
    from its records; each later build applies them too. The latest decision on a statement holds.
    Rejecting fp:mentions rejects fp:uses and fp:introduces as well.

    A line that is no decision is named on standard error and skipped; the exit code is then 3.

    \b
    Examples:
      fairpapers review --template paper/title:77371d4b9df8c37f > todo.csv
      fairpapers review todo.csv --graph graph --reviewer 'Ada Example' --date 2026-11-30
      fairpapers review --list --graph graph
      fairpapers review --export decisions.jsonl --graph graph
    """
    from .reviewing import apply_file, decisions_of, template_lines
    from .reviewing import lines as decision_lines

    graph = chosen_graph(directory)
    asked = sum((file is not None, listed, export is not None, template is not None))
    if asked != 1:
        raise click.UsageError("give DECISIONS, --list, --export or --template, one of them")
    if template is not None:
        click.echo(template_lines(graph, template), nl=False)
    elif export is not None:
        from ...graph.reviewing import write_decisions

        write_decisions(decisions_of(graph), export)
    elif listed:
        for line in decision_lines(graph):
            click.echo(line)
    elif file is not None:
        report, refused = apply_file(file, graph, reviewer=reviewer, date=date, links=links)
        for line in report:
            click.echo(line)
        if refused:
            ctx.exit(SKIPPED_SOME)
