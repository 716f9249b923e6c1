"""On the executors: from lines or rows to papers and to what is left out.

The rules are those of `corpus`, applied to one line at a time by the same readers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..corpus.fields import BadRecordError, Raw, make_paper
from ..corpus.files import BOM, MAX_LINE, CorpusFile, Report, head_fault
from ..corpus.formats import FORMATS
from ..errors import CorpusError
from ..papers import Paper, Source
from .places import Naming
from .reading import FILE, LINE, ROW, SPLIT, Starts

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyspark import Broadcast

SCHEMA: Final = (
    "file string, line bigint, place int, kind string, key string, field string, reason string, "
    "paper binary"
)
PAPER: Final = "paper"
SKIPPED: Final = "skipped"
REFUSED: Final = "refused"

_GZIP = b"\x1f\x8b"


class Parsed(NamedTuple):
    """One row of `SCHEMA`.

    ``file`` is called as the user would; ``kind`` is a paper, something skipped, or the reason why a whole file is refused; ``place``
    orders what came of one line. ``line`` is the row in a file of Parquet, from 1.
    """

    file: str
    line: int
    place: int
    kind: str
    key: str | None = None
    field: str | None = None
    reason: str | None = None
    paper: bytes | None = None


def parse_lines(
    batches: Iterable[RecordBatch], *, format_name: str, starts: Broadcast[Starts], naming: Naming
) -> Iterator[RecordBatch]:
    """Parse lines, one batch for each."""
    for lines in numbered(batches, starts.value):
        found: list[Parsed] = []
        for data, number, file in lines:
            found += _line(data, number, file, format_name, naming)
        yield _batch(found)


def numbered(
    batches: Iterable[RecordBatch], starts: Starts
) -> Iterator[list[tuple[bytes, int, str]]]:
    """Yield the lines of each batch with their numbers and files.

    Those of one split come in order, in one task.
    """
    passed: Counter[tuple[str, int]] = Counter()
    for batch in batches:
        lines: list[tuple[bytes, int, str]] = []
        columns = (batch.column(name).to_pylist() for name in (LINE, FILE, SPLIT))
        for data, file, split in zip(*columns, strict=True):
            lines.append((data, _start(starts, file, split) + passed[file, split], file))
            passed[file, split] += 1
        yield lines


def parse_rows(batches: Iterable[RecordBatch], *, naming: Naming) -> Iterator[RecordBatch]:
    """Parse rows of Parquet; nested values are lists and objects as JSON has them."""
    for batch in batches:
        found: list[Parsed] = []
        for row in batch.to_pylist():
            file, number = row.pop(FILE), row.pop(ROW)
            fields = {name: _plain(value) for name, value in row.items()}
            found += _records([Raw(None, fields)], number, file, "parquet", naming, [])
        yield _batch(found)


def write_paper(paper: Paper) -> bytes:
    """A paper as JSON, which `read_paper` reads."""
    return json.dumps(asdict(paper)).encode()


def read_paper(data: bytes) -> Paper:
    """The paper that `write_paper` wrote."""
    fields = json.loads(data)
    fields["source"] = Source(**fields["source"])
    fields["authors"] = tuple(fields["authors"])
    return Paper(**fields)


class _OneLine(CorpusFile):
    """A line of a file, for readers that ask a file for its lines."""

    def __init__(self, path: Path, number: int, data: bytes) -> None:
        self.path = path
        self.head = data
        self._number = number

    def lines(self, report: Report) -> Iterator[tuple[int, str]]:
        """Yield the line, as if all others had been read before."""
        if len(self.head) >= MAX_LINE:
            report(self._number, f"the line is longer than {MAX_LINE:,} bytes")
        else:
            yield self._number, self.head.decode("utf-8", "surrogateescape")


def _start(starts: Starts, file: str, split: int) -> int:
    try:
        return starts[file, split]
    except KeyError:
        raise CorpusError(
            Path(file), "was not there, or cut in another way, when its lines were counted"
        ) from None


def _head_fault(head: bytes) -> str | None:
    if head.startswith(_GZIP):
        return "is packed with gzip; Spark unpacks files whose names end in .gz"
    return head_fault(head)


def _line(
    data: bytes, number: int, file: str, format_name: str, naming: Naming
) -> Iterator[Parsed]:
    shown = naming.shown(file)
    if number == 1 and (fault := _head_fault(data.removeprefix(BOM))):
        yield Parsed(shown, number, 0, REFUSED, reason=fault)
        return
    reports: list[tuple[int | None, str]] = []
    line = _OneLine(Path(shown), number, data)
    try:
        raws = list(FORMATS[format_name](line, lambda at, fault: reports.append((at, fault))))
    except CorpusError as error:
        yield Parsed(shown, number, 0, REFUSED, reason=error.fault)
        return
    yield from _records(raws, number, file, format_name, naming, reports)


def _records(
    raws: Iterable[Raw],
    number: int,
    file: str,
    format_name: str,
    naming: Naming,
    reports: Iterable[tuple[int | None, str]],
) -> Iterator[Parsed]:
    place, shown = 0, naming.shown(file)
    for at, fault in reports:
        yield Parsed(shown, at or number, place, SKIPPED, reason=fault)
        place += 1
    for raw in raws:
        notes: list[tuple[str, str]] = []
        row = Parsed(shown, number, 0, SKIPPED)
        try:
            paper = make_paper(
                raw,
                file=naming.name(file),
                format_name=format_name,
                note=lambda field, fault, notes=notes: notes.append((field, fault)),  # type: ignore[misc]
            )
        except BadRecordError as error:
            row = row._replace(reason=str(error))
        else:
            row = row._replace(kind=PAPER, key=paper.key, paper=write_paper(paper))
        for field, fault in notes:
            reason = f"{field} {fault}; the paper is kept without"
            yield Parsed(shown, number, place, SKIPPED, field=field, reason=reason)
            place += 1
        yield row._replace(place=place)
        place += 1


def _plain(value: Any) -> Any:
    """A value of Arrow as JSON would have it."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _batch(rows: list[Parsed]) -> RecordBatch:
    import pyarrow as pa

    types = {
        "file": pa.string(),
        "line": pa.int64(),
        "place": pa.int32(),
        "paper": pa.binary(),
    }
    columns = zip(*rows, strict=True) if rows else ((),) * len(Parsed._fields)
    return pa.RecordBatch.from_arrays(
        [
            pa.array(column, types.get(name, pa.string()))
            for name, column in zip(Parsed._fields, columns, strict=True)
        ],
        names=list(Parsed._fields),
    )
