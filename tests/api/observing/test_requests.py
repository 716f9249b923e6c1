"""What is noted of each request: id, line in the log, figures. Through real HTTP."""

from __future__ import annotations

import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from fairpapers.api import errors
from fairpapers.api.app import create_app
from fairpapers.api.observing.metrics import Metrics
from fairpapers.api.observing.outcomes import Outcome, outcome_of
from fairpapers.api.settings import Settings
from fairpapers.queries import Library

TOKEN = "operator-0123456789abcdef"
SLOW = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
Eventually = Callable[[Callable[[], bool]], bool]


class Observed:
    """A served application; ``client`` asks it."""

    def __init__(self, client: httpx.Client, address: tuple[str, int]) -> None:
        self.client = client
        self.address = address

    def ask(self, query: str, **headers: str) -> httpx.Response:
        return self.client.get("/sparql", params={"query": query}, headers=headers)

    def figures(self) -> dict[str, float]:
        """Every sample of /metrics by its name and labels."""
        text = self.client.get("/metrics").text
        return {
            sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): (
                sample.value
            )
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@pytest.fixture
def observed(
    site_directory: Path, library: Library, running: Callable[[Any], Any]
) -> Callable[..., Any]:
    """Serve the sample graph with some settings."""

    @contextmanager
    def serve(**options: Any) -> Iterator[Observed]:
        settings = Settings(**{"workers": 1, "express_workers": 0, "admin_token": TOKEN, **options})
        app = create_app(site_directory, settings, library)
        with (
            running(app) as (host, port),
            httpx.Client(base_url=f"http://{host}:{port}", timeout=60) as client,
        ):
            yield Observed(client, (host, port))

    return serve


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Fields of the lines about requests."""
    return [record.__dict__["fields"] for record in caplog.records if "fields" in record.__dict__]


def test_queries_are_counted_by_how_they_ended(
    observed: Callable[..., Any], eventually: Eventually
) -> None:
    with observed(deadline_seconds=0.5, max_result_bytes=400_000) as server:
        assert server.ask("ASK {}").status_code == 200
        assert server.ask("ASK {").status_code == 400
        assert server.ask("ASK { SERVICE <http://a.example/> {} }").status_code == 403
        assert server.ask("ASK {}", accept="text/turtle").status_code == 406
        assert server.ask(SLOW).status_code == 504
        assert server.client.get("/queries/C01?format=csv").status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            server.ask(LONG)
        found = server.figures()
        for outcome in ("ok", "syntax_error", "refused", "rejected", "timeout", "too_large"):
            assert found[f"fairpapers_queries_total sparql {outcome}"] == 1, outcome
        assert found["fairpapers_queries_total library ok"] >= 1
        assert found["fairpapers_queries_total sparql memory"] == 0
        # Four were given to a process.
        assert found["fairpapers_query_seconds_count sparql"] == 4
        assert found["fairpapers_queue_wait_seconds_count sparql"] == 4
        assert found["fairpapers_broken_answers_total"] == 1
        assert found["fairpapers_http_requests_total GET 504"] == 1
        assert found["fairpapers_workers_ended_total killed"] == 1
        assert found["fairpapers_sent_bytes_total"] > 64 * 1024
        assert eventually(lambda: server.figures()["fairpapers_workers idle"] == 3)


def test_what_needed_no_process_is_counted_as_such(
    observed: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with observed() as server, caplog.at_level(logging.INFO, "fairpapers"):
        etag = server.ask("ASK {}").headers["etag"]
        assert server.ask("ASK {}").status_code == 200
        assert server.ask("ASK {}", **{"if-none-match": etag}).status_code == 304
        found = server.figures()
    for outcome in ("ok", "cached", "not_modified"):
        assert found[f"fairpapers_queries_total sparql {outcome}"] == 1, outcome
    assert found["fairpapers_query_seconds_count sparql"] == 1
    assert found["fairpapers_cache_lookups_total yes"] >= 1
    assert found["fairpapers_cache_bytes"] > 0
    assert [line["outcome"] for line in lines(caplog)[:3]] == ["ok", "cached", "not_modified"]


def test_pool_and_snapshot_are_among_the_figures(
    observed: Callable[..., Any], eventually: Eventually
) -> None:
    with observed(deadline_seconds=60, queue_wait_seconds=60) as server:
        slow = [threading.Thread(target=server.ask, args=(SLOW,)) for _ in range(2)]
        for each in slow:
            each.start()
        assert eventually(lambda: server.figures()["fairpapers_queue_length"] == 1)
        found = server.figures()
        assert found["fairpapers_workers busy"] == 1
        assert found["fairpapers_workers idle"] == 2
        assert found["fairpapers_workers_started_total"] == 3
        assert found["fairpapers_workers_resident_bytes"] > 10_000_000
        snapshot = server.client.get("/health").json()
        (name,) = (name for name in found if name.startswith("fairpapers_snapshot_info"))
        assert snapshot["snapshot"] in name
        assert found["fairpapers_triples"] == snapshot["triples"]
        authorized = {"Authorization": f"Bearer {TOKEN}"}
        listed = server.client.get("/admin/queries", headers=authorized).json()["queries"]
        for query in listed:
            server.client.delete(f"/admin/queries/{query['id']}", headers=authorized)
        for each in slow:
            each.join()


def test_a_client_that_leaves_is_counted_as_such(
    observed: Callable[..., Any], eventually: Eventually
) -> None:
    with observed(deadline_seconds=60) as server, socket.create_connection(server.address) as one:
        target = httpx.URL("/sparql", params={"query": SLOW}).raw_path.decode()
        one.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert eventually(lambda: server.figures()["fairpapers_workers busy"] == 1)
        one.close()
        left = "fairpapers_queries_total sparql client_left"
        assert eventually(lambda: server.figures()[left] == 1)
        assert eventually(lambda: server.figures()["fairpapers_workers busy"] == 0)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b"3f2a-77.b_C", True),
        (b"a" * 64, True),
        (b"a" * 65, False),
        (b"", False),
        (b"two words", False),
        (b"caf\xc3\xa9", False),
        (b'x" status=200', False),
    ],
)
def test_an_id_that_is_well_formed_is_taken_and_any_other_replaced(
    observed: Callable[..., Any], caplog: pytest.LogCaptureFixture, sent: bytes, kept: bool
) -> None:
    with observed() as server, caplog.at_level(logging.INFO, "fairpapers"):
        headers = [(b"X-Request-Id", sent)]
        for path in ("/ready", "/sparql?query=ASK", "/nothing"):
            answer = server.client.get(path, headers=headers).headers["x-request-id"]
            assert (answer == sent.decode("latin-1")) is kept
            assert kept or re.fullmatch("[0-9a-f]{16}", answer)


def test_two_ids_are_none(observed: Callable[..., Any]) -> None:
    with observed() as server:
        twice = [("X-Request-Id", "one"), ("X-Request-Id", "two")]
        answer = server.client.get("/ready", headers=twice).headers["x-request-id"]
        assert answer not in ("one", "two")


def test_a_line_tells_what_became_of_a_request_and_not_what_it_asked(
    observed: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    query = "SELECT ?secret { ?secret a <urn:x> }"
    with observed() as server, caplog.at_level(logging.INFO):
        answer = server.ask(query, authorization=f"Bearer {TOKEN}")
        server.client.post("/sparql", data={"query": query})
        server.client.get("/admin/queries", headers={"Authorization": f"Bearer {TOKEN}"})
    get, post, admin = lines(caplog)
    assert (get["method"], get["path"]) == ("GET", "/sparql")
    assert (get["status"], get["outcome"]) == (200, "ok")
    assert get["bytes"] == len(answer.content)
    assert 0 < get["seconds"] < 60
    assert get["digest"] == post["digest"]
    assert re.fullmatch("[0-9a-f]{16}", get["digest"])
    assert "digest" not in admin
    told = repr([record.__dict__ for record in caplog.records if record.name != "httpx"])
    assert "secret" not in told
    assert TOKEN not in told


def test_the_text_of_queries_is_logged_where_that_is_set(
    observed: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with observed(log_queries=True) as server, caplog.at_level(logging.INFO):
        server.ask("ASK {\n}")
    (line,) = lines(caplog)
    assert line["query"] == "ASK {\n}"


def test_requests_are_not_logged_where_that_is_set(
    observed: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with observed(log_requests=False) as server, caplog.at_level(logging.INFO):
        server.ask("ASK {}")
    assert lines(caplog) == []


def test_a_broken_answer_says_so(
    observed: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with observed(max_result_bytes=400_000) as server, caplog.at_level(logging.INFO):
        with pytest.raises(httpx.RemoteProtocolError):
            server.ask(LONG)
        server.client.get("/ready")
    line, _ = lines(caplog)
    assert (line["status"], line["outcome"]) == (200, "too_large")
    assert line["broken"] is True


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (errors.QuerySyntaxError("x"), Outcome.SYNTAX_ERROR),
        (errors.QueryTooDeepError(9), Outcome.REJECTED),
        (errors.QueryForbiddenError("LOAD", "no"), Outcome.REFUSED),
        (errors.TokenRequiredError(wrong=True), Outcome.REFUSED),
        (errors.OverloadedError(1), Outcome.OVERLOADED),
        (errors.WorkerCrashedError(-9), Outcome.WORKER_DIED),
        (errors.MemoryExceededError(1), Outcome.MEMORY),
        (errors.EvaluationError("x"), Outcome.FAILED),
        (errors.ShuttingDownError(), Outcome.SHUTTING_DOWN),
        (KeyError("x"), Outcome.FAILED),
    ],
)
def test_every_error_has_an_outcome(error: Exception, outcome: Outcome) -> None:
    assert outcome_of(error) is outcome


def test_a_cache_is_watched() -> None:
    class Cache:
        hits, misses, held_bytes = 3, 4, 500

    metrics = Metrics()
    metrics.watch_cache(Cache())
    metrics.query_ended("sparql", Outcome.CACHED)
    text, content_type = metrics.text(None)
    assert content_type.startswith("text/plain")
    for line in (
        b'fairpapers_cache_lookups_total{found="yes"} 3.0',
        b'fairpapers_cache_lookups_total{found="no"} 4.0',
        b"fairpapers_cache_bytes 500.0",
        b'fairpapers_queries_total{lane="sparql",outcome="cached"} 1.0',
    ):
        assert line in text.splitlines()
    assert b"_created" not in text
    assert metrics.text("application/openmetrics-text; version=1.0.0")[0].endswith(b"# EOF\n")


def test_methods_that_nobody_knows_are_one_label(observed: Callable[..., Any]) -> None:
    with observed() as server:
        for method in ("PROPFIND", "MKCOL"):
            server.client.request(method, "/sparql")
        found = server.figures()
    names = [name for name in found if name.startswith("fairpapers_http_requests_total")]
    assert not any("PROPFIND" in name or "MKCOL" in name for name in names)
    assert sum(value for name, value in found.items() if "_total other" in name) == 2
