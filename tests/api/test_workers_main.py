"""The query process's own code, run on a thread of this process without its confinement."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
import pytest

from fairpapers.api.workers import confinement, frames, main
from fairpapers.api.workers.pool import StoreRef

JSON = "application/sparql-results+json"
Frames = list[tuple[int, bytes]]


class Front:
    """Speaks to a query process as the pool does."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def ask(self, query: str, media_type: str = JSON, **more: Any) -> Frames:
        request = {
            "query": query,
            "media_type": media_type,
            "default_graphs": [],
            "named_graphs": [],
            "has_from": False,
            "base_iri": None,
            "prefixes": {},
            "max_bytes": 1 << 30,
            "cpu_seconds": 1000,
        }
        payload = json.dumps(request | more).encode()
        self._connection.sendall(frames.frame(frames.QUERY, payload))
        received: Frames = []
        while not received or received[-1][0] == frames.DATA:
            received.append(self._receive())
        return received

    def _receive(self) -> tuple[int, bytes]:
        kind, length = frames.HEADER.unpack(self._exactly(frames.HEADER.size))
        return kind, self._exactly(length)

    def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            data += self._connection.recv(length - len(data))
        return data


@pytest.fixture
def front(small_store: StoreRef, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    # The limit would end the tests themselves.
    monkeypatch.setattr(confinement, "limit_cpu", lambda _: None)
    ours, theirs = socket.socketpair()

    def work() -> None:
        with theirs:
            main.serve(theirs, ox.Store.read_only(str(small_store.path)))

    thread = threading.Thread(target=work)
    thread.start()
    with ours:
        yield Front(ours)
    thread.join()


def body(received: Frames) -> bytes:
    assert received[-1] == (frames.END, b"")
    return b"".join(payload for _, payload in received[:-1])


def fault(received: Frames) -> dict[str, str]:
    kind, payload = received[-1]
    assert kind == frames.FAULT
    found: dict[str, str] = json.loads(payload)
    return found


def test_one_process_answers_many_queries(front: Front) -> None:
    for _ in range(3):
        assert json.loads(body(front.ask("ASK {}"))) == {"head": {}, "boolean": True}


def test_a_long_answer_comes_in_frames_of_64_kib(front: Front) -> None:
    values = " ".join(f"({number})" for number in range(20_000))
    received = front.ask(f"SELECT ?n {{ VALUES (?n) {{ {values} }} }}", "text/csv")
    sizes = [len(payload) for kind, payload in received if kind == frames.DATA]
    assert set(sizes[:-1]) == {frames.DATA_BYTES}
    assert body(received).split() == [b"n", *(str(number).encode() for number in range(20_000))]


def count(received: Frames) -> str:
    return body(received).decode().split()[1]


def test_the_default_graph_is_the_union_of_all(front: Front) -> None:
    query = "SELECT (COUNT(*) AS ?n) %s { ?s ?p ?o }"
    assert count(front.ask(query % "", "text/csv")) == "8"
    from_ = "FROM <http://example.org/evidence>"
    assert count(front.ask(query % from_, "text/csv", has_from=True)) == "2"


def test_the_dataset_of_the_request_wins_over_from(front: Front) -> None:
    query = "SELECT (COUNT(*) AS ?n) FROM <http://example.org/evidence> { ?s ?p ?o }"
    graphs = ["http://example.org/core"]
    assert count(front.ask(query, "text/csv", has_from=True, default_graphs=graphs)) == "6"
    assert count(front.ask(query, "text/csv", has_from=True, named_graphs=graphs)) == "0"


def test_only_named_graphs_of_the_request_are_reached(front: Front) -> None:
    query = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    evidence = ["http://example.org/evidence"]
    assert count(front.ask(query, "text/csv")) == "8"
    assert count(front.ask(query, "text/csv", named_graphs=evidence)) == "2"
    assert count(front.ask(query, "text/csv", default_graphs=evidence)) == "0"


def test_prefixes_shorten_the_output(front: Front) -> None:
    query = "CONSTRUCT WHERE { <http://example.org/bert> a ?type }"
    turtle = body(front.ask(query, "text/turtle", prefixes={"ex": "http://example.org/"}))
    assert b"ex:bert a ex:Model" in turtle
    assert b"@prefix" not in body(front.ask(query, "text/turtle"))


def test_relative_iris_are_resolved(front: Front) -> None:
    query = "SELECT (<x> AS ?iri) {}"
    found = body(front.ask(query, "text/csv", base_iri="http://example.org/sparql"))
    assert found.split() == [b"iri", b"http://example.org/x"]


@pytest.mark.parametrize(
    ("query", "media_type", "more", "kind"),
    [
        ("ASK {", JSON, {}, "syntax"),
        ("ASK {}", JSON, {"base_iri": "no iri"}, "request"),
        ("ASK {}", JSON, {"default_graphs": ["no iri"]}, "request"),
        ("ASK { ?s ?p '\ud800' }", JSON, {}, "request"),
        ("SELECT (<urn:f>(1) AS ?x) {}", JSON, {}, "request"),
        ("ASK {}", "text/turtle", {}, "format"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv", {}, "format"),
        ("SELECT * { ?s ?p ?o }", JSON, {"max_bytes": 100}, "too-large"),
        ("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", JSON, {}, "evaluation"),
    ],
)
def test_faults_are_told_and_the_process_goes_on(
    front: Front, query: str, media_type: str, more: dict[str, Any], kind: str
) -> None:
    assert fault(front.ask(query, media_type, **more))["kind"] == kind
    assert body(front.ask("ASK {}"))


def test_running_out_of_memory_is_a_fault_where_python_notices() -> None:
    assert main._fault_kind(MemoryError()) == "memory"
