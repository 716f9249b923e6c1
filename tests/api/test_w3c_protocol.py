"""The W3C's tests of the SPARQL 1.1 Protocol, through real HTTP."""

from __future__ import annotations

import http.client
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, Namespace
from rdflib.collection import Collection
from rdflib.query import Result
from rdflib.term import Node

from fairpapers.api.formats import GRAPHS, TABULAR
from fairpapers.api.workers.pool import StoreRef

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
PREFIX = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/manifest#"
TESTS = 34

# The endpoint only reads: what these ask for is refused, which is what is asserted of them.
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


class Manifest:
    """The manifest as objects."""

    def __init__(self, folder: Path) -> None:
        self.graph = rdflib.Graph().parse(folder / "manifest.ttl")

    def names(self) -> list[str]:
        (manifest,) = self.graph.subjects(RDF.type, MF.Manifest)
        entries = self.one(manifest, MF.entries)
        return [str(each).removeprefix(PREFIX) for each in Collection(self.graph, entries)]

    def exchanges(self, name: str) -> Iterator[Exchange]:
        action = self.one(rdflib.URIRef(PREFIX + name), MF.action)
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
        headers = self.graph.value(request, HT.headers)
        return Exchange(
            method=str(self.one(request, HT.methodName)),
            path=str(self.one(request, HT.absolutePath)),
            body=self._body(request),
            statuses=frozenset(str(each)[-3:] for each in statuses),
            boolean=None if boolean is None else boolean.toPython(),  # type: ignore[attr-defined]
            format=None if wanted is None else str(wanted),
            headers={
                str(self.one(each, HT.fieldName)): str(self.one(each, HT.fieldValue))
                for each in (() if headers is None else Collection(self.graph, headers))
            },
        )

    def _body(self, request: Node) -> bytes:
        content = self.graph.value(request, HT.body)
        if content is None:
            return b""
        encoding = str(self.one(content, CNT.characterEncoding))
        return str(self.one(content, CNT.chars)).encode(encoding)


@pytest.fixture(scope="module")
def manifest(shared: Path) -> Manifest:
    return Manifest(shared / "conformance/w3c/protocol")


@pytest.fixture(scope="module")
def w3c_store(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> StoreRef:
    """The data of all tests, each file in the graph that the manifest names."""
    folder = tmp_path_factory.mktemp("w3c") / "store"
    store = ox.Store(folder)
    for path in sorted((shared / "conformance/w3c/protocol").glob("data*.nt")):
        name = f"http://kasei.us/2009/09/sparql/data/{path.stem}.rdf"
        store.load(path=path, to_graph=ox.NamedNode(name))
    return StoreRef("w3c", folder)


def send(address: tuple[str, int], exchange: Exchange) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection(*address, timeout=30)
    try:
        path = exchange.path.replace("/sparql/", "/sparql", 1)
        connection.request(exchange.method, path, exchange.body or None, exchange.headers)
        response = connection.getresponse()
        kind = (response.getheader("Content-Type") or "").partition(";")[0]
        return response.status, kind, response.read()
    finally:
        connection.close()


def check(exchange: Exchange, status: int, kind: str, body: bytes) -> None:
    assert f"{status // 100}xx" in exchange.statuses, (exchange, status, body)
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
            status, kind, _ = send(server.address, first)
            assert (name, status, kind) == (name, 403, "application/problem+json")
