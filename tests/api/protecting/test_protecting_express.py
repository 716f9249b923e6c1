"""Short queries pass those that take long, at a place where nobody stays."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from fairpapers.api.errors import OverloadedError
from fairpapers.api.workers.lanes import Lane, Lanes, Trial

Eventually = Callable[[Callable[[], bool]], bool]
CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def run(test: Callable[[Lanes], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test(Lanes(1, 1, queue_limit=2, wait_seconds=30, express_places=1)))


def test_an_unknown_query_may_try_where_all_places_are_taken() -> None:
    async def test(lanes: Lanes) -> None:
        assert await lanes.enter(Lane.SPARQL) is Lane.SPARQL
        assert await lanes.enter(Lane.SPARQL) is Trial.EXPRESS
        waiting = [asyncio.create_task(lanes.enter(Lane.SPARQL)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(OverloadedError):
            await lanes.enter(Lane.SPARQL)
        lanes.leave(Trial.EXPRESS)
        assert await waiting[0] is Trial.EXPRESS
        lanes.leave(Lane.SPARQL)
        assert await waiting[1] is Lane.SPARQL

    run(test)


def test_a_query_that_is_known_to_be_slow_gets_no_further_moment() -> None:
    async def test(lanes: Lanes) -> None:
        assert await lanes.enter(Lane.SPARQL) is Lane.SPARQL
        slow = asyncio.create_task(lanes.enter(Lane.SPARQL, known=True))
        await asyncio.sleep(0)
        assert await lanes.enter(Lane.SPARQL) is Trial.EXPRESS
        fresh = asyncio.create_task(lanes.enter(Lane.SPARQL))
        await asyncio.sleep(0)
        assert lanes.waiting == 2
        # It came first, and the other has an express place to look forward to.
        lanes.leave(Lane.SPARQL)
        assert await slow is Lane.SPARQL
        lanes.leave(Trial.EXPRESS)
        assert await fresh is Trial.EXPRESS

    run(test)


def test_pages_never_wait_for_an_express_place() -> None:
    async def test(lanes: Lanes) -> None:
        assert await lanes.enter(Lane.LIBRARY) is Lane.LIBRARY
        assert await lanes.enter(Lane.LIBRARY) is Lane.SPARQL
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await lanes.enter(Lane.LIBRARY)

    run(test)


def test_a_lookup_passes_a_query_that_takes_the_only_place(serve: Any, big_store: Any) -> None:
    endless = {"query": "SELECT * { ?s ?p ?o . ?s2 ?p2 ?o2 }"}
    with (
        serve(big_store, express_workers=1, express_seconds=30, deadline_seconds=600) as server,
        server.client.stream("POST", server.url, data=endless) as stream,
    ):
        assert stream.status_code == 200
        assert server.pool.running.at_work == 1
        rows = server.ask("SELECT * { ?s ?p ?o } LIMIT 3", "text/csv").text
        assert rows.count("\r\n") == 4
        assert server.ask("ASK {").status_code == 400


@pytest.mark.parametrize("moment", [0.05, 30.0])
def test_an_answer_that_is_no_short_one_is_whole_at_its_own_place(
    serve: Any, big_store: Any, eventually: Eventually, moment: float
) -> None:
    """It takes too long, or is too large, and starts again when the place is free."""
    with serve(
        big_store, express_workers=1, express_seconds=moment, deadline_seconds=2,
        queue_wait_seconds=60,
    ) as server:  # fmt: skip
        killer = threading.Thread(target=lambda: server.ask(CARTESIAN))
        killer.start()
        assert eventually(lambda: server.pool.running.at_work == 1)
        found = server.ask("SELECT * { ?s ?p ?o }")
        killer.join()
        assert len(json.loads(found.content)["results"]["bindings"]) == 50_000


def test_a_killer_that_tried_is_still_told_the_deadline(serve: Any, big_store: Any) -> None:
    with serve(
        big_store, express_workers=1, express_seconds=0.05, deadline_seconds=0.5,
        queue_wait_seconds=60,
    ) as server:  # fmt: skip
        killer = threading.Thread(target=lambda: server.ask(CARTESIAN))
        killer.start()
        response = server.ask(CARTESIAN + " # another")
        killer.join()
        assert response.status_code == 504
        assert "after 0.5 s" in response.json()["detail"]
        assert server.ask(CARTESIAN, timeout="30ms").json()["detail"].count("0.03 s") == 1
