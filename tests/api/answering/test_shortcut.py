"""Known requests are answered without the application: the same response, while it is true."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from fairpapers.api.answering.cache import AnswerCache
from fairpapers.api.answering.replies import Remembering, Replies, Reply, is_whole_request
from fairpapers.api.answering.shortcut import with_shortcut
from fairpapers.api.headers import SecurityHeaders
from fairpapers.api.protecting.transport import bounded_protocol
from fairpapers.api.settings import Settings
from fairpapers.api.sparql import SparqlEndpoint
from fairpapers.api.workers.pool import StoreRef, WorkerPool

QUERY = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"
CHANGING = re.compile(rb"(?im)^(?:date|x-request-id):.*\r\n")


class Known:
    """A running endpoint with the shortcut; ``sent`` are the responses that took it."""

    def __init__(self, store: StoreRef, **options: Any) -> None:
        self.settings = Settings(**{"workers": 1, "express_workers": 0, **options})
        self.pool = WorkerPool(store, self.settings)
        self.sent: list[Reply] = []
        self.replies = Replies(
            1 << 20, lambda: self.pool.store.edition, lambda reply, _: self.sent.append(reply)
        )
        self.address = ("", 0)
        self.loop: asyncio.AbstractEventLoop | None = None

    def application(self) -> Starlette:
        @contextlib.asynccontextmanager
        async def lifespan(_: object) -> Any:
            self.loop = asyncio.get_running_loop()
            async with self.pool:
                yield

        endpoint = SparqlEndpoint(self.pool, self.settings, cache=AnswerCache(1 << 20))
        return Starlette(
            routes=[Route("/sparql", endpoint=endpoint)],
            lifespan=lifespan,
            middleware=[
                Middleware(Remembering, replies=self.replies),
                Middleware(SecurityHeaders),
            ],
        )

    def request(self, query: str = QUERY, fields: str = "") -> bytes:
        host = f"{self.address[0]}:{self.address[1]}"
        return (
            f"GET /sparql?query={quote_plus(query)} HTTP/1.1\r\nHost: {host}\r\n"
            f"Accept: text/csv\r\n{fields}\r\n"
        ).encode()

    def exchange(self, *pieces: bytes, times: int = 1) -> list[bytes]:
        """Send requests on one connection, each after the answer to the one before."""
        with socket.create_connection(self.address, timeout=30) as connection:
            answers = []
            for _ in range(times):
                for piece in pieces:
                    connection.sendall(piece)
                    answers.append(receive(connection))
            return answers


def receive(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        assert piece, data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def known(running: Callable[..., Any], small_store: StoreRef) -> Iterator[Known]:
    with serving(running, Known(small_store)) as server:
        yield server


@contextlib.contextmanager
def serving(running: Callable[..., Any], server: Known) -> Iterator[Known]:
    protocol = with_shortcut(bounded_protocol(server.settings), server.replies)
    with running(server.application(), http=protocol) as address:
        server.address = address
        yield server


def test_a_known_request_has_the_same_response(known: Known) -> None:
    answers = known.exchange(known.request(), times=6)
    assert len(known.sent) == 4
    assert len({CHANGING.sub(b"", answer) for answer in answers}) == 1
    assert b"content-security-policy" in answers[-1].lower()
    ids = [re.search(rb"x-request-id: (\w+)", answer) for answer in answers[2:]]
    assert len({found[1] for found in ids if found}) == 4
    assert all(re.search(rb"(?i)\r\ndate: ", answer) for answer in answers)


def test_a_client_that_has_the_answer_is_told_so(known: Known) -> None:
    (first,) = known.exchange(known.request())
    found = re.search(rb"etag: (\S+)", first)
    assert found
    conditional = known.request(fields=f"If-None-Match: {found[1].decode()}\r\n")
    answers = known.exchange(conditional, times=3)
    assert all(answer.startswith(b"HTTP/1.1 304 Not Modified\r\n") for answer in answers)
    assert [reply.status for reply in known.sent] == [304, 304]


def test_other_requests_on_the_connection_are_answered_as_ever(known: Known) -> None:
    other = known.request("ASK { ?s ?p ?o }")
    fault = known.request("SELEC")
    answers = known.exchange(known.request(), other, fault, times=4)
    assert len({CHANGING.sub(b"", answer) for answer in answers}) == 3
    assert [answer[9:12] for answer in answers] == [b"200", b"200", b"400"] * 4
    assert len(known.sent) == 4


def test_requests_in_pieces_and_in_a_row_are_answered_in_order(known: Known) -> None:
    request, other = known.request(), known.request("ASK { ?s ?p ?o }")
    known.exchange(request, other, times=3)
    with socket.create_connection(known.address, timeout=30) as connection:
        connection.sendall(request[:20])
        connection.sendall(request[20:])
        assert b"BERT" in receive(connection)
        connection.sendall(other + request)
        data = b""
        while data.count(b"HTTP/1.1 200") < 2 or b"BERT" not in data:
            data += connection.recv(65536)
        assert data.index(b"true") < data.index(b"BERT")


def test_after_a_swap_no_old_response_is_sent(known: Known, tmp_path: Path) -> None:
    store = ox.Store(tmp_path / "store")
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("other")))
    store.flush()
    known.exchange(known.request(), times=3)
    assert known.loop is not None
    swapping = known.pool.swap(StoreRef("other", tmp_path / "store"))
    asyncio.run_coroutine_threadsafe(swapping, known.loop).result(30)
    (answer,) = known.exchange(known.request())
    assert b"other" in answer
    assert b"BERT" not in answer


@pytest.mark.parametrize(
    "fields",
    [
        "Authorization: Bearer x\r\n",
        "X-Request-ID: mine\r\n",
        "Connection: close\r\n",
        "content-length: 0\r\n",
        "Range: bytes=0-1\r\n",
        "Cookie: a=b\r\n",
    ],
)
def test_a_request_about_more_than_its_answer_is_never_known(fields: str) -> None:
    kept = Replies(1 << 20, lambda: "one", lambda *_: None)
    reply = Reply("one", 200, "", b"", b"")
    head = "GET /sparql?query=x HTTP/1.1\r\nHost: a\r\n"
    kept.put(f"{head}{fields}\r\n".encode(), reply)
    kept.put(b"GET /sparql?query=x HTTP/1.1\r\n\r\n", reply)
    assert len(kept) == 0
    kept.put(f"{head}Connection: keep-alive\r\n\r\n".encode(), reply)
    assert len(kept) == 1


@given(st.lists(st.tuples(st.integers(0, 9), st.binary(max_size=2000)), max_size=60))
def test_they_never_hold_more_than_they_may(puts: list[tuple[int, bytes]]) -> None:
    kept = Replies(5000, lambda: "one", lambda *_: None)
    last = {}
    for number, body in puts:
        request = f"GET /sparql?{number} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
        last[request] = body
        kept.put(request, Reply("one", 200, "", b"head", body))
        assert 0 <= kept.held_bytes <= 5000
    for request, body in last.items():
        found = kept.get(request)
        assert found is None or found.body == body


def test_a_reply_of_another_edition_is_dropped() -> None:
    served = ["one"]
    kept = Replies(5000, lambda: served[0], lambda *_: None)
    request = b"GET /sparql?query=x HTTP/1.1\r\nHost: a\r\n\r\n"
    kept.put(request, Reply("one", 200, "", b"", b""))
    assert kept.get(request)
    served[0] = "two"
    assert kept.get(request) is None
    assert (len(kept), kept.held_bytes) == (0, 0)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"GET /sparql?query=x HTTP/1.1\r\nHost: a\r\n\r\n", True),
        (b"GET /sparql?query=x HTTP/1.0\r\nHost: a\r\n\r\n", False),
        (b"GET /sparql?query=x HTTP/1.1\r\nHost: a\r\n\r\nGET", False),
        (b"GET /sparql?query=x HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", False),
        (b"GET /sparql?query=x HTTP/1.1\r\nHost: a\r\n", False),
        (b"GET /other?query=x HTTP/1.1\r\nHost: a\r\n\r\n", False),
        (b"POST /sparql?query=x HTTP/1.1\r\nHost: a\r\n\r\n", False),
        (b"GET /sparql?query=x\r\nA: HTTP/1.1\r\n\r\n", False),
    ],
)
def test_only_one_whole_request_is_looked_for(data: bytes, expected: bool) -> None:
    assert is_whole_request(data) is expected
