"""One query process as the front sees it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import ApiError, MemoryExceededError, WorkerCrashedError, WorkerStartError
from . import priority
from .channel import FrameChannel
from .nursery import ForkedProcess, Nursery

_log = logging.getLogger(__name__)

_START_SECONDS: Final = 30.0
# What the allocators of Rust, C++ and Python say before the process ends.
_OUT_OF_MEMORY: Final = ("memory allocation of", "bad_alloc", "MemoryError")


@dataclass(frozen=True, slots=True)
class StoreRef:
    """A published store.

    Attributes:
        id: names its content.
        path: the folder that Oxigraph opens.
        nursery: holds it in memory and makes its query processes; None where each opens the folder.
    """

    id: str
    path: Path
    nursery: Nursery | None = None

    @property
    def edition(self) -> str:
        """Differs where answers may: memory and disk give rows without ORDER BY in their orders."""
        return self.id if self.nursery is None else f"{self.id} in memory"

    def size(self) -> int:
        """Bytes that it takes on disk."""
        return sum(file.stat().st_size for file in self.path.iterdir())


class SpawnedProcess:
    """A query process that was started as a program of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.pid = process.pid
        self._process = process

    def kill(self) -> None:
        """End it at once; nothing happens where it has ended."""
        if self._process.poll() is None:
            self._process.kill()

    async def wait(self) -> int:
        """Wait for its exit code, negative for the signal that ended it."""
        code = self._process.poll()
        return await asyncio.to_thread(self._process.wait) if code is None else code


class WorkerProcess:
    """A running query process; made by `start`, ended only by `kill`.

    Attributes:
        store: what it serves.
        channel: frames to and from it.
        confined: it cannot open sockets.
        ending: how it will have ended: ``died`` by itself, ``killed`` at work, or ``replaced``.
    """

    def __init__(
        self, store: StoreRef, memory_bytes: int, lost: Callable[[WorkerProcess], None]
    ) -> None:
        self.store = store
        self.channel = FrameChannel(self._channel_lost)
        self.confined = False
        self.ending = "died"
        self._memory_bytes = memory_bytes
        self._lost = lost
        self._ready = False
        self._behind = False
        self._reason: ApiError | None = None
        self._ended: asyncio.Task[int] | None = None
        self._last_words = ""

    @classmethod
    async def start(
        cls, store: StoreRef, memory_bytes: int, lost: Callable[[WorkerProcess], None]
    ) -> WorkerProcess:
        """Start a process and wait until it has opened the store.

        Must run on the thread that lives as long as the pool: the kernel ends the process with
        the thread that started it.

        Args:
            store: what to serve.
            memory_bytes: most memory for one query.
            lost: called once when a process that was ready is gone, for whatever reason.

        Raises:
            WorkerStartError: it ended, or was silent for too long.
        """
        worker = cls(store, memory_bytes, lost)
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                await worker._launch(theirs)
            except BaseException:
                ours.close()
                worker._errors.close()
                raise
        ours.setblocking(False)
        loop = asyncio.get_running_loop()
        try:
            await loop.create_unix_connection(lambda: worker.channel, sock=ours)
            await worker._wait_until_ready()
        except BaseException:
            worker.kill()
            if not worker.channel.connected:
                ours.close()
            await asyncio.shield(worker.ended())
            raise
        return worker

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can take a query."""
        return not self.channel.closed and self.ending == "died"

    def kill(self, reason: ApiError | None = None, *, ending: str = "killed") -> None:
        """End the process at once; ``reason`` is what the reader of its answer will be told."""
        if self.alive:
            self.ending = ending
        self._reason = self._reason or reason
        self._process.kill()
        self.channel.abort()

    def step_back(self) -> None:
        """Let others have the processor first, as a query that takes long should."""
        if self.alive:
            self._behind = True
            priority.set_nice(self.pid, priority.BEHIND)

    def step_forward(self) -> bool:
        """Undo that for the next query; says False where the system does not let us."""
        if self._behind and self.alive:
            self._behind = not priority.set_nice(self.pid, priority.own_nice())
        return not self._behind

    async def failure(self) -> ApiError:
        """Tell why a process that is gone did not answer."""
        if self._reason is not None:
            return self._reason
        code = await self.ended()
        if any(sign in self._last_words for sign in _OUT_OF_MEMORY):
            return MemoryExceededError(self._memory_bytes)
        return WorkerCrashedError(code)

    def ended(self) -> asyncio.Task[int]:
        """Wait for the exit code; leaves no zombie. Safe to await more than once."""
        if self._ended is None:
            self._ended = asyncio.get_running_loop().create_task(self._reap())
        return self._ended

    async def _reap(self) -> int:
        code = await self._process.wait()
        with self._errors:
            self._errors.seek(0)
            self._last_words = self._errors.read(4096).decode(errors="replace").strip()
        if self._last_words:
            _log.warning("query process %d ended with %d: %s", self.pid, code, self._last_words)
        return code

    async def _wait_until_ready(self) -> None:
        try:
            async with asyncio.timeout(_START_SECONDS):
                ready = await self.channel.read()
        except TimeoutError:
            raise WorkerStartError(f"silent for {_START_SECONDS:g} s") from None
        if ready is None:
            await self.ended()
            lines = self._last_words.splitlines()
            raise WorkerStartError(lines[-1] if lines else "it ended at once")
        self.confined = bool(json.loads(ready[1])["confined"])
        self._ready = True

    def _channel_lost(self) -> None:
        if self._ready:
            self._lost(self)

    async def _launch(self, theirs: socket.socket) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._process: SpawnedProcess | ForkedProcess
        if self.store.nursery is not None:
            self._process = await self.store.nursery.fork(theirs, self._errors, self._memory_bytes)
        else:
            self._process = SpawnedProcess(self._spawn(theirs))

    def _spawn(self, theirs: socket.socket) -> subprocess.Popen[bytes]:
        arguments = {
            "socket": theirs.fileno(),
            "store": str(self.store.path),
            "memory_bytes": self._memory_bytes,
            "parent": os.getpid(),
        }
        # Without our settings, which may hold secrets; -P keeps the working directory off the path.
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("FAIRPAPERS_")
        }
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", f"{__package__}.main", json.dumps(arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            pass_fds=[theirs.fileno()],
            env=environment,
        )
