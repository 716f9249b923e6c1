"""The queries that wait or run at this moment, each of which can be stopped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from secrets import token_hex

from ..errors import ApiError
from .outcomes import Outcome, outcome_of
from .request import note_end, request_id


class RunningQuery:
    """One query between its arrival and its end.

    Attributes:
        id: made here, not guessable; a request that asks several queries has one for each.
        request_id: of the HTTP request that asked it, empty where there is none.
        lane: where it came from.
        text: the query.
        began: when it came, UTC.
        pid: process that runs it; None while it waits for one.
    """

    def __init__(self, text: str, lane: str) -> None:
        self.id = token_hex(8)
        self.request_id = request_id()
        self.lane = lane
        self.text = text
        self.began = datetime.now(UTC)
        self.pid: int | None = None
        self._reason: ApiError | None = None
        self._clock = time.monotonic()
        self._kill: Callable[[ApiError], None] | None = None
        self._task = asyncio.current_task()

    @property
    def seconds(self) -> float:
        """Time since it came."""
        return time.monotonic() - self._clock

    def runs_on(self, pid: int, kill: Callable[[ApiError], None]) -> float:
        """Note the process that took it, and return the seconds that it waited for one."""
        self.pid, self._kill = pid, kill
        return self.seconds

    def runs_no_more(self) -> None:
        """Note that it waits again: its process was needed for others.

        Raises:
            ApiError: it was stopped meanwhile, for this reason.
        """
        self.pid, self._kill = None, None
        if self._reason is not None:
            raise self._reason

    def stop(self, reason: ApiError) -> None:
        """End it; ``reason`` is what whoever asked it is told. A second call does nothing."""
        if self._reason is not None:
            return
        self._reason = reason
        if self._kill is not None:
            self._kill(reason)
        elif self._task is not None:
            self._task.cancel()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Run the block in which it waits for a process.

        Raises:
            ApiError: it was stopped meanwhile, for this reason.
        """
        try:
            yield
        except asyncio.CancelledError:
            # Someone else may have cancelled the task as well: theirs goes on.
            if self._reason is None or self._task is None or self._task.uncancel() > 0:
                raise
            raise self._reason from None


class RunningQueries:
    """All of them, in the order in which they came.

    Attributes:
        ended: told of each query and how it ended.
    """

    def __init__(self) -> None:
        self.ended: Callable[[RunningQuery, Outcome], None] = lambda _query, _outcome: None
        self._queries: dict[str, RunningQuery] = {}

    def __iter__(self) -> Iterator[RunningQuery]:
        return iter(tuple(self._queries.values()))

    @contextmanager
    def entry(self, text: str, lane: str) -> Iterator[RunningQuery]:
        """List a query as long as the block runs."""
        query = RunningQuery(text, lane)
        self._queries[query.id] = query
        outcome = Outcome.OK
        try:
            yield query
        except BaseException as error:
            outcome = outcome_of(error)
            raise
        finally:
            del self._queries[query.id]
            note_end(outcome)
            self.ended(query, outcome)

    def find(self, identity: str) -> RunningQuery | None:
        """The query of an id, if it has not ended."""
        return self._queries.get(identity)

    @property
    def at_work(self) -> int:
        """How many have a process."""
        return sum(query.pid is not None for query in self._queries.values())

    def stop_all(self, reason: ApiError) -> int:
        """Stop every one, and return their number."""
        queries = tuple(self)
        for query in queries:
            query.stop(reason)
        return len(queries)
