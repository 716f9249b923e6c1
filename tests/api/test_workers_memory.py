"""A pool that moves to memory: same answers, quick replacements, nothing left behind."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from fairpapers.api import errors
from fairpapers.api.settings import Settings
from fairpapers.api.workers.nursery import Nursery
from fairpapers.api.workers.pool import QueryRequest, StoreRef, WorkerPool

CSV = "text/csv"
ALL = QueryRequest(query="SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?s ?p ?o", media_type=CSV)
SOME = QueryRequest(query="SELECT * { ?s ?p ?o }", media_type=CSV)
COUNT = QueryRequest(query="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", media_type=CSV)
CARTESIAN = QueryRequest(
    query="SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", media_type=CSV
)
SORT = QueryRequest(query="SELECT * { ?s ?p ?o . ?a ?b ?c } ORDER BY ?o ?c ?s", media_type=CSV)


def run(store: StoreRef, test: Callable[[WorkerPool], Awaitable[None]], **options: Any) -> None:
    settings = Settings(
        **{"workers": 1, "express_workers": 0, "memory_store_bytes": 1 << 30, **options}
    )
    pool = WorkerPool(store, settings)

    async def within() -> None:
        async with pool:
            await test(pool)

    asyncio.run(within())
    assert pool.pids == frozenset()


async def until(check: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not check():
            await asyncio.sleep(0.01)


async def in_memory(pool: WorkerPool) -> Nursery:
    await until(lambda: pool.store.nursery is not None)
    assert pool.store.nursery is not None
    return pool.store.nursery


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_disk_answers_first_and_memory_the_same_later(small_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        assert pool.store.nursery is None
        before = await pool.fetch(ALL)
        nursery = await in_memory(pool)
        async with pool.query(ALL) as answer:
            assert answer.store.nursery is nursery
            assert b"".join([chunk async for chunk in answer]) == before
        parents = {Path(f"/proc/{pid}/stat").read_text().split()[3] for pid in pool.pids}
        assert parents == {str(nursery.pid)}

    run(small_store, test)


def test_a_store_above_the_limit_stays_on_disk(small_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        await pool.fetch(COUNT)
        assert not pool._moving

    run(small_store, test, memory_store_bytes=small_store.size() - 1)


def test_queries_in_memory_cannot_open_sockets(small_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        await in_memory(pool)
        assert all(worker.confined for worker in pool._workers)
        calling = QueryRequest(
            query="SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", media_type=CSV
        )
        with pytest.raises(errors.EvaluationError):
            await pool.fetch(calling)

    run(small_store, test)


@pytest.mark.parametrize("killer", [CARTESIAN, SORT], ids=["cartesian", "sort"])
def test_a_killer_is_stopped_and_its_process_replaced_from_memory(
    big_store: StoreRef, killer: QueryRequest
) -> None:
    async def test(pool: WorkerPool) -> None:
        nursery = await in_memory(pool)
        await until(lambda: len(pool.pids) == 3)
        before = pool.pids
        with pytest.raises(errors.DeadlineExceededError):
            await pool.fetch(killer)
        assert (await pool.fetch(COUNT)).split() == [b"n", b"50000"]
        await until(lambda: len(pool.pids) == 3)
        (killed,) = before - pool.pids
        await until(lambda: gone(killed))
        assert pool.store.nursery is nursery

    run(big_store, test, deadline_seconds=1)


def test_memory_of_one_query_is_limited(big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        await in_memory(pool)
        with pytest.raises(errors.MemoryExceededError):
            await pool.fetch(SORT)
        assert (await pool.fetch(COUNT)).split() == [b"n", b"50000"]

    run(big_store, test, worker_memory_bytes=64 * 1024 * 1024, deadline_seconds=30)


def test_without_the_process_that_forks_disk_answers_again(big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        nursery = await in_memory(pool)
        children = pool.pids
        os.kill(nursery.pid, signal.SIGKILL)
        await until(lambda: pool.store.nursery is None)
        await until(lambda: all(gone(pid) for pid in children))
        assert (await pool.fetch(COUNT)).split() == [b"n", b"50000"]
        await until(lambda: len(pool.pids) == 3)

    run(big_store, test)


def test_a_swap_leaves_the_old_memory_when_its_last_query_has_ended(
    small_store: StoreRef, big_store: StoreRef
) -> None:
    async def test(pool: WorkerPool) -> None:
        old = await in_memory(pool)
        async with pool.query(SOME) as answer:
            coming = aiter(answer)
            chunks = [await anext(coming)]
            await pool.swap(small_store)
            assert not gone(old.pid)
            chunks += [chunk async for chunk in coming]
        assert b"".join(chunks).count(b"\n") == 50_001
        await until(lambda: gone(old.pid))
        assert await in_memory(pool) is not old
        assert (await pool.fetch(COUNT)).split() == [b"n", b"8"]

    run(big_store, test)


def test_a_store_is_given_up_while_it_is_loaded(small_store: StoreRef, big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        await pool.swap(small_store)
        await in_memory(pool)
        await until(lambda: not pool._moving)
        assert pool.store.id == small_store.id
        assert (await pool.fetch(COUNT)).split() == [b"n", b"8"]

    run(big_store, test)


def test_a_pool_that_closes_while_loading_leaves_nothing(big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        await asyncio.sleep(0.05)

    run(big_store, test)


def test_a_store_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    async def start() -> None:
        with pytest.raises(errors.WorkerStartError):
            await Nursery.start(tmp_path / "nothing", lambda: None)

    asyncio.run(start())


def test_two_loads_give_rows_in_one_order(big_store: StoreRef) -> None:
    answers: list[bytes] = []

    async def test(pool: WorkerPool) -> None:
        await in_memory(pool)
        answers.append(await pool.fetch(SOME))

    run(big_store, test)
    run(big_store, test)
    assert answers[0] == answers[1]
