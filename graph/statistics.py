"""Counting what a graph holds, for its VoID description and for the build report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Store

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
        counts[name] = next(count for _, count in _rows(found))
    return {name: count for name, count in counts.items() if count}


def statistics(store: Store, iris: Iris) -> Statistics:
    """Count the data graphs of a store."""
    graphs: list[NamedNode | BlankNode | DefaultGraph] = [
        NamedNode(iris.graph(name)) for name in DATA_GRAPHS
    ]

    def ask(projection: str, pattern: str, group: str = "") -> Iterator[tuple[list[str], int]]:
        grouping = f"GROUP BY {group}" if group else ""
        found = store.query(
            f"SELECT {projection} WHERE {{ {pattern} }} {grouping}", default_graph=graphs
        )
        return _rows(found)

    def only(projection: str) -> int:
        return next(count for _, count in ask(projection, "?s ?p ?o"))

    objects = _nested(ask("?c ?p ?oc (COUNT(*) AS ?n)", "?s a ?c ; ?p ?o . ?o a ?oc", "?c ?p ?oc"))
    typed = "?s a ?c ; ?p ?o FILTER(isLITERAL(?o)) BIND(DATATYPE(?o) AS ?d)"
    datatypes = _nested(ask("?c ?p ?d (COUNT(*) AS ?n)", typed, "?c ?p ?d"))
    uses: dict[str, dict[str, PropertyUse]] = {}
    for (of, by), count in ask("?c ?p (COUNT(*) AS ?n)", "?s a ?c ; ?p ?o", "?c ?p"):
        use = PropertyUse(count, objects.get((of, by), {}), datatypes.get((of, by), {}))
        uses.setdefault(of, {})[by] = use
    entities = {of: count for (of,), count in ask("?c (COUNT(*) AS ?n)", "?s a ?c", "?c")}
    return Statistics(
        triples=only("(COUNT(*) AS ?n)"),
        subjects=only("(COUNT(DISTINCT ?s) AS ?n)"),
        objects=only("(COUNT(DISTINCT ?o) AS ?n)"),
        classes={of: ClassUse(entities[of], dict(sorted(uses[of].items()))) for of in sorted(uses)},
        properties=dict(
            sorted((by, n) for (by,), n in ask("?p (COUNT(*) AS ?n)", "?s ?p ?o", "?p"))
        ),
        graphs=count_graphs(store, iris),
    )


def _rows(found: object) -> Iterator[tuple[list[str], int]]:
    """IRIs of a row, and the count in its last column."""
    assert isinstance(found, QuerySolutions)
    for solution in found:
        *keys, count = solution
        assert isinstance(count, Literal)
        yield [key.value for key in keys if isinstance(key, NamedNode)], int(count.value)


def _nested(
    rows: Iterable[tuple[list[str], int]],
) -> dict[tuple[str, str], dict[str, int]]:
    """Counts by class and property, then by the third key."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for (of, by, third), count in sorted(rows):
        found.setdefault((of, by), {})[third] = count
    return found
