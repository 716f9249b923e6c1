"""Queries that take too much, clients that leave, answers that break: over real HTTP."""

from __future__ import annotations

import concurrent.futures
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.responses import Response

from fairpapers.api import sparql
from fairpapers.api.errors import ApiError
from fairpapers.api.headers import SecurityHeaders
from fairpapers.api.workers.lanes import Lane

CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORT = "SELECT * { ?s ?p ?o . ?s2 ?p2 ?o2 } ORDER BY ?o ?o2"
PATH = "SELECT (COUNT(*) AS ?n) { ?s (!<urn:x>)* ?o . ?o2 (!<urn:x>)* ?s2 }"
ENDLESS = "SELECT * { ?s ?p ?o . ?s2 ?p2 ?o2 }"
ENDLESS_GRAPH = "CONSTRUCT { ?s ?p2 ?o } { ?s ?p ?o . ?s2 ?p2 ?o2 }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

Eventually = Callable[[Callable[[], bool]], bool]


def answers(server: Any) -> bool:
    response = server.ask(COUNT, "text/csv")
    return bool(response.status_code == 200 and response.text.split() == ["n", "50000"])


@pytest.mark.parametrize("query", [CARTESIAN, SORT, PATH], ids=["cartesian", "sort", "path"])
def test_a_killer_is_504_at_its_deadline_and_a_lookup_answers_after(
    serve: Any, big_store: Any, query: str, eventually: Eventually
) -> None:
    with serve(big_store, deadline_seconds=1) as server:
        before = server.pool.pids
        response = server.ask(query)
        assert response.status_code == 504
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["type"].endswith("/deadline-exceeded")
        assert answers(server)
        (killed,) = before - server.pool.pids
        assert eventually(lambda: not Path(f"/proc/{killed}").exists())


@pytest.mark.parametrize("query", [ENDLESS, ENDLESS_GRAPH], ids=["select", "construct"])
def test_an_answer_that_breaks_after_its_headers_is_visibly_broken(
    serve: Any, big_store: Any, query: str
) -> None:
    with serve(big_store, deadline_seconds=1) as server:
        with server.client.stream("POST", server.url, data={"query": query}) as response:
            assert response.status_code == 200
            with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
                response.read()
        assert answers(server)


def application(**options: Any) -> FastAPI:
    """An application with the middleware and the handlers that the real one has."""
    app = FastAPI(middleware=[Middleware(SecurityHeaders)], **options)
    app.add_exception_handler(Exception, lambda *_: Response("handled", 500))
    app.add_exception_handler(ApiError, lambda *_: Response("handled", 500))
    return app


def test_handlers_of_the_application_do_not_mend_a_broken_answer(
    serve: Any, big_store: Any
) -> None:
    with serve(big_store, deadline_seconds=1, framework=application) as server:
        with server.client.stream("POST", server.url, data={"query": ENDLESS}) as response:
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            with pytest.raises(httpx.RemoteProtocolError):
                response.read()
        assert server.ask("ASK {").status_code == 400
        assert answers(server)


def raw_request(address: tuple[str, int], query: str) -> socket.socket:
    connection = socket.create_connection(address, timeout=30)
    path = f"/sparql?query={quote(query)}"
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return connection


def test_a_broken_answer_has_no_last_chunk_on_the_wire(serve: Any, big_store: Any) -> None:
    with (
        serve(big_store, deadline_seconds=1) as server,
        raw_request(server.address, ENDLESS) as connection,
    ):
        received = b""
        while piece := connection.recv(1 << 16):
            received = received[-64:] + piece
        assert not received.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("limit", [50_000, 200_000])
def test_an_answer_beyond_the_size_limit_is_never_a_clean_200(
    serve: Any, big_store: Any, limit: int
) -> None:
    with serve(big_store, max_result_bytes=limit) as server:
        query = "SELECT * { ?s ?p ?o }"
        if limit < 64 * 1024:
            response = server.ask(query)
            assert response.status_code == 503
            assert response.json()["type"].endswith("/result-too-large")
        else:
            with pytest.raises(httpx.RemoteProtocolError):
                server.ask(query)


def test_a_process_that_crashes_breaks_the_stream(serve: Any, big_store: Any) -> None:
    with serve(big_store, deadline_seconds=60) as server:
        before = server.pool.pids
        with server.client.stream("POST", server.url, data={"query": ENDLESS}) as response:
            assert response.status_code == 200
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            with pytest.raises(httpx.RemoteProtocolError):
                response.read()
        assert answers(server)


def test_too_much_memory_is_503_and_told(serve: Any, big_store: Any) -> None:
    with serve(big_store, worker_memory_bytes=32 << 20, deadline_seconds=60) as server:
        response = server.ask(SORT)
        assert response.status_code == 503
        assert response.json()["type"].endswith("/memory-exceeded")
        assert answers(server)


@pytest.mark.parametrize("query", [CARTESIAN, ENDLESS], ids=["before a byte", "mid-stream"])
def test_a_client_that_leaves_has_its_query_killed(
    serve: Any, big_store: Any, query: str, eventually: Eventually
) -> None:
    with serve(big_store, deadline_seconds=600) as server:
        before = server.pool.pids
        with raw_request(server.address, query) as connection:
            if query == ENDLESS:
                assert connection.recv(1024).startswith(b"HTTP/1.1 200")
            else:
                # Nothing comes back; wait until the one process of the lane is at it.
                assert eventually(lambda: not server.pool._lanes._free[Lane.SPARQL])
        assert eventually(lambda: len(before - server.pool.pids) == 1)
        (killed,) = before - server.pool.pids
        assert eventually(lambda: not Path(f"/proc/{killed}").exists())
        assert answers(server)


def test_a_full_server_is_503_with_retry_after_and_serves_again(
    serve: Any, big_store: Any, eventually: Eventually
) -> None:
    with (
        serve(big_store, queue_limit=1, queue_wait_seconds=60, deadline_seconds=600) as server,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        first = raw_request(server.address, CARTESIAN)
        waiting = raw_request(server.address, CARTESIAN)
        assert eventually(lambda: server.pool.waiting == 1)
        response = server.ask(COUNT)
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "60"
        assert response.json()["type"].endswith("/overloaded")
        waiting.close()
        assert eventually(lambda: server.pool.waiting == 0)
        later = threads.submit(answers, server)
        assert eventually(lambda: server.pool.waiting == 1)
        first.close()
        assert later.result()


def test_who_waits_too_long_is_503(serve: Any, big_store: Any, eventually: Eventually) -> None:
    with (
        serve(big_store, queue_wait_seconds=0.3, deadline_seconds=600) as server,
        raw_request(server.address, CARTESIAN),
    ):
        assert eventually(lambda: server.ask(COUNT).status_code == 503)


def test_a_body_that_is_too_long_is_413(serve: Any, small_store: Any) -> None:
    with serve(small_store, max_query_bytes=1024) as server:
        assert server.ask("ASK {} #" + "x" * 1024).status_code == 413
        huge = server.client.post(
            server.url,
            content=b"x" * 200_000,
            headers={"Content-Type": "application/sparql-query"},
        )
        assert huge.status_code == 413
        assert server.ask("ASK {} #" + "x" * 1000).status_code == 200


def test_a_long_body_without_announced_length_is_413(serve: Any, small_store: Any) -> None:
    with serve(small_store, max_query_bytes=1024) as server:
        pieces = (b"x" * 1000 for _ in range(200))
        headers = {"Content-Type": "application/sparql-query"}
        assert server.client.post(server.url, content=pieces, headers=headers).status_code == 413


def test_a_body_that_does_not_arrive_is_408(serve: Any, small_store: Any) -> None:
    with (
        serve(small_store, deadline_seconds=0.3) as server,
        socket.create_connection(server.address, timeout=30) as connection,
    ):
        head = (
            "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n"
            "Content-Type: application/sparql-query\r\n\r\nAS"
        )
        connection.sendall(head.encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 408")


def test_a_client_that_leaves_within_its_body_harms_nothing(serve: Any, small_store: Any) -> None:
    with serve(small_store) as server:
        with socket.create_connection(server.address, timeout=30) as connection:
            head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nAS"
            connection.sendall(head.encode())
        assert server.ask("ASK {}").status_code == 200


def test_a_query_of_a_megabyte_and_ten_thousand_values_are_answered(
    serve: Any, small_store: Any
) -> None:
    with serve(small_store, max_query_bytes=2_000_000) as server:
        assert server.ask("ASK {} #" + "x" * 1_000_000).json()["boolean"] is True
        values = " ".join(str(number) for number in range(10_000))
        query = f"SELECT (COUNT(?x) AS ?n) {{ VALUES ?x {{ {values} }} }}"
        assert server.ask(query, "text/csv").text.split() == ["n", "10000"]


def test_deep_nesting_is_400(serve: Any, small_store: Any) -> None:
    with serve(small_store) as server:
        for opening, closing in ("()", "{}", "[]"):
            query = "ASK " + opening * 10_000 + closing * 10_000
            response = server.ask(query)
            assert response.status_code == 400
            assert response.json()["type"].endswith("/query-too-deep")


def test_a_large_answer_is_whole_and_chunked(serve: Any, big_store: Any) -> None:
    with serve(big_store, deadline_seconds=60) as server:
        response = server.ask("SELECT * { ?s ?p ?o }", "text/csv")
        assert response.status_code == 200
        assert response.headers["Transfer-Encoding"] == "chunked"
        assert response.content.count(b"\r\n") == 50_001


def test_head_of_a_large_answer_ends_without_reading_it_all(serve: Any, big_store: Any) -> None:
    with serve(big_store, deadline_seconds=60) as server:
        response = server.client.head(server.url, params={"query": ENDLESS})
        assert (response.status_code, response.content) == (200, b"")
        assert "Content-Length" not in response.headers


def test_a_fault_of_ours_is_500_without_its_cause(
    serve: Any, small_store: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("/a/secret/path")

    with serve(small_store) as server:
        monkeypatch.setattr(sparql, "inspect", fail)
        response = server.ask("ASK {}")
        assert response.status_code == 500
        assert response.json()["type"].endswith("/internal")
        assert "secret" not in response.text
    assert "/a/secret/path" in caplog.text


def test_looking_through_a_query_is_part_of_its_time(serve: Any, small_store: Any) -> None:
    with serve(small_store, deadline_seconds=0.2) as server:
        # Rows of data are looked through and do not count as complex.
        response = server.ask("ASK { VALUES ?x {" + "1 " * 125_000 + "} }")
        assert response.status_code == 504
        assert server.ask("ASK {}").status_code == 200
