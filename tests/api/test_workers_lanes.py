"""Who may run, who waits, who is turned away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.errors import OverloadedError
from fairpapers.api.workers.lanes import Lane, Lanes


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


def lanes(queue_limit: int = 2, wait_seconds: float = 30) -> Lanes:
    return Lanes(1, 1, queue_limit=queue_limit, wait_seconds=wait_seconds)


def test_a_library_query_never_waits_for_the_endpoint() -> None:
    async def test() -> None:
        found = lanes()
        assert await found.enter(Lane.SPARQL) is Lane.SPARQL
        assert await found.enter(Lane.LIBRARY) is Lane.LIBRARY

    run(test)


def test_a_library_query_takes_a_free_place_of_the_endpoint_but_not_the_reverse() -> None:
    async def test() -> None:
        found = lanes(queue_limit=0)
        await found.enter(Lane.LIBRARY)
        assert await found.enter(Lane.LIBRARY) is Lane.SPARQL
        with pytest.raises(OverloadedError):
            await found.enter(Lane.SPARQL)
        found.leave(Lane.LIBRARY)
        with pytest.raises(OverloadedError):
            await found.enter(Lane.SPARQL)

    run(test)


def test_places_go_first_come_first_served() -> None:
    async def test() -> None:
        found = lanes()
        await found.enter(Lane.SPARQL)
        served: list[int] = []

        async def ask(number: int) -> None:
            place = await found.enter(Lane.SPARQL)
            served.append(number)
            found.leave(place)

        tasks = [asyncio.create_task(ask(number)) for number in range(2)]
        await asyncio.sleep(0)
        assert found.waiting == 2
        found.leave(Lane.SPARQL)
        await asyncio.gather(*tasks)
        assert served == [0, 1]
        assert found.waiting == 0

    run(test)


def test_a_full_queue_turns_away_at_once_and_says_when_to_come_back() -> None:
    async def test() -> None:
        found = lanes(queue_limit=0, wait_seconds=7)
        await found.enter(Lane.SPARQL)
        with pytest.raises(OverloadedError) as caught:
            await found.enter(Lane.SPARQL)
        assert caught.value.headers == {"Retry-After": "7"}

    run(test)


def test_who_waited_too_long_is_turned_away_and_leaves_the_queue() -> None:
    async def test() -> None:
        found = lanes(wait_seconds=0.01)
        await found.enter(Lane.SPARQL)
        with pytest.raises(OverloadedError):
            await found.enter(Lane.SPARQL)
        assert found.waiting == 0
        found.leave(Lane.SPARQL)
        assert await found.enter(Lane.SPARQL) is Lane.SPARQL

    run(test)


def test_a_place_given_to_who_just_gave_up_is_not_lost() -> None:
    async def test() -> None:
        found = lanes()
        await found.enter(Lane.SPARQL)
        waiter = asyncio.create_task(found.enter(Lane.SPARQL))
        await asyncio.sleep(0)
        found.leave(Lane.SPARQL)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter
        assert await found.enter(Lane.SPARQL) is Lane.SPARQL

    run(test)


@given(st.lists(st.tuples(st.sampled_from(Lane), st.integers(0, 3), st.integers(0, 3))))
def test_after_any_crowd_every_place_is_free_again(crowd: list[tuple[Lane, int, int]]) -> None:
    async def test() -> None:
        found = Lanes(2, 1, queue_limit=100, wait_seconds=30)

        async def ask(lane: Lane, steps: int, patience: int) -> None:
            entering = asyncio.create_task(found.enter(lane))
            for _ in range(patience):
                await asyncio.sleep(0)
            if patience and not entering.done():
                entering.cancel()
            try:
                place = await entering
            except asyncio.CancelledError:
                return
            for _ in range(steps):
                await asyncio.sleep(0)
            found.leave(place)

        await asyncio.gather(*(ask(*each) for each in crowd))
        assert found.waiting == 0
        places = [await found.enter(Lane.LIBRARY) for _ in range(3)]
        assert sorted(place.name for place in places) == ["LIBRARY", "SPARQL", "SPARQL"]

    run(test)
