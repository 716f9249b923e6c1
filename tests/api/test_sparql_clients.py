"""Programs that people use against endpoints."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)

SELECT = "SELECT ?s { ?s a <http://example.org/Model> }"
CONSTRUCT = "CONSTRUCT WHERE { ?s a <http://example.org/Model> }"
BERT = rdflib.URIRef("http://example.org/bert")
RDFLIB_JSON_LD = "ignore:ConjunctiveGraph is deprecated"


@pytest.mark.filterwarnings(RDFLIB_JSON_LD)
@pytest.mark.parametrize("encoding", [URLENCODED, POSTDIRECTLY])
@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("wanted", [JSON, XML, CSV, TSV, TURTLE, RDFXML, JSONLD])
def test_sparqlwrapper(small_server: Any, wanted: str, method: str, encoding: str) -> None:
    wrapper = SPARQLWrapper(small_server.url)
    wrapper.setMethod(method)
    wrapper.setRequestMethod(encoding)
    wrapper.setReturnFormat(wanted)
    tabular = wanted in (JSON, XML, CSV, TSV)
    wrapper.setQuery(SELECT if tabular else CONSTRUCT)
    result = wrapper.query()
    converted: Any = result.convert()
    result.response.close()
    if wanted == JSON:
        assert converted["results"]["bindings"] == [{"s": {"type": "uri", "value": str(BERT)}}]
    elif wanted == XML:
        assert str(BERT) in converted.toxml()
    elif tabular or isinstance(converted, bytes):
        assert str(BERT) in converted.decode()
    else:
        assert BERT in set(converted.subjects())


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("wanted", ["xml", "json", "csv", "tsv"])
def test_rdflib_store(small_server: Any, method: str, wanted: str) -> None:
    store = SPARQLStore(small_server.url, method=method, returnFormat=wanted)
    graph = rdflib.Graph(store)
    assert [row[0] for row in graph.query(SELECT)] == [BERT]  # type: ignore[index]
    # rdflib has no reader for a truth value in CSV or TSV, for which there is no standard.
    if wanted in ("xml", "json"):
        assert graph.query("ASK { ?s ?p ?o }").askAnswer is True
    assert BERT in set(graph.subjects(rdflib.RDF.type))


def test_rdflib_as_the_engine_that_calls_us_by_service(small_server: Any) -> None:
    query = f"SELECT ?s {{ SERVICE <{small_server.url}> {{ ?s a <http://example.org/Model> }} }}"
    assert [row[0] for row in rdflib.Graph().query(query)] == [BERT]  # type: ignore[index]


def test_oxigraph_as_the_engine_that_calls_us_by_service(small_server: Any) -> None:
    query = f"SELECT ?s {{ SERVICE <{small_server.url}> {{ ?s a <http://example.org/Model> }} }}"
    result = ox.Store().query(query)
    assert isinstance(result, ox.QuerySolutions)
    assert [solution["s"] for solution in result] == [ox.NamedNode(str(BERT))]


@pytest.mark.parametrize("encoding", [URLENCODED, POSTDIRECTLY])
def test_sparqlwrapper_updates(writable: Any, encoding: str) -> None:
    writable.reset()
    wrapper = SPARQLWrapper(f"{writable.url}/sparql")
    wrapper.addCustomHttpHeader("Authorization", writable.client.headers["Authorization"])
    wrapper.setMethod(POST)
    wrapper.setRequestMethod(encoding)
    wrapper.setQuery("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 'é' } }")
    wrapper.query().response.close()
    assert writable.ask("GRAPH <urn:g> { <urn:a> <urn:b> 'é' }")


def test_rdflib_update_store(writable: Any) -> None:
    writable.reset("GRAPH <urn:g> { <urn:a> <urn:b> 1 }")
    headers = {"Authorization": writable.client.headers["Authorization"]}
    address = f"{writable.url}/sparql"
    store = SPARQLUpdateStore(address, address, headers=headers)
    graph = rdflib.Graph(store, identifier=rdflib.URIRef("urn:g"))
    triple = rdflib.URIRef("urn:c"), rdflib.URIRef("urn:b"), rdflib.Literal("x\n'\"")
    graph.add(triple)
    assert triple in graph
    assert len(graph) == 2
    graph.remove((rdflib.URIRef("urn:a"), None, None))
    assert list(graph) == [triple]


def test_rdflib_reads_a_graph_by_its_address(site: Any) -> None:
    graph = rdflib.Graph().parse(f"{site.url}/graph/core")
    assert len(graph) > 0


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
@pytest.mark.parametrize("way", [["--get"], []], ids=["get", "post"])
def test_curl(small_server: Any, way: list[str]) -> None:
    call = ["curl", "-sSf", *way, small_server.url, "-H", "Accept: text/csv"]
    done = subprocess.run(
        [*call, "--data-urlencode", f"query={SELECT}"], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["s", str(BERT)], done.stderr


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl_puts_and_reads_a_graph(writable: Any, tmp_path: Path) -> None:
    writable.reset()
    (tmp_path / "data.ttl").write_text("<urn:a> <urn:b> 'é' .")
    token = f"Authorization: {writable.client.headers['Authorization']}"
    address = f"{writable.url}/store?graph=urn:g"
    put = ["-T", str(tmp_path / "data.ttl"), "-H", "Content-Type: text/turtle", "-H", token]
    form = ["-F", f"a=@{tmp_path / 'data.ttl'};type=text/turtle", "-H", token]
    for arguments in (put, form, ["-H", "Accept: application/n-triples"]):
        done = subprocess.run(
            ["curl", "-sSf", *arguments, address], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
    assert done.stdout == '<urn:a> <urn:b> "é" .\n'
