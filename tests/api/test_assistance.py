"""Help with queries over HTTP: findings, the part that leaves no row, pictures, limits."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from fairpapers.api.app import create_app
from fairpapers.api.assistance import MOST_BYTES, parse_question
from fairpapers.api.errors import ApiError
from fairpapers.api.settings import Settings
from fairpapers.queries import Library
from fairpapers.queries.assistance import KINDS

Site = Any

PREFIX = "PREFIX fp: <https://w3id.org/fairpapers/ontology#>\n"
KILLER = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a = ?z && ?d = ?y && ?g = ?x) }"


def explain(site: Site, query: str, accept: str = "application/json", **more: Any) -> Any:
    return site.client.post("/explain", json={"query": query, **more}, headers={"Accept": accept})


def test_findings_come_with_places_and_fixes(site: Site) -> None:
    query = f"{PREFIX}SELECT ?p {{ ?p fp:usess ?d }}"
    answer = explain(site, query)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    document = answer.json()
    assert (document["form"], document["understood"], document["empty"]) == ("SELECT", True, None)
    (found,) = document["findings"]
    assert (found["kind"], found["level"]) == ("unknown-term", "warning")
    assert (found["place"]["line"], found["place"]["column"]) == (2, 16)
    fix = found["fixes"][0]
    changed = query[: fix["place"]["start"]] + fix["text"] + query[fix["place"]["end"] :]
    assert explain(site, changed).json()["findings"] == []
    page = site.get(found["page"].partition("#")[0], "text/html").text
    assert f'id="{found["page"].partition("#")[2]}"' in page


def test_the_part_that_leaves_no_row_is_named(site: Site) -> None:
    query = f"{PREFIX}SELECT * {{ ?p a fp:Paper .\n ?p fp:usess ?d }}"
    found = explain(site, query, empty=True).json()["empty"]
    assert found["outcome"] == "found"
    assert found["culprit"]["text"] == "?p fp:usess ?d"
    assert found["culprit"]["line"] == 3
    assert found["rows"] == 6
    assert [each["rows"] for each in found["steps"]] == [6, 0]
    document = explain(site, query, empty=True, picture=True).json()
    assert "no row is left here" in document["picture"]["text"]
    counted = explain(site, f"{PREFIX}SELECT * {{ ?p a fp:Paper ; fp:hasText ?t }}", empty=True)
    assert [each["rows"] for each in counted.json()["empty"]["steps"]] == [6, 6]


def test_the_picture_comes_in_three_forms_and_alone(site: Site) -> None:
    query = f'{PREFIX}SELECT ?p {{ ?p fp:uses ?d OPTIONAL {{ ?d fp:size "<b>" }} }}'
    picture = explain(site, query, picture=True).json()["picture"]
    assert set(picture) == {"svg", "mermaid", "text"}
    assert 'stroke-dasharray="7 5"' in picture["svg"]
    assert "<b>" not in picture["svg"]
    assert '?d fp:size "<b>" (optional)' in picture["text"]
    alone = explain(site, query, "image/svg+xml")
    assert alone.headers["content-type"] == "image/svg+xml"
    assert alone.text == picture["svg"]
    assert ET.fromstring(alone.content).tag.endswith("svg")
    assert explain(site, query, "text/vnd.mermaid").text == picture["mermaid"]


def test_any_text_is_looked_at_and_none_is_executed_unasked(site: Site) -> None:
    for text in ("", "nothing", "INSERT DATA { <urn:a> <urn:b> 1 }", "SELECT * {", "\x00"):
        document = explain(site, text, picture=True).json()
        assert document["understood"] is False
        assert document["empty"] is None
    assert explain(site, KILLER).status_code == 200


def test_a_query_that_is_not_valid_is_told_where_asked_why_it_is_empty(site: Site) -> None:
    answer = explain(site, "SELECT ?x WHERE {\n ?x <urn:p> ?y . } ORDER ?x", empty=True)
    assert answer.status_code == 400
    assert answer.json()["line"] == 2
    # Read here, and refused by the engine: a variable that is bound twice.
    twice = "SELECT ?x WHERE { ?x ?p ?y\n BIND(1 AS ?x) }"
    assert explain(site, twice, empty=True).status_code == 400
    assert explain(site, "INSERT DATA { <urn:a> <urn:b> 1 }", empty=True).status_code == 403


def test_service_is_never_asked(site: Site) -> None:
    query = f"{PREFIX}SELECT * {{ ?p fp:uses ?d SERVICE <http://127.0.0.1:9/> {{ ?d ?q ?r }} }}"
    found = explain(site, query, empty=True).json()["empty"]
    assert found["outcome"] == "unknown"
    assert "SERVICE" in found["message"]


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (None, b"{}", 415),
        ("text/plain", b'{"query": ""}', 415),
        ("application/json", b"", 400),
        ("application/json", b"[" * 100_000, 400),
        ("application/json", b"[]", 400),
        ("application/json", b'{"query": 1}', 400),
        ("application/json", b'{"query": "", "empty": 1}', 400),
        ("application/json", b'{"query": "", "more": 1}', 400),
        ("application/json", b'{"query": "\\ud800"}', 400),
        ("application/json", b"\xff", 400),
        ("application/json; charset=utf-8", b'{"query": "' + b"a" * MOST_BYTES + b'"}', 200),
        ("application/json", b'{"query": "a' + b"a" * MOST_BYTES + b'"}', 413),
    ],
)
def test_bodies_are_read_strictly(kind: str | None, body: bytes, status: int) -> None:
    if status == 200:
        assert parse_question(kind, body, MOST_BYTES).query
        return
    with pytest.raises(ApiError) as caught:
        parse_question(kind, body, MOST_BYTES)
    assert caught.value.status == status


def test_a_body_that_is_too_long_is_not_read(site: Site) -> None:
    headers = {"Content-Type": "application/json"}
    body = b'{"query": "' + b"a" * 10 * MOST_BYTES
    answer = site.client.post("/explain", content=body, headers=headers)
    assert answer.status_code == 413
    pieces = (b"a" * 65536 for _ in range(100))
    assert site.client.post("/explain", content=pieces, headers=headers).status_code == 413


def test_other_methods_and_formats_are_told(site: Site) -> None:
    assert site.client.put("/explain", json={"query": ""}).status_code == 405
    assert explain(site, "", "image/png").status_code == 406
    assert site.client.options("/explain").status_code == 204


def test_the_kinds_are_listed_for_programs_and_people(site: Site) -> None:
    listed = site.get("/explain", "application/json").json()
    assert [each["id"] for each in listed] == list(KINDS)
    page = site.get("/explain", "text/html").text
    for kind in KINDS.values():
        assert f'id="{kind.id}"' in page


def test_a_query_that_never_ends_is_explained_within_the_deadline(
    running: Callable[..., AbstractContextManager[tuple[str, int]]],
    site_directory: Path,
    library: Library,
) -> None:
    app = create_app(site_directory, Settings(workers=1, deadline_seconds=2), library)
    with running(app) as (host, port), httpx.Client(base_url=f"http://{host}:{port}") as client:
        body = {"query": KILLER, "empty": True}
        with ThreadPoolExecutor() as threads:
            asked = threads.submit(client.post, "/explain", json=body, timeout=60)
            # Pages answer meanwhile.
            assert client.get("/queries/A01?format=json", timeout=60).status_code == 200
            answer = asked.result()
        assert answer.status_code == 200
        assert answer.json()["empty"]["outcome"] == "unknown"
        assert client.post("/sparql", data={"query": "ASK {}"}, timeout=60).status_code == 200


def test_a_client_that_leaves_frees_the_processor(
    running: Callable[..., AbstractContextManager[tuple[str, int]]],
    site_directory: Path,
    library: Library,
) -> None:
    limits = Settings(
        workers=1, express_workers=0, deadline_seconds=600, queue_wait_seconds=300, cache_bytes=0
    )
    app = create_app(site_directory, limits, library)
    with running(app) as (host, port), httpx.Client(base_url=f"http://{host}:{port}") as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post("/explain", json={"query": KILLER, "empty": True}, timeout=3)
        # The only process would be at work for minutes.
        assert client.post("/sparql", data={"query": "ASK {}"}, timeout=60).status_code == 200


def test_names_that_an_update_brought_are_known(
    serve_writable: Callable[..., AbstractContextManager[Any]],
) -> None:
    with serve_writable("") as writable:
        query = "SELECT ?x { ?x <http://example.org/brought> ?y }"
        assert [each["kind"] for each in explain(writable, query).json()["findings"]] == [
            "unknown-term"
        ]
        writable.reset("<urn:a> <http://example.org/brought> 1")
        assert explain(writable, query).json()["findings"] == []
