"""``fairpapers queries``: the library's table of contents."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .options import library_option


@click.command()
@library_option
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print it.",
)
def command(own: Path | None, shape: str) -> None:
    """List the queries of the library with their parameters.

    \b
    Examples:
      fairpapers queries
      fairpapers queries --format json
      fairpapers queries --library my-queries
    """
    from ...queries import load_library
    from .answers import print_table

    library = load_library(own=own)
    if shape == "json":
        fields = ("id", "title", "question", "group", "level", "federates")
        entries = [
            {name: getattr(query, name) for name in fields}
            | {"parameters": [parameter.name for parameter in query.parameters]}
            for query in library.values()
        ]
        click.echo(json.dumps(entries, ensure_ascii=False, indent=2))
        return
    rows = [
        (query.id, query.title, ", ".join(parameter.name for parameter in query.parameters))
        for query in library.values()
    ]
    print_table(("id", "title", "parameters"), rows)
