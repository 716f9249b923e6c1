"""Gold annotations: surface forms per paper, and the spans that they stand for.

A gold file holds one JSON object a line with ``id``, ``title``, ``abstract``, ``entities`` and,
where figures were annotated, ``results``. An entity lists its surface forms; every exact,
case-sensitive, word-bounded occurrence of one is a mention, the longest where they overlap.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from .papers import Paper, Source, normalize_line
from .records import Label, Role

_LENIENT = ConfigDict(extra="ignore")


class LabelledSpan(NamedTuple):
    """Offsets in code points, end exclusive, and the label of what the span names."""

    start: int
    end: int
    label: Label


@dataclass(frozen=True, slots=True, config=_LENIENT)
class GoldEntity:
    """One annotated resource; ``only`` keeps the listed 0-based occurrences of a surface form."""

    label: Label
    canonical: str
    role: Role
    surfaces: tuple[str, ...]
    only: dict[str, tuple[int, ...]] | None = None


@dataclass(frozen=True, slots=True, config=_LENIENT)
class GoldResult:
    """One annotated figure: the value as written, its metric, what was measured and on what."""

    value: str
    metric: str | None = None
    subject: str | None = None
    dataset: str | None = None


@dataclass(frozen=True, slots=True, config=_LENIENT)
class GoldPaper:
    """One annotated paper; ``results`` is None where figures were not annotated."""

    id: str
    title: str
    abstract: str
    entities: tuple[GoldEntity, ...]
    results: tuple[GoldResult, ...] | None = None
    year: int | None = None

    @property
    def text(self) -> str:
        """The text that offsets count in, as `Paper.text`."""
        return f"{self.title}\n{self.abstract}"

    def spans(self) -> frozenset[LabelledSpan]:
        """Every mention that the surface forms stand for; no two overlap."""
        found = [
            LabelledSpan(start, end, entity.label)
            for entity in self.entities
            for surface in entity.surfaces
            for start, end in _kept(self.text, surface, (entity.only or {}).get(surface))
        ]
        # Stable, so that of two labels on one surface form the entity listed first wins.
        found.sort(key=lambda span: (span.start - span.end, span.start))
        taken: set[int] = set()
        spans: set[LabelledSpan] = set()
        for span in found:
            if taken.isdisjoint(range(span.start, span.end)):
                taken.update(range(span.start, span.end))
                spans.add(span)
        return frozenset(spans)

    def paper(self, file: str = "gold", line: int | None = None) -> Paper:
        """Return the paper without its annotations, as a reader would yield it."""
        return Paper(
            id=self.id,
            key=self.id,
            title=self.title,
            abstract=self.abstract,
            year=self.year,
            source=Source(file, line, "jsonl"),
        )


def occurrences(text: str, surface: str) -> list[tuple[int, int]]:
    """Find the exact, case-sensitive, word-bounded occurrences of ``surface``, left to right.

    >>> occurrences("BERT, mBERT and BERT", "BERT")
    [(0, 4), (16, 20)]
    """
    found = []
    start = text.find(surface) if surface else -1
    while start >= 0:
        end = start + len(surface)
        bounded = not (_in_word(text[start - 1 : start]) or _in_word(text[end : end + 1]))
        if bounded:
            found.append((start, end))
        start = text.find(surface, end if bounded else start + 1)
    return found


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def load_gold(path: Path) -> tuple[GoldPaper, ...]:
    """Read a gold file; texts and surface forms are normalized as readers normalize papers.

    Raises:
        GoldError: a line is no annotated paper; names the file, the line and the field.
        OSError: the file cannot be read.
    """
    papers = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                papers.append(_parse(path, number, line))
    return tuple(papers)


class GoldError(ValueError):
    """A line of a gold file that is no annotated paper."""

    def __init__(self, path: Path, line: int, field: str, fault: str) -> None:
        super().__init__(f"{path}:{line}: {field}: {fault}")
        self.path = path
        self.line = line
        self.field = field
        self.fault = fault


def _kept(text: str, surface: str, only: tuple[int, ...] | None) -> list[tuple[int, int]]:
    found = occurrences(text, surface)
    return found if only is None else [span for n, span in enumerate(found) if n in only]


def _parse(path: Path, number: int, line: str) -> GoldPaper:
    try:
        return _normalized(_GOLD.validate_json(line))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the line"
        raise GoldError(path, number, field, first["msg"]) from error


def _normalized(paper: GoldPaper) -> GoldPaper:
    entities = tuple(
        GoldEntity(
            label=entity.label,
            canonical=entity.canonical,
            role=entity.role,
            surfaces=tuple(normalize_line(surface) for surface in entity.surfaces),
            only={normalize_line(key): kept for key, kept in (entity.only or {}).items()},
        )
        for entity in paper.entities
    )
    return GoldPaper(
        id=paper.id,
        title=normalize_line(paper.title),
        abstract=normalize_line(paper.abstract),
        entities=entities,
        results=paper.results,
        year=paper.year,
    )


_GOLD = TypeAdapter(GoldPaper)
