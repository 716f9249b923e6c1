"""The pool of query processes: runs queries, kills them, replaces what was killed."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final

from ..errors import ApiError, DeadlineExceededError, OverloadedError, WorkerStartError
from ..observing.running import RunningQueries, RunningQuery
from ..settings import Settings
from . import frames
from .answers import Answer, QueryRequest
from .lanes import Lane, Lanes, Place, Trial
from .nursery import Nursery
from .process import StoreRef, WorkerProcess

__all__ = ["Answer", "Lane", "QueryRequest", "StoreRef", "WorkerPool"]

_log = logging.getLogger(__name__)

_CPU_GRACE_SECONDS: Final = 2.0
_LONGEST_PAUSE_SECONDS: Final = 10.0
# A query that takes longer leaves the processor to others where these want it.
_SHORT_SECONDS: Final = 0.25

# A longer answer is none of a moment, and is not kept in memory.
_EXPRESS_BYTES: Final = 1024 * 1024


class _TookLongError(DeadlineExceededError):
    """A query at an express place was no short one; nobody is told."""


class WorkerPool:
    """Query processes on one store; use as ``async with WorkerPool(store, settings) as pool``.

    As many queries run at once as there are workers in a lane; one process more is kept as a
    spare. A query that exceeds its deadline, or whose reader leaves before the end, is stopped by
    SIGKILL and its process replaced. Belongs to the event loop and thread that started it.

    Attributes:
        confined: no process can open a socket.
        running: the queries that wait or run.
        waited: told how long a query waited for its process, in seconds.
        endings: how processes ended, with their numbers; see `WorkerProcess.ending`.
        started: number of processes that were started.
    """

    def __init__(self, store: StoreRef, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._lanes = Lanes(
            settings.workers,
            settings.library_workers,
            queue_limit=settings.queue_limit,
            wait_seconds=settings.queue_wait_seconds,
            express_places=settings.express_workers,
        )
        self._size = settings.workers + settings.library_workers + max(settings.express_workers, 1)
        self._workers: set[WorkerProcess] = set()
        # The last that worked is the next: its memory is in the caches of the processor.
        self._idle: asyncio.LifoQueue[WorkerProcess] = asyncio.LifoQueue()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._replacing: set[asyncio.Task[None]] = set()
        self._moving: set[asyncio.Task[None]] = set()
        self._nurseries: set[Nursery] = set()
        self._starting = 0
        self._closed = True
        self.confined = False
        self.running = RunningQueries()
        self.waited: Callable[[Lane, float], None] = lambda _lane, _seconds: None
        self.endings: Counter[str] = Counter()
        self.started = 0

    async def __aenter__(self) -> WorkerPool:
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    @property
    def store(self) -> StoreRef:
        """The store that new queries run on."""
        return self._store

    @property
    def pids(self) -> frozenset[int]:
        """Process ids of the living query processes."""
        return frozenset(worker.pid for worker in self._workers)

    @property
    def waiting(self) -> int:
        """How many queries wait for a process."""
        return self._lanes.waiting

    @property
    def accepting(self) -> bool:
        """Whether a query that came now would be let in."""
        room = self._lanes.waiting < max(self._settings.queue_limit, 1)
        return not self._closed and room and any(worker.alive for worker in self._workers)

    async def start(self) -> None:
        """Start all processes.

        Raises:
            WorkerStartError: the store cannot be opened, or processes cannot be confined although
                the settings demand it. Nothing is left running.
        """
        self._closed = False
        try:
            for worker in await self._start_many(self._store, self._size):
                self._adopt(worker)
        except BaseException:
            await self.close()
            raise
        self._consider_memory()
        self.confined = all(worker.confined for worker in self._workers)
        if not self.confined:
            _log.warning(
                "query processes can open sockets on this system; only the check of the query "
                "text keeps SERVICE from reaching the network"
            )

    async def close(self) -> None:
        """Kill all processes and wait until they are gone; queries in flight are broken off."""
        self._closed = True
        for worker in tuple(self._workers):
            worker.kill(OverloadedError(1), ending="replaced")
        for task in (*self._replacing, *self._moving):
            task.cancel()
        while self._tasks or self._workers:
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.sleep(0)
        for nursery in tuple(self._nurseries):
            await nursery.close()
        self._nurseries.clear()

    async def swap(self, store: StoreRef) -> None:
        """Serve another store from now on; queries in flight end on the one they began with.

        Raises:
            WorkerStartError: the new store cannot be opened; the pool goes on with the old one.
        """
        self._serve(store, await self._start_many(store, self._size))
        self._consider_memory()

    @asynccontextmanager
    async def query(self, request: QueryRequest, lane: Lane = Lane.SPARQL) -> AsyncIterator[Answer]:
        """Run a query; the block is entered when the first bytes of its answer are there.

        Leaving the block before the answer is complete stops the query.

        Raises:
            ApiError: on entry or while iterating, whatever ended the query.
        """
        with self.running.entry(request.query, lane.value) as entry:
            async with self._answering(entry, request, lane) as answer:
                yield answer

    @asynccontextmanager
    async def _answering(
        self, entry: RunningQuery, request: QueryRequest, lane: Lane
    ) -> AsyncIterator[Answer]:
        seconds = min(
            self._settings.deadline_seconds,
            request.deadline_seconds or self._settings.deadline_seconds,
        )
        over: ApiError = DeadlineExceededError(seconds)
        with entry.waiting():
            place = await self._lanes.enter(lane)
        if place is Trial.EXPRESS:
            answer = await self._tried(entry, request, lane, seconds)
            if answer is not None:
                yield answer
                return
            with entry.waiting():
                place = await self._lanes.enter(lane, known=True)
        async with self._at(place, entry, request, lane, seconds, over) as answer:
            await answer.begin()
            yield answer

    async def _tried(
        self, entry: RunningQuery, request: QueryRequest, lane: Lane, seconds: float
    ) -> Answer | None:
        """Answer to a query that needs no more than a moment; None for another."""
        moment = self._settings.express_seconds
        over = _TookLongError(moment) if moment < seconds else DeadlineExceededError(seconds)
        least = min(moment, seconds)
        try:
            async with self._at(Trial.EXPRESS, entry, request, lane, least, over) as answer:
                if await answer.gather(_EXPRESS_BYTES):
                    return answer
        except _TookLongError:
            pass
        entry.runs_no_more()
        return None

    @asynccontextmanager
    async def _at(
        self,
        place: Place,
        entry: RunningQuery,
        request: QueryRequest,
        lane: Lane,
        seconds: float,
        over: ApiError,
    ) -> AsyncIterator[Answer]:
        """Run a query at a place that was entered, for so long, and leave the place."""
        try:
            with entry.waiting():
                worker = await self._take()
            self.waited(lane, entry.runs_on(worker.pid, worker.kill))
            loop = asyncio.get_running_loop()
            timer = loop.call_later(seconds, worker.kill, over)
            patience = loop.call_later(_SHORT_SECONDS, worker.step_back)
            answer = Answer(worker, request, self._settings)
            try:
                worker.channel.send(frames.QUERY, self._payload(request, seconds))
                yield answer
            finally:
                timer.cancel()
                patience.cancel()
                self._give_back(worker, answer.complete)
        finally:
            self._lanes.leave(place)

    async def fetch(self, request: QueryRequest, lane: Lane = Lane.LIBRARY) -> bytes:
        """Run a query and return its whole answer.

        Raises:
            ApiError: whatever ended the query.
        """
        async with self.query(request, lane) as answer:
            return b"".join([chunk async for chunk in answer])

    def _serve(self, store: StoreRef, fresh: Iterable[WorkerProcess]) -> None:
        """Have processes that were started on a store take over."""
        before, self._store = self._store, store
        while not self._idle.empty():
            self._idle.get_nowait().kill(ending="replaced")
        for worker in fresh:
            self._adopt(worker)
        if before.nursery is not None:
            before.nursery.retire()

    def _consider_memory(self) -> None:
        """Begin to load a store that is small enough; until then it is served from disk."""
        if self._store.size() > self._settings.memory_store_bytes:
            return
        task = asyncio.get_running_loop().create_task(self._move_to_memory(self._store))
        self._moving.add(task)
        task.add_done_callback(self._moving.discard)
        self._run(task)

    async def _move_to_memory(self, store: StoreRef) -> None:
        try:
            nursery = await Nursery.start(store.path, self._fall_back)
        except WorkerStartError as error:
            _log.warning("the store is served from disk: %s", error)
            return
        self._nurseries.add(nursery)
        held = replace(store, nursery=nursery)
        fresh: list[WorkerProcess] = []
        try:
            if self._store is store:
                fresh = await self._start_many(held, self._size)
            if self._store is store and not self._closed:
                self._serve(held, fresh)
        except WorkerStartError as error:
            _log.warning("the store is served from disk: %s", error)
        finally:
            if self._store is not held:
                for worker in fresh:
                    worker.kill(ending="replaced")
                await nursery.close()

    def _fall_back(self) -> None:
        nursery = self._store.nursery
        if nursery is not None and not nursery.alive:
            _log.error("the process that held the store in memory has ended; serving from disk")
            self._store = replace(self._store, nursery=None)

    def _payload(self, request: QueryRequest, seconds: float) -> bytes:
        return json.dumps(
            {
                "query": request.query,
                "media_type": request.media_type,
                "default_graphs": request.default_graphs,
                "named_graphs": request.named_graphs,
                "has_from": request.has_from,
                "base_iri": request.base_iri,
                "prefixes": dict(request.prefixes),
                "max_bytes": self._settings.max_result_bytes,
                "max_rows": self._settings.max_result_rows,
                "cpu_seconds": seconds + _CPU_GRACE_SECONDS,
            }
        ).encode()

    async def _take(self) -> WorkerProcess:
        while not self._closed and not self._idle.empty():
            worker = self._idle.get_nowait()
            if worker.alive:
                return worker
        try:
            async with asyncio.timeout(self._settings.queue_wait_seconds):
                while not self._closed:
                    worker = await self._idle.get()
                    if worker.alive:
                        return worker
        except TimeoutError:
            pass
        raise OverloadedError(self._settings.queue_wait_seconds)

    def _give_back(self, worker: WorkerProcess, complete: bool) -> None:
        if not complete:
            worker.kill()
        elif worker.store is not self._store or self._closed or not worker.step_forward():
            worker.kill(ending="replaced")
        elif worker.alive:
            self._idle.put_nowait(worker)

    async def _start_many(self, store: StoreRef, count: int) -> list[WorkerProcess]:
        started = await asyncio.gather(
            *(self._start_one(store) for _ in range(count)), return_exceptions=True
        )
        workers = [each for each in started if isinstance(each, WorkerProcess)]
        faults = [each for each in started if isinstance(each, BaseException)]
        if faults:
            for worker in workers:
                worker.kill()
                await worker.ended()
            raise faults[0]
        return workers

    async def _start_one(self, store: StoreRef) -> WorkerProcess:
        worker = await WorkerProcess.start(store, self._settings.worker_memory_bytes, self._lost)
        if self._settings.confinement_required and not worker.confined:
            worker.kill()
            await worker.ended()
            raise WorkerStartError(
                "this system cannot keep it from opening sockets, which require_confinement asks "
                "for; listen on 127.0.0.1, or run on Linux on x86-64 or arm64"
            )
        return worker

    def _adopt(self, worker: WorkerProcess) -> None:
        self.started += 1
        if worker.alive:
            self._workers.add(worker)
            self._idle.put_nowait(worker)
        else:
            self._reap(worker)

    def _lost(self, worker: WorkerProcess) -> None:
        # A process that is not adopted yet is looked at by who started it.
        if worker in self._workers:
            self._workers.discard(worker)
            self._reap(worker)

    def _reap(self, worker: WorkerProcess) -> None:
        self.endings[worker.ending] += 1
        self._run(worker.ended())
        self._replenish()

    def _replenish(self) -> None:
        while not self._closed and len(self._workers) + self._starting < self._size:
            self._starting += 1
            task = asyncio.get_running_loop().create_task(self._replace())
            self._replacing.add(task)
            task.add_done_callback(self._replacing.discard)
            self._run(task)

    async def _replace(self) -> None:
        pause = 0.1
        try:
            while not self._closed and len(self._workers) < self._size:
                try:
                    worker = await self._start_one(self._store)
                except WorkerStartError as error:
                    _log.error("%s", error)
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
                    continue
                if worker.store is self._store:
                    self._adopt(worker)
                    return
                worker.kill()
                await worker.ended()
        finally:
            self._starting -= 1

    def _run(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
