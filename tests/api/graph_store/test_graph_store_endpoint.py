"""Whole graphs through HTTP."""

from __future__ import annotations

from typing import Any

import pytest
import rdflib
from rdflib.compare import isomorphic

GRAPH = "http://elsewhere.example/g"
NAMED = {"graph": GRAPH}
DATA = '<http://example.org/é> <urn:p> [ <urn:q> "v" ] .'
TURTLE = {"Content-Type": "text/turtle"}


def put(site: Any, data: str = DATA, kind: str = "text/turtle", **options: Any) -> Any:
    options.setdefault("params", NAMED)
    method = options.pop("method", "PUT")
    path = options.pop("path", "/store")
    headers = {"Content-Type": kind} | options.pop("headers", {})
    return site.client.request(method, path, content=data.encode(), headers=headers, **options)


def graph_of(response: Any) -> rdflib.Graph:
    assert response.status_code == 200, response.text
    return rdflib.Graph().parse(data=response.content, format="turtle")


def test_a_graph_is_put_read_and_removed(writable: Any) -> None:
    writable.reset()
    assert put(writable).status_code == 201
    assert put(writable).status_code == 204
    response = writable.get("/store", params=NAMED)
    assert response.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert isomorphic(graph_of(response), rdflib.Graph().parse(data=DATA, format="turtle"))
    assert writable.client.head("/store", params=NAMED).status_code == 200
    assert writable.client.delete("/store", params=NAMED).status_code == 204
    for method in ("GET", "HEAD", "DELETE"):
        response = writable.client.request(method, "/store", params=NAMED)
        assert response.status_code == 404


def test_put_replaces_and_post_adds_with_blank_nodes_of_its_own(writable: Any) -> None:
    writable.reset()
    put(writable, "_:b <urn:p> 1 .")
    assert put(writable, "_:b <urn:p> 2 .", method="POST").status_code == 204
    graph = graph_of(writable.get("/store", params=NAMED))
    assert len(set(graph.subjects())) == 2
    put(writable, "_:b <urn:p> 3 .")
    assert len(graph_of(writable.get("/store", params=NAMED))) == 1


def test_an_empty_graph_is_there(writable: Any) -> None:
    writable.reset()
    assert put(writable, "").status_code == 201
    assert not graph_of(writable.get("/store", params=NAMED))


def test_the_default_graph_is_the_unnamed_one(writable: Any) -> None:
    writable.reset()
    put(writable)
    put(writable, "<urn:a> <urn:b> 1 .", params="default")
    assert len(graph_of(writable.get("/store?default"))) == 1
    assert len(graph_of(writable.get("/store", params=NAMED))) == 2
    assert writable.client.delete("/store?default").status_code == 204
    assert len(graph_of(writable.get("/store?default"))) == 0
    assert len(graph_of(writable.get("/store", params=NAMED))) == 2


def test_the_path_of_a_graph_is_the_graph(writable: Any) -> None:
    writable.reset()
    assert put(writable, path="/graph/a/b%2Fc", params=None).status_code == 201
    assert writable.ask("GRAPH <http://example.org/graph/a/b%2Fc> { ?s <urn:q> 'v' }")
    indirect = writable.get("/store", params={"graph": "http://example.org/graph/a/b%2Fc"})
    assert isomorphic(graph_of(indirect), graph_of(writable.get("/graph/a/b%2Fc")))
    assert writable.get("/graph/a/b/c").status_code == 404


def test_a_new_graph_gets_an_address(writable: Any) -> None:
    writable.reset()
    response = put(writable, method="POST", params=None)
    assert response.status_code == 201
    location = response.headers["Location"]
    assert location.startswith("http://example.org/graph/")
    assert len(graph_of(writable.get("/store", params={"graph": location}))) == 2
    path = location.removeprefix("http://example.org")
    assert len(graph_of(writable.get(path))) == 2


def test_relative_iris_are_relative_to_the_graph(writable: Any) -> None:
    writable.reset()
    put(writable, "<x> <urn:p> <> .")
    assert writable.ask(f"<http://elsewhere.example/x> <urn:p> <{GRAPH}>")


@pytest.mark.parametrize("accept", ["application/n-triples", "application/ld+json"])
def test_the_format_is_negotiated(writable: Any, accept: str) -> None:
    writable.reset()
    put(writable, "<urn:a> <urn:b> 1 .")
    response = writable.get("/store", accept, params=NAMED)
    assert response.headers["Content-Type"] == accept
    assert writable.get("/store", "image/png", params=NAMED).status_code == 406


@pytest.mark.parametrize(
    ("data", "kind", "status", "slug"),
    [
        ("<urn:a> <urn:b> ", "text/turtle", 400, "data-syntax"),
        ("<urn:a> <urn:b> <c d> .", "text/turtle", 400, "data-syntax"),
        ('{"@id":"urn:g","@graph":[{"@id":"urn:a","urn:p":1}]}', "application/ld+json", 400, "data-syntax"),
        ('{"@context":"http://127.0.0.1:9/c","urn:p":1}', "application/ld+json", 400, "data-syntax"),
        ("x", "text/csv", 415, "unsupported-media-type"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_changes_nothing(
    writable: Any, data: str, kind: str, status: int, slug: str
) -> None:
    writable.reset()
    put(writable)
    before = (writable.directory / "current").read_text()
    response = put(writable, data, kind)
    assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (status, slug)
    assert (writable.directory / "current").read_text() == before


def test_a_fault_in_the_data_is_placed(writable: Any) -> None:
    problem = put(writable, "<urn:a> <urn:b> 1 .\n<urn:a> nonsense .").json()
    assert (problem["line"], problem["column"]) == (2, 9)


@pytest.mark.parametrize("iri", ["relative", "", "no iri <"])
def test_a_graph_needs_an_absolute_iri(writable: Any, iri: str) -> None:
    assert writable.get("/store", params={"graph": iri}).status_code == 400


def test_other_methods_are_405_and_options_lists_them(writable: Any) -> None:
    response = writable.client.patch("/store", params=NAMED)
    allowed = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
    assert (response.status_code, response.headers["Allow"]) == (405, allowed)


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_writing_needs_the_token_and_reading_does_not(writable: Any, method: str) -> None:
    writable.reset("GRAPH <http://elsewhere.example/g> { <urn:a> <urn:b> 1 }")
    response = put(writable, method=method, headers={"Authorization": "Bearer another"})
    assert response.status_code == 401
    stranger = writable.get("/store", params=NAMED, auth=lambda request: request)
    assert len(graph_of(stranger)) == 1


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_server_that_only_reads_says_so(site: Any, method: str) -> None:
    response = put(site, method=method)
    assert response.status_code == 403
    assert "FAIRPAPERS_UPDATE_TOKEN_FILE" in response.json()["detail"]


def test_the_graphs_of_a_build_are_read_by_their_paths(site: Any) -> None:
    response = site.get("/graph/core", "application/n-triples")
    query = {
        "query": "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(STRENDS(STR(?g), '/graph/core')) }"
    }
    rows = site.get("/sparql", params=query).json()["results"]["bindings"]
    assert len(response.text.splitlines()) == int(rows[0]["n"]["value"]) > 0
    tag = {"If-None-Match": response.headers["ETag"], "Accept": "application/n-triples"}
    assert site.client.get("/graph/core", headers=tag).status_code == 304


def test_an_answer_of_the_store_is_none_of_the_endpoint(writable: Any) -> None:
    """The unnamed graph and the union have the same query text, and different tags."""
    writable.reset("GRAPH <urn:g> { <urn:a> <urn:b> 1 }")
    query = "# a whole graph\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    union = writable.get("/sparql", "text/turtle", params={"query": query})
    unnamed = writable.get("/store?default", "text/turtle")
    assert len(graph_of(union)) == 1
    assert len(graph_of(unnamed)) == 0
    assert union.headers["ETag"] != unnamed.headers["ETag"]
