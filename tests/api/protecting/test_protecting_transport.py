"""Heads of requests that are too long or never end."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn

from fairpapers.api.protecting.transport import bounded_protocol
from fairpapers.api.settings import Settings

Address = tuple[str, int]
END = b"\r\n\r\n"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the length of the body."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = str(length).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextlib.contextmanager
def bounded(eventually: Callable[[Callable[[], bool]], bool], **options: Any) -> Iterator[Address]:
    listening = socket.create_server(("127.0.0.1", 0))
    protocol = bounded_protocol(Settings(max_head_bytes=4096, **options))
    server = uvicorn.Server(
        uvicorn.Config(echo, http=protocol, log_level="critical", lifespan="off", ws="none")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        assert eventually(lambda: server.started)
        address: Address = listening.getsockname()
        yield address
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def answer(address: Address, *pieces: bytes) -> bytes:
    with socket.create_connection(address, timeout=30) as connection:
        received = b""
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                connection.sendall(piece)
            while data := connection.recv(65536):
                received += data
        return received


def head(extra: bytes = b"", path: bytes = b"/", method: bytes = b"GET") -> bytes:
    return method + b" " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + extra


def test_a_long_address_is_414_and_long_fields_are_431(eventually: Any) -> None:
    with bounded(eventually) as address:
        for status, request in (
            (414, head(path=b"/" + b"x" * 5000) + END),
            (431, head(b"X-Long: " + b"x" * 5000) + END),
            (431, head(b"".join(b"X-%d: y\r\n" % each for each in range(1000))) + END),
        ):
            found = answer(address, request)
            assert found.startswith(f"HTTP/1.1 {status} ".encode()), found[:200]
            problem = json.loads(found.partition(END)[2])
            assert problem["status"] == status


@pytest.mark.parametrize("start", [b"GET /", b"GET / HTTP/1.1\r\nX-Long: "])
def test_a_head_without_end_is_refused_before_it_ends(eventually: Any, start: bytes) -> None:
    with bounded(eventually) as address:
        found = answer(address, start + b"x" * 3000, b"x" * 3000)
        assert found.startswith(b"HTTP/1.1 4")


def test_a_long_body_is_none_of_it(eventually: Any) -> None:
    body = b"x" * 300_000
    with bounded(eventually) as address:
        request = head(b"Content-Length: 300000\r\n\r\n", method=b"POST")
        assert answer(address, request + body).endswith(b"300000")
        assert answer(address, request, body[:1], body[1:]).endswith(b"300000")


def test_a_refused_request_with_a_body_harms_nothing(eventually: Any) -> None:
    with bounded(eventually) as address:
        long = head(b"Content-Length: 9\r\nX: " + b"x" * 5000 + END, method=b"POST") + b"x" * 9
        assert answer(address, long).startswith(b"HTTP/1.1 431")
        assert answer(address, head() + b"\r\n").endswith(b"0")


def test_a_connection_is_kept_for_many_requests(eventually: Any) -> None:
    with (
        bounded(eventually) as address,
        socket.create_connection(address, timeout=30) as connection,
    ):
        for _ in range(5):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 2000 + END)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("start", [b"", b"GET / HTTP/1.1\r\nHost:"])
def test_a_head_that_does_not_arrive_ends_its_connection(eventually: Any, start: bytes) -> None:
    with bounded(eventually, head_seconds=0.2) as address:
        assert answer(address, start) == b""
