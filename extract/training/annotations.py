"""Stand-off annotations: what is where in which text, without the text.

The repository ships the project's annotations in this form. `join_annotations` puts them back on
the texts, which the ACL Anthology publishes; `stand_off` makes them from a gold file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from ..gold import GoldPaper, occurrences
from ..records import Label, Role
from .abstracts import Abstract
from .errors import AnnotationError, MaterialError
from .texts import LabelledSpan, LabelledText, read_lines

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
    if not path.is_file():
        raise MaterialError(path, "no such file of annotations")
    annotations = []
    for number, line in enumerate(read_lines(path), start=1):
        try:
            annotations.append(_ANNOTATION.validate_json(line))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise MaterialError(path, f"annotation {number}: {where}: {first['msg']}") from error
    return tuple(annotations)


def join_annotations(
    annotations: Iterable[Annotation], corpus: Iterable[Abstract]
) -> Iterator[LabelledText]:
    """Put annotations on the texts of a corpus, in the order of the annotations.

    Papers of the corpus without annotations are passed over.

    Raises:
        AnnotationError: a paper is not in the corpus, its text is not the one that was
            annotated, or offsets lie outside it.
    """
    wanted = {annotation.id: annotation for annotation in annotations}
    texts = {paper.id: paper.text for paper in corpus if paper.id in wanted}
    for annotation in wanted.values():
        if annotation.id not in texts:
            raise AnnotationError(annotation.id, "the corpus does not hold this paper")
        yield _join(annotation, texts[annotation.id])


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


def text_digest(text: str) -> str:
    """Hexadecimal SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


_ANNOTATION = TypeAdapter(Annotation)
