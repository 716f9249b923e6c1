"""Answers of the endpoint over real HTTP: formats, headers, caching, CORS."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
import rdflib

from fairpapers.api.formats import GRAPHS, TABULAR
from fairpapers.api.negotiation import Offer

# rdflib's own JSON-LD parser still makes one.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

SELECT = "SELECT ?label ?year { ?s <http://example.org/label> ?label OPTIONAL { ?s <http://example.org/year> ?year } } ORDER BY ?label"
CONSTRUCT = "CONSTRUCT { ?s <http://example.org/label> ?o } { ?s <http://example.org/label> ?o }"
DESCRIBE = "DESCRIBE <http://example.org/bert>"
LABELS = ["BERT", 'SQuAD, "v1"\n2']


def labels(media_type: str, body: bytes) -> list[str]:
    """The labels in an answer, read by a parser that is not the engine's where there is one."""
    if media_type == "text/csv":
        return [row["label"] for row in csv.DictReader(io.StringIO(body.decode(), newline=""))]
    if media_type == "text/tab-separated-values":
        parsed = ox.parse_query_results(body, ox.QueryResultsFormat.TSV)
        assert isinstance(parsed, ox.QuerySolutions)
        return [ox_label(solution["label"]) for solution in parsed]
    name = "json" if media_type.endswith("json") else "xml"
    found = rdflib.query.Result.parse(io.BytesIO(body), format=name)
    return [str(row[rdflib.Variable("label")]) for row in found.bindings]


def ox_label(term: object) -> str:
    assert isinstance(term, ox.Literal)
    return term.value


@pytest.mark.parametrize("offer", TABULAR, ids=lambda offer: str(offer.names[0]))
def test_rows_in_every_format(small_server: Any, offer: Offer) -> None:
    response = small_server.ask(SELECT, offer.media_type)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == offer.content_type
    assert labels(offer.media_type, response.content) == LABELS


@pytest.mark.parametrize("offer", GRAPHS, ids=lambda offer: str(offer.names[0]))
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["construct", "describe"])
def test_triples_in_every_format(small_server: Any, offer: Offer, query: str) -> None:
    response = small_server.ask(query, offer.media_type)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == offer.content_type
    name = {"application/ld+json": "json-ld", "application/rdf+xml": "xml"}.get(offer.media_type)
    graph = rdflib.Graph().parse(data=response.content, format=name or "turtle")
    bert = rdflib.URIRef("http://example.org/bert")
    label = rdflib.URIRef("http://example.org/label")
    assert graph.value(bert, label) == rdflib.Literal("BERT", lang="en")


TRUTHS: dict[str, Callable[[bytes], bool]] = {
    "json": lambda body: json.loads(body)["boolean"] is True,
    "xml": lambda body: ET.fromstring(body)[-1].text == "true",
    "csv": lambda body: body.strip() == b"true",
    "tsv": lambda body: body.strip() == b"true",
}


@pytest.mark.parametrize("name", TRUTHS)
def test_a_truth_value_in_every_format(small_server: Any, name: str) -> None:
    response = small_server.ask("ASK { ?s ?p ?o }", format=name)
    assert TRUTHS[name](response.content)


@pytest.mark.parametrize(
    ("query", "expected"),
    [(SELECT, TABULAR[0]), ("ASK {}", TABULAR[0]), (CONSTRUCT, GRAPHS[0]), (DESCRIBE, GRAPHS[0])],
)
def test_without_a_wish_there_is_a_default(small_server: Any, query: str, expected: Offer) -> None:
    assert small_server.ask(query).headers["Content-Type"] == expected.content_type


@pytest.mark.parametrize(("query", "offers"), [(SELECT, TABULAR), (CONSTRUCT, GRAPHS)])
def test_a_format_that_is_not_there_is_406_with_a_list(
    small_server: Any, query: str, offers: tuple[Offer, ...]
) -> None:
    for response in (small_server.ask(query, "text/html"), small_server.ask(query, format="docx")):
        assert response.status_code == 406
        assert response.json()["available"] == [offer.media_type for offer in offers]


def test_a_query_that_does_not_parse_is_400_with_its_place_whatever_is_accepted(
    small_server: Any,
) -> None:
    response = small_server.ask("SELECT *\n{ ?s ?p", "text/turtle, text/csv")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (response.json()["line"], response.json()["column"]) == (2, 8)
    assert small_server.ask("nonsense", "text/turtle").status_code == 400


def test_a_small_answer_has_its_length(small_server: Any) -> None:
    response = small_server.ask("ASK {}")
    assert response.headers["Content-Length"] == str(len(response.content))
    assert "Transfer-Encoding" not in response.headers


def test_relative_iris_are_relative_to_the_endpoint(small_server: Any) -> None:
    response = small_server.ask("SELECT (<x> AS ?x) {}", "text/csv")
    assert response.text.split()[1] == small_server.url.removesuffix("sparql") + "x"


@pytest.mark.parametrize("host", ["a b", "<>", "evil\\", ""])
def test_a_host_that_makes_no_iri_is_not_believed(small_server: Any, host: str) -> None:
    response = small_server.client.get(
        small_server.url, params={"query": "SELECT (<x> AS ?x) {}"}, headers={"Host": host}
    )
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        assert "http://127.0.0.1" in response.text


def test_the_public_address_is_the_base(small_store: Any, serve: Any) -> None:
    with serve(small_store, public_url="https://kg.example/path") as server:
        response = server.ask("SELECT (<x> AS ?x) {}", "text/csv")
        assert response.text.split()[1] == "https://kg.example/path/x"
        assert "<https://kg.example/path/sparql>" in server.client.get(server.url).text


def get(server: Any, query: str, **headers: str) -> Any:
    return server.client.get(server.url, params={"query": query}, headers=headers)


def test_an_entity_tag_saves_the_answer(small_server: Any) -> None:
    first = get(small_server, SELECT)
    tag = first.headers["ETag"]
    assert get(small_server, SELECT).headers["ETag"] == tag
    for wanted in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = get(small_server, SELECT, **{"If-None-Match": wanted})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
    assert get(small_server, SELECT, **{"If-None-Match": '"other"'}).status_code == 200


def test_different_answers_have_different_tags(small_server: Any) -> None:
    tags = {
        get(small_server, SELECT).headers["ETag"],
        get(small_server, SELECT, Accept="text/csv").headers["ETag"],
        get(small_server, SELECT + " # other").headers["ETag"],
        small_server.ask(SELECT, **{"default-graph-uri": "urn:g"}).headers["ETag"],
        small_server.ask(SELECT, **{"named-graph-uri": "urn:g"}).headers["ETag"],
    }
    assert len(tags) == 5


def test_an_answer_that_differs_each_time_has_no_tag(small_server: Any) -> None:
    assert "ETag" not in get(small_server, "SELECT (NOW() AS ?t) {}").headers


def test_head_answers_like_get_without_the_body(small_server: Any) -> None:
    response = small_server.client.head(small_server.url, params={"query": SELECT})
    known = get(small_server, SELECT)
    assert (response.status_code, response.content) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Vary"):
        assert response.headers[name] == known.headers[name]
    assert small_server.client.head(small_server.url, params={"query": "ASK {"}).status_code == 400


def test_vary_tells_caches_what_matters(small_server: Any) -> None:
    assert get(small_server, SELECT).headers["Vary"] == "Accept, Accept-Encoding, Origin"


def test_a_page_of_an_allowed_origin_may_read(small_server: Any) -> None:
    answer = get(small_server, SELECT, Origin="https://editor.example")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://editor.example"
    fault = get(small_server, "ASK {", Origin="https://editor.example")
    assert fault.headers["Access-Control-Allow-Origin"] == "https://editor.example"


@pytest.mark.parametrize("origin", ["https://evil.example", "https://editor.example.evil", "null"])
def test_a_page_of_another_origin_may_not(small_server: Any, origin: str) -> None:
    answer = get(small_server, SELECT, Origin=origin)
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_browser_may_ask_beforehand(small_server: Any) -> None:
    headers = {"Origin": "https://editor.example", "Access-Control-Request-Method": "POST"}
    response = small_server.client.options(small_server.url, headers=headers)
    assert (response.status_code, response.content) == (204, b"")
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
    plain = small_server.client.options(small_server.url)
    assert plain.headers["Allow"] == "GET, HEAD, POST, OPTIONS"
    assert "Access-Control-Allow-Methods" not in plain.headers


def test_any_origin_may_read_where_the_setting_says_so(small_store: Any, serve: Any) -> None:
    with serve(small_store, cors_origins="*") as server:
        answer = get(server, SELECT, Origin="https://anyone.example")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_405(small_server: Any, method: str) -> None:
    response = small_server.client.request(method, small_server.url)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_updates_are_403(small_server: Any) -> None:
    for body in ({"update": "CLEAR ALL"}, {"query": "LOAD <http://127.0.0.1/>"}):
        response = small_server.client.post(small_server.url, data=body)
        assert response.status_code == 403
        assert "only reads" in response.json()["detail"]


def test_the_same_graph_is_there_after_a_swap(small_store: Any, big_store: Any, serve: Any) -> None:
    """Tags change with the store, so no client keeps an old answer."""
    with serve(small_store) as server:
        tag = get(server, SELECT).headers["ETag"]
    with serve(big_store) as server:
        assert get(server, SELECT).headers["ETag"] != tag
