"""The units in the graph, as learning resources of schema.org."""

from __future__ import annotations

import pyoxigraph as ox

from fairpapers.graph.iris import Iris
from fairpapers.graph.store import run_query
from fairpapers.ontology.terms import PREFIXES
from fairpapers.queries import Library, library_quads
from fairpapers.queries.course import load_course


def test_each_unit_is_a_learning_resource_with_level_time_licence_and_what_it_teaches(
    library: Library,
) -> None:
    store = ox.Store()
    store.extend(library_quads(library, Iris("https://example.org")))
    found = run_query(
        store,
        "SELECT ?unit ?title ?level ?time (COUNT(DISTINCT ?what) AS ?teaches) WHERE {"
        " ?unit a schema:LearningResource ; dcterms:title ?title ; dcterms:license ?licence ;"
        " schema:educationalLevel ?level ; schema:timeRequired ?time ; schema:teaches ?what }"
        " GROUP BY ?unit ?title ?level ?time ORDER BY ?unit",
        prefixes=PREFIXES,
    )
    assert isinstance(found, ox.QuerySolutions)
    rows = [tuple(getattr(term, "value", "") for term in row) for row in found]
    assert rows == [
        (
            f"https://example.org/id/corpus/unit/{unit.number:02}",
            unit.title,
            str(unit.level),
            f"PT{unit.minutes}M",
            str(len(unit.teaches)),
        )
        for unit in load_course().units
    ]


def test_a_unit_is_based_on_queries_that_are_in_the_graph(library: Library) -> None:
    store = ox.Store()
    store.extend(library_quads(library, Iris("https://example.org")))
    based = "?unit a schema:LearningResource ; schema:isBasedOn ?query ."
    missing = f"ASK {{ {based} FILTER NOT EXISTS {{ ?query a sh:SPARQLExecutable }} }}"
    assert bool(run_query(store, f"ASK {{ {based} }}", prefixes=PREFIXES))
    assert not bool(run_query(store, missing, prefixes=PREFIXES))
