"""``fairpapers search``: things of a graph by name."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from .options import chosen_graph, graph_option


@click.command()
@click.argument("text")
@graph_option
@click.option(
    "--kind",
    type=click.Choice(["dataset", "model", "method", "metric", "task", "paper"]),
    help="Only things of this kind.",
)
@click.option(
    "--most", type=click.IntRange(1, 1000), default=20, show_default=True, help="Things to show."
)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print them.",
)
def command(text: str, directory: Path | None, kind: str | None, most: int, shape: str) -> None:
    """Find things by their names, and papers by their titles.

    Words match by their beginnings, in any order; case, hyphens and accents make no difference.
    What is named exactly so comes first, then what most papers name.

    \b
    Examples:
      fairpapers search imagenet
      fairpapers search 'llama 2' --kind model --graph graph
    """
    from ...graph.search import has_index, search
    from ...graph.snapshot import current_snapshot
    from .answers import print_table

    snapshot = current_snapshot(chosen_graph(directory))
    if not has_index(snapshot):
        raise click.ClickException(
            "this graph has no search index: build it again, or ask `fairpapers query A05`"
        )
    found = search(snapshot, text, kind=kind, most=most)
    if shape == "json":
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2))
        return
    base = f"{snapshot.base}/id/"
    rows = [(each.iri.removeprefix(base), each.label, str(each.papers or "")) for each in found]
    print_table(("thing", "name", "papers"), rows)
