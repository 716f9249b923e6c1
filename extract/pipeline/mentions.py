"""Candidate spans, how they are kept on a Doc, and how one set gives way to another.

Components read and write candidates through `read_mentions` and `write_mentions`; what they
compute in between are pure functions over the text and its candidates.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, cast

from spacy.tokens import Doc, Span, SpanGroup

from ..records import LABELS, Label

SPANS_KEY = "fairpapers"
_URL = re.compile(r"(?:https?://|www\.)[^\s<>()]{1,500}|\b[\w.-]{1,100}@[\w.-]{1,100}\.\w{2,10}")


class Candidate(NamedTuple):
    """A span that may name a resource.

    Offsets are code points, end exclusive; ``rule`` names what found it.
    """

    start: int
    end: int
    label: Label
    confidence: float
    rule: str

    def overlaps(self, other: Candidate) -> bool:
        """Tell whether the two share a character."""
        return self.start < other.end and other.start < self.end


def register_extensions() -> None:
    """Declare ``span._.confidence`` and ``span._.rule`` once."""
    for name, default in (("confidence", 0.0), ("rule", "")):
        if not Span.has_extension(name):
            Span.set_extension(name, default=default)


def read_mentions(doc: Doc) -> list[Candidate]:
    """Read the candidates that earlier components left on the document, by position."""
    spans = doc.spans.get(SPANS_KEY, ())
    found = [
        Candidate(s.start_char, s.end_char, cast(Label, s.label_), s._.confidence, s._.rule)
        for s in spans
        if s.label_ in LABELS
    ]
    return sorted(found)


def write_mentions(doc: Doc, candidates: Iterable[Candidate]) -> None:
    """Replace the document's candidates; one that cuts a token in two is left out."""
    spans = []
    for item in sorted(candidates):
        span = doc.char_span(item.start, item.end, label=item.label)
        if span is not None:
            span._.confidence = item.confidence
            span._.rule = item.rule
            spans.append(span)
    doc.spans[SPANS_KEY] = SpanGroup(doc, name=SPANS_KEY, spans=spans)


def add_free(existing: Sequence[Candidate], new: Iterable[Candidate]) -> list[Candidate]:
    """Add to ``existing`` each new candidate, longest first, that overlaps nothing so far."""
    taken = set(covered(existing))
    added: list[Candidate] = []
    for item in sorted(new, key=lambda c: (c.start - c.end, c.start, -c.confidence)):
        positions = range(item.start, item.end)
        if taken.isdisjoint(positions):
            taken.update(positions)
            added.append(item)
    return sorted([*existing, *added])


def correct(existing: Sequence[Candidate], new: Iterable[Candidate]) -> list[Candidate]:
    """Let new candidates take the place of existing ones that they cover; others keep theirs.

    Where two cover the same characters, the new one's label holds.
    """
    chosen = add_free([], new)
    return add_free([c for c in existing if not _covered_by(chosen, c)], chosen)


def overrule(existing: Sequence[Candidate], new: Iterable[Candidate]) -> list[Candidate]:
    """Let new candidates take the place of every existing one that they overlap."""
    chosen = add_free([], new)
    taken = set(covered(chosen))
    return sorted([*(c for c in existing if taken.isdisjoint(range(c.start, c.end))), *chosen])


def _covered_by(chosen: Sequence[Candidate], candidate: Candidate) -> bool:
    last = bisect_right(chosen, candidate.start, key=lambda c: c.start) - 1
    return last >= 0 and chosen[last].end >= candidate.end


def covered(candidates: Iterable[Candidate]) -> Iterator[int]:
    """Yield every offset inside a candidate."""
    for item in candidates:
        yield from range(item.start, item.end)


def url_spans(text: str) -> list[tuple[int, int]]:
    """Find web and mail addresses, inside which nothing is a mention.

    >>> url_spans("see https://example.org/BERT .")
    [(4, 28)]
    """
    return [match.span() for match in _URL.finditer(text)]
