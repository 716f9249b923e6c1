"""What the endpoint says about itself."""

from __future__ import annotations

from typing import Any

import pytest
import rdflib
from rdflib import RDF, URIRef

from fairpapers.api.formats import GRAPHS, TABULAR
from fairpapers.api.negotiation import Offer
from fairpapers.ontology.terms import PREFIXES

# rdflib's own JSON-LD parser still makes one.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

SD = rdflib.Namespace(PREFIXES["sd"])
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
