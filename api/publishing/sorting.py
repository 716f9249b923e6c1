"""Rows in order, however many there are: sorted in memory by pieces, merged from temporary files."""

from __future__ import annotations

import heapq
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Final, TextIO

_CHUNK: Final = 100_000

# A tuple of text and numbers, the same types in the same places for all rows of a sorter.
Row = tuple[Any, ...]


class Sorter:
    """Takes rows in any order and gives them sorted, each once.

    Memory holds one piece. Close it, or use it as a context, to drop the temporary files.

    Args:
        chunk: rows of a piece.
    """

    def __init__(self, chunk: int = _CHUNK) -> None:
        self._chunk = chunk
        self._rows: list[Row] = []
        self._files: list[TextIO] = []
        self._stack = ExitStack()

    def __enter__(self) -> Sorter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    def add(self, *row: Any) -> None:
        """Take one row."""
        self._rows.append(row)
        if len(self._rows) >= self._chunk:
            self._write()

    def __iter__(self) -> Iterator[Row]:
        """Every row in order; may be asked again, but not while another pass is at work."""
        self._rows.sort()
        for file in self._files:
            file.seek(0)
        last: Row | None = None
        for row in heapq.merge(*map(_rows, self._files), self._rows):
            if row != last:
                yield row
            last = row

    def _write(self) -> None:
        self._rows.sort()
        # It is closed with the sorter, which reads it as often as it is asked.
        file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115
        self._stack.callback(file.close)
        file.writelines(json.dumps(row) + "\n" for row in self._rows)
        self._files.append(file)
        self._rows.clear()


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    return (tuple(json.loads(line)) for line in lines)


def paged(rows: Iterable[Row], size: int) -> Iterator[tuple[list[Row], bool]]:
    """Cut rows into pages of at most ``size``; each comes with whether another one follows.

    No rows make one empty page.

    >>> list(paged([(1,), (2,), (3,)], 2))
    [([(1,), (2,)], True), ([(3,)], False)]
    """
    page: list[Row] = []
    for row in rows:
        if len(page) == size:
            yield page, True
            page = []
        page.append(row)
    yield page, False
