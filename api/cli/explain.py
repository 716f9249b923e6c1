"""``fairpapers explain``: what may be wrong with a query, why it has no rows, a picture of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import library_option
from .sparql import read_query

if TYPE_CHECKING:
    from ...graph.snapshot import Snapshot
    from ...queries.assistance import Explanation, Finding, View

_ID = re.compile(r"[A-Za-z][0-9]{2}")


def _list_kinds(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    """Write what each finding means, and end."""
    if not value or ctx.resilient_parsing:
        return
    from ...queries.assistance import KINDS

    for kind in KINDS.values():
        click.echo(f"{kind.id} ({kind.level}): {kind.title}\n  {kind.meaning}\n")
        for heading, text in (("Like this:", kind.example), ("Better:", kind.better)):
            click.echo(
                "\n".join((f"  {heading}", *(f"    {line}" for line in text.split("\n")), ""))
            )
    ctx.exit()


@click.command()
@click.argument("query", metavar="QUERY|@FILE|-|ID")
@click.option(
    "--graph",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="FAIRPAPERS_GRAPH",
    help="Graph directory that is asked which names it has, and why there are no rows  "
    "[default: none is asked]",
)
@library_option
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json", "svg", "mermaid"]),
    default="text",
    show_default=True,
    help="text or json: findings, explanation and picture in words; svg or mermaid: the picture.",
)
@click.option(
    "--kinds",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_kinds,
    help="List what may be found, with what it means and an example, and end.",
)
def command(query: str, directory: Path | None, own: Path | None, shape: str) -> None:
    """Explain a query: what may be wrong with it, and a picture.

    Give its text, @FILE to read it from a file, - for standard input, or the id of a query of the
    library. Names that nothing has are compared with those that there are; each finding has an id,
    a place and advice. With --graph it is also said which part of the query leaves no row, if it
    has none: at most sixty questions, within the deadline of the endpoint.

    \b
    Examples:
      fairpapers explain 'SELECT ?d WHERE { ?paper fp:use ?d }'
      fairpapers explain @question.rq --graph graph
      fairpapers explain F02 --format svg > leaderboard.svg
      fairpapers explain --kinds
    """
    from ...queries import load_library
    from ...queries.assistance import advise, draw, mermaid, read, report, svg

    named = _ID.fullmatch(query) is not None
    text = load_library(own=own).find(query).bind() if named else read_query(query)
    view = read(text)
    if shape in ("svg", "mermaid"):
        click.echo(svg(draw(view)) if shape == "svg" else mermaid(draw(view)), nl=False)
        return
    if directory is None:
        findings, explanation = advise(view), None
    else:
        findings, explanation = _asked(directory, view)
    if shape == "json":
        document = report(view, findings, explanation, picture=True)
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    click.echo(_text(view, findings, explanation))


def _asked(directory: Path, view: View) -> tuple[tuple[Finding, ...], Explanation | None]:
    from ...graph.snapshot import current_snapshot
    from ...queries.assistance import advise
    from .explaining import graph_terms, why_empty

    snapshot: Snapshot = current_snapshot(directory)
    findings = advise(view, graph_terms(snapshot))
    if any(each.kind == "undeclared-prefix" for each in findings):
        # The engine would say no more than that.
        return findings, None
    return findings, why_empty(snapshot, view, steps=True)


def _text(view: View, findings: tuple[Finding, ...], explanation: Explanation | None) -> str:
    from ...queries.assistance import draw, explanation_text, findings_text

    parts = []
    if view.fault is not None:
        line = view.text.count("\n", 0, view.fault.start) + 1
        column = view.fault.start - view.text.rfind("\n", 0, view.fault.start)
        parts.append(f"Not understood from line {line}, column {column} on.")
    parts.append(findings_text(view, findings) or "Nothing to remark.")
    if explanation is not None:
        parts.append(explanation_text(view, explanation))
    parts.append(draw(view).words())
    return "\n\n".join(parts)
