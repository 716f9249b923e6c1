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


class Lanes:
    """Bounded, fair admission: places for any query, and some for the library's alone.

    A library query may take a free SPARQL place when its own are taken and nobody waits for it;
    never the other way round, so pages answer while the endpoint is full of slow queries.
    """

    def __init__(
        self, places: int, library_places: int, *, queue_limit: int, wait_seconds: float
    ) -> None:
        self._free = {Lane.SPARQL: places, Lane.LIBRARY: library_places}
        self._queues: dict[Lane, deque[asyncio.Future[Lane]]] = {lane: deque() for lane in Lane}
        self._queue_limit = queue_limit
        self._wait_seconds = wait_seconds

    @property
    def waiting(self) -> int:
        """How many queries wait for a place."""
        return sum(len(queue) for queue in self._queues.values())

    async def enter(self, lane: Lane) -> Lane:
        """Take a place, waiting for one if there is room to wait; give it back to `leave`.

        Raises:
            OverloadedError: the queue is full, or the wait was too long.
        """
        for place in (Lane.LIBRARY, Lane.SPARQL) if lane is Lane.LIBRARY else (Lane.SPARQL,):
            if self._free[place]:
                self._free[place] -= 1
                return place
        queue = self._queues[lane]
        if len(queue) >= self._queue_limit:
            raise OverloadedError(self._wait_seconds)
        turn: asyncio.Future[Lane] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            async with asyncio.timeout(self._wait_seconds):
                return await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self.leave(turn.result())
            elif turn in queue:
                queue.remove(turn)
            if isinstance(error, TimeoutError):
                raise OverloadedError(self._wait_seconds) from None
            raise

    def leave(self, place: Lane) -> None:
        """Hand a place to whoever waits for it, first come first served."""
        lanes = (Lane.SPARQL, Lane.LIBRARY) if place is Lane.SPARQL else (Lane.LIBRARY,)
        for lane in lanes:
            queue = self._queues[lane]
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(place)
                    return
        self._free[place] += 1
