"""The number of rows in an answer, read off its bytes as they are written.

The engine writes a whole table in one call, so nobody sees its rows one by one. In each of the
four formats their ends can be told exactly, once what is quoted is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Final, TypeVar

_Item = TypeVar("_Item")

# A string, the start of one that goes on in the next piece, or a place where a row begins.
_JSON: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|(?P<open>".*)|\},(?=\{)|\[\{', re.DOTALL)
_XML_ROW: Final = b"<result>"


class TooManyRows(Exception):  # noqa: N818
    """The answer has more rows than allowed."""


def row_counter(media_type: str, limit: int) -> Callable[[bytes], None]:
    """A function that is given each piece of an answer before it is sent.

    It raises `TooManyRows` with the piece in which the row after the last allowed one begins.
    """
    if media_type == "text/csv":
        count = _csv
    elif media_type == "text/tab-separated-values":
        count = _tsv
    elif media_type == "application/sparql-results+xml":
        count = _xml
    else:
        count = _json
    counting = count(limit)
    next(counting)
    return counting.send


def at_most(items: Iterable[_Item], limit: int) -> Iterator[_Item]:
    """Pass items on.

    Raises:
        TooManyRows: there are more than ``limit``.
    """
    for number, item in enumerate(items):
        if number >= limit:
            raise TooManyRows
        yield item


def _check(rows: int, limit: int) -> None:
    if rows > limit:
        raise TooManyRows


def _tsv(limit: int) -> Generator[None, bytes, None]:
    # Line ends within values are escaped, so each line is a row; the first is the header.
    rows = -1
    while True:
        rows += (yield).count(b"\n")
        _check(rows, limit)


def _csv(limit: int) -> Generator[None, bytes, None]:
    # A quote within a quoted value is doubled, so a line end after an even number of them is real.
    rows, quoted = -1, False
    while True:
        parts = (yield).split(b'"')
        rows += sum(part.count(b"\n") for part in parts[quoted::2])
        quoted ^= len(parts) % 2 == 0
        _check(rows, limit)


def _xml(limit: int) -> Generator[None, bytes, None]:
    # "<" within values is escaped.
    rows, rest = 0, b""
    while True:
        data = rest + (yield)
        rows += data.count(_XML_ROW)
        rest = data[-(len(_XML_ROW) - 1) :]
        _check(rows, limit)


def _json(limit: int) -> Generator[None, bytes, None]:
    rows, data = 0, b""
    while True:
        data += yield
        # Half of what begins a row is read again, and so is a string that is not closed.
        rest = len(data) - 2
        for match in _JSON.finditer(data):
            if match["open"] is not None:
                rest = match.start()
                break
            rows += not match[0].startswith(b'"')
            rest = max(rest, match.end())
        _check(rows, limit)
        data = data[max(rest, 0) :]
