"""Query processes as a pool: answers, kills, replacements, swaps. Real processes, real stores."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from fairpapers.api import errors
from fairpapers.api.settings import Settings
from fairpapers.api.workers import priority
from fairpapers.api.workers.pool import Lane, QueryRequest, StoreRef, WorkerPool
from fairpapers.api.workers.process import WorkerProcess

JSON = "application/sparql-results+json"
COUNT = QueryRequest(query="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", media_type=JSON)
CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORT = "SELECT * { ?s ?p ?o . ?s2 ?p2 ?o2 } ORDER BY ?o ?o2"
PATH = "SELECT (COUNT(*) AS ?n) { ?s (!<urn:x>)* ?o . ?o2 (!<urn:x>)* ?s2 }"
ENDLESS = "SELECT * { ?s ?p ?o . ?s2 ?p2 ?o2 }"
EVERYTHING = "SELECT * { ?s ?p ?o }"


def ask(query: str, media_type: str = JSON, **more: Any) -> QueryRequest:
    return QueryRequest(query=query, media_type=media_type, **more)


def run(
    store: StoreRef, test: Callable[[WorkerPool], Awaitable[None]], **options: Any
) -> WorkerPool:
    settings = Settings(**{"workers": 1, "express_workers": 0, **options})
    pool = WorkerPool(store, settings)

    async def within() -> None:
        async with pool:
            await test(pool)

    asyncio.run(within())
    assert pool.pids == frozenset()
    return pool


async def count(pool: WorkerPool, lane: Lane = Lane.SPARQL) -> int:
    found = json.loads(await pool.fetch(COUNT, lane))
    return int(found["results"]["bindings"][0]["n"]["value"])


async def until(check: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not check():
            await asyncio.sleep(0.01)


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_a_pool_answers_and_leaves_nothing(
    small_store: StoreRef, child_processes: Callable[[], dict[int, str]]
) -> None:
    async def test(pool: WorkerPool) -> None:
        assert await count(pool) == 8
        assert await count(pool, Lane.LIBRARY) == 8
        assert len(pool.pids) == 3
        assert pool.pids <= child_processes().keys()
        assert pool.confined

    run(small_store, test)


@pytest.mark.parametrize("query", [CARTESIAN, SORT, PATH], ids=["cartesian", "sort", "path"])
def test_a_killer_ends_at_its_deadline_and_so_does_its_process(
    big_store: StoreRef, query: str
) -> None:
    async def test(pool: WorkerPool) -> None:
        before = pool.pids
        with pytest.raises(errors.DeadlineExceededError) as caught:
            await pool.fetch(ask(query), Lane.SPARQL)
        assert caught.value.seconds == 1
        (killed,) = before - pool.pids
        assert await count(pool) == 50_000
        await until(lambda: gone(killed) and len(pool.pids) == 3)

    run(big_store, test, deadline_seconds=1)


def test_a_request_may_shorten_its_deadline_but_not_lengthen_it(big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        for wanted, given in ((0.2, 0.2), (60, 0.5)):
            with pytest.raises(errors.DeadlineExceededError) as caught:
                await pool.fetch(ask(CARTESIAN, deadline_seconds=wanted))
            assert caught.value.seconds == given

    run(big_store, test, deadline_seconds=0.5)


def test_the_library_answers_while_the_endpoint_is_full_of_killers(big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        killers = [asyncio.create_task(pool.fetch(ask(CARTESIAN), Lane.SPARQL)) for _ in range(2)]
        await asyncio.sleep(0.05)
        assert pool.waiting == 1
        assert await count(pool, Lane.LIBRARY) == 50_000
        assert not any(killer.done() for killer in killers)
        for killer in killers:
            killer.cancel()
        await asyncio.gather(*killers, return_exceptions=True)

    run(big_store, test, deadline_seconds=60, queue_wait_seconds=60)


def test_a_query_whose_reader_leaves_is_killed(big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        before = pool.pids
        async with pool.query(ask(ENDLESS)) as answer:
            async for chunk in answer:
                assert chunk.startswith(b'{"head"')
                break
        await until(lambda: len(pool.pids - before) == 1)
        (killed,) = before - pool.pids
        await until(lambda: gone(killed))

    run(big_store, test, deadline_seconds=60)


def test_a_reader_that_rests_stops_the_process(big_store: StoreRef) -> None:
    """The front takes in no more than a few frames, whatever the size of the answer."""

    async def test(pool: WorkerPool) -> None:
        async with pool.query(ask(ENDLESS)) as answer:
            channel = answer._worker.channel

            def buffered() -> int:
                return len(channel._buffer)

            await until(lambda: channel._paused)
            await asyncio.sleep(0.2)
            assert buffered() < 1024 * 1024

    run(big_store, test, deadline_seconds=60)


def test_a_long_answer_is_whole(big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        body = await pool.fetch(ask(EVERYTHING, "text/csv"))
        assert body.count(b"\r\n") == 50_001

    run(big_store, test, deadline_seconds=60)


def test_an_answer_beyond_the_limit_is_told_and_its_process_goes_on(big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        before = pool.pids
        with pytest.raises(errors.ResultTooLargeError):
            await pool.fetch(ask(EVERYTHING))
        assert await count(pool) == 50_000
        assert pool.pids == before

    run(big_store, test, max_result_bytes=200_000, deadline_seconds=60)


def test_a_query_that_needs_too_much_memory_is_told_so(big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        with pytest.raises(errors.MemoryExceededError):
            await pool.fetch(ask(SORT))
        assert await count(pool) == 50_000

    run(big_store, test, worker_memory_bytes=32 << 20, deadline_seconds=60)


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL])
def test_a_process_that_crashes_is_told_and_replaced(
    big_store: StoreRef, number: signal.Signals
) -> None:
    async def test(pool: WorkerPool) -> None:
        async with asyncio.timeout(30):
            async with pool.query(ask(ENDLESS)) as answer:
                pid = answer._worker.pid
                os.kill(pid, number)
                with pytest.raises(errors.WorkerCrashedError) as caught:
                    async for _ in answer:
                        pass
        assert caught.value.code == -number
        assert await count(pool) == 50_000
        await until(lambda: len(pool.pids) == 3 and pid not in pool.pids)

    run(big_store, test, deadline_seconds=60)


def test_idle_processes_that_die_are_replaced(small_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        before = pool.pids
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        await until(lambda: len(pool.pids - before) == 3)
        assert await count(pool) == 8

    run(small_store, test)


def test_processes_come_back_when_the_store_does(
    small_store: StoreRef, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(small_store.path, folder)

    async def test(pool: WorkerPool) -> None:
        folder.rename(tmp_path / "away")
        for pid in pool.pids:
            os.kill(pid, signal.SIGKILL)
        await until(lambda: "cannot start a query process" in caplog.text)
        with pytest.raises(errors.OverloadedError):
            await pool.fetch(COUNT)
        (tmp_path / "away").rename(folder)
        await until(lambda: len(pool.pids) == 3)
        assert await count(pool) == 8

    run(StoreRef("moved", folder), test, queue_wait_seconds=0.3)


def test_a_long_chain_of_operators_does_not_overflow_the_stack(small_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        chain = "ASK { FILTER(" + "!" * 20_000 + "1) }"
        assert json.loads(await pool.fetch(ask(chain))) == {"head": {}, "boolean": True}

    run(small_store, test)


def test_a_full_queue_is_overload(big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        killer = asyncio.create_task(pool.fetch(ask(CARTESIAN), Lane.SPARQL))
        await asyncio.sleep(0)
        with pytest.raises(errors.OverloadedError):
            await pool.fetch(COUNT, Lane.SPARQL)
        killer.cancel()
        await asyncio.gather(killer, return_exceptions=True)
        assert await count(pool) == 50_000

    run(big_store, test, queue_limit=0, deadline_seconds=60)


def test_a_cancelled_wait_takes_no_process_along(big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        killer = asyncio.create_task(pool.fetch(ask(CARTESIAN), Lane.SPARQL))
        waiter = asyncio.create_task(pool.fetch(COUNT, Lane.SPARQL))
        await until(lambda: pool.waiting == 1)
        waiter.cancel()
        killer.cancel()
        await asyncio.gather(killer, waiter, return_exceptions=True)
        assert pool.waiting == 0
        assert await count(pool) == 50_000

    run(big_store, test, deadline_seconds=60)


def test_another_store_is_served_after_a_swap(small_store: StoreRef, big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        before = pool.pids
        async with pool.query(ask(EVERYTHING, "text/csv")) as running:
            await pool.swap(small_store)
            assert await count(pool, Lane.LIBRARY) == 8
            rows = b"".join([chunk async for chunk in running]).count(b"\r\n")
        assert (rows, running.store) == (50_001, big_store)
        assert pool.store == small_store
        assert await count(pool) == 8
        await until(lambda: not pool.pids & before and len(pool.pids) == 3)
        await until(lambda: all(gone(pid) for pid in before))

    run(big_store, test, deadline_seconds=60)


def test_a_swap_to_a_broken_store_changes_nothing(small_store: StoreRef, tmp_path: Path) -> None:
    async def test(pool: WorkerPool) -> None:
        before = pool.pids
        with pytest.raises(errors.WorkerStartError):
            await pool.swap(StoreRef("none", tmp_path / "absent"))
        assert pool.pids == before
        assert await count(pool) == 8

    run(small_store, test)


def test_a_store_that_cannot_be_opened_is_told_in_one_line(tmp_path: Path) -> None:
    async def test(_: WorkerPool) -> None:
        raise AssertionError("never reached")

    with pytest.raises(errors.WorkerStartError) as caught:
        run(StoreRef("none", tmp_path / "absent"), test)
    assert "absent" in caught.value.reason or "No such file" in caught.value.reason
    assert "\n" not in str(caught.value)


def test_where_processes_cannot_be_confined_a_public_server_does_not_start(
    small_store: StoreRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        WorkerProcess, "confined", property(lambda _: False, lambda *_: None), raising=False
    )

    async def test(_: WorkerPool) -> None:
        raise AssertionError("never reached")

    with pytest.raises(errors.WorkerStartError, match="require_confinement"):
        run(small_store, test, host="0.0.0.0")


def test_where_processes_cannot_be_confined_a_local_server_says_so(
    small_store: StoreRef, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(
        WorkerProcess, "confined", property(lambda _: False, lambda *_: None), raising=False
    )

    async def test(pool: WorkerPool) -> None:
        assert not pool.confined
        assert await count(pool) == 8

    run(small_store, test)
    assert "can open sockets" in caplog.text


def test_the_engine_cannot_reach_the_network_even_if_asked(small_store: StoreRef) -> None:
    """The pool does not look at queries: this is what is left when the check is got past."""

    async def test(pool: WorkerPool) -> None:
        connections: list[object] = []
        server = await asyncio.start_server(lambda *pair: connections.append(pair), "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            query = f"ASK {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
            with pytest.raises(errors.EvaluationError) as caught:
                await pool.fetch(ask(query))
        assert "not permitted" in caught.value.cause
        assert connections == []

    run(small_store, test)


def test_processes_do_not_inherit_our_settings(
    small_store: StoreRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRPAPERS_SECRET", "hidden")

    async def test(pool: WorkerPool) -> None:
        for pid in pool.pids:
            assert b"FAIRPAPERS_" not in Path(f"/proc/{pid}/environ").read_bytes()

    run(small_store, test)


def test_queries_run_together_up_to_the_number_of_workers(big_store: StoreRef) -> None:
    async def test(pool: WorkerPool) -> None:
        answers = await asyncio.gather(*(count(pool) for _ in range(40)))
        assert set(answers) == {50_000}
        assert len(pool.pids) == 4

    run(big_store, test, workers=2, deadline_seconds=60, queue_wait_seconds=60)


def test_a_store_made_by_a_backup_is_served(small_store: StoreRef, tmp_path: Path) -> None:
    folder = tmp_path / "live"
    live = ox.Store(folder)
    live.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("o")))
    live.backup(tmp_path / "snapshot")

    async def test(pool: WorkerPool) -> None:
        live.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("later")))
        assert await count(pool) == 1

    run(StoreRef("backup", tmp_path / "snapshot"), test)


def nice_values(pid: int) -> set[int]:
    threads = Path(f"/proc/{pid}/task").iterdir()
    return {os.getpriority(os.PRIO_PROCESS, int(thread.name)) for thread in threads}


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads nice values from /proc")
@pytest.mark.parametrize("may_undo", [True, False], ids=["allowed", "forbidden"])
def test_a_query_that_takes_long_steps_back_and_the_next_one_does_not_pay(
    big_store: StoreRef, monkeypatch: pytest.MonkeyPatch, may_undo: bool
) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    set_nice = priority.set_nice

    def as_the_system_allows(pid: int, nice: int) -> bool:
        return (may_undo or nice > own) and set_nice(pid, nice)

    monkeypatch.setattr(priority, "set_nice", as_the_system_allows)

    async def test(pool: WorkerPool) -> None:
        before = pool.pids
        async with pool.query(ask(EVERYTHING)) as answer:
            await until(lambda: any(nice_values(pid) == {priority.BEHIND} for pid in before))
            async for _ in answer:
                pass
        await until(lambda: all(nice_values(pid) == {own} for pid in pool.pids))
        await until(lambda: len(pool.pids) == len(before))
        assert (pool.pids == before) == may_undo

    run(big_store, test)
