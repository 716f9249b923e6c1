"""Answers and tables on standard output."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ...graph.store import Store
    from ...queries.answers import Answer

_WIDEST = 160
_WIDTH_UNKNOWN = (120, 24)


def ask(store: Store, text: str) -> Answer:
    """Answer any query.

    Raises:
        QueryError: it is no query, or could not be answered.
    """
    from ...queries.answers import Table, Triples, Truth
    from ...queries.query import query_form

    match query_form(text):
        case "ASK":
            return Truth(store.ask(text))
        case "CONSTRUCT" | "DESCRIBE":
            return Triples(tuple(sorted(store.construct(text), key=str)))
        case _:
            found = store.select(text)
            return Table(tuple(found.variables), tuple(found.rows))


def print_answer(answer: Answer, shape: str, base: str) -> None:
    """Write an answer to standard output.

    Raises:
        FormatError: the answer cannot be written in that format.
    """
    from ...queries.rendering import render

    click.echo(render(answer, shape, base=base, width=width()), nl=False)


def width() -> int:
    """Width of a table: that of the terminal, within what can be read."""
    return min(shutil.get_terminal_size(_WIDTH_UNKNOWN).columns, _WIDEST)


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows of plain text in aligned columns; the last column is as wide as it is."""
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        cells = (cell.ljust(size) for cell, size in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
