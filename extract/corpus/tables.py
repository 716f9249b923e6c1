"""CSV and TSV with a header line."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import Final

from ..errors import CorpusError
from .fields import SYNONYMS, Raw, field_name
from .files import MAX_LINE, CorpusFile, Report, bad_byte

MAX_RECORD_LINES: Final = 1000
"""Lines over which a quoted cell may run; more is taken for a quote that was never closed."""
DELIMITERS: Final = ",;\t|"


def read_csv(file: CorpusFile, report: Report) -> Iterator[Raw]:
    """Yield the rows of a table whose delimiter is the one that its header line shows.

    Raises:
        CorpusError: no column of titles.
    """
    return _read(file, report, header_delimiter(file.head) or ",")


def read_tsv(file: CorpusFile, report: Report) -> Iterator[Raw]:
    """Yield the rows of a table with tabs.

    Cells may be quoted. A row with stray quotes is taken as it stands where it then has the
    header's number of cells, since many programs write tabs without quoting.

    Raises:
        CorpusError: no column of titles.
    """
    return _read(file, report, "\t")


def header_delimiter(head: bytes) -> str | None:
    r"""Find the delimiter that gives a header with a column of titles and most columns, if any.

    >>> header_delimiter(b"Title;Abstract\n")
    ';'
    """
    line = head.split(b"\n", 1)[0].decode("utf-8", "replace").rstrip("\r")
    columns = {delimiter: _header(line, delimiter) for delimiter in DELIMITERS}
    fitting = [delimiter for delimiter in DELIMITERS if _has_title(columns[delimiter])]
    return max(fitting, key=lambda delimiter: len(columns[delimiter]), default=None)


def _header(line: str, delimiter: str) -> list[str]:
    return [field_name(cell.strip().strip('"')) for cell in line.split(delimiter)]


def _has_title(columns: list[str]) -> bool:
    return any(name in columns for name in SYNONYMS["title"])


class _Lines(Iterator[str]):
    """Lines that can be handed out again, so that an open quote costs one record only."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self._again: deque[tuple[int, str]] = deque()
        self._size = 0
        self.taken: list[tuple[int, str]] = []

    def __next__(self) -> str:
        if len(self.taken) >= MAX_RECORD_LINES or self._size > MAX_LINE:
            raise csv.Error(f"a quote is not closed within {len(self.taken):,} lines")
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        self._size += len(line[1])
        return line[1]

    def start_record(self) -> None:
        self.taken.clear()
        self._size = 0

    def give_back(self) -> None:
        """Hand out again all lines of this record but its first."""
        self._again.extendleft(reversed(self.taken[1:]))


def _read(file: CorpusFile, report: Report, delimiter: str) -> Iterator[Raw]:
    header: list[str] = []
    for number, cells in _rows(file, report, delimiter, header):
        if not header:
            header.extend(field_name(cell) for cell in cells)
            if not _has_title(header):
                names = ", ".join(name for name in header[:20] if name)
                raise CorpusError(file.path, f"has no column named title; its columns: {names}")
        elif fault := bad_byte(delimiter.join(cells)):
            report(number, fault)
        elif any(cells[len(header) :]):
            report(number, f"{len(cells)} cells, but the header has {len(header)}")
        else:
            yield Raw(number, _row_fields(header, cells))


def _row_fields(header: list[str], cells: list[str]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, cell in zip(header, cells, strict=False):
        if cell.strip():
            fields.setdefault(name, cell)
    return fields


def _rows(
    file: CorpusFile, report: Report, delimiter: str, header: list[str]
) -> Iterator[tuple[int, list[str]]]:
    lines = _Lines(file.lines(report))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.start_record()
        try:
            cells = _next_row(reader)
        except csv.Error as error:
            if not lines.taken:
                return
            lines.give_back()
            number, line = lines.taken[0]
            cells = line.rstrip("\r\n").split(delimiter)
            if delimiter != "\t" or len(cells) != len(header):
                report(number, _fault(error))
                continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield lines.taken[0][0], cells


def _fault(error: csv.Error) -> str:
    if "new-line character" in str(error):
        return "a carriage return outside quotes; end lines with a line feed"
    return f"broken quoting: {error}"


def _next_row(reader: Iterator[list[str]]) -> list[str] | None:
    # The limit belongs to the process, so it is changed for one call only.
    before = csv.field_size_limit(MAX_LINE)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(before)
