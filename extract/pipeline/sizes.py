"""Sizes: counts that describe a data set or a model, and which one they describe.

A count is a size only where its sentence says so: "FooBank comprises 5,000 sentences", "a corpus of
12 languages", "BarNet (7B)". What a paper counts otherwise, such as models compared or languages
tried, is left alone: a wrong size is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from ..records import Size
from .components import named_mentions
from .counts import PARAMETERS, Count, find_counts, size_in_brackets
from .results_about import Named
from .sentences import sentence_spans
from .size_phrases import (
    ALIEN,
    APPOSED,
    COMPOUND_OF,
    DATA_NOUN,
    GATHERS,
    JOIN,
    LINK,
    MAKES,
    NEW,
    OTHER,
    OWN,
    SIZED_MODEL,
    SPREAD,
    TRAINED,
    UNITS,
    WEAK_LINKS,
)

_SIZES = "fairpapers_sizes"
# How sure each way to find the bearer is: its name stands there, it is the paper's own, a verb only.
_NAMED, _OWN_DATA, _GATHERED, _UNNAMED = 0.9, 0.8, 0.7, 0.6
# Code points between a bearer and its count; the largest number of things that are mostly parts.
_FAR, _NEAR, _FEW = 140, 60, 12
_LONGEST_SENTENCE = 5_000


def find_sizes(text: str, names: Sequence[Named]) -> list[Size]:
    """Find the counts that describe the data sets and models among ``names``."""
    spans = [(n.start, n.end) for n in names]
    bearers = [n for n in names if n.label in ("Dataset", "Model")]
    own = _own(bearers, text.find("\n"))
    sizes: list[Size] = []
    for start, end in sentence_spans(text)[1:] if "\n" in text else sentence_spans(text):
        if end - start > _LONGEST_SENTENCE:
            continue
        inside = [n for n in bearers if start <= n.start < end]
        counts = find_counts(text, start, end, spans)
        sizes += _Sentence(text, start, end, inside, counts, own).sizes()
    return sizes


class _Own(NamedTuple):
    """The one data set that the paper introduces, if it has one; whether it may have no name."""

    name: str | None
    unnamed: bool


def _own(bearers: Sequence[Named], title_end: int) -> _Own:
    made = [n for n in bearers if n.label == "Dataset" and n.role == "introduced"]
    titled = {n.canonical for n in made if n.end <= title_end}
    names = titled if len(titled) == 1 else {n.canonical for n in made}
    return _Own(names.pop() if len(names) == 1 else None, not made)


class _Bearer(NamedTuple):
    """What has a size; ``name`` is None where the paper gives its data no name.

    ``goes_on`` tells that further counts of an enumeration are of the same.
    """

    name: str | None
    confidence: float
    goes_on: bool = True


class _Sentence(NamedTuple):
    """One sentence with its data sets, models and counts; offsets are those of the whole text."""

    text: str
    start: int
    end: int
    names: Sequence[Named]
    counts: Sequence[Count]
    own: _Own

    def sizes(self) -> Iterator[Size]:
        last: tuple[Count, _Bearer] | None = None
        for count in self.counts:
            bearer = self._bearer(count)
            if last and last[1].goes_on and self._goes_on(last[0], count):
                bearer = last[1]
                if SPREAD.fullmatch(self.text, last[0].end, count.start):
                    count = count._replace(comparator="=")
            if bearer:
                yield _size(count, bearer)
                last = count, bearer
        for name in self.names:
            sole = size_in_brackets(self.text, name.end) if name.label == "Model" else None
            if sole and all(sole.start != other.start for other in self.counts):
                yield _size(sole, _Bearer(name.canonical, _NAMED))

    def _bearer(self, count: Count) -> _Bearer | None:
        if count.head == PARAMETERS:
            return self._model(count)
        if count.number <= _FEW and count.head not in UNITS:
            return None
        if count.compound:
            return self._compound(count)
        before = self.text[self.start : count.start]
        if GATHERS.search(before):
            return self._mine(count, _GATHERED)
        if link := LINK.search(before):
            return self._subject(count, self.start + link.start("link"), link["link"].lower())
        return None

    def _mine(self, count: Count, confidence: float) -> _Bearer | None:
        """Take the paper's own data set, if things are counted that data sets are made of."""
        known = count.head in UNITS and self.own.name is not None
        return _Bearer(self.own.name, confidence) if known else None

    def _subject(self, count: Count, place: int, link: str) -> _Bearer | None:
        """Find what contains the things counted, in front of the link at ``place``."""
        names = (n for n in reversed(self.names) if n.end <= place and not self._counted(n))
        name = next(names, None)
        noun = self._noun(place, name)
        weak = link in WEAK_LINKS
        if noun is None:
            return self._named(count, name, place, weak=weak)
        gap = self.text[noun.end() : place]
        if len(gap) > _FAR or ALIEN.search(gap) or (link == "of" and gap.strip(" ()")):
            return None
        if weak and link != "of" and (count.head not in UNITS or len(gap) > _NEAR):
            return None
        if name and self._apposed(name, noun.start()):
            return _Bearer(name.canonical, _NAMED)
        return self._unnamed(noun)

    def _noun(self, place: int, name: Named | None) -> re.Match[str] | None:
        """Find the last word for data that stands behind the last name."""
        first = name.end if name else self.start
        return max(
            DATA_NOUN.finditer(self.text, first, place),
            key=lambda noun: noun.start(),
            default=None,
        )

    def _named(self, count: Count, name: Named | None, place: int, *, weak: bool) -> _Bearer | None:
        if name is None:
            before = self.text[self.start : place].strip()
            it = before == "It" and not weak and count.number > _FEW
            return self._mine(count, _GATHERED) if it else None
        if self._comes_from(name):
            return None
        gap = self.text[name.end : place]
        if name.label == "Model":
            trained = TRAINED.fullmatch(self.text, name.end, count.start)
            return _Bearer(name.canonical, _OWN_DATA, goes_on=False) if trained else None
        if len(gap) > _FAR or ALIEN.search(gap) or (weak and count.head not in UNITS):
            return None
        if weak and (
            name.role != "introduced"
            or gap.strip(" ,") not in ("", "dataset", "corpus", "benchmark")
        ):
            return None
        return _Bearer(name.canonical, _NAMED if name.role == "introduced" else _OWN_DATA)

    def _apposed(self, name: Named, noun: int) -> bool:
        gap = self.text[name.end : noun]
        if name.label != "Dataset" or ALIEN.search(gap):
            return False
        return not gap.strip() or APPOSED.fullmatch(gap) is not None

    def _unnamed(self, noun: re.Match[str]) -> _Bearer | None:
        before = self.text[self.start : noun.start()]
        if OWN.search(before):
            return _Bearer(self.own.name, _OWN_DATA) if self.own.name else None
        if NEW.search(before) and MAKES.search(before):
            if self.own.name:
                return _Bearer(self.own.name, _OWN_DATA)
            return _Bearer(None, _UNNAMED) if self.own.unnamed else None
        return None

    def _compound(self, count: Count) -> _Bearer | None:
        if count.head not in UNITS:
            return None
        after = COMPOUND_OF.match(self.text, count.end, self.end)
        if not after:
            return None
        before = self.text[self.start : count.start]
        if name := next((n for n in self.names if 0 <= n.start - after.end() <= 2), None):
            return _Bearer(name.canonical, _OWN_DATA) if name.label == "Dataset" else None
        if OWN.search(before) or MAKES.search(before):
            return self._mine(count, _GATHERED)
        return None

    def _model(self, count: Count) -> _Bearer | None:
        models = [n for n in self.names if n.label == "Model"]
        before = [n for n in models if n.end <= count.start]
        after = [n for n in models if n.start >= count.end]
        gap = self.text[before[-1].end : count.start] if before else ""
        if before and len(gap) < _NEAR and not ALIEN.search(gap) and not OTHER.search(gap):
            return _Bearer(before[-1].canonical, _NAMED)
        if after and SIZED_MODEL.fullmatch(self.text, count.end, after[0].start):
            return _Bearer(after[0].canonical, _NAMED)
        return None

    def _comes_from(self, name: Named) -> bool:
        """Tell whether a name says where things come from: "5,000 videos from YouTube"."""
        return self.text[self.start : name.start].endswith((" from ", " from the "))

    def _counted(self, name: Named) -> bool:
        """Tell whether a name is part of what is counted: "1,208 Wikipedia tables"."""
        return any(c.start < name.start < c.end for c in self.counts)

    def _goes_on(self, one: Count, other: Count) -> bool:
        """Tell whether a count goes on with an enumeration of sizes."""
        between = self.text[one.end : other.start]
        others = (n for n in self.names if one.end <= n.start < other.start)
        if not all(map(self._comes_from, others)) or ALIEN.search(between):
            return False
        if PARAMETERS in (one.head, other.head) or other.compound:
            return False
        if other.number <= _FEW and other.head not in UNITS:
            return False
        return bool(JOIN.fullmatch(between))


def _size(count: Count, bearer: _Bearer) -> Size:
    return Size(
        entity=bearer.name,
        value=count.value,
        number=format(count.number, "f"),
        of=count.of,
        comparator=count.comparator,
        start=count.start,
        end=count.end,
        confidence=bearer.confidence,
    )


def read_sizes(doc: Doc) -> tuple[Size, ...]:
    """Read the sizes that the component left on the document."""
    return tuple(Size(**item) for item in doc.user_data.get(_SIZES, ()))


@Language.factory(
    "fairpapers_sizes",
    assigns=["doc._.sizes"],
    requires=["doc._.entities", "doc.spans"],
)
class Sizes:
    """Find the sizes of data sets and models."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        if not Doc.has_extension("sizes"):
            Doc.set_extension("sizes", getter=read_sizes)

    def __call__(self, doc: Doc) -> Doc:
        """Find the sizes and tie them to the entities on the document."""
        doc.user_data[_SIZES] = [asdict(size) for size in find_sizes(doc.text, named_mentions(doc))]
        return doc
