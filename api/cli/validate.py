"""``fairpapers validate``: the shapes and checks on a published graph."""

from __future__ import annotations

from pathlib import Path

import click

from .messages import say
from .options import EXISTING_FOLDER


@click.command()
@click.argument("directory", type=EXISTING_FOLDER)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    help="Apply the shapes to at most this many papers; the checks see all.",
)
def command(directory: Path, most: int | None) -> None:
    """Validate a graph by the shapes and checks.

    DIRECTORY is what `fairpapers build` made; the shapes are those of the ontology. Every build
    does this before it publishes. Each fault is one line on standard output; the exit code is 1 if
    there are any.

    \b
    Examples:
      fairpapers validate graph
      fairpapers validate graph --most 1000
    """
    from pyoxigraph import Store

    from ...graph.iris import Iris
    from ...graph.snapshot import current_snapshot
    from ...graph.validation import SHAPED_PAPERS, validate

    snapshot = current_snapshot(directory)
    store = Store.read_only(str(snapshot.store))
    found = validate(store, Iris(snapshot.base), most=most or SHAPED_PAPERS)
    for violation in found.violations:
        click.echo(violation)
    seen = "all" if not found.sampled else f"{found.shaped} of {found.papers}"
    say(f"{found.papers} papers, {len(found.checks)} checks on all, shapes on {seen}")
    if not found.conforms:
        raise click.ClickException(f"{len(found.violations)} faults in {directory}")
