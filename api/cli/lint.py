"""``fairpapers lint``: what is wrong with query files."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from .messages import at_work, say


@click.command()
@click.argument(
    "paths",
    metavar="DIR|FILE...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True),
)
@click.option(
    "--graph",
    "directory",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Ask each query of this graph too, with its defaults, and check the answers.",
)
@click.option(
    "--alone",
    is_flag=True,
    help="Check them as a library of their own, not as an addition to the one that is shipped.",
)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print the faults.",
)
def command(
    paths: tuple[Path, ...], directory: Path | None, alone: bool, strict: bool, shape: str
) -> None:
    """Check files of queries before they are used.

    A query file is SPARQL below front matter; `fairpapers queries` lists those that are shipped,
    and queries/README.md explains every field and every check. Of a DIR all .rq files are checked.
    What passes can be used: `query`, `queries`, `serve` and `mcp` take the folder with --library.

    Each fault is one line; an error keeps a query from being used or makes its answer wrong, a
    warning is worth a look:

    \b
      FILE:LINE: error: what is wrong and what to do [name of the check]

    \b
    Examples:
      fairpapers lint my-queries
      fairpapers lint my-queries/Z01-venues.rq --graph graph
      fairpapers lint my-queries --strict --format json | jq '.faults[].message'

    \b
    Exit codes:
      0    no error; there may be warnings
      1    errors, or with --strict warnings, or the graph cannot be read
      2    wrong use of the command line, such as a file that does not exist
    """
    from ...graph.snapshot import current_snapshot
    from ...graph.store import EmbeddedStore
    from ...ontology.terms import DEFAULT_BASE
    from ...queries import Library, library_folder, load_library
    from ...queries.linting import lint
    from .linting import as_json, as_lines

    # The library itself is no addition to it.
    shipped = {path.resolve() for each in paths for path in (each, each.parent)}
    beside = Library({}) if alone or library_folder() in shipped else load_library()
    with ExitStack() as opened:
        store, base = None, DEFAULT_BASE
        if directory is not None:
            snapshot = current_snapshot(directory)
            store, base = opened.enter_context(EmbeddedStore(snapshot.store)), snapshot.base
        opened.enter_context(at_work("checking"))
        linted = lint(paths, beside, store=store, base=base)
    if shape == "json":
        click.echo(as_json(linted))
    else:
        for line in as_lines(linted):
            click.echo(line)
    counted = ", ".join(
        f"{number:,} {unit}{'' if number == 1 else 's'}"
        for number, unit in (
            (linted.files, "file"),
            (linted.errors, "error"),
            (linted.warnings, "warning"),
        )
    )
    if linted.errors or (strict and linted.warnings):
        raise click.ClickException(counted)
    say(counted)
