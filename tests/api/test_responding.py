"""The client's leaving, seen from the code that answers it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from fairpapers.api.responding import ClientGoneError, Exchange, matches_etag
from fairpapers.api.settings import Settings

SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "GET",
    "path": "/sparql",
    "query_string": b"",
    "headers": [],
}


def run(test: Callable[[Exchange, asyncio.Event], Awaitable[None]]) -> None:
    async def within() -> None:
        left = asyncio.Event()

        async def receive() -> dict[str, Any]:
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(_: object) -> None: ...

        await test(Exchange(SCOPE, receive, send, Settings()), left)
        # A cancellation that was not caught would strike here.
        await asyncio.sleep(0)

    asyncio.run(within())


async def leave_and_wait(left: asyncio.Event) -> None:
    left.set()
    await asyncio.sleep(600)


def test_a_client_that_leaves_ends_what_is_waited_for() -> None:
    async def test(exchange: Exchange, left: asyncio.Event) -> None:
        with pytest.raises(ClientGoneError):
            async with exchange.while_connected():
                await leave_and_wait(left)

    run(test)


async def let_it_be_noticed(left: asyncio.Event) -> None:
    """Let the watcher see that the client left, without waiting for anything afterwards."""
    left.set()
    task = asyncio.current_task()
    assert task is not None
    try:
        await asyncio.sleep(600)
    except asyncio.CancelledError:
        # As if the cancellation had been asked for, but not delivered yet.
        task.uncancel()
        task.cancel()


async def fail_as_it_is_noticed(left: asyncio.Event) -> None:
    await let_it_be_noticed(left)
    raise ValueError


def test_a_client_that_leaves_at_the_very_end_is_noticed_inside_the_block() -> None:
    async def test(exchange: Exchange, left: asyncio.Event) -> None:
        with pytest.raises(ClientGoneError):
            async with exchange.while_connected():
                await let_it_be_noticed(left)

    run(test)


def test_an_error_of_the_same_moment_is_not_answered() -> None:
    async def test(exchange: Exchange, left: asyncio.Event) -> None:
        with pytest.raises(ClientGoneError):
            async with exchange.while_connected():
                await fail_as_it_is_noticed(left)

    run(test)


def test_a_client_that_stays_is_not_disturbed() -> None:
    async def test(exchange: Exchange, _: asyncio.Event) -> None:
        async with exchange.while_connected():
            await asyncio.sleep(0)

    run(test)


def test_a_cancellation_from_elsewhere_goes_on_its_way() -> None:
    async def test(exchange: Exchange, _: asyncio.Event) -> None:
        async def wait() -> None:
            async with exchange.while_connected():
                await asyncio.sleep(600)

        task = asyncio.create_task(wait())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(test)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, False),
        ("*", True),
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ('"b"', False),
        ("a", False),
        ('"a', False),
    ],
)
def test_if_none_match(header: str | None, expected: bool) -> None:
    assert matches_etag(header, '"a"') is expected


def test_the_address_falls_back_to_the_server_that_was_reached() -> None:
    async def unused(*_: object) -> Any: ...

    scope = {**SCOPE, "server": ("127.0.0.1", 8000), "headers": [(b"host", b"<>")]}
    assert Exchange(scope, unused, unused, Settings()).url == "http://127.0.0.1:8000/sparql"
    scope = {**SCOPE, "headers": [(b"host", b"[::1]:80")], "scheme": "https"}
    assert Exchange(scope, unused, unused, Settings()).url == "https://[::1]:80/sparql"
    scope = {**SCOPE, "server": None}
    assert Exchange(scope, unused, unused, Settings()).url == "http://localhost/sparql"
