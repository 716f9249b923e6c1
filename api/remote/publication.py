"""Which graph of the operator's server is served, and what happens when another is loaded there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from ...graph.errors import GraphError, QueryFailed
from ...graph.snapshot import Snapshot
from .indexing import make_index
from .pool import RemotePool, RemoteRef
from .source import Source

_log = logging.getLogger(__name__)


class RemotePublication:
    """The graph on the server that is served; see `Publication`, whose place it takes.

    While a load is at work there, queries are answered from what is there so far, no answer is kept,
    and `ready` is False, so that a proxy can send clients elsewhere.

    Attributes:
        snapshot: what the server said that it has.
    """

    def __init__(self, source: Source, snapshot: Snapshot, pool: RemotePool) -> None:
        self.snapshot = snapshot
        self._source = source
        self._pool = pool
        self._loading = False
        self._asked = asyncio.Event()
        self._refreshing = asyncio.Lock()
        self._heard: list[Callable[[Snapshot], None]] = []
        self._indexing: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether a query that came now would be let in, and answered from a whole graph."""
        return self._pool.accepting and not self._loading

    def on_change(self, hear: Callable[[Snapshot], None]) -> None:
        """Have a function called, before anything else runs, when another graph is served."""
        self._heard.append(hear)

    async def start(self) -> None:
        """Begin to make the index of names; the search answers 503 until it is there."""
        self._index()

    async def close(self) -> None:
        """Close the pool."""
        await self._pool.close()
        while self._indexing:
            # The thread cannot be stopped, but it ends with its query.
            self._source.abort()
            await asyncio.wait(self._indexing, timeout=0.1)

    def ask(self) -> None:
        """Have `follow` look at the server now."""
        self._asked.set()

    async def refresh(self) -> bool:
        """Look at the server, and serve what is there.

        Returns:
            Whether that is another graph than before.

        Raises:
            QueryError: the server cannot be asked.
            LoadRefused: its manifest cannot be read.
        """
        async with self._refreshing:
            found = await asyncio.to_thread(self._source.snapshot)
            before = self.snapshot
            if found is None or not found.triples:
                # Each turn has tags of its own, so that nothing of half a graph is found later.
                self._loading = True
                self._change(before)
                return False
            if self._source.tag and found.triples == before.triples:
                found = before
            if found.id == before.id and found.triples == before.triples and not self._loading:
                return False
            self._loading = False
            self._change(found)
            if found.id == before.id:
                return False
            self._index()
        _log.info("serving snapshot %s instead of %s", found.id, before.id)
        return True

    async def follow(self, seconds: float) -> None:
        """Refresh every so many seconds, or only when asked if that is 0; never returns."""
        told = ""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds or None):
                    await self._asked.wait()
            asked = self._asked.is_set()
            self._asked.clear()
            try:
                await self.refresh()
                self._pool.reached, told = True, ""
            except (GraphError, OSError) as error:
                self._pool.reached = not isinstance(error, QueryFailed)
                if asked or str(error) != told:
                    _log.error("the store cannot be looked at: %s", error)
                told = str(error)

    def _change(self, found: Snapshot) -> None:
        """Serve a snapshot, or the same one as if it were another; no other task runs meanwhile."""
        turn = self._pool.store.turn + 1
        self.snapshot = replace(found)
        self._pool.serve(RemoteRef(found.id, self._source.graphs(found), turn))
        for hear in self._heard:
            hear(found)

    def _index(self) -> None:
        task = asyncio.get_running_loop().create_task(self._make_index(self.snapshot))
        self._indexing.add(task)
        task.add_done_callback(self._indexing.discard)

    async def _make_index(self, snapshot: Snapshot) -> None:
        try:
            await asyncio.to_thread(make_index, self._source, snapshot)
        except (GraphError, OSError) as error:
            _log.warning("there is no search: the index of names cannot be made: %s", error)
