"""Who may run now, who waits, and who is turned away."""

from __future__ import annotations

import asyncio
from collections import deque
from enum import Enum

from ..errors import OverloadedError


class Lane(Enum):
    """Where a query comes from; each lane has places of its own."""

    SPARQL = "sparql"
    LIBRARY = "library"


class Trial(Enum):
    """What stands beside the lanes.

    ``EXPRESS`` is a place where a query may run for a moment, ``SLOW`` the queue of those for
    which that moment was too short.
    """

    EXPRESS = "express"
    SLOW = "slow"


Place = Lane | Trial


class Lanes:
    """Bounded, fair admission: places for any query, and some for the library's alone.

    A library query may take a free SPARQL place when its own are taken and nobody waits for it;
    never the other way round, so pages answer while the endpoint is full of slow queries. A SPARQL
    query that finds all places taken may get an express place, so that short queries pass those
    that take long; these come back as ``known`` to be slow, and wait for a place of the lane.
    """

    def __init__(
        self,
        places: int,
        library_places: int,
        *,
        queue_limit: int,
        wait_seconds: float,
        express_places: int = 0,
    ) -> None:
        self._free: dict[Place, int] = {
            Lane.SPARQL: places,
            Lane.LIBRARY: library_places,
            Trial.EXPRESS: express_places,
        }
        self._queues: dict[Place, deque[asyncio.Future[Place]]] = {
            queue: deque() for queue in (*Lane, Trial.SLOW)
        }
        self._queue_limit = queue_limit
        self._wait_seconds = wait_seconds

    @property
    def waiting(self) -> int:
        """How many queries wait for a place."""
        return sum(len(queue) for queue in self._queues.values())

    async def enter(self, lane: Lane, *, known: bool = False) -> Place:
        """Take a place, waiting for one if there is room to wait; give it back to `leave`.

        Raises:
            OverloadedError: the queue is full, or the wait was too long.
        """
        for place in _places(lane, known):
            if self._free[place]:
                self._free[place] -= 1
                return place
        queue = self._queues[Trial.SLOW if known else lane]
        if len(queue) >= self._queue_limit:
            raise OverloadedError(self._wait_seconds)
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[Place] = loop.create_future()
        queue.append(turn)
        timer = loop.call_later(self._wait_seconds, self._give_up, turn)
        try:
            return await turn
        except BaseException:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.leave(turn.result())
            elif turn in queue:
                queue.remove(turn)
            raise
        finally:
            timer.cancel()

    def _give_up(self, turn: asyncio.Future[Place]) -> None:
        if not turn.done():
            turn.set_exception(OverloadedError(self._wait_seconds))

    def leave(self, place: Place) -> None:
        """Hand a place to whoever waits for it, first come first served."""
        for name in _queues(place):
            queue = self._queues[name]
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(place)
                    return
        self._free[place] += 1


def _places(lane: Lane, known: bool) -> tuple[Place, ...]:
    if lane is Lane.LIBRARY:
        return (Lane.LIBRARY, Lane.SPARQL)
    return (Lane.SPARQL,) if known else (Lane.SPARQL, Trial.EXPRESS)


def _queues(place: Place) -> tuple[Place, ...]:
    if place is Lane.SPARQL:
        return (Trial.SLOW, Lane.SPARQL, Lane.LIBRARY)
    return (Lane.SPARQL,) if place is Trial.EXPRESS else (Lane.LIBRARY,)
