"""``fairpapers evidence``: why a statement is in the graph."""

from __future__ import annotations

from pathlib import Path

import click

from .group import SKIPPED_SOME
from .options import chosen_graph, graph_option


@click.command()
@click.argument("statement", nargs=-1, required=True, metavar="STATEMENT...")
@graph_option
@click.option(
    "--text",
    "file",
    type=click.Path(path_type=Path),
    help="Your own list of papers, in any format that `fairpapers extract` reads: shows sentences.",
)
@click.option("--text-format", metavar="NAME", help="Format of that file where it does not tell.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="For reading, or for programs.",
)
@click.pass_context
def command(
    ctx: click.Context,
    statement: tuple[str, ...],
    directory: Path | None,
    file: Path | None,
    text_format: str | None,
    shape: str,
) -> None:
    """Show why a statement is in the graph.

    Shown are its claim, confidence and review, the words and sentences behind it, the run that
    found them, and the source.

    STATEMENT is the IRI of a claim, mention, result or size, in full or from "paper/" on; or
    subject, relation and object, as three arguments or one string. Subject and object are IRIs,
    short forms such as dataset/squad, keys of papers, or names of resources; the relation is
    fp:introduces, fp:uses, fp:mentions, fp:addressesTask, fp:reportsResult, fp:reportsSize,
    fp:size, fp:evaluatedOn or fp:variantOf, with or without fp:.

    The graph holds no texts. With --text the sentences come from your own copy, which is checked
    by its SHA-256; in another text of the same paper the words are searched, and that is said.

    \b
    Examples:
      fairpapers evidence paper/title:77371d4b9df8c37f/c/3
      fairpapers evidence paper/title:77371d4b9df8c37f uses ImageNet --text papers.jsonl
      fairpapers evidence 'CLIP fp:evaluatedOn ImageNet' --graph graph --format json

    \b
    Exit codes:
      0  found; every sentence that was asked for is shown, from the text that was read
      1  the graph does not say so, or STATEMENT names nothing or several things
      3  found, but some sentences come from another text of the paper or are missing
    """
    from ...graph.evidence import evidence_of, find_copies, point_at
    from ...graph.iris import Iris
    from ...graph.snapshot import current_snapshot
    from ...graph.store import EmbeddedStore
    from .evidence_shown import as_json, lines
    from .messages import SkippedRecords

    snapshot = current_snapshot(chosen_graph(directory))
    iris = Iris(snapshot.base)
    with EmbeddedStore(snapshot.store) as store:
        evidence = evidence_of(point_at(statement, store, iris), store, iris)
    copies = None
    if file is not None:
        papers = {item.paper.key: item.paper for item in evidence.items}
        copies = find_copies(
            file, list(papers.values()), papers_format=text_format, skipped=SkippedRecords()
        )
    if shape == "json":
        click.echo(as_json(evidence, copies, snapshot))
    else:
        for line in lines(evidence, copies, snapshot, str(file)):
            click.echo(line)
    if copies is not None and any(
        item.paper.key not in copies or not copies[item.paper.key].same for item in evidence.items
    ):
        ctx.exit(SKIPPED_SOME)
