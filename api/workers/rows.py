"""The number of rows in an answer, read off its bytes as they are written.

The engine writes a whole table in one call, so nobody sees its rows one by one. In each of the
four formats their ends can be told exactly, once what is quoted is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Final, TypeVar

_Item = TypeVar("_Item")

# A string, which may break off anywhere, or a place where a row begins.
_JSON: Final = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|\},(?=\{)|\[(?=\{)', re.DOTALL)
# How far what tells a row reaches: },{"} is no row but the end of a string.
_JSON_REACH: Final = 5
_XML_ROW: Final = b"<result>"
_BACKSLASH: Final = ord("\\")


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
    rows, quoted, data = 0, False, b""
    while True:
        data += yield
        end = len(data) - _JSON_REACH
        while end > 0 and data[end - 1] == _BACKSLASH:
            end -= 1
        if end > 0:
            empty = _begun(data, b"{}", end)
            if empty:
                rows += _scanned(data[: end + 2], end, quoted=quoted)
            else:
                # A quote after a brace ends a string if no name of a variable follows.
                rows += _begun(data, b'{"', end)
                rows -= _begun(data, b'{"}', end) + _begun(data, b'{",', end)
            quoted ^= _quotes(data[:end]) % 2 == 1
            _check(rows, limit)
            data = data[end:]


def _begun(data: bytes, row: bytes, end: int) -> int:
    """How often a row of this look may begin before ``end``, as far as its bytes tell."""
    after, first = b"}," + row, b"[" + row
    return data.count(after, 0, end + len(after) - 1) + data.count(first, 0, end + len(first) - 1)


def _scanned(data: bytes, end: int, *, quoted: bool) -> int:
    """Rows that begin before ``end``, token by token: ten times slower than counting."""
    start = int(quoted)
    found = _JSON.finditer(b'"' * start + data)
    return sum(match[0][:1] != b'"' and match.start() < end + start for match in found)


def _quotes(data: bytes) -> int:
    """Quotes that begin or end a string."""
    if _BACKSLASH not in data:
        return data.count(b'"')
    data = data.replace(b"\\\\", b"")
    return data.count(b'"') - data.count(b'\\"')
