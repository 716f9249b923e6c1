"""The writer: what happens when its process, its caller or what it serves fails."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from fairpapers.api.errors import (
    DeadlineExceededError,
    GraphNotFoundError,
    WorkerCrashedError,
    WriterBusyError,
)
from fairpapers.api.settings import Settings
from fairpapers.api.updates.changes import GraphChange, Update
from fairpapers.api.updates.writer import Writer
from fairpapers.graph.errors import GraphError
from fairpapers.graph.snapshot import current_snapshot

ADD = Update(text="INSERT DATA { <urn:a> <urn:b> 1 }", base_iri="urn:base")
ENDLESS = Update(
    text="""
    INSERT { ?a ?b ?n } WHERE { { SELECT (COUNT(*) AS ?n) (<urn:a> AS ?a) (<urn:b> AS ?b) {
      ?s1 ?p1 ?o1 . ?s2 ?p2 ?o2 . ?s3 ?p3 ?o3 . ?s4 ?p4 ?o4 . ?s5 ?p5 ?o5 . ?s6 ?p6 ?o6 .
      ?s7 ?p7 ?o7 . ?s8 ?p8 ?o8 . FILTER(STR(?o1) != STR(?o8)) } } }
    """,
    base_iri="urn:base",
)


@pytest.fixture
def directory(publish_trig: Callable[[Path, str], Any], tmp_path: Path) -> Path:
    numbers = " ".join(f"<urn:s{number}> <urn:p> {number} ." for number in range(200))
    publish_trig(tmp_path / "graph", f"<urn:g> {{ {numbers} }}")
    return tmp_path / "graph"


def run(
    directory: Path,
    use: Callable[[Writer], Awaitable[Any]],
    adopt: Callable[[], Awaitable[object]] | None = None,
    **options: Any,
) -> Any:
    async def nothing() -> None:
        return None

    async def inner() -> Any:
        return await use(Writer(directory, Settings(**options), adopt or nothing))

    return asyncio.run(inner())


def holds(directory: Path, pattern: str) -> bool:
    store = ox.Store.read_only(str(current_snapshot(directory).store))
    answer = store.query(f"ASK {{ {pattern} }}", use_default_graph_as_union=True)
    return bool(answer)


def test_a_change_is_published_with_figures(directory: Path) -> None:
    before = current_snapshot(directory)
    written = run(directory, lambda writer: writer.write(ADD))
    after = current_snapshot(directory)
    assert written.snapshot == after.id != before.id
    assert (after.base, after.papers) == (before.base, before.papers)
    assert dict(after.triples) == {"urn:g": 200, "default": 1}
    assert holds(directory, "<urn:a> <urn:b> 1")


def test_the_records_of_the_build_stay(directory: Path) -> None:
    records = directory / "records" / "records.jsonl"
    records.parent.mkdir()
    records.write_text("as they were")
    run(directory, lambda writer: writer.write(ADD))
    assert records.read_text() == "as they were"


def test_a_process_that_is_killed_changes_nothing(
    directory: Path, child_processes: Callable[[], dict[int, str]]
) -> None:
    before = current_snapshot(directory).id

    async def use(writer: Writer) -> None:
        others = child_processes().keys()
        task = asyncio.create_task(writer.write(ENDLESS))
        while not (fresh := child_processes().keys() - others):
            await asyncio.sleep(0.01)
        for pid in fresh:
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(WorkerCrashedError):
            await task
        assert current_snapshot(directory).id == before
        # The writer goes on.
        await writer.write(ADD)

    run(directory, use)
    assert holds(directory, "<urn:a> <urn:b> 1")


def test_a_caller_that_is_cancelled_while_the_graph_is_served_gets_it_served(
    directory: Path,
) -> None:
    adopted: list[str] = []
    serving: list[asyncio.Event] = []

    async def adopt() -> None:
        serving[0].set()
        await asyncio.sleep(0.2)
        adopted.append(current_snapshot(directory).id)

    async def use(writer: Writer) -> None:
        serving.append(asyncio.Event())
        task = asyncio.create_task(writer.write(ADD))
        await serving[0].wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(directory, use, adopt)
    assert adopted == [current_snapshot(directory).id]
    assert holds(directory, "<urn:a> <urn:b> 1")


def test_what_cannot_be_served_is_told_and_the_next_change_is_made(directory: Path) -> None:
    faults = [RuntimeError("no process opens it")]

    async def adopt() -> None:
        if faults:
            raise faults.pop()

    async def use(writer: Writer) -> None:
        with pytest.raises(RuntimeError, match="no process"):
            await writer.write(ADD)
        await writer.write(Update(text="CLEAR DEFAULT", base_iri="urn:base"))

    run(directory, use, adopt)
    assert not holds(directory, "<urn:a> <urn:b> 1")


def test_waiting_has_an_end_and_a_limit(directory: Path) -> None:
    async def use(writer: Writer) -> None:
        tasks = [asyncio.create_task(writer.write(ENDLESS)) for _ in range(3)]
        await asyncio.sleep(0)
        assert writer.waiting == 1
        found = await asyncio.gather(*tasks, return_exceptions=True)
        kinds = sorted(type(each).__name__ for each in found)
        assert kinds == ["DeadlineExceededError", "WriterBusyError", "WriterBusyError"]
        assert all(isinstance(each, DeadlineExceededError | WriterBusyError) for each in found)
        assert writer.waiting == 0

    run(directory, use, update_deadline_seconds=3, update_queue_limit=1)


def test_faults_reach_the_caller(directory: Path, tmp_path: Path) -> None:
    remove = GraphChange(action="delete", graph="urn:none", base_iri="urn:base")
    with pytest.raises(GraphNotFoundError, match="urn:none"):
        run(directory, lambda writer: writer.write(remove))
    with pytest.raises(GraphError):
        run(tmp_path / "nothing", lambda writer: writer.write(ADD))
