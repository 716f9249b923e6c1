"""What holds for every answer of the application: headers, error shape, health, description."""

from __future__ import annotations

import asyncio
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from fairpapers.api.app import create_app
from fairpapers.api.settings import Settings
from fairpapers.graph.errors import NoSnapshot
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.queries import Library

Site = Any

PAPER = "/doc/id/paper/doi:10.5555:sample.2023.1"
PATHS = [
    "/",
    "/editor",
    "/queries",
    "/queries/C01",
    "/queries/C01/text",
    PAPER,
    "/ontology",
    "/vocab/",
    "/shapes",
    "/explain",
    "/problems/",
    "/id/model/bert",
    "/docs",
    "/openapi.json",
    "/health",
    "/robots.txt",
    "/favicon.ico",
    "/static/style.css",
    "/sparql",
    "/sparql?query=ASK%20%7B%7D",
    "/sparql?query=broken",
    "/nowhere",
    "/queries/Z99",
    "/id/nothing",
]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("accept", [BROWSER, "*/*"])
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_tells_browsers_to_be_careful(site: Site, path: str, accept: str) -> None:
    answer = site.get(path, accept)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


def local_links(page: str) -> set[str]:
    found = re.findall(r'(?:href|src)="(/[^"#]*)', page)
    return {link.replace("&amp;", "&") for link in found}


def test_every_link_from_page_to_page_leads_somewhere(site: Site) -> None:
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        # The endpoint sends browsers to the editor, a concept to its list.
        answer = site.get(path, BROWSER, follow_redirects=True)
        assert answer.status_code == 200, path
        if "html" in answer.headers.get("content-type", ""):
            waiting += local_links(answer.text) - seen
    assert {"/docs", "/queries/H01", "/id/model/bert", f"{PAPER}?format=turtle"} <= seen


@pytest.mark.parametrize(
    "path", ["/", "/editor", "/queries", "/queries/F02", PAPER, "/docs", "/ontology", "/nowhere"]
)
def test_no_page_holds_inline_code_or_loads_from_elsewhere(site: Site, path: str) -> None:
    page = site.get(path, BROWSER).text
    assert not re.findall(r"<script(?![^>]*(?:\ssrc=|type=.application/ld\+json))", page)
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=", page)
    assert not re.findall(r'<(?:script|img|link|iframe)[^>]*(?:src|href)="(?:https?:)?//', page)


def test_an_unknown_path_is_a_problem_for_programs_and_a_page_for_people(site: Site) -> None:
    problem = site.get("/nowhere")
    assert problem.status_code == 404
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json() == {
        "type": "https://w3id.org/fairpapers/problems/not-found",
        "title": "There is no such page",
        "status": 404,
        "detail": "no page has the path /nowhere",
    }
    page = site.get("/nowhere", BROWSER)
    assert page.status_code == 404
    assert "There is no such page" in page.text
    assert "/nowhere" in page.text
    assert "accept" in page.headers["vary"].lower()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/", "/queries", "/queries/C01", PAPER, "/health"])
def test_pages_are_only_read(site: Site, method: str, path: str) -> None:
    answer = site.client.request(method, path)
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert answer.json()["type"].endswith("/method-not-allowed")


def test_a_path_in_an_error_page_is_text_and_never_markup(site: Site) -> None:
    page = site.get("/<script>alert(1)</script>", BROWSER)
    assert page.status_code == 404
    assert "<script>alert" not in page.text


def test_health_names_the_graph_and_the_version(site: Site) -> None:
    snapshot = current_snapshot(site.directory)
    answer = site.get("/health")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "status": "ok",
        "snapshot": snapshot.id,
        "created": snapshot.created,
        "papers": 6,
        "triples": sum(snapshot.triples.values()),
        "version": version("fairpapers"),
    }


def unstarted(app: FastAPI, path: str, accept: str) -> httpx.Response:
    """Answer of an application whose lifespan never began, so that no query process runs."""

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(path, headers={"Accept": accept})

    return asyncio.run(get())


@pytest.fixture
def app(site_directory: Path, library: Library) -> FastAPI:
    return create_app(site_directory, Settings(workers=1, queue_wait_seconds=0.01), library)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/", 200, "could not be read just now"),
        ("/queries/C01", 503, "The server is busy"),
        (PAPER, 503, "The server is busy"),
        ("/editor?id=C01", 200, "Most used datasets"),
    ],
)
def test_pages_say_so_when_the_graph_cannot_be_asked(
    app: FastAPI, path: str, status: int, words: str
) -> None:
    answer = unstarted(app, path, BROWSER)
    assert answer.status_code == status
    assert words in answer.text


def test_health_fails_when_the_graph_cannot_be_asked(app: FastAPI) -> None:
    answer = unstarted(app, "/health", "*/*")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert answer.json()["reason"] == "overloaded"


def test_an_unexpected_error_tells_nothing_of_its_cause(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr("fairpapers.api.library.file_text", broken)
    answer = unstarted(app, "/queries/C01/text", "*/*")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "swordfish" not in answer.text


def test_an_application_needs_a_published_graph(tmp_path: Path, library: Library) -> None:
    with pytest.raises(NoSnapshot):
        create_app(tmp_path, Settings(), library)


def test_openapi_describes_every_query_with_its_parameters(site: Site, library: Library) -> None:
    document = site.get("/openapi.json").json()
    for query in library.values():
        operation = document["paths"][f"/queries/{query.id}"]["get"]
        names = [parameter["name"] for parameter in operation["parameters"]]
        assert names == [*(parameter.name for parameter in query.parameters), "format"]
        assert operation["summary"] == query.title
    rows = document["paths"]["/queries/C01"]["get"]["parameters"][0]["schema"]
    assert rows == {"type": "integer", "default": 10, "minimum": 1, "maximum": 1000}


def test_openapi_describes_every_route(site: Site) -> None:
    paths = site.get("/openapi.json").json()["paths"]
    assert {"/sparql", "/queries", "/queries/{query_id}", "/id/{path}", "/health"} <= paths.keys()
    for path, operations in paths.items():
        for way, operation in operations.items():
            assert operation["summary"], path
            answers = operation["responses"]
            assert answers["200"]["content"] if way == "get" else {"200", "204"} & answers.keys()


def test_what_openapi_promises_of_a_query_is_what_it_answers(site: Site, library: Library) -> None:
    paths = site.get("/openapi.json").json()["paths"]
    for query in library.values():
        for media_type in paths[f"/queries/{query.id}"]["get"]["responses"]["200"]["content"]:
            answer = site.get(f"/queries/{query.id}", media_type)
            if query.federates and media_type != "text/html":
                # The operator of this site has allowed nobody to be asked.
                assert answer.status_code == 403, query.id
                continue
            assert answer.status_code == 200, (query.id, media_type, answer.text)
            assert answer.headers["content-type"].startswith(media_type)


def test_the_list_of_routes_is_a_page_of_our_own(site: Site) -> None:
    page = site.get("/docs", BROWSER).text
    for path in site.get("/openapi.json").json()["paths"]:
        assert path in page
