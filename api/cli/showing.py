"""What is shown of one paper: its text, the marks in it, its entities, results and sizes.

Every string is made safe to show here: what could steer a terminal or turn the direction of the
text is replaced, character by character, so that offsets stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .recording import Reading

if TYPE_CHECKING:
    from ...extract.corpus import Skipped
    from ...extract.papers import Paper
    from ...extract.records import Entity, Record, Result, Size

FIGURE = "Figure"
ROLE_SIGNS = {"introduced": "★", "used": "●", "mentioned": "○"}
# Controls, line and paragraph separators, marks and overrides of direction, invisible operators,
# lone surrogates. The line feed between title and abstract stays, as do the joiners of letters.
_UNSAFE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the text; ``kind`` is a label or `FIGURE`, ``role`` None for a figure.

    ``confidence`` is that of the mention or figure.
    """

    start: int
    end: int
    kind: str
    role: str | None
    confidence: float
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper ready to be shown; marks are in order and do not overlap."""

    title: str
    facts: tuple[str, ...]
    text: str
    marks: tuple[Mark, ...]
    entities: tuple[Entity, ...]
    results: tuple[Result, ...]
    sizes: tuple[Size, ...]
    made_by: str


def find_paper(
    source: Path, reading: Reading, wanted: str, skipped: Callable[[Skipped], None]
) -> Paper:
    """Find a paper of a list by its key, its identifier or else its place, counted from 1.

    Raises:
        CorpusError: the list cannot be read.
        click.ClickException: it has no such paper.
    """
    from ...extract.corpus import read_papers

    place = int(wanted) if wanted.isascii() and wanted.isdecimal() else 0
    count, by_place = 0, None
    for count, paper in enumerate(
        read_papers(source, format=reading.format, skipped=skipped), start=1
    ):
        if wanted in (paper.key, paper.id):
            return paper
        if count == place:
            by_place = paper
    if by_place is None:
        raise click.ClickException(
            f"{source}: no paper {safe(wanted)!r}; give a key or an identifier that it holds, "
            f"or a number from 1 to {count}"
        )
    return by_place


def made_record(paper: Paper, reading: Reading) -> Record:
    """Extract one paper."""
    from ...extract.pipeline import extract_records

    return next(extract_records([paper], reading.pipeline()))


def stored_record(path: Path, paper: Paper) -> Record:
    """Find the record of a paper, made from the same text.

    Raises:
        click.ClickException: a line is no record, there is none of this paper, or it was made from
            another text.
    """
    for record in _records(path):
        if record.key == paper.key:
            if record.text_sha256 == paper.text_sha256:
                return record
            raise click.ClickException(
                f"{path}: the record of {safe(paper.key)} was made from another text (SHA-256 "
                f"{record.text_sha256[:12]}…, the text here has {paper.text_sha256[:12]}…), so its "
                "places do not fit; extract the paper again, or leave out --records"
            )
    raise click.ClickException(f"{path}: no record of {safe(paper.key)}")


def _records(path: Path) -> Iterator[Record]:
    from ...extract.records import Record, RecordError

    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield Record.from_json(line)
            except RecordError as error:
                raise click.ClickException(f"{path}:{number}: no record: {error}") from error


def shown(paper: Paper, record: Record) -> Shown:
    """Bring a paper and its record together, every string made safe."""
    facts = (paper.key, paper.id, paper.venue, paper.year and str(paper.year))
    authors = ", ".join(paper.authors)
    made_by = record.generator
    return Shown(
        title=safe(paper.title),
        facts=tuple(dict.fromkeys(safe(fact) for fact in (*facts, authors) if fact)),
        text=safe(paper.text),
        marks=tuple(_marks(record, len(paper.text))),
        entities=tuple(map(_safe_fields, record.entities)),
        results=tuple(map(_safe_fields, record.results)),
        sizes=tuple(map(_safe_fields, record.sizes)),
        made_by=safe(f"{made_by.name} {made_by.version}, model {made_by.model}"),
    )


def result_cells(result: Result) -> Iterator[str]:
    """Describe a figure: metric, value, kind, subject, data set and task, confidence."""
    comparator = "" if result.comparator == "=" else f"{result.comparator} "
    yield result.metric
    yield f"{comparator}{result.value}{f' {result.unit}' if result.unit else ''}"
    yield result.kind
    yield result.subject or "–"
    yield ", ".join(part for part in (result.dataset, result.task) if part) or "–"
    yield f"{result.confidence:.2f}"


def size_cells(size: Size) -> Iterator[str]:
    """Describe a size: what has it, how many, of what, confidence."""
    comparator = "" if size.comparator == "=" else f"{size.comparator} "
    yield size.entity or "–"
    yield f"{comparator}{size.value}"
    yield size.of
    yield f"{size.confidence:.2f}"


def safe(text: str) -> str:
    r"""Replace each character that is not for reading.

    >>> safe("BERT\x1b[31m \u202eTREB")
    'BERT�[31m �TREB'
    """
    return _UNSAFE.sub("�", text)


def _safe_fields(item: _T) -> _T:
    assert is_dataclass(item)
    assert not isinstance(item, type)
    return replace(item, **{field.name: _safe(getattr(item, field.name)) for field in fields(item)})


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return safe(value)
    return tuple(map(_safe, value)) if isinstance(value, tuple) else value


def _marks(record: Record, length: int) -> Iterator[Mark]:
    """Yield the spans of mentions and figures; of those that overlap, the earlier and longer."""
    entities = {entity.id: entity for entity in record.entities}
    found: list[Mark] = []
    for m in record.mentions:
        entity = entities.get(m.entity)
        role, name = (entity.role, safe(entity.canonical)) if entity else (None, safe(m.text))
        found.append(Mark(m.start, m.end, m.label, role, m.confidence, name))
    found += [
        Mark(r.start, r.end, FIGURE, None, r.confidence, safe(r.metric)) for r in record.results
    ]
    # The number alone: what is counted may hold names.
    found += [
        Mark(s.start, min(s.start + len(s.value), s.end), FIGURE, None, s.confidence, safe(s.of))
        for s in record.sizes
    ]
    yield from _apart(found, length)


def _apart(marks: Iterable[Mark], length: int) -> Iterator[Mark]:
    done = 0
    for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
        if done <= mark.start < mark.end <= length:
            yield mark
            done = mark.end
