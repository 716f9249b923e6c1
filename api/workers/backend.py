"""What the routes need of whatever answers queries: processes of ours, or a server of others."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from ..observing.running import RunningQueries
from .answers import QueryRequest
from .lanes import Lane


class Edition(Protocol):
    """What is served: as long as it is the same object, equal queries have equal answers."""

    @property
    def id(self) -> str:
        """Names the content."""
        ...

    @property
    def edition(self) -> str:
        """Differs where answers may, and so do entity tags."""
        ...


class AnswerStream(Protocol):
    """An answer that is coming in; iterate over it for chunks of bytes, once."""

    @property
    def store(self) -> Edition:
        """What answers."""
        ...

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The chunks."""
        ...


class QueryPool(Protocol):
    """Runs queries within the limits of the settings; see `WorkerPool`.

    Attributes:
        running: the queries that wait or run.
        waited: told how long a query waited for its place, in seconds.
        endings: how processes ended; empty where there are none.
        started: number of processes that were started.
    """

    running: RunningQueries
    waited: Callable[[Lane, float], None]
    endings: Counter[str]
    started: int

    @property
    def store(self) -> Edition:
        """What new queries are answered from."""
        ...

    @property
    def pids(self) -> frozenset[int]:
        """Process ids of the living query processes."""
        ...

    @property
    def waiting(self) -> int:
        """How many queries wait."""
        ...

    @property
    def accepting(self) -> bool:
        """Whether a query that came now would be let in."""
        ...

    def query(
        self, request: QueryRequest, lane: Lane = Lane.SPARQL
    ) -> AbstractAsyncContextManager[AnswerStream]:
        """Run a query; leaving the block before the answer is complete stops it."""
        ...

    async def fetch(self, request: QueryRequest, lane: Lane = Lane.LIBRARY) -> bytes:
        """Run a query and return its whole answer."""
        ...
