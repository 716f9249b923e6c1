"""``fairpapers remove``: papers out of a graph."""

from __future__ import annotations

from pathlib import Path

import click

from .group import SKIPPED_SOME
from .options import graph_option


@click.command()
@click.argument("papers", metavar="PAPER...", nargs=-1)
@click.option(
    "--from",
    "listed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="File of papers to remove, one a line.",
)
@graph_option
@click.pass_context
def command(
    ctx: click.Context, papers: tuple[str, ...], listed: Path | None, directory: Path | None
) -> None:
    """Take papers out of a graph, without a trace.

    PAPER is a key such as doi:10.1000/xyz or acl:P19-1001, or the IRI of the paper. Its statements,
    its record and the decisions on it go; resources that no other paper names go with it. The store
    is written afresh and the replaced snapshot deleted, so that no file has its words; a snapshot
    that a server still reads is named, and goes with the next change.

    A paper that the graph does not have is named on standard error; the exit code is then 3.

    \b
    Examples:
      fairpapers remove doi:10.18653/v1/n19-1423 --graph graph
      fairpapers remove --from withdrawn.txt --graph graph
    """
    from .growing import remove_papers
    from .options import chosen_graph

    named = list(papers)
    if listed is not None:
        named += [line.strip() for line in listed.read_text(encoding="utf-8").splitlines()]
    named = [each for each in named if each]
    if not named:
        raise click.UsageError("name at least one PAPER, or give --from FILE")
    lines, absent = remove_papers(named, chosen_graph(directory))
    for line in lines:
        click.echo(line)
    if absent:
        ctx.exit(SKIPPED_SOME)
