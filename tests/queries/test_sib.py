"""The library as RDF is what SPARQL editors ask a graph for."""

from __future__ import annotations

import pyoxigraph
import pytest

from fairpapers.graph.iris import Iris
from fairpapers.graph.store import run_query
from fairpapers.ontology.terms import PREFIXES
from fairpapers.queries import Library, library_quads, library_triples
from fairpapers.queries.federation.checks import bare

BASE = "https://example.org/kg"

# What the editor of the SIB asks for, in the words of its README.
EXAMPLES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#>
SELECT DISTINCT ?sq ?comment ?query WHERE {
  ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
    sh:select|sh:ask|sh:construct|spex:describe ?query .
} ORDER BY ?sq"""


@pytest.fixture(scope="module")
def graph(library: Library) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.extend(library_quads(library, Iris(BASE)))
    return store


def test_an_editor_lists_every_query_once_and_each_can_be_run(
    library: Library, graph: pyoxigraph.Store
) -> None:
    found = run_query(graph, EXAMPLES)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    rows = [(row["sq"].value, row["comment"].value, row["query"].value) for row in found]
    assert [(iri, comment) for iri, comment, _ in rows] == [
        (f"{BASE}/id/corpus/query/{query.id}", query.question) for query in library.values()
    ]
    for _, _, text in rows:
        # Who asks other endpoints is told; that those answer is not for a test.
        run_query(graph, bare(text))


def test_the_endpoints_that_a_query_asks_are_named(
    library: Library, graph: pyoxigraph.Store
) -> None:
    found = graph.quads_for_pattern(
        None, pyoxigraph.NamedNode(PREFIXES["spex"] + "federatesWith"), None
    )
    named = set()
    for quad in found:
        assert isinstance(quad.subject, pyoxigraph.NamedNode)
        assert isinstance(quad.object, pyoxigraph.NamedNode)
        named.add((quad.subject.value.rpartition("/")[2], quad.object.value))
    assert ("K01", "https://query.wikidata.org/sparql") in named
    assert named == {(query.id, each) for query in library.values() for each in query.federates}


def test_defaults_are_of_this_graph(graph: pyoxigraph.Store) -> None:
    texts = [quad.object.value for quad in graph if quad.predicate.value.endswith("#select")]
    assert any(f"<{BASE}/id/dataset/" in text for text in texts)
    assert not any("https://w3id.org/fairpapers/id/" in text for text in texts)


def test_the_file_that_stands_alone_declares_its_prefixes(library: Library) -> None:
    store = pyoxigraph.Store()
    for triple in library_triples(library, Iris(BASE)):
        store.add(pyoxigraph.Quad(*triple))
    found = store.query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT DISTINCT ?prefix ?namespace WHERE {"
        " ?query a sh:SPARQLExecutable ; sh:prefixes/sh:declare ?declared ."
        " ?declared sh:prefix ?prefix ; sh:namespace ?namespace }"
    )
    assert isinstance(found, pyoxigraph.QuerySolutions)
    assert {row["prefix"].value: row["namespace"].value for row in found} == PREFIXES


def test_the_graph_is_the_one_of_the_queries_and_has_no_blank_nodes(
    graph: pyoxigraph.Store,
) -> None:
    assert {quad.graph_name.value for quad in graph} == {f"{BASE}/graph/queries"}
    assert not [quad for quad in graph if isinstance(quad.object, pyoxigraph.BlankNode)]
