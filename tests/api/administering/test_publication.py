"""A newly published snapshot is served by a server that runs, and never a mixture of two."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from fairpapers.api.administering.consistency import Memory, note_store, one_snapshot
from fairpapers.api.administering.publication import BaseChangedError, Publication
from fairpapers.api.app import create_app
from fairpapers.api.errors import OverloadedError
from fairpapers.api.failures import install
from fairpapers.api.settings import Settings
from fairpapers.api.templating import Pages
from fairpapers.api.workers.pool import Lane, QueryRequest, StoreRef, WorkerPool
from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.errors import NoSnapshot, SnapshotDamaged
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.snapshot import Snapshot, current_snapshot
from fairpapers.queries import Library

PAPERS = QueryRequest(
    query="SELECT (COUNT(*) AS ?n) { ?p a <https://w3id.org/fairpapers/ontology#Paper> }",
    media_type="application/sparql-results+json",
)
Test = Callable[[Publication, WorkerPool], Awaitable[None]]


@pytest.fixture(scope="module")
def records(root: Path) -> list[Record]:
    return list(read_records(root / "tests/graph/sample_records.jsonl"))


@pytest.fixture
def publish(records: list[Record], tmp_path: Path) -> Callable[..., Snapshot]:
    """Publish a graph of the first papers in the directory of the test."""

    def build(count: int, **options: Any) -> Snapshot:
        build_graph(records[:count], tmp_path, **options)
        return current_snapshot(tmp_path)

    return build


def serving(directory: Path, test: Test) -> None:
    async def within() -> None:
        snapshot = current_snapshot(directory)
        pool = WorkerPool(
            StoreRef(snapshot.id, snapshot.store), Settings(workers=1, deadline_seconds=600)
        )
        publication = Publication(directory, snapshot, pool)
        await publication.start()
        try:
            await test(publication, pool)
        finally:
            await publication.close()
        assert pool.pids == frozenset()

    asyncio.run(within())


async def papers(pool: WorkerPool) -> int:
    found = json.loads(await pool.fetch(PAPERS))
    return int(found["results"]["bindings"][0]["n"]["value"])


def test_what_is_published_is_served_after_a_refresh(
    tmp_path: Path, publish: Callable[..., Snapshot]
) -> None:
    async def test(publication: Publication, pool: WorkerPool) -> None:
        heard: list[str] = []
        publication.on_change(lambda snapshot: heard.append(snapshot.id))
        assert not await publication.refresh()
        assert await papers(pool) == 1
        second = publish(2)
        assert await papers(pool) == 1
        assert await publication.refresh()
        assert await papers(pool) == 2
        assert publication.snapshot == second
        assert pool.store.id == second.id
        assert heard == [second.id]

    publish(1)
    serving(tmp_path, test)


def test_refreshes_at_once_swap_once(tmp_path: Path, publish: Callable[..., Snapshot]) -> None:
    async def test(publication: Publication, pool: WorkerPool) -> None:
        publish(2)
        swapped = await asyncio.gather(*(publication.refresh() for _ in range(4)))
        assert sorted(swapped) == [False, False, False, True]
        assert await papers(pool) == 2

    publish(1)
    serving(tmp_path, test)


def test_a_query_at_work_ends_where_it_began_and_keeps_its_files(
    tmp_path: Path, publish: Callable[..., Snapshot]
) -> None:
    everything = QueryRequest(
        query="SELECT * { ?s ?p ?o . ?t ?q ?r } LIMIT 20000",
        media_type="application/sparql-results+json",
    )

    async def test(publication: Publication, pool: WorkerPool) -> None:
        async with pool.query(everything, Lane.SPARQL) as answer:
            for count in (2, 3, 4):
                publish(count)
                await publication.refresh()
            assert first.store.is_dir()
            body = b"".join([chunk async for chunk in answer])
        assert answer.store.id == first.id
        assert len(json.loads(body)["results"]["bindings"]) == 20_000
        async with asyncio.timeout(30):
            while len(pool.pids) > 3:
                await asyncio.sleep(0.01)
        publish(5)
        assert not first.path.exists()

    first = publish(1)
    serving(tmp_path, test)


def test_processes_are_replaced_however_many_snapshots_were_published_since(
    tmp_path: Path, publish: Callable[..., Snapshot]
) -> None:
    async def test(_: Publication, pool: WorkerPool) -> None:
        for count in (2, 3, 4):
            publish(count)
        for worker in tuple(pool._workers):
            worker.kill()
        assert await papers(pool) == 1

    publish(1)
    serving(tmp_path, test)


def test_a_graph_that_cannot_be_served_leaves_the_old_one(
    tmp_path: Path, publish: Callable[..., Snapshot]
) -> None:
    async def test(publication: Publication, pool: WorkerPool) -> None:
        current = tmp_path / "current"
        publish(2, base="https://elsewhere.example/kg")
        with pytest.raises(BaseChangedError, match=r"elsewhere\.example.*restart"):
            await publication.refresh()
        current.write_text("no id")
        with pytest.raises(SnapshotDamaged):
            await publication.refresh()
        current.unlink()
        with pytest.raises(NoSnapshot):
            await publication.refresh()
        third = publish(3)
        shutil.rmtree(third.store)
        with pytest.raises(SnapshotDamaged):
            await publication.refresh()
        assert await papers(pool) == 1
        publish(4)
        assert await publication.refresh()
        assert await papers(pool) == 4

    publish(1)
    serving(tmp_path, test)


def test_the_directory_is_followed_and_a_fault_told_once(
    tmp_path: Path, publish: Callable[..., Snapshot], caplog: pytest.LogCaptureFixture
) -> None:
    async def test(publication: Publication, pool: WorkerPool) -> None:
        following = asyncio.create_task(publication.follow(0.01))
        try:
            (tmp_path / "current").write_text("no id")
            await asyncio.sleep(0.3)
            publish(2)
            async with asyncio.timeout(30):
                while publication.snapshot.id == first.id:
                    await asyncio.sleep(0.01)
            assert await papers(pool) == 2
        finally:
            following.cancel()

    first = publish(1)
    with caplog.at_level(logging.INFO):
        serving(tmp_path, test)
    told = [record.levelname for record in caplog.records if "publication" in record.name]
    assert told == ["ERROR", "INFO"]


def test_without_a_rhythm_the_directory_is_looked_at_when_asked(
    tmp_path: Path, publish: Callable[..., Snapshot]
) -> None:
    async def test(publication: Publication, pool: WorkerPool) -> None:
        following = asyncio.create_task(publication.follow(0))
        try:
            publish(2)
            await asyncio.sleep(0.2)
            assert await papers(pool) == 1
            publication.ask()
            async with asyncio.timeout(30):
                while publication.snapshot.id == first.id:
                    await asyncio.sleep(0.01)
        finally:
            following.cancel()

    first = publish(1)
    serving(tmp_path, test)


@contextmanager
def asking(stores: Iterator[str], current: Callable[[], str]) -> Iterator[httpx.AsyncClient]:
    """An application whose only route asks two queries, which these stores answer."""
    app = FastAPI()
    router = APIRouter(route_class=one_snapshot(current))

    @router.get("/")
    async def page() -> list[str]:
        answered = [next(stores), next(stores)]
        for each in answered:
            note_store(each)
        return answered

    app.include_router(router)
    install(app, Pages(None))  # type: ignore[arg-type]
    yield httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


def test_a_page_whose_queries_met_two_snapshots_is_made_again() -> None:
    async def test() -> None:
        answers = iter(["old", "new", "new", "new"])
        with asking(answers, lambda: "new") as client:
            assert (await client.get("/")).json() == ["new", "new"]

    asyncio.run(test())


def test_a_page_that_never_meets_one_snapshot_alone_is_no_mixture() -> None:
    async def test() -> None:
        with asking(iter(["old", "new"] * 5), lambda: "new") as client:
            answer = await client.get("/")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"

    asyncio.run(test())


def test_an_error_of_one_snapshot_is_an_error() -> None:
    calls = []
    router = APIRouter(route_class=one_snapshot(lambda: "one"))

    @router.get("/")
    async def page() -> None:
        calls.append(1)
        note_store("one")
        raise OverloadedError(7)

    async def test() -> None:
        app = FastAPI()
        app.include_router(router)
        install(app, Pages(None))  # type: ignore[arg-type]
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            assert (await client.get("/")).headers["retry-after"] == "7"
        assert calls == [1]

    asyncio.run(test())


def test_what_comes_in_late_is_forgotten() -> None:
    memory: Memory[str, int] = Memory()
    known = memory.now
    memory.forget()
    known["papers"] = 1
    assert memory.now == {}


def test_the_pages_of_a_running_server_show_what_is_served(
    tmp_path: Path,
    publish: Callable[..., Snapshot],
    library: Library,
    running: Callable[[Any], Any],
    eventually: Callable[[Callable[[], bool]], bool],
) -> None:
    first = publish(1)
    app = create_app(tmp_path, Settings(workers=1, reload_seconds=0.05), library)
    html = {"Accept": "text/html"}
    with running(app) as (host, port), httpx.Client(base_url=f"http://{host}:{port}") as client:
        assert client.get("/ready").json() == {"status": "ready"}
        page = client.get("/", headers=html).text
        assert "<b>1</b><span>papers</span>" in page
        assert first.id in page
        second = publish(3)
        assert eventually(lambda: client.get("/health").json()["snapshot"] == second.id)
        page = client.get("/", headers=html).text
        assert "<b>3</b><span>papers</span>" in page
        assert second.id in page
        assert first.id not in page
        assert client.get("/health").json()["papers"] == 3
