"""What the endpoint says about itself."""

from __future__ import annotations

from typing import Any

import pytest
import rdflib
from rdflib import RDF, URIRef

from fairpapers.api.formats import GRAPHS, TABULAR
from fairpapers.api.negotiation import Offer
from fairpapers.api.service_description import Abilities, Dataset, describe
from fairpapers.ontology.terms import PREFIXES

# rdflib's own JSON-LD parser still makes one.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

SD = rdflib.Namespace(PREFIXES["sd"])
VOID = rdflib.Namespace(PREFIXES["void"])
NAMES = {"application/ld+json": "json-ld", "application/rdf+xml": "xml"}


@pytest.mark.parametrize("offer", GRAPHS, ids=lambda offer: str(offer.names[0]))
def test_a_get_without_query_describes_the_service(small_server: Any, offer: Offer) -> None:
    response = small_server.client.get(small_server.url, headers={"Accept": offer.media_type})
    assert response.headers["Content-Type"] == offer.content_type
    name = NAMES.get(offer.media_type, "turtle")
    graph = rdflib.Graph().parse(data=response.content, format=name)
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert graph.value(service, SD.endpoint) == URIRef(small_server.url)
    assert graph.value(service, SD.supportedLanguage) == SD.SPARQL11Query
    assert SD.UnionDefaultGraph in graph.objects(service, SD.feature)
    assert SD.BasicFederatedQuery not in graph.objects(service, SD.feature)
    formats = {str(each) for each in graph.objects(service, SD.resultFormat)}
    assert len(formats) == len(TABULAR) + len(GRAPHS)
    assert "http://www.w3.org/ns/formats/Turtle" in formats


def test_the_named_graphs_are_listed(small_server: Any) -> None:
    text = small_server.client.get(small_server.url).text
    graph = rdflib.Graph().parse(data=text, format="turtle")
    (service,) = graph.subjects(RDF.type, SD.Service)
    dataset = graph.value(service, SD.defaultDataset)
    names = {graph.value(each, SD.name) for each in graph.objects(dataset, SD.namedGraph)}
    assert names == {URIRef(f"http://example.org/{name}") for name in ("core", "evidence")}
    default = graph.value(dataset, SD.defaultGraph)
    assert (default, RDF.type, SD.Graph) in graph


def test_format_chooses_too(small_server: Any) -> None:
    response = small_server.client.get(small_server.url, params={"format": "jsonld"})
    assert response.headers["Content-Type"] == "application/ld+json"


def test_a_format_that_is_not_there_is_406(small_server: Any) -> None:
    response = small_server.client.get(small_server.url, headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert response.json()["available"] == [offer.media_type for offer in GRAPHS]


def test_a_browser_is_led_to_the_editor_and_programs_are_not(small_store: Any, serve: Any) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    with serve(small_store, editor="/editor") as server:
        response = server.client.get(server.url, headers={"Accept": browser})
        assert (response.status_code, response.headers["Location"]) == (303, "/editor")
        response = server.client.get(server.url, headers={"Accept": "*/*"})
        assert response.headers["Content-Type"] == "text/turtle; charset=utf-8"


def test_the_graphs_are_counted(small_server: Any) -> None:
    graph = rdflib.Graph().parse(data=small_server.client.get(small_server.url).text)
    (service,) = graph.subjects(RDF.type, SD.Service)
    dataset = graph.value(service, SD.defaultDataset)
    assert graph.value(dataset, VOID.sparqlEndpoint) == URIRef(small_server.url)
    counts = {
        str(graph.value(each, SD.name)).rpartition("/")[2]: int(
            str(graph.value(graph.value(each, SD.graph), VOID.triples))
        )
        for each in graph.objects(dataset, SD.namedGraph)
    }
    assert counts == {"core": 6, "evidence": 2}
    whole = graph.value(dataset, SD.defaultGraph)
    assert int(str(graph.value(whole, VOID.triples))) == 8


def test_it_follows_updates_and_says_that_there_are_some(writable: Any) -> None:
    writable.reset("GRAPH <urn:g> { <urn:a> <urn:b> 1, 2 }")
    writable.update("CREATE GRAPH <urn:empty>")
    graph = rdflib.Graph().parse(data=writable.get("/sparql", "text/turtle").text)
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert SD.SPARQL11Update in set(graph.objects(service, SD.supportedLanguage))
    assert len(set(graph.objects(service, SD.inputFormat))) == len(GRAPHS)
    named = {str(name): node for node, name in graph.subject_objects(SD.name)}
    counts = {
        name: int(str(graph.value(graph.value(node, SD.graph), VOID.triples)))
        for name, node in named.items()
    }
    assert counts == {"urn:g": 2, "urn:empty": 0}


def test_graphs_that_could_not_be_counted_are_named_without_figures() -> None:
    dataset = Dataset({"urn:g": None}, None)
    text = describe("http://x.example/sparql", dataset, Abilities(), "text/turtle")
    graph = rdflib.Graph().parse(data=text)
    assert [str(name) for name in graph.objects(None, SD.name)] == ["urn:g"]
    assert not list(graph.objects(None, VOID.triples))


def test_federation_is_told_where_it_is_allowed() -> None:
    text = describe("http://x.example/sparql", Dataset(), Abilities(federation=True), "text/turtle")
    graph = rdflib.Graph().parse(data=text)
    assert SD.BasicFederatedQuery in set(graph.objects(None, SD.feature))


@pytest.mark.parametrize("offer", GRAPHS, ids=lambda offer: str(offer.names[0]))
def test_the_well_known_place_describes_the_data_set(site: Any, offer: Offer) -> None:
    response = site.get("/.well-known/void", offer.media_type)
    assert response.headers["Content-Type"] == offer.content_type
    name = NAMES.get(offer.media_type, "turtle")
    graph = rdflib.Graph().parse(data=response.content, format=name)
    (document,) = graph.subjects(RDF.type, VOID.DatasetDescription)
    assert str(document) == f"{site.url}/.well-known/void"
    (corpus,) = graph.objects(document, URIRef("http://xmlns.com/foaf/0.1/primaryTopic"))
    assert graph.value(corpus, VOID.sparqlEndpoint) == URIRef(f"{site.url}/sparql")
    assert list(graph.objects(corpus, VOID.classPartition))
    counts = {
        str(subset): [int(str(count)) for count in graph.objects(subset, VOID.triples)]
        for subset in graph.objects(corpus, VOID.subset)
    }
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    rows = site.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert counts == {row["g"]["value"]: [int(row["n"]["value"])] for row in rows}
