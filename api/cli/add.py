"""``fairpapers add``: more papers for a graph that is there."""

from __future__ import annotations

from pathlib import Path

import click

from .group import SKIPPED_SOME
from .options import graph_option, model_options, papers_format, workers_option


@click.command()
@click.argument("source", metavar="INPUT", type=click.Path(path_type=Path))
@graph_option
@papers_format
@model_options
@workers_option
@click.option(
    "--rebuild",
    is_flag=True,
    help="Build the graph again from its records and these, where it cannot grow.",
)
@click.pass_context
def command(
    ctx: click.Context,
    source: Path,
    directory: Path | None,
    papers_format: str | None,
    model: Path | None,
    rules_only: bool,
    accurate: Path | bool,
    workers: int,
    rebuild: bool,
) -> None:
    """Add papers to a graph, or renew those that it has.

    INPUT is a file of papers, or of records by `fairpapers extract`. A paper that the graph has
    with the same text, extracted by the same version and model, is not extracted again; with
    another text or model its record is replaced. The graph is not built anew: what differs is
    written into a copy whose files are shared with the old one, validated, and published at once,
    so a server on the same directory goes on answering and soon serves it. It is, triple by triple,
    what a build of all the papers would make.

    A record that cannot be read is named on standard error and skipped; the exit code is then 3. A
    second build or change of the same directory at the same time is refused.

    \b
    Examples:
      fairpapers add new.bib --graph graph
      fairpapers add today.xml --graph graph --workers 2
      fairpapers add records.jsonl --graph graph
    """
    from .growing import add_from
    from .messages import SkippedRecords
    from .options import chosen_graph
    from .recording import Reading

    skipped = SkippedRecords()
    reading = Reading(papers_format, model, rules_only, workers, accurate)
    for line in add_from(source, chosen_graph(directory), reading, skipped, rebuild=rebuild):
        click.echo(line)
    if skipped.count:
        ctx.exit(SKIPPED_SOME)
