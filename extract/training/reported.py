"""Annotated figures and sizes: what papers report, stand-off beside their annotated entities.

`read_reported` reads ``results.jsonl``; `join_reported` puts it on the texts of a corpus together
with the entities that the same papers have in ``annotations.jsonl``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from .abstracts import Abstract
from .annotations import AnnotatedEntity, Annotation
from .errors import AnnotationError
from .texts import read_rows, text_digest

REPORTED = Path(__file__).parent / "results.jsonl"
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=_STRICT)
class ReportedFigure:
    """One figure, its evidence the span; what the text does not name is None.

    ``subject`` and ``dataset`` are canonical names, as is ``metric`` where it is an entity.
    """

    metric: str | None
    value: str
    unit: str | None
    kind: Literal["absolute", "change", "ratio"]
    subject: str | None
    dataset: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, config=_STRICT)
class Size:
    """A count that describes data or a model: ``value`` of what; the span is its evidence."""

    entity: str | None
    value: str
    of: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, config=_STRICT)
class Reported:
    """What one paper reports, and the SHA-256 of the text that the offsets count in."""

    id: str
    text_sha256: str
    results: tuple[ReportedFigure, ...]
    sizes: tuple[Size, ...]


class ReportedText(NamedTuple):
    """One text with its annotated entities and figures."""

    id: str
    title: str
    abstract: str
    entities: tuple[AnnotatedEntity, ...]
    reported: Reported

    @property
    def text(self) -> str:
        """Title, line feed, abstract."""
        return f"{self.title}\n{self.abstract}"


def read_reported(path: Path = REPORTED) -> tuple[Reported, ...]:
    """Read a file of annotated figures.

    Raises:
        MaterialError: the file is missing or a line is something else.
    """
    return read_rows(path, _REPORTED)


def join_reported(
    reported: Iterable[Reported], annotations: Iterable[Annotation], corpus: Iterable[Abstract]
) -> Iterator[ReportedText]:
    """Put figures and entities on the texts of a corpus, in the order of the figures.

    Raises:
        AnnotationError: a paper has no annotated entities, is not in the corpus, its text is not
            the one that was annotated, or a span lies outside it or does not hold the value.
    """
    wanted = {item.id: item for item in reported}
    entities = {item.id: item for item in annotations if item.id in wanted}
    texts = {paper.id: paper for paper in corpus if paper.id in wanted}
    for item in wanted.values():
        for known, where in ((entities, "the annotations do not"), (texts, "the corpus does not")):
            if item.id not in known:
                raise AnnotationError(item.id, f"{where} hold this paper")
        _check(item, entities[item.id], texts[item.id].text)
        paper = texts[item.id]
        yield ReportedText(item.id, paper.title, paper.abstract, entities[item.id].entities, item)


def _check(item: Reported, annotation: Annotation, text: str) -> None:
    if not item.text_sha256 == annotation.text_sha256 == text_digest(text):
        raise AnnotationError(item.id, "the text is not the one that was annotated")
    figures: list[ReportedFigure | Size] = [*item.results, *item.sizes]
    for figure in figures:
        if figure.value not in text[figure.start : figure.end]:
            fault = f"no {figure.value!r} between {figure.start} and {figure.end}"
            raise AnnotationError(item.id, fault)


_REPORTED = TypeAdapter(Reported)
