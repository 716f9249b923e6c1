"""Who a client is, and what happens to one that asks too often."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.middleware import Middleware

from fairpapers.api.protecting import clients
from fairpapers.api.protecting.clients import RateLimit, client_of
from fairpapers.api.protecting.middleware import RateLimiting
from fairpapers.api.settings import Settings

PROXIES = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("10.1.1.1", "198.51.100.7", "198.51.100.7"),
        ("10.1.1.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("10.1.1.1", "198.51.100.7, 10.2.2.2", "198.51.100.7"),
        ("10.1.1.1", "nonsense", "10.1.1.1"),
        ("10.1.1.1", "", "10.1.1.1"),
        ("::1", "198.51.100.7", "198.51.100.7"),
        ("::ffff:10.1.1.1", "198.51.100.7", "198.51.100.7"),
        ("2001:db8:0:1:a::1", None, "2001:db8:0:1::/64"),
        ("2001:db8:0:1:b::2", None, "2001:db8:0:1::/64"),
        (None, "198.51.100.7", ""),
    ],
)
def test_a_client_is_who_the_nearest_trusted_proxy_says(
    peer: str | None, forwarded: str | None, client: str
) -> None:
    assert client_of(peer, forwarded, PROXIES) == client


@given(st.text(), st.text())
def test_no_header_makes_a_client_of_a_stranger_anybody_else(peer: str, forwarded: str) -> None:
    client_of(peer, forwarded, PROXIES)
    assert client_of("192.0.2.1", forwarded, PROXIES) == "192.0.2.1"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_let_through_and_then_the_rate() -> None:
    clock = Clock()
    limit = RateLimit(2, 3, clock)
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert limit.take("b") == 0
    clock.now = 0.5
    assert [limit.take("a") for _ in range(2)] == [0, 0.5]
    clock.now = 100
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 0.5]


@given(st.lists(st.floats(0, 5), max_size=60))
def test_nobody_gets_more_than_burst_and_rate(pauses: list[float]) -> None:
    clock = Clock()
    limit = RateLimit(2, 5, clock)
    taken = 0
    for pause in pauses:
        clock.now += pause
        taken += limit.take("a") == 0
    assert taken <= 5 + 2 * clock.now + 1e-6


def test_a_million_clients_take_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "_MOST_CLIENTS", 100)
    limit = RateLimit(1, 1, Clock())
    for number in range(1000):
        limit.take(str(number))
    assert len(limit) == 100
    assert limit.take("999") > 0


def limited(**options: Any) -> Callable[..., FastAPI]:
    settings = Settings(rate_limit_per_second=0.001, rate_limit_burst=2, **options)
    return lambda **more: FastAPI(middleware=[Middleware(RateLimiting, settings=settings)], **more)


def test_who_asks_too_often_is_429_with_retry_after(serve: Any, small_store: Any) -> None:
    with serve(small_store, framework=limited(cors_origins="*")) as server:
        assert [server.ask("ASK {}").status_code for _ in range(3)] == [200, 200, 429]
        response = server.ask("ASK {}")
        assert response.json()["type"].endswith("/rate-limited")
        assert int(response.headers["Retry-After"]) > 1
        # Without it a page elsewhere cannot read why it got no answer.
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Retry-After" in response.headers["Access-Control-Expose-Headers"]
        assert server.client.get(server.url.replace("/sparql", "/health")).status_code == 404


def test_a_header_of_a_stranger_is_no_way_round(serve: Any, small_store: Any) -> None:
    def ask(server: Any, address: str) -> int:
        headers = {"X-Forwarded-For": address}
        response: httpx.Response = server.client.get(
            server.url, params={"query": "ASK {}"}, headers=headers
        )
        return response.status_code

    addresses = [f"198.51.100.{number}" for number in range(3)]
    with serve(small_store, framework=limited()) as server:
        assert [ask(server, address) for address in addresses] == [200, 200, 429]
    with serve(small_store, framework=limited(trusted_proxies="127.0.0.1")) as server:
        assert [ask(server, address) for address in addresses] == [200, 200, 200]


@pytest.mark.parametrize("proxies", ["nonsense", "10.0.0.1/8", "10.0.0.0/8,x"])
def test_a_proxy_that_is_no_network_is_refused_at_start(proxies: Any) -> None:
    with pytest.raises(ValueError, match="network"):
        Settings(trusted_proxies=proxies)
