"""The records of a graph as a file: JSON Lines in the order of the papers' keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..extract.records import Record, RecordError
from .errors import RecordsDamaged


@dataclass(frozen=True, slots=True)
class Written:
    """How many papers were written, and how many records of the same papers were left out."""

    papers: int
    duplicates: int


def read_records(path: Path) -> Iterator[Record]:
    """Read a file of records one by one; blank lines are passed over.

    Raises:
        RecordsDamaged: a line is no record, or no UTF-8.
        OSError: the file cannot be read.
    """
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield Record.from_json(line)
                except RecordError as error:
                    raise RecordsDamaged(path, number, str(error)) from error


def write_records(records: Iterable[Record], path: Path, scratch: Path) -> Written:
    """Write records in the order of their keys, one a paper.

    The file does not depend on the order in which the records come: of several records of one
    paper, the one whose line sorts first stays. Memory grows with the number of papers, not with
    their records.

    Args:
        records: in any order.
        path: file to write.
        scratch: file to use meanwhile; it stays.
    """
    places: dict[str, tuple[int, int]] = {}
    duplicates = 0
    with scratch.open("w+b") as lines:
        for record in records:
            line = record.to_json().encode() + b"\n"
            place = lines.tell(), len(line)
            lines.write(line)
            if earlier := places.get(record.key):
                duplicates += 1
                kept = _line(lines, earlier)
                lines.seek(0, 2)
                place = earlier if kept <= line else place
            places[record.key] = place
        with path.open("wb") as ordered:
            for key in sorted(places):
                ordered.write(_line(lines, places[key]))
    return Written(papers=len(places), duplicates=duplicates)


def _line(lines: IO[bytes], place: tuple[int, int]) -> bytes:
    offset, length = place
    lines.seek(offset)
    return lines.read(length)
