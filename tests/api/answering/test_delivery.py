"""Answers from the cache over real HTTP: the same bytes, right after a swap, nothing broken kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from fairpapers.api.workers.pool import StoreRef

ALL = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"
MANY = "SELECT * { ?s ?p ?o }"
ENDLESS = "SELECT * { ?s ?p ?o . ?s2 ?p2 ?o2 }"
CSV = "text/csv"


@pytest.fixture
def other_store(tmp_path: Path) -> StoreRef:
    folder = tmp_path / "store"
    store = ox.Store(folder)
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("other")))
    store.flush()
    return StoreRef("other", folder)


@pytest.mark.parametrize("accept", [CSV, "application/sparql-results+json"])
def test_the_second_answer_is_the_first_and_needs_no_process(
    serve: Any, small_store: StoreRef, accept: str
) -> None:
    with serve(small_store) as server:
        first = server.ask(ALL, accept)
        assert (server.cache.hits, len(server.cache)) == (0, 1)
        second = server.ask(ALL.replace(" { ", "\n{\t"), accept)
        assert server.cache.hits == 1
        assert second.content == first.content
        assert second.headers["content-type"] == first.headers["content-type"]
        assert second.headers["etag"] == first.headers["etag"]
        assert first.headers["cache-control"] == "no-cache"
        assert first.headers["vary"] == "Accept, Accept-Encoding"


def test_a_format_is_not_answered_with_another(serve: Any, small_store: StoreRef) -> None:
    with serve(small_store) as server:
        texts = {server.ask(ALL, accept).text for accept in (CSV, "text/tab-separated-values")}
        assert len(texts) == 2
        assert {server.ask(ALL, accept).text for accept in (CSV, "text/tsv")} == texts


def test_a_dataset_is_not_answered_with_another(serve: Any, small_store: StoreRef) -> None:
    with serve(small_store) as server:
        whole = server.ask(ALL, CSV)
        graph = {"default-graph-uri": "http://example.org/core"}
        part = server.ask(ALL, CSV, **graph)
        assert len(part.text) < len(whole.text)
        assert server.ask(ALL, CSV, **graph).text == part.text
        assert server.ask(ALL, CSV).text == whole.text


def test_after_a_swap_the_new_store_answers(
    serve: Any, small_store: StoreRef, other_store: StoreRef
) -> None:
    with serve(small_store) as server:
        before = server.ask(ALL, CSV)
        assert server.ask(ALL, CSV).text == before.text
        server.swap(other_store)
        after = server.ask(ALL, CSV)
        assert "other" in after.text
        assert after.headers["etag"] != before.headers["etag"]
        stale = server.client.post(
            server.url,
            data={"query": ALL},
            headers={"Accept": CSV, "If-None-Match": before.headers["etag"]},
        )
        assert (stale.status_code, stale.text) == (200, after.text)
        server.swap(small_store)
        assert server.ask(ALL, CSV).text == before.text


def test_while_stores_are_swapped_every_answer_is_that_of_its_tag(
    serve: Any, small_store: StoreRef, other_store: StoreRef
) -> None:
    with serve(small_store) as server:
        seen: set[tuple[str, str]] = set()
        stopping = threading.Event()

        def ask() -> None:
            while not stopping.is_set():
                response = server.ask(ALL, CSV)
                assert response.status_code == 200
                seen.add((response.headers["etag"], response.text))

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for store in (other_store, small_store) * 2:
            server.swap(store)
        stopping.set()
        for thread in threads:
            thread.join()
        assert len({tag for tag, _ in seen}) == len(seen) <= 2


def test_an_answer_is_packed_for_those_who_take_it(serve: Any, big_store: StoreRef) -> None:
    with serve(big_store) as server:
        query = "SELECT * { ?s ?p ?o } LIMIT 500"

        def get(encoding: str, **fields: str) -> Any:
            headers = {"Accept": CSV, "Accept-Encoding": encoding, **fields}
            return server.client.post(server.url, data={"query": query}, headers=headers)

        plain, packed = get("identity"), get("gzip")
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert int(packed.headers["content-length"]) < len(plain.content) / 2
        assert packed.content == plain.content
        assert packed.headers["etag"] != plain.headers["etag"]
        for response in (plain, packed):
            again = get("gzip", **{"If-None-Match": response.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == response.headers["etag"]


def test_a_large_answer_is_kept_and_the_same(serve: Any, big_store: StoreRef) -> None:
    with serve(big_store) as server:
        first = server.ask(MANY, CSV)
        assert first.headers["transfer-encoding"] == "chunked"
        second = server.ask(MANY, CSV)
        assert "transfer-encoding" not in second.headers
        assert second.content == first.content
        assert server.cache.hits == 1


@pytest.mark.parametrize(
    "query",
    ["SELECT (NOW() AS ?now) {}", "SELECT (RAND() AS ?n) {}", "SELECT (UUID() AS ?id) {}"],
)
def test_what_differs_each_time_is_not_kept(serve: Any, small_store: StoreRef, query: str) -> None:
    with serve(small_store) as server:
        response = server.ask(query, CSV)
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers
        assert server.ask(query, CSV).text != response.text
        assert len(server.cache) == 0


def test_neither_errors_nor_broken_answers_are_kept(
    serve: Any, big_store: StoreRef, eventually: Callable[[Callable[[], bool]], bool]
) -> None:
    with serve(big_store, deadline_seconds=1) as server:
        assert server.ask("SELEC", CSV).status_code == 400
        assert server.ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }", CSV).status_code == 504
        for _ in range(2):
            with pytest.raises(Exception, match="incomplete chunked read"):
                server.ask(ENDLESS, CSV)
        with server.client.stream("POST", server.url, data={"query": MANY}) as response:
            next(response.iter_raw())
        assert len(server.cache) == 0
        head = server.client.head(server.url, params={"query": MANY}, headers={"Accept": CSV})
        assert (head.status_code, head.content) == (200, b"")
        assert len(server.cache) == 0


def test_no_cache_is_a_cache_of_nothing(serve: Any, small_store: StoreRef) -> None:
    with serve(small_store, cache_bytes=0) as server:
        assert server.ask(ALL, CSV).text == server.ask(ALL, CSV).text
        assert (server.cache.hits, len(server.cache)) == (0, 0)
