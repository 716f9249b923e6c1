"""Stand-off annotations: what is where in which text, without the text.

The repository ships the project's annotations in this form. `join_annotations` puts them back on
the texts, which the ACL Anthology publishes; `stand_off` makes them from a gold file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from ..gold import GoldEntity, GoldPaper, occurrences
from ..records import Label, Role
from .abstracts import Abstract
from .errors import AnnotationError
from .texts import LabelledSpan, LabelledText, read_rows, text_digest

_STRICT = ConfigDict(extra="forbid")


class Offsets(NamedTuple):
    """A mention: code points in title, line feed, abstract; end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, config=_STRICT)
class AnnotatedEntity:
    """One resource in one paper; without mentions where longer names cover all of them."""

    label: Label
    canonical: str
    role: Role
    mentions: tuple[Offsets, ...]


@dataclass(frozen=True, slots=True, config=_STRICT)
class Annotation:
    """The annotations of one paper and the SHA-256 of the text that their offsets count in."""

    id: str
    text_sha256: str
    entities: tuple[AnnotatedEntity, ...]

    def to_json(self) -> str:
        """One line of JSON, without the line end."""
        return _ANNOTATION.dump_json(self).decode()


def stand_off(paper: GoldPaper) -> Annotation:
    """Resolve the surface forms of a gold paper to offsets."""
    free = {(span.start, span.end): span.label for span in paper.spans()}
    entities = []
    for entity in paper.entities:
        found = {
            Offsets(*place)
            for surface in entity.surfaces
            for n, place in enumerate(occurrences(paper.text, surface))
            if n in (entity.only or {}).get(surface, (n,)) and free.get(place) == entity.label
        }
        # A span belongs to the entity listed first, as in the scorer.
        for place in found:
            del free[place]
        entities.append(
            AnnotatedEntity(entity.label, entity.canonical, entity.role, tuple(sorted(found)))
        )
    return Annotation(paper.id, text_digest(paper.text), tuple(entities))


def read_annotations(path: Path) -> tuple[Annotation, ...]:
    """Read a file of stand-off annotations.

    Raises:
        MaterialError: the file is missing or a line is no annotation.
    """
    return read_rows(path, _ANNOTATION)


def join_annotations(
    annotations: Iterable[Annotation], corpus: Iterable[Abstract]
) -> Iterator[LabelledText]:
    """Put annotations on the texts of a corpus, in the order of the annotations.

    Papers of the corpus without annotations are passed over.

    Raises:
        AnnotationError: a paper is not in the corpus, its text is not the one that was
            annotated, or offsets lie outside it.
    """
    for annotation, paper in _paired(annotations, corpus):
        yield _join(annotation, paper.text)


def join_gold(annotations: Iterable[Annotation], corpus: Iterable[Abstract]) -> Iterator[GoldPaper]:
    """Turn annotations back into gold papers, the inverse of `stand_off`.

    Raises:
        AnnotationError: as `join_annotations`.
    """
    for annotation, paper in _paired(annotations, corpus):
        _join(annotation, paper.text)
        entities = tuple(_gold_entity(entity, paper.text) for entity in annotation.entities)
        yield GoldPaper(paper.id, paper.title, paper.abstract, entities, year=paper.year)


def _paired(
    annotations: Iterable[Annotation], corpus: Iterable[Abstract]
) -> Iterator[tuple[Annotation, Abstract]]:
    wanted = {annotation.id: annotation for annotation in annotations}
    papers = {paper.id: paper for paper in corpus if paper.id in wanted}
    for annotation in wanted.values():
        if annotation.id not in papers:
            raise AnnotationError(annotation.id, "the corpus does not hold this paper")
        yield annotation, papers[annotation.id]


def _gold_entity(entity: AnnotatedEntity, text: str) -> GoldEntity:
    surfaces = tuple(dict.fromkeys(text[start:end] for start, end in entity.mentions))
    only = {
        surface: tuple(
            n for n, at in enumerate(occurrences(text, surface)) if at in entity.mentions
        )
        for surface in surfaces
    }
    return GoldEntity(entity.label, entity.canonical, entity.role, surfaces, only)


def _join(annotation: Annotation, text: str) -> LabelledText:
    if text_digest(text) != annotation.text_sha256:
        raise AnnotationError(annotation.id, "the text is not the one that was annotated")
    spans = sorted(
        LabelledSpan(start, end, entity.label)
        for entity in annotation.entities
        for start, end in entity.mentions
    )
    if any(not 0 <= span.start < span.end <= len(text) for span in spans):
        raise AnnotationError(annotation.id, f"offsets outside the {len(text)} characters")
    return LabelledText(annotation.id, text, tuple(spans))


_ANNOTATION = TypeAdapter(Annotation)
