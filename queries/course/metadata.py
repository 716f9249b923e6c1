"""The units as learning resources of schema.org, in the graph beside the queries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from ...graph.iris import Iris
from ...graph.terms import count, node, term
from .reading import load_course
from .units import Unit

_LANGUAGE: Final = "en"
_LICENCE: Final = "https://spdx.org/licenses/CC0-1.0"
_Triple: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal]


def unit_iri(unit: Unit, iris: Iris) -> str:
    """IRI of a unit in a graph.

    >>> unit_iri(load_course().unit(3), Iris("https://example.org"))
    'https://example.org/id/corpus/unit/03'
    """
    return iris.part("unit", f"{unit.number:02}")


def course_quads(iris: Iris) -> Iterator[Quad]:
    """Every unit in the graph of the queries, with the queries of the library that it works with."""
    graph = node(iris.graph("queries"))
    for unit in load_course().units:
        for triple in _unit(unit, iris):
            yield Quad(*triple, graph)


def _unit(unit: Unit, iris: Iris) -> Iterator[_Triple]:
    subject = node(unit_iri(unit, iris))
    yield subject, term("rdf:type"), term("schema:LearningResource")
    yield subject, term("dcterms:identifier"), Literal(f"{unit.number:02}")
    yield subject, term("dcterms:title"), Literal(unit.title, language=_LANGUAGE)
    yield subject, term("dcterms:description"), Literal(unit.goal, language=_LANGUAGE)
    yield subject, term("schema:educationalLevel"), count(unit.level)
    yield subject, term("schema:timeRequired"), Literal(f"PT{unit.minutes}M")
    yield subject, term("dcterms:license"), node(_LICENCE)
    for each in unit.teaches:
        yield subject, term("schema:teaches"), Literal(each, language=_LANGUAGE)
    for worked in unit.worked:
        if worked.library:
            query = node(iris.part("query", worked.library))
            yield subject, term("schema:isBasedOn"), query
