"""Which snapshot is served, and the one way to change it while requests are answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from ...graph.errors import GraphError, SnapshotDamaged
from ...graph.leases import Lease
from ...graph.snapshot import Snapshot, current_id, current_snapshot
from ..errors import WorkerStartError
from ..workers.pool import WorkerPool
from ..workers.process import StoreRef

_log = logging.getLogger(__name__)


class BaseChangedError(Exception):
    """The published graph has IRIs of another base, which links and pages are made for."""

    def __init__(self, served: str, published: str) -> None:
        super().__init__(
            f"the published graph has the base {published}, the served one {served}; "
            "restart the server to serve it"
        )


class Published(Protocol):
    """What the routes need to know of what is served; see `Publication`.

    Attributes:
        snapshot: what new queries are answered from.
    """

    snapshot: Snapshot

    @property
    def ready(self) -> bool:
        """Whether a query that came now would be let in."""
        ...

    def on_change(self, hear: Callable[[Snapshot], None]) -> None:
        """Have a function called when another snapshot is served."""
        ...

    async def start(self) -> None:
        """Begin to serve."""
        ...

    async def close(self) -> None:
        """End serving."""
        ...

    def ask(self) -> None:
        """Have `follow` look now."""
        ...

    async def follow(self, seconds: float) -> None:
        """Look for another snapshot every so many seconds; never returns."""
        ...


class Publication:
    """The snapshot that is served; whoever publishes another calls `refresh`.

    Belongs to the event loop of its pool. The lease keeps the files of the served snapshot, so
    that a process can be replaced however many snapshots were published since; each process has
    one of its own for as long as it lives.

    Attributes:
        snapshot: what new queries are answered from; changes between two turns of the loop,
            together with the store of the pool.
    """

    def __init__(self, directory: Path, snapshot: Snapshot, pool: WorkerPool) -> None:
        """Take over a pool that was made for the store of ``snapshot``."""
        self.snapshot = snapshot
        self._directory = directory
        self._pool = pool
        self._lease: Lease | None = None
        self._refreshing = asyncio.Lock()
        self._asked = asyncio.Event()
        self._heard: list[Callable[[Snapshot], None]] = []

    @property
    def ready(self) -> bool:
        """Whether a query that came now would be let in."""
        return self._lease is not None and self._pool.accepting

    def on_change(self, hear: Callable[[Snapshot], None]) -> None:
        """Have a function called, before anything else runs, when another snapshot is served."""
        self._heard.append(hear)

    async def start(self) -> None:
        """Start the pool.

        Raises:
            SnapshotDamaged: the snapshot was removed since it was looked up.
            WorkerStartError: the store cannot be opened.
        """
        self._lease = Lease(self.snapshot.store)
        try:
            await self._pool.start()
        except BaseException:
            self._release()
            raise

    async def close(self) -> None:
        """Close the pool and let the files go."""
        await self._pool.close()
        self._release()

    async def refresh(self) -> bool:
        """Serve what is published in the directory now; queries at work end where they began.

        Returns:
            Whether that is another snapshot than before.

        Raises:
            NoSnapshot: nothing is published any more.
            SnapshotDamaged: what is published is incomplete.
            BaseChangedError: its IRIs begin with another base.
            WorkerStartError: its store cannot be opened.
        """
        async with self._refreshing:
            if current_id(self._directory) == self.snapshot.id:
                return False
            snapshot, lease = self._take()
            try:
                if snapshot.base != self.snapshot.base:
                    raise BaseChangedError(self.snapshot.base, snapshot.base)
                await self._pool.swap(StoreRef(snapshot.id, snapshot.store))
            except BaseException:
                lease.release()
                raise
            # No other task runs between the end of the swap and here.
            before, self.snapshot = self.snapshot, snapshot
            for hear in self._heard:
                hear(snapshot)
            self._release()
            self._lease = lease
        _log.info("serving snapshot %s instead of %s", snapshot.id, before.id)
        return True

    def ask(self) -> None:
        """Have `follow` look at the directory now; may be called from a signal's handler."""
        self._asked.set()

    async def follow(self, seconds: float) -> None:
        """Refresh every so many seconds, or only when asked if that is 0; never returns.

        A snapshot that cannot be served is told once in the log, and the old one stays.
        """
        told = ""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds or None):
                    await self._asked.wait()
            asked = self._asked.is_set()
            self._asked.clear()
            try:
                await self.refresh()
                told = ""
            except (GraphError, BaseChangedError, WorkerStartError, OSError) as error:
                if asked or str(error) != told:
                    _log.error("the published snapshot is not served: %s", error)
                told = str(error)

    def _release(self) -> None:
        if self._lease is not None:
            self._lease.release()
            self._lease = None

    def _take(self) -> tuple[Snapshot, Lease]:
        """The published snapshot, with a lease on its files."""
        while True:
            snapshot = current_snapshot(self._directory)
            try:
                return snapshot, Lease(snapshot.store)
            except SnapshotDamaged:
                # Two publications may have passed since `current` was read.
                if current_id(self._directory) == snapshot.id:
                    raise
