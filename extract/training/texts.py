"""A text with labelled spans, the form in which every corpus reaches the training loop."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError
from spacy.language import Language
from spacy.training import Example

from .errors import MaterialError

_Row = TypeVar("_Row")


class LabelledSpan(NamedTuple):
    """Offsets in code points, end exclusive, and a label of the corpus that the span comes from."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class LabelledText:
    """One text of a corpus.

    Attributes:
        id: of the text in its corpus.
        text: the spans count in it.
        spans: sorted; none overlap.
        unsure: start and end of what is not known, outside the spans.
    """

    id: str
    text: str
    spans: tuple[LabelledSpan, ...]
    unsure: tuple[tuple[int, int], ...] = ()


def without_overlaps(spans: Iterable[LabelledSpan]) -> tuple[LabelledSpan, ...]:
    """Keep the longest of overlapping spans (the first of equally long ones), in text order."""
    kept: list[LabelledSpan] = []
    taken: set[int] = set()
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start)):
        if span.start < span.end and taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            kept.append(span)
    return tuple(sorted(kept))


def to_example(nlp: Language, text: LabelledText) -> Example:
    """Align the spans to tokens.

    A span that does not begin and end at token borders is widened to the tokens that it touches,
    unless these belong to another span already: then it is left out. Tokens that what is unsure
    touches have no label, unless they belong to a span.
    """
    doc = nlp.make_doc(text.text)
    reference = doc.copy()
    ents = []
    end = 0
    for span in text.spans:
        tokens = reference.char_span(
            span.start, span.end, label=span.label, alignment_mode="expand"
        )
        if tokens is not None and tokens.start >= end:
            ents.append(tokens)
            end = tokens.end
    taken = {token.i for span in ents for token in span}
    unsure = [
        reference[token.i : token.i + 1]
        for start, stop in text.unsure
        for token in reference.char_span(start, stop, alignment_mode="expand") or ()
        if token.i not in taken
    ]
    reference.set_ents(ents, missing=unsure)
    return Example(doc, reference)


def aligned_share(nlp: Language, texts: Iterable[LabelledText]) -> float:
    """Share of the spans that begin and end at token borders; 1 where there are no spans."""
    total = right = 0
    for text in texts:
        doc = nlp.make_doc(text.text)
        total += len(text.spans)
        right += sum(doc.char_span(span.start, span.end) is not None for span in text.spans)
    return right / total if total else 1.0


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a UTF-8 file that hold something; ``.gz`` is unpacked."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        yield from (line for line in lines if line.strip())


def read_rows(path: Path, kind: TypeAdapter[_Row]) -> tuple[_Row, ...]:
    """Read a JSON Lines file of one kind of object.

    Raises:
        MaterialError: the file is missing or a line is something else; names line and field.
    """
    if not path.is_file():
        raise MaterialError(path, "no such file")
    rows = []
    for number, line in enumerate(read_lines(path), start=1):
        try:
            rows.append(kind.validate_json(line))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise MaterialError(path, f"row {number}: {where}: {first['msg']}") from error
    return tuple(rows)


def text_digest(text: str) -> str:
    """Hexadecimal SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
