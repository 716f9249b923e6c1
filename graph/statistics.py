"""Counting what a graph holds, for its VoID description and for the build report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Store

from .counting import Counts, count_uses
from .iris import GRAPHS, Iris

# The graphs that a build fills from records; VoID describes their union.
DATA_GRAPHS: Final = ("core", "evidence", "inferred")


@dataclass(frozen=True, slots=True)
class PropertyUse:
    """How instances of one class use one property.

    Attributes:
        triples: number of triples.
        classes: number of triples by IRI of the object's class.
        datatypes: number of triples by IRI of the object's datatype.
    """

    triples: int
    classes: Mapping[str, int]
    datatypes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ClassUse:
    """How many instances a class has, and their properties by IRI."""

    entities: int
    properties: Mapping[str, PropertyUse]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Figures of the union of the data graphs; IRIs are the keys of all mappings.

    Attributes:
        triples: all triples.
        subjects: distinct subjects.
        objects: distinct objects.
        classes: instances and properties by class.
        properties: triples by property.
        graphs: triples by name of graph, of all graphs.
    """

    triples: int
    subjects: int
    objects: int
    classes: Mapping[str, ClassUse]
    properties: Mapping[str, int]
    graphs: Mapping[str, int]


def count_graphs(store: Store, iris: Iris) -> dict[str, int]:
    """Triples by name of graph, in the order of `GRAPHS`, without empty ones."""
    counts = {}
    for name in GRAPHS:
        found = store.query(
            f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{iris.graph(name)}> {{ ?s ?p ?o }} }}"
        )
        counts[name] = next(_numbers(found))
    return {name: count for name, count in counts.items() if count}


def statistics(store: Store, iris: Iris) -> Statistics:
    """Count the data graphs of a store, which have no triple in common."""
    graphs = [NamedNode(iris.graph(name)) for name in DATA_GRAPHS]
    default: list[NamedNode | BlankNode | DefaultGraph] = [*graphs]

    def distinct(variable: str) -> int:
        text = f"SELECT (COUNT(DISTINCT ?{variable}) AS ?n) WHERE {{ ?s ?p ?o }}"
        return next(_numbers(store.query(text, default_graph=default)))

    counts = count_uses(store, graphs)
    return nested(counts, distinct("s"), distinct("o"), count_graphs(store, iris))


def nested(counts: Counts, subjects: int, objects: int, graphs: Mapping[str, int]) -> Statistics:
    """Put counts in their order.

    Args:
        counts: of triples and instances.
        subjects: distinct subjects.
        objects: distinct objects.
        graphs: triples by name of graph.
    """
    parts: dict[str, dict[tuple[str, ...], int]] = {}
    for (kind, *key), count in sorted(counts.items()):
        if count:
            parts.setdefault(kind, {})[tuple(key)] = count

    def third(kind: str, of: str, by: str) -> dict[str, int]:
        found = grouped.get((kind, of, by), {})
        return dict(sorted(found.items()))

    grouped: dict[tuple[str, str, str], dict[str, int]] = {}
    for kind in ("class", "datatype"):
        for (of, by, iri), count in parts.get(kind, {}).items():
            grouped.setdefault((kind, of, by), {})[iri] = count
    uses: dict[str, dict[str, PropertyUse]] = {}
    for (of, by), count in parts.get("use", {}).items():
        use = PropertyUse(count, third("class", of, by), third("datatype", of, by))
        uses.setdefault(of, {})[by] = use
    properties = {by: count for (by,), count in parts.get("property", {}).items()}
    return Statistics(
        triples=sum(properties.values()),
        subjects=subjects,
        objects=objects,
        classes={
            of: ClassUse(count, uses.get(of, {}))
            for (of,), count in parts.get("entities", {}).items()
        },
        properties=properties,
        graphs=graphs,
    )


def _numbers(found: object) -> Iterator[int]:
    """The counts of a result set of one column."""
    assert isinstance(found, QuerySolutions)
    for (count,) in found:
        assert isinstance(count, Literal)
        yield int(count.value)
