"""The W3C's tests of the SPARQL 1.1 Protocol and Graph Store Protocol, through real HTTP."""

from __future__ import annotations

import http.client
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, Namespace
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.query import Result
from rdflib.term import Node

from fairpapers.api.formats import GRAPHS, TABULAR
from fairpapers.api.workers.pool import StoreRef

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
STATUS_NAMES = {200: "OK", 201: "Created", 204: "NoContent", 404: "NotFound"}
STATUS = "http://www.w3.org/2011/http-statusCodes#"
PREFIX = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/manifest#"
TESTS = 34

GSP_PREFIX = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/http-rdf-update/manifest#"
GSP_TESTS = {"indirect": 9, "direct": 4}

# Asked of a server that only reads, these are refused; of one with updates enabled, they pass.
UPDATES = {
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
}


@dataclass(frozen=True)
class Exchange:
    """One request of a test and what must come back."""

    method: str
    path: str
    body: bytes
    statuses: frozenset[str]
    boolean: bool | None
    format: str | None
    headers: dict[str, str] = field(default_factory=dict)
    answer: str | None = None
    answer_type: str | None = None
    location: str | None = None


class Manifest:
    """The manifest as objects."""

    def __init__(self, path: Path, prefix: str = PREFIX) -> None:
        self.graph = rdflib.Graph().parse(path)
        self.prefix = prefix

    def names(self) -> list[str]:
        (manifest,) = self.graph.subjects(RDF.type, MF.Manifest)
        entries = self.one(manifest, MF.entries)
        return [str(each).removeprefix(self.prefix) for each in Collection(self.graph, entries)]

    def exchanges(self, name: str) -> Iterator[Exchange]:
        action = self.one(rdflib.URIRef(self.prefix + name), MF.action)
        for request in Collection(self.graph, self.one(action, HT.requests)):
            yield self._exchange(request)

    def one(self, subject: Node, predicate: Node) -> Node:
        found = self.graph.value(subject, predicate, any=False)
        assert found is not None, (subject, predicate)
        return found

    def _exchange(self, request: Node) -> Exchange:
        response = self.one(request, HT.resp)
        boolean = self.graph.value(response, MF.expectedBoolean)
        wanted = self.graph.value(response, MF.expectedFormat)
        statuses = self.graph.objects(response, MF.expectedStatus)
        location = self.graph.value(response, MF.expectedLocation)
        return Exchange(
            method=str(self.one(request, HT.methodName)),
            path=str(self.one(request, HT.absolutePath)),
            body=self._body(request),
            statuses=frozenset(str(each).removeprefix(STATUS) for each in statuses),
            boolean=None if boolean is None else boolean.toPython(),  # type: ignore[attr-defined]
            format=None if wanted is None else str(wanted),
            headers=self._headers(request),
            answer=self._body(response).decode() or None,
            answer_type=self._headers(response).get("content-type"),
            location=None if location is None else str(location),
        )

    def _headers(self, message: Node) -> dict[str, str]:
        headers = self.graph.value(message, HT.headers)
        return {
            str(self.one(each, HT.fieldName)): str(self.one(each, HT.fieldValue))
            for each in (() if headers is None else Collection(self.graph, headers))
        }

    def _body(self, request: Node) -> bytes:
        content = self.graph.value(request, HT.body)
        if content is None:
            return b""
        encoding = str(self.one(content, CNT.characterEncoding))
        return str(self.one(content, CNT.chars)).encode(encoding)


@pytest.fixture(scope="module")
def manifest(shared: Path) -> Manifest:
    return Manifest(shared / "conformance/w3c/protocol/manifest.ttl")


@pytest.fixture(scope="module")
def protocol_data(shared: Path) -> str:
    """The data of all tests, each file in the graph that the manifest names."""
    files = sorted((shared / "conformance/w3c/protocol").glob("data*.nt"))
    name = "http://kasei.us/2009/09/sparql/data/{}.rdf"
    return "\n".join(f"<{name.format(path.stem)}> {{ {path.read_text()} }}" for path in files)


@pytest.fixture(scope="module")
def w3c_store(protocol_data: str, tmp_path_factory: pytest.TempPathFactory) -> StoreRef:
    folder = tmp_path_factory.mktemp("w3c") / "store"
    store = ox.Store(folder)
    store.load(protocol_data, ox.RdfFormat.TRIG)
    return StoreRef("w3c", folder)


def send(
    address: tuple[str, int], exchange: Exchange, token: str | None = None
) -> tuple[int, dict[str, str], bytes]:
    headers = dict(exchange.headers)
    if token is not None:
        headers["Authorization"] = token
    connection = http.client.HTTPConnection(*address)
    try:
        path = exchange.path.replace("/sparql/", "/sparql", 1)
        body = exchange.body or (b"" if exchange.method in ("PUT", "POST") else None)
        connection.request(exchange.method, path, body, headers)
        response = connection.getresponse()
        fields = {name.casefold(): value for name, value in response.getheaders()}
        return response.status, fields, response.read()
    finally:
        connection.close()


def check(exchange: Exchange, status: int, fields: dict[str, str], body: bytes) -> None:
    assert f"StatusCode{status // 100}xx" in exchange.statuses, (exchange, status, body)
    kind = fields.get("content-type", "").partition(";")[0]
    if exchange.format == "tabular":
        assert kind in {offer.media_type for offer in TABULAR}
    elif exchange.format == "RDF":
        assert kind in {offer.media_type for offer in GRAPHS}
    elif exchange.format == "boolean":
        assert kind in {offer.media_type for offer in TABULAR[:2]}
    if exchange.boolean is not None:
        name = "json" if kind.endswith("json") else "xml"
        assert Result.parse(io.BytesIO(body), format=name).askAnswer is exchange.boolean


def test_the_manifest_holds_what_this_module_counts_on(manifest: Manifest) -> None:
    names = manifest.names()
    assert len(names) == TESTS
    assert set(names) >= UPDATES


def test_queries_and_bad_requests(manifest: Manifest, serve: Any, w3c_store: StoreRef) -> None:
    passed = []
    with serve(w3c_store) as server:
        for name in manifest.names():
            if name in UPDATES:
                continue
            for exchange in manifest.exchanges(name):
                check(exchange, *send(server.address, exchange))
            passed.append(name)
    assert len(passed) == TESTS - len(UPDATES)


def test_updates_are_refused(manifest: Manifest, serve: Any, w3c_store: StoreRef) -> None:
    with serve(w3c_store) as server:
        for name in sorted(UPDATES):
            first, *_ = manifest.exchanges(name)
            status, fields, _ = send(server.address, first)
            assert (name, status, fields["content-type"]) == (name, 403, "application/problem+json")


def test_all_of_the_protocol_with_updates(
    manifest: Manifest, serve_writable: Any, protocol_data: str
) -> None:
    passed = []
    with serve_writable(protocol_data) as site:
        token = site.client.headers["Authorization"]
        # Updates last: they clear what the queries ask for.
        for name in sorted(manifest.names(), key=lambda name: name in UPDATES):
            for exchange in manifest.exchanges(name):
                answer = send(site.address, exchange, token)
                check(exchange, *answer)
                # Refused for what is wrong with it, not for who asks.
                assert answer[0] not in (401, 403)
            passed.append(name)
    assert len(passed) == TESTS


def ours(path: str, direct: bool, location: str) -> str:
    """The path at which this server has what the tests have at /gsp."""
    path = path.replace("$LOCATION$", quote(location, safe=""))
    return path.replace("/gsp", "/graph" if direct else "/store", 1)


def same_graph(answer: bytes, expected: str) -> bool:
    """Whether two documents in Turtle hold the same triples, whatever is relative in them."""
    base = "http://example.org/graph/"
    graphs = [
        rdflib.Graph().parse(data=text, format="turtle", publicID=base)
        for text in (answer.decode(), expected)
    ]
    return isomorphic(*graphs)


@pytest.mark.parametrize("kind", GSP_TESTS)
def test_the_graph_store_protocol(shared: Path, serve_writable: Any, kind: str) -> None:
    folder = shared / "conformance/w3c/graph-store-protocol"
    manifest = Manifest(folder / f"manifest-{kind}.ttl", GSP_PREFIX)
    assert len(manifest.names()) == GSP_TESTS[kind]
    with serve_writable("") as site:
        token = site.client.headers["Authorization"]
        for name in manifest.names():
            site.reset()
            location = ""
            for exchange in manifest.exchanges(name):
                sent = replace(exchange, path=ours(exchange.path, kind == "direct", location))
                status, fields, body = send(site.address, sent, token)
                names = {STATUS_NAMES[status]} if status in STATUS_NAMES else set()
                assert names & exchange.statuses, (name, sent, status, body)
                if exchange.location is not None:
                    location = fields["location"]
                if exchange.answer_type is not None:
                    assert fields["content-type"] == exchange.answer_type, name
                if exchange.answer is not None:
                    assert same_graph(body, exchange.answer), (name, body)
