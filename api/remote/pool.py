"""Queries on a server of others, within the limits that hold for processes of ours.

The server's answer is taken whole, in memory and then on disk, and written anew before the first byte
goes out. So a client never sees half an answer with status 200 because the server failed, cut it
short or ran into its own time limit.
"""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Final

from ...graph.dialects import Dialect, IncompleteAnswer, check_complete
from ..errors import (
    ApiError,
    DeadlineExceededError,
    EvaluationError,
    OverloadedError,
    ResultTooLargeError,
    StoreCutAnswerError,
    StoreFailedError,
)
from ..observing.running import RunningQueries, RunningQuery
from ..problems import syntax_problem
from ..settings import Settings
from ..workers.answers import QueryRequest
from ..workers.lanes import Lane, Lanes
from .converting import Limited, accept_for, convert, most_received
from .dataset import asked
from .exchange import Asking, Response
from .guard import guard

_log = logging.getLogger(__name__)

_PIECE: Final = 64 * 1024
# Answers up to here stay in memory.
_IN_MEMORY: Final = 1024 * 1024
# A shorter answer is converted at once, a longer one in a thread.
_INLINE: Final = 32 * 1024
_EXCERPT: Final = 4096


@dataclass(frozen=True, slots=True)
class RemoteRef:
    """A graph on the server.

    Attributes:
        id: of the snapshot that was loaded.
        graphs: IRIs of its graphs.
        turn: differs each time that the graphs may have changed without a new id.
    """

    id: str
    graphs: tuple[str, ...]
    turn: int = 0

    @property
    def edition(self) -> str:
        """Differs where answers may."""
        return f"{self.id} remote {self.turn}"


class RemoteAnswer:
    """A whole answer; iterate over it for chunks of bytes."""

    def __init__(self, store: RemoteRef, media_type: str, file: IO[bytes]) -> None:
        self.store = store
        self.media_type = media_type
        self._file = file

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._chunks()

    async def _chunks(self) -> AsyncIterator[bytes]:
        while chunk := self._file.read(_PIECE):
            yield chunk


class RemotePool:
    """Asks a server for the routes, as `WorkerPool` asks processes.

    As many queries run at once as the settings have workers in a lane. A query that exceeds its
    deadline, or whose client leaves, has its connection closed, and the server was told of the
    deadline where it takes that; whether it goes on all the same is up to it.

    Args:
        asking: the server.
        store: the graph on it.
        dialect: how the server is asked.
        settings: limits.
        alone: the server holds nothing but this graph, so its own union of graphs may be asked.
    """

    def __init__(
        self,
        asking: Asking,
        store: RemoteRef,
        dialect: Dialect,
        settings: Settings,
        *,
        alone: bool = False,
    ) -> None:
        self._alone = alone
        self._asking = asking
        self._store = store
        self._dialect = dialect
        self._settings = settings
        self._lanes = Lanes(
            settings.workers,
            settings.library_workers,
            queue_limit=settings.queue_limit,
            wait_seconds=settings.queue_wait_seconds,
        )
        self._closed = False
        self.reached = True
        self.running = RunningQueries()
        self.waited: Callable[[Lane, float], None] = lambda _lane, _seconds: None
        self.endings: Counter[str] = Counter()
        self.started = 0
        self.pids: frozenset[int] = frozenset()

    @property
    def store(self) -> RemoteRef:
        """What new queries are answered from."""
        return self._store

    @property
    def waiting(self) -> int:
        """How many queries wait for a place."""
        return self._lanes.waiting

    @property
    def accepting(self) -> bool:
        """Whether a query that came now would be let in, as far as that is known without asking."""
        room = self._lanes.waiting < max(self._settings.queue_limit, 1)
        return not self._closed and self.reached and room

    def serve(self, store: RemoteRef) -> None:
        """Answer from another graph from now on."""
        self._store = store

    async def close(self) -> None:
        """Break off the queries in flight and let no more in."""
        self._closed = True
        self.running.stop_all(OverloadedError(1))

    @asynccontextmanager
    async def query(
        self, request: QueryRequest, lane: Lane = Lane.SPARQL
    ) -> AsyncIterator[RemoteAnswer]:
        """Run a query; the block is entered when the answer is there.

        Raises:
            ApiError: whatever ended the query.
        """
        if self._closed:
            raise OverloadedError(1)
        with self.running.entry(request.query, lane.value) as entry:
            seconds = min(
                self._settings.deadline_seconds,
                request.deadline_seconds or self._settings.deadline_seconds,
            )
            with entry.waiting():
                place = await self._lanes.enter(lane)
            try:
                with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
                    store = self._store
                    await self._stoppable(entry, lane, self._run(request, store, seconds, file))
                    file.seek(0)
                    yield RemoteAnswer(store, request.media_type, file)
            finally:
                self._lanes.leave(place)

    async def fetch(self, request: QueryRequest, lane: Lane = Lane.LIBRARY) -> bytes:
        """Run a query and return its whole answer.

        Raises:
            ApiError: whatever ended the query.
        """
        async with self.query(request, lane) as answer:
            return b"".join([chunk async for chunk in answer])

    async def _stoppable(
        self, entry: RunningQuery, lane: Lane, work: Coroutine[object, object, None]
    ) -> None:
        """Do the work of a query, which its entry can stop."""
        task = asyncio.get_running_loop().create_task(work)
        reasons: list[ApiError] = []

        def stop(reason: ApiError) -> None:
            reasons.append(reason)
            task.cancel()

        # There is no process of ours but this one.
        self.waited(lane, entry.runs_on(os.getpid(), stop))
        try:
            await task
        except asyncio.CancelledError:
            task.cancel()
            if reasons and not _being_cancelled():
                raise reasons[0] from None
            raise

    async def _run(
        self, request: QueryRequest, store: RemoteRef, seconds: float, file: IO[bytes]
    ) -> None:
        guard(request.query)
        wire = asked(request, store.graphs)
        everything = self._alone and wire.everything
        form = self._dialect.form(
            wire.query,
            default_graphs=() if everything else wire.default_graphs,
            named_graphs=() if everything else wire.named_graphs,
            seconds=seconds,
            everything=everything,
        )
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as received:
            try:
                async with asyncio.timeout(seconds):
                    post = self._asking.post(form, accept_for(request.media_type))
                    async with post as response:
                        await self._receive(response, request, received, seconds)
                    kind = response.headers.get("content-type", "")
                    await self._convert(received, kind, request, file)
            except TimeoutError:
                raise DeadlineExceededError(seconds) from None

    async def _receive(
        self, response: Response, request: QueryRequest, received: IO[bytes], seconds: float
    ) -> None:
        """Take the answer.

        Raises:
            ApiError: it is none, or too long, or not whole.
        """
        if response.status != 200:
            raise self._fault(response.status, await _excerpt(response.body), request, seconds)
        try:
            check_complete(response.headers)
        except IncompleteAnswer as error:
            if error.late:
                raise DeadlineExceededError(seconds) from None
            raise StoreCutAnswerError(str(error)) from None
        limit, size = most_received(self._settings.max_result_bytes), 0
        async for chunk in response.body:
            size += len(chunk)
            if size > limit:
                raise ResultTooLargeError(self._settings.max_result_bytes)
            received.write(chunk)

    async def _convert(
        self, received: IO[bytes], kind: str, request: QueryRequest, file: IO[bytes]
    ) -> None:
        size = received.tell()
        received.seek(0)
        output = Limited(file, self._settings.max_result_bytes)
        rows = self._settings.max_result_rows
        if size <= _INLINE:
            convert(received, kind, request, output, rows)
            return
        work = asyncio.get_running_loop().run_in_executor(
            None, convert, received, kind, request, output, rows
        )
        try:
            await asyncio.shield(work)
        finally:
            if not work.done():
                # The thread ends at its next write; until then the files must stay open.
                output.stopped = True
                await asyncio.wait({work})
                work.exception()

    def _fault(self, status: int, said: str, request: QueryRequest, seconds: float) -> ApiError:
        """What an answer without status 200 means to the client."""
        if status == 400:
            return syntax_problem(_told(said), request.query)
        if status in (408, 504):
            return DeadlineExceededError(seconds)
        if status in (429, 503):
            return OverloadedError(self._settings.queue_wait_seconds)
        if status >= 500:
            _log.error("the store answered %s: %s", status, said[:500])
            return EvaluationError(said)
        _log.error("the store answered %s: %s", status, said[:500])
        return StoreFailedError(f"it answered {status}")


def _being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _excerpt(body: AsyncIterator[bytes]) -> str:
    data = bytearray()
    async for chunk in body:
        data += chunk
        if len(data) > _EXCERPT:
            break
    return data[:_EXCERPT].decode("utf-8", "replace")


def _told(said: str) -> str:
    """The reason of a syntax error, without the query that Virtuoso repeats behind it."""
    return said.partition("\nSPARQL query:")[0].strip() or "the store takes it for no query"
