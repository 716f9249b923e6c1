"""Statistics brought up to date by what changed, with look-ups in the old store and the new one.

A triple counts by its property, by the classes of its subject, and by the classes or the datatype
of its object. So what counts differently are the triples that come or go, and those of nodes whose
classes change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from ...ontology.terms import PREFIXES
from ..counting import Counts
from ..iris import GRAPHS, Iris
from ..statistics import DATA_GRAPHS, Statistics, nested

_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")


@dataclass(frozen=True)
class Side:
    """A graph before or after a change.

    Attributes:
        store: of the graph.
        quads: that only this side has.
        iris: of the graph.
    """

    store: Store
    quads: Collection[Quad]
    iris: Iris

    @cached_property
    def graphs(self) -> list[NamedNode]:
        """The data graphs."""
        return [NamedNode(self.iris.graph(name)) for name in DATA_GRAPHS]

    def data(self) -> Iterator[Quad]:
        """The quads of data graphs that only this side has."""
        names = set(self.graphs)
        return (quad for quad in self.quads if quad.graph_name in names)

    def find(self, subject: Any, predicate: Any, value: Any) -> Iterator[Quad]:
        """Quads of the data graphs."""
        for graph in self.graphs:
            for quad in self.store.quads_for_pattern(subject, predicate, value, graph):
                # The engine (0.5.13, on disk) gives 256 to 511 too where 255 is asked for: the end
                # of its range is wrong where the bytes of a number end in FF.
                if value is None or quad.object == value:
                    yield quad

    def has(self, subject: Any, value: Any) -> bool:
        """Whether there is any quad of this subject or value in the data graphs."""
        return next(self.find(subject, None, value), None) is not None


def recount(before: Statistics, old: Side, new: Side) -> Statistics:
    """Count as `statistics.statistics` would count the new side.

    Args:
        before: of the old side.
        old: with the quads that went.
        new: with the quads that came; its graph ``meta`` is not described yet.
    """
    retyped = {quad.subject for side in (old, new) for quad in side.data() if _types(quad)}
    counts = _flat(before)
    for side, sign in ((old, -1), (new, 1)):
        for key, count in _contributions(side, retyped).items():
            counts[key] += sign * count
    subjects = {quad.subject for side in (old, new) for quad in side.data()}
    objects = {quad.object for side in (old, new) for quad in side.data()}
    came = sum(new.has(each, None) - old.has(each, None) for each in subjects)
    met = sum(new.has(None, each) - old.has(None, each) for each in objects)
    return nested(counts, before.subjects + came, before.objects + met, _graphs(before, old, new))


def _types(quad: Quad) -> bool:
    return quad.predicate == _TYPE


def _contributions(side: Side, retyped: Iterable[Any]) -> Counts:
    """What the triples that count differently count for on one side."""
    triples = {quad.triple for quad in side.data()}
    for each in retyped:
        triples.update(quad.triple for quad in side.find(each, None, None))
        triples.update(quad.triple for quad in side.find(None, None, each))
    known: dict[Any, list[str]] = {}

    def classes(node: Any) -> list[str]:
        if node not in known:
            found = (quad.object for quad in side.find(node, _TYPE, None))
            known[node] = [each.value for each in found if isinstance(each, NamedNode)]
        return known[node]

    counts: Counts = Counter()
    for subject, predicate, value in triples:
        by = predicate.value
        counts["property", by] += 1
        if predicate == _TYPE and isinstance(value, NamedNode):
            counts["entities", value.value] += 1
        literal = isinstance(value, Literal)
        for of in classes(subject):
            counts["use", of, by] += 1
            if literal:
                counts["datatype", of, by, value.datatype.value] += 1
            else:
                counts.update(("class", of, by, each) for each in classes(value))
    return counts


def _flat(before: Statistics) -> Counts:
    counts: Counts = Counter()
    for iri, count in before.properties.items():
        counts["property", iri] = count
    for of, use in before.classes.items():
        counts["entities", of] = use.entities
        for by, each in use.properties.items():
            counts["use", of, by] = each.triples
            counts.update({("class", of, by, iri): n for iri, n in each.classes.items()})
            counts.update({("datatype", of, by, iri): n for iri, n in each.datatypes.items()})
    return counts


def _graphs(before: Statistics, old: Side, new: Side) -> dict[str, int]:
    """Triples by graph; ``meta`` is counted after it is described."""
    names = {new.iris.graph(name): name for name in GRAPHS}
    counts = Counter(before.graphs)
    for side, sign in ((old, -1), (new, 1)):
        for quad in side.quads:
            assert isinstance(quad.graph_name, NamedNode)
            counts[names[quad.graph_name.value]] += sign
    return {name: counts[name] for name in GRAPHS if counts[name]}
