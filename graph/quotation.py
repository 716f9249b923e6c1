"""How much of each text can be read from the graph: quotation must stay within its bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from ..ontology.terms import FP, PREFIXES
from .iris import Iris

# Rule D7: at most a fifth of one text is quoted.
MOST_QUOTED: Final = 0.2
# So many of the largest shares are remembered, for when the texts that have them go.
_REMEMBERED: Final = 200


@dataclass(frozen=True, slots=True)
class Quotation:
    """How much of some texts is quoted; two of these add up.

    Attributes:
        texts: number of texts.
        total: exact sum of their shares, whatever order they came in.
        at_length: texts of which more than `MOST_QUOTED` is quoted.
        largest: the largest shares, which are all of them where there are at most 200, in falling
            order; empty where every one that was remembered is gone.
    """

    texts: int
    total: Fraction
    at_length: int
    largest: tuple[float, ...]

    @classmethod
    def of(cls, shares: Iterable[float]) -> Quotation:
        """Sum up shares; all of them are in memory, eight bytes each."""
        found = sorted(shares, reverse=True)
        return cls(
            texts=len(found),
            total=sum(map(Fraction, found), Fraction(0)),
            at_length=sum(share > MOST_QUOTED for share in found),
            largest=tuple(found[:_REMEMBERED]),
        )

    @property
    def mean(self) -> float:
        """Mean share; there is at least one text."""
        return float(self.total) / self.texts

    @property
    def forgotten(self) -> bool:
        """Whether the largest share is no longer known."""
        return bool(self.texts) and not self.largest

    def plus(self, other: Quotation) -> Quotation:
        """Of the texts of both."""
        return self._with(other, 1, self._at_least(other.largest))

    def minus(self, other: Quotation) -> Quotation:
        """Without texts that are among these."""
        left = Counter(self.largest) - Counter(other.largest)
        return self._with(other, -1, tuple(sorted(left.elements(), reverse=True)))

    def _at_least(self, shares: tuple[float, ...]) -> tuple[float, ...]:
        """The largest of both; below the least one remembered, others may be that were not."""
        if self.forgotten:
            return ()
        whole = len(self.largest) == self.texts
        least = 0.0 if whole or not self.largest else self.largest[-1]
        known = (share for share in shares if share >= least)
        return tuple(sorted((*self.largest, *known), reverse=True)[:_REMEMBERED])

    def _with(self, other: Quotation, sign: int, largest: tuple[float, ...]) -> Quotation:
        return Quotation(
            self.texts + sign * other.texts,
            self.total + sign * other.total,
            self.at_length + sign * other.at_length,
            largest,
        )


def quoted_shares(store: Store, iris: Iris) -> Iterator[tuple[str, float]]:
    """Yield the IRI of each text with a length, and the share of it that spans quote.

    Characters that several spans share count once; a span counts for at most the 80 characters
    that a surface form has. Only one text's spans are in memory at a time.
    """
    evidence = NamedNode(iris.graph("evidence"))
    kind = NamedNode(PREFIXES["rdf"] + "type")
    in_text = NamedNode(FP.inText)
    for text in store.quads_for_pattern(None, kind, NamedNode(FP.SourceText), evidence):
        length = _number(store, text.subject, FP.textLength, evidence)
        if not length:
            continue
        spans = []
        for quad in store.quads_for_pattern(None, in_text, text.subject, evidence):
            start = _number(store, quad.subject, FP.start, evidence)
            end = _number(store, quad.subject, FP.end, evidence)
            if start is not None and end is not None:
                spans.append((start, min(end, start + 80, length)))
        if isinstance(text.subject, NamedNode):
            yield text.subject.value, _covered(spans) / length


def _covered(spans: list[tuple[int, int]]) -> int:
    """Number of characters in at least one span."""
    count = reached = 0
    for start, end in sorted(spans):
        count += max(0, end - max(start, reached))
        reached = max(reached, end)
    return count


def _number(store: Store, subject: object, predicate: str, graph: NamedNode) -> int | None:
    assert isinstance(subject, NamedNode | BlankNode)
    for quad in store.quads_for_pattern(subject, NamedNode(predicate), None, graph):
        if isinstance(quad.object, Literal):
            try:
                return int(quad.object.value)
            except ValueError:
                return None
    return None
