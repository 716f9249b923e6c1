"""Pages and data of entities and of the library: tags, 304 and the cache."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from fairpapers.api.answering.cache import AnswerCache
from fairpapers.api.answering.pages import KeptPages, program_digest

TURTLE = "text/turtle"


def entity(site: Any) -> str:
    query = "SELECT ?s { ?s a <https://w3id.org/fairpapers/ontology#Paper> } ORDER BY ?s LIMIT 1"
    rows = site.client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    return str(rows.text.split()[1].replace("https://w3id.org/fairpapers", "/doc"))


@pytest.mark.parametrize("accept", [TURTLE, "application/ld+json", "text/html"])
def test_an_entity_is_not_sent_again_to_who_has_it(site: Any, accept: str) -> None:
    path = entity(site)
    first = site.get(path, accept)
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["vary"] == "Accept, Accept-Encoding"
    again = site.get(path, accept)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert again.headers.get("link") == first.headers.get("link")
    assert "content-security-policy" in again.headers
    headers = {"Accept": accept, "If-None-Match": first.headers["etag"]}
    known = site.client.get(path, headers=headers)
    assert (known.status_code, known.content) == (304, b"")
    assert known.headers["etag"] == first.headers["etag"]


def test_formats_and_packings_have_tags_of_their_own(site: Any) -> None:
    path = entity(site)
    tags = {site.get(path, accept).headers["etag"] for accept in (TURTLE, "text/html")}
    for encoding in ("identity", "gzip"):
        headers = {"Accept": TURTLE, "Accept-Encoding": encoding}
        tags.add(site.client.get(path, headers=headers).headers["etag"])
    assert len(tags) == 3


def test_answers_of_the_library_have_tags_and_its_pages_none(site: Any) -> None:
    data = site.get("/queries/C01", "text/csv")
    assert data.status_code == 200
    headers = {"Accept": "text/csv", "If-None-Match": data.headers["etag"]}
    assert site.client.get("/queries/C01", headers=headers).status_code == 304
    other = site.client.get("/queries/C01?top=1", headers=headers)
    assert other.status_code == 200
    assert other.headers["etag"] != data.headers["etag"]
    assert "etag" not in site.get("/queries/C01", "text/html").headers


@pytest.mark.parametrize("path", ["/id/paper/nothing", "/queries/Z99", "/queries/C01?top=x"])
def test_what_fails_has_no_tag(site: Any, path: str) -> None:
    for _ in range(2):
        response = site.get(path, "text/csv, text/turtle;q=0.9, */*;q=0.1")
        assert response.status_code >= 400
        assert "etag" not in response.headers
    response = site.client.get(path, headers={"If-None-Match": "*"})
    assert response.status_code >= 400


class Made:
    """An application that counts what it makes."""

    def __init__(self, respond: Callable[[int], Response]) -> None:
        self.times = 0
        self.edition = "one"
        self.cache = AnswerCache(1 << 20)

        async def answer(_: Any) -> Response:
            self.times += 1
            return respond(self.times)

        self.app = Starlette(
            routes=[Route("/id/a", answer), Route("/queries/a", answer), Route("/other", answer)],
            middleware=[
                Middleware(KeptPages, cache=self.cache, edition=lambda: self.edition),
            ],
        )

    async def get(self, path: str, **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:
            return await client.get(path, headers=headers)


def ask(made: Made, *paths: str) -> list[httpx.Response]:
    async def all_of_them() -> list[httpx.Response]:
        return [await made.get(path) for path in paths]

    return asyncio.run(all_of_them())


def test_a_page_is_made_once_for_each_edition() -> None:
    made = Made(lambda times: PlainTextResponse(f"made {times}"))
    assert [each.text for each in ask(made, "/id/a", "/id/a")] == ["made 1", "made 1"]
    made.edition = "two"
    assert [each.text for each in ask(made, "/id/a", "/id/a")] == ["made 2", "made 2"]


def test_a_page_that_was_made_while_the_edition_changed_is_not_kept() -> None:
    def change(times: int) -> Response:
        made.edition = f"edition {times}"
        return PlainTextResponse(f"made {times}")

    made = Made(change)
    (first,) = ask(made, "/id/a")
    assert first.text == "made 1"
    assert "etag" not in first.headers
    assert len(made.cache) == 0


@pytest.mark.parametrize(
    "respond",
    [
        lambda _: PlainTextResponse("failed", 503),
        lambda _: PlainTextResponse("secret", headers={"Cache-Control": "no-store"}),
        lambda _: HTMLResponse("what there was"),
    ],
    ids=["failed", "not to be stored", "page of the library"],
)
def test_what_may_be_other_next_time_is_not_kept(respond: Callable[[int], Response]) -> None:
    made = Made(respond)
    responses = ask(made, "/queries/a", "/queries/a")
    assert made.times == 2
    assert all("etag" not in response.headers for response in responses)


def test_other_paths_pass() -> None:
    made = Made(lambda times: PlainTextResponse(f"made {times}"))
    assert [each.text for each in ask(made, "/other", "/other")] == ["made 1", "made 2"]


def test_the_digest_of_the_program_follows_its_templates(tmp_path: Any) -> None:
    (tmp_path / "a.html").write_text("one")
    first = program_digest(tmp_path, "1.0")
    assert program_digest(tmp_path, "1.0") == first
    assert program_digest(tmp_path, "1.1") != first
    (tmp_path / "a.html").write_text("two")
    assert program_digest(tmp_path, "1.0") != first
