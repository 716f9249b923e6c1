"""Turtle files as an index that is asked from either end of a statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from ..terms import PREFIXES

Node = NamedNode | BlankNode
Value = NamedNode | BlankNode | Literal | Triple

_FIRST: Final = PREFIXES["rdf"] + "first"
_REST: Final = PREFIXES["rdf"] + "rest"
_TYPE: Final = PREFIXES["rdf"] + "type"


class Triples:
    """The statements of a few small files, all in memory; in the order of the files.

    Args:
        paths: Turtle files; a blank node of one is none of another's.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._out: defaultdict[Node, defaultdict[str, list[Value]]]
        self._out = defaultdict(lambda: defaultdict(list))
        self._in: defaultdict[Value, defaultdict[str, list[Node]]]
        self._in = defaultdict(lambda: defaultdict(list))
        for path in paths:
            for quad in parse(path=str(path), format=RdfFormat.TURTLE):
                subject, predicate, value = quad.subject, quad.predicate.value, quad.object
                if isinstance(subject, NamedNode | BlankNode):
                    self._out[subject][predicate].append(value)
                    self._in[value][predicate].append(subject)

    def values(self, subject: Node, *predicates: str) -> list[Value]:
        """Objects of one or several predicates, in the order in which they are written."""
        known: Mapping[str, list[Value]] = self._out.get(subject, {})
        return [value for name in predicates for value in known.get(name, ())]

    def subjects(self, value: Value, *predicates: str) -> list[Node]:
        """Subjects of statements with this object, in the order in which they are written."""
        known: Mapping[str, list[Node]] = self._in.get(value, {})
        return [subject for name in predicates for subject in known.get(name, ())]

    def iris(self, subject: Node, *predicates: str) -> list[str]:
        """Objects that are IRIs."""
        found = self.values(subject, *predicates)
        return [value.value for value in found if isinstance(value, NamedNode)]

    def subject_iris(self, value: Value, *predicates: str) -> list[str]:
        """Subjects that are IRIs."""
        found = self.subjects(value, *predicates)
        return [subject.value for subject in found if isinstance(subject, NamedNode)]

    def texts(self, subject: Node, *predicates: str) -> list[str]:
        """Objects that are literals, without language or datatype."""
        found = self.values(subject, *predicates)
        return [value.value for value in found if isinstance(value, Literal)]

    def text(self, subject: Node, *predicates: str) -> str:
        """The first literal, or nothing."""
        return next(iter(self.texts(subject, *predicates)), "")

    def of_type(self, *types: str) -> list[str]:
        """IRIs of the instances of the types, each once, by name."""
        found = {iri for kind in types for iri in self.subject_iris(NamedNode(kind), _TYPE)}
        return sorted(found)

    def members(self, head: Value) -> Iterator[Value]:
        """Members of an RDF collection; a broken one ends where it breaks."""
        seen: set[Value] = set()
        while isinstance(head, NamedNode | BlankNode) and head not in seen:
            seen.add(head)
            yield from self.values(head, _FIRST)[:1]
            head = next(iter(self.values(head, _REST)), Literal(""))
