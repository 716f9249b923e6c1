"""The endpoint reaches no other server and fails on no input."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


class Target:
    """A server that counts who connects."""

    def __init__(self) -> None:
        self.hits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._count)
        self._thread.start()

    def _count(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with connection:
                if connection.recv(4) == b"stop":
                    return
                self.hits += 1

    def close(self) -> None:
        with socket.create_connection(self._socket.getsockname()) as connection:
            connection.sendall(b"stop")
        self._thread.join()
        self._socket.close()


@pytest.fixture
def target() -> Iterator[Target]:
    found = Target()
    yield found
    found.close()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
        "SELECT * { sErViCe SILENT <%s> { ?s ?p ?o } }",
        "SELECT * { SERVICE # a comment {\n <%s> { ?s ?p ?o } }",
        "PREFIX ex: <%s> SELECT * { SERVICE ex: { ?s ?p ?o } }",
        "PREFIX ex: <%s> SELECT * {SERVICEex:{?s ?p ?o}}",
        "SELECT * { VALUES ?g { <%s> } SERVICE ?g { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?a FILTER(?a<?b#>'''\n) SERVICE <%s> {} }#'''",
        "LOAD <%s>",
        "load silent <%s> into graph <urn:g>",
        "# SELECT\nLOAD<%s>",
    ],
)
def test_no_query_reaches_another_server(small_server: Any, target: Target, query: str) -> None:
    response = small_server.ask(query % target.url)
    assert response.status_code == 403
    assert response.json()["type"].endswith("/query-forbidden")
    assert target.hits == 0


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <%s> { ?s ?p ?o }",
        "SELECT * FROM NAMED <%s> { GRAPH ?g { ?s ?p ?o } }",
        "DESCRIBE <%s>",
        "SELECT * { GRAPH <%s> { ?s ?p ?o } }",
    ],
)
def test_no_iri_is_fetched(small_server: Any, target: Target, query: str) -> None:
    assert small_server.ask(query % target.url).status_code == 200
    parameters = {"default-graph-uri": target.url, "named-graph-uri": target.url}
    assert small_server.ask("SELECT * { ?s ?p ?o }", **parameters).status_code == 200
    assert target.hits == 0


def test_escaped_keywords_reach_nothing_either(small_server: Any, target: Target) -> None:
    response = small_server.ask(f"ASK {{ \\u0053ERVICE <{target.url}> {{ ?s ?p ?o }} }}")
    assert response.status_code == 400
    assert target.hits == 0


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p 'SERVICE <http://x/> { }' }",
        "ASK { ?service ?p ?o } # SERVICE",
        "PREFIX service: <http://example.org/> ASK { ?s service:label ?o }",
        "ASK { ?s <http://example.org/service> 'LOAD' }",
    ],
)
def test_the_words_alone_are_harmless(small_server: Any, query: str) -> None:
    assert small_server.ask(query).status_code == 200


BYTES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@BYTES
@given(
    st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT"]),
    st.binary(max_size=200),
    st.sampled_from([None, FORM, DIRECT, "text/plain", f"{DIRECT}; charset=utf-16"]),
    st.binary(max_size=200),
)
@example("POST", b"", DIRECT, b"\x00")
@example("POST", b"", DIRECT, "ASK { ?s ?p '\ud800' }".encode("utf-8", "surrogatepass"))
@example("GET", b"query=ASK%20%7B%7D&default-graph-uri=nonsense", None, b"")
@example("GET", b"query=ASK%20%7B%7D&default-graph-uri=http://a%20b/", None, b"")
def test_any_bytes_are_answered_and_never_by_500(
    small_server: Any, method: str, url: bytes, kind: str | None, body: bytes
) -> None:
    path = b"/sparql?" + bytes(each for each in url if 0x20 < each < 0x7F and each != 0x23)
    lines = [method.encode() + b" " + path + b" HTTP/1.1", b"Host: localhost", b"Connection: close"]
    if kind is not None:
        lines.append(b"Content-Type: " + kind.encode())
    lines.append(b"Content-Length: " + str(len(body)).encode())
    with socket.create_connection(small_server.address, timeout=30) as connection:
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        status = int(connection.makefile("rb").readline().split()[1])
    assert status < 500


@BYTES
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(codec="latin-1")))
def test_any_query_and_any_accept_are_answered_and_never_by_500(
    small_server: Any, query: str, accept: str
) -> None:
    wanted = "".join(each for each in accept if each.isprintable()).strip().encode("latin-1")
    response = small_server.client.post(
        small_server.url, content=query.encode(), headers={"Content-Type": DIRECT, "Accept": wanted}
    )
    assert response.status_code < 500


def test_no_answer_tells_a_path_or_a_trace(small_server: Any, small_store: Any) -> None:
    for query in ("ASK {", "SELECT (<urn:f>(1) AS ?x) {}", "LOAD <file:///etc/passwd>"):
        text = small_server.ask(query).text
        assert str(small_store.path) not in text
        assert "Traceback" not in text
        assert ".py" not in text
