"""The sorted quads of a release, one subject at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from pyoxigraph import Literal, NamedNode, Quad

from ....ontology.terms import PREFIXES

_TYPE = PREFIXES["rdf"] + "type"


@dataclass(slots=True)
class Subject:
    """All that the graph says of one subject.

    Attributes:
        iri: of the subject.
        values: IRIs and lexical forms by predicate, in the order of their lines.
    """

    iri: str
    values: dict[str, list[str]] = field(default_factory=dict)

    def one(self, predicate: str) -> str | None:
        """Its only or first value; None where there is none or it is empty."""
        return next(filter(None, self.many(predicate)), None)

    def many(self, predicate: str) -> list[str]:
        """Its values."""
        return self.values.get(predicate, [])

    @property
    def types(self) -> list[str]:
        """IRIs of its classes."""
        return self.many(_TYPE)


def subjects(quads: Iterable[Quad]) -> Iterator[Subject]:
    """Gather quads by subject; memory is bounded by what one subject says.

    Args:
        quads: in the order of their N-Quads lines, so a subject's stand together.
    """
    for iri, group in groupby(quads, key=_subject_of):
        subject = Subject(iri)
        for quad in group:
            value = quad.object
            assert isinstance(value, NamedNode | Literal)  # our graphs have no blank nodes
            subject.values.setdefault(quad.predicate.value, []).append(value.value)
        for predicate, values in subject.values.items():
            # A triple may stand in two graphs; they are pairwise disjoint today.
            subject.values[predicate] = list(dict.fromkeys(values))
        yield subject


def _subject_of(quad: Quad) -> str:
    assert isinstance(quad.subject, NamedNode)
    return quad.subject.value
