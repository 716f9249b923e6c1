"""Listing and cancelling queries, and who may: through real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from starlette.requests import Request

from fairpapers.api.administering.access import AdminAccess
from fairpapers.api.app import create_app
from fairpapers.api.errors import ApiError, TokenRequiredError
from fairpapers.api.page_errors import PageNotFoundError
from fairpapers.api.settings import Settings
from fairpapers.queries import Library

TOKEN = "operator-0123456789abcdef"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
SLOW = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i"
Serve = Callable[..., Any]
Eventually = Callable[[Callable[[], bool]], bool]


@pytest.fixture
def administered(site_directory: Path, library: Library, running: Callable[[Any], Any]) -> Serve:
    """Serve the sample graph with an admin token, unless the test says otherwise."""

    @contextmanager
    def serve(**options: Any) -> Iterator[httpx.Client]:
        settings = Settings(
            **{
                "workers": 1,
                "express_workers": 0,
                "admin_token": TOKEN,
                "deadline_seconds": 120,
                **options,
            }
        )
        app = create_app(site_directory, settings, library)
        with (
            running(app) as (host, port),
            httpx.Client(base_url=f"http://{host}:{port}", timeout=120) as client,
        ):
            yield client

    return serve


def listed(client: httpx.Client) -> list[dict[str, Any]]:
    answer = client.get("/admin/queries", headers=BEARER)
    assert answer.headers["cache-control"] == "no-store"
    return list(answer.json()["queries"])


class Asking:
    """A request in a thread; its answer once it has ended."""

    def __init__(self, client: httpx.Client, query: str) -> None:
        self.answer: httpx.Response | None = None
        self._thread = threading.Thread(target=self._ask, args=(client, query))
        self._thread.start()

    def _ask(self, client: httpx.Client, query: str) -> None:
        self.answer = client.get(
            "/sparql", params={"query": query}, headers={"X-Request-Id": "asked"}
        )

    def ended(self) -> httpx.Response:
        self._thread.join()
        assert self.answer is not None
        return self.answer


def test_running_and_waiting_queries_are_listed_and_cancelled(
    administered: Serve, eventually: Eventually
) -> None:
    with administered(queue_wait_seconds=120) as client:
        running, waiting = Asking(client, SLOW), Asking(client, SLOW + " LIMIT 1")
        assert eventually(lambda: len(listed(client)) == 2)
        by_state = {query["state"]: query for query in listed(client)}
        assert by_state.keys() == {"running", "waiting"}
        assert by_state["running"]["process"] > 0
        assert by_state["waiting"]["process"] is None
        for query in by_state.values():
            assert query["query"].startswith(SLOW)
            assert query["request_id"] == "asked"
            assert query["lane"] == "sparql"
            assert query["seconds"] >= 0
        pid = by_state["running"]["process"]
        for state in ("waiting", "running"):
            path = f"/admin/queries/{by_state[state]['id']}"
            assert client.delete(path, headers=BEARER).json() == {"cancelled": path[15:]}
        for answer in (running.ended(), waiting.ended()):
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["type"].endswith("/cancelled")
            assert "retry-after" not in answer.headers
        assert eventually(lambda: not Path(f"/proc/{pid}").exists())
        assert listed(client) == []
        assert client.get("/sparql?query=ASK{}").json()["boolean"] is True
        again = client.delete(f"/admin/queries/{by_state['running']['id']}", headers=BEARER)
        assert again.status_code == 404
        assert again.json()["type"].endswith("/no-such-query")


def test_a_cancelled_answer_that_has_begun_is_cut(
    administered: Serve, eventually: Eventually
) -> None:
    with administered() as client:
        query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        with client.stream("GET", "/sparql", params={"query": query}) as answer:
            assert answer.status_code == 200
            pieces = answer.iter_bytes()
            next(pieces)
            (one,) = listed(client)
            client.delete(f"/admin/queries/{one['id']}", headers=BEARER)
            with pytest.raises(httpx.RemoteProtocolError):
                for _ in pieces:
                    pass


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("DELETE", "/0123456789abcdef")])
def test_without_the_token_nobody_gets_in(administered: Serve, method: str, path: str) -> None:
    path = f"/admin/queries{path}"
    with administered() as client:
        for wrong in ({}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": "Bearer guess"}):
            answer = client.request(method, path, headers=wrong)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert TOKEN not in answer.text
    with administered(admin_token=None) as client:
        answer = client.request(method, path, headers=BEARER)
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("/not-found")


@given(st.text())
def test_no_other_text_is_the_token(text: str) -> None:
    access = AdminAccess(Settings(admin_token=SecretStr(TOKEN)).admin_secret, Settings())
    request = asked(headers={"authorization": f"Bearer {text}"})
    if text.strip() == TOKEN:
        access.check(request)
    else:
        with pytest.raises(TokenRequiredError):
            access.check(request)


def asked(
    client: str = "127.0.0.1", host: str = "127.0.0.1:8000", headers: dict[str, str] | None = None
) -> Request:
    fields = {"host": host, **(headers or {})}
    return Request(
        {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": "/metrics",
            "query_string": b"",
            "server": ("127.0.0.1", 8000),
            "client": (client, 50_000),
            "headers": [
                (name.encode(), value.encode("utf-8", "surrogatepass"))
                for name, value in fields.items()
            ],
        }
    )


@pytest.mark.parametrize(
    "request_",
    [
        asked(),
        asked(host="localhost:8000"),
        asked(client="::1", host="[::1]:8000"),
        asked(client="127.9.9.9", host="127.0.0.1"),
    ],
)
def test_metrics_are_for_this_machine(request_: Request) -> None:
    AdminAccess(None, Settings()).check_metrics(request_)


@pytest.mark.parametrize(
    "request_",
    [
        asked(client="192.0.2.7"),
        asked(client="not an address"),
        asked(host="rebound.example:8000"),
        asked(host="127.0.0.1.rebound.example"),
        asked(headers={"x-forwarded-for": "127.0.0.1"}),
        asked(headers={"forwarded": "for=127.0.0.1"}),
        asked(headers={"via": "1.1 proxy"}),
    ],
)
def test_metrics_are_for_nobody_else(request_: Request) -> None:
    with pytest.raises(PageNotFoundError):
        AdminAccess(None, Settings()).check_metrics(request_)
    guarded = AdminAccess(Settings(admin_token=SecretStr(TOKEN)).admin_secret, Settings())
    with pytest.raises(TokenRequiredError):
        guarded.check_metrics(request_)
    request_.scope["headers"].append((b"authorization", f"Bearer {TOKEN}".encode()))
    guarded_again = Request(request_.scope)
    guarded.check_metrics(guarded_again)
    request_.scope["headers"].pop()
    AdminAccess(None, Settings(metrics_public=True)).check_metrics(request_)


def test_behind_a_proxy_this_machine_is_nobody_special() -> None:
    settings = Settings(public_url="https://example.org")
    with pytest.raises(ApiError):
        AdminAccess(None, settings).check_metrics(asked())


def test_the_token_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    secret = Settings(admin_token_file=file).admin_secret
    assert secret is not None
    assert secret.get_secret_value() == TOKEN
    assert TOKEN not in repr(Settings(admin_token=SecretStr(TOKEN)))


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"admin_token": "short"}, "admin token has fewer than 16"),
        ({"admin_token": TOKEN, "admin_token_file": "any"}, "both set"),
        ({"admin_token_file": "/nowhere/token"}, "cannot be read"),
    ],
)
def test_a_token_that_will_not_do_is_refused(options: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault) as caught:
        Settings(**options)
    assert "short" not in str(caught.value)
