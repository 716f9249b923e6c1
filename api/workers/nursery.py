"""Query processes that share a store in memory: one process loads it and forks the others.

Forking a process that has threads is not safe, so the one that forks (`zygote.py`) has a single
one: it reads the store as N-Quads from a child, since the engine's store on disk starts threads.
What a forked process never writes to, it shares with the others.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

from ..errors import WorkerStartError

# A million triples take about ten seconds on a busy machine.
_LOAD_SECONDS: Final = 600.0
_FORK_SECONDS: Final = 30.0
_MESSAGE_BYTES: Final = 64 * 1024


class ForkedProcess:
    """A query process of a nursery; what a `subprocess.Popen` is for one that was spawned."""

    def __init__(self, pid: int, nursery: Nursery, ended: asyncio.Future[int]) -> None:
        self.pid = pid
        self._nursery = nursery
        self._ended = ended

    def kill(self) -> None:
        """End it at once; nothing happens where it has ended."""
        if not self._ended.done():
            # The parent alone knows that the number is still that of this process.
            self._nursery.send({"kill": self.pid})

    async def wait(self) -> int:
        """Wait for its exit code, negative for the signal that ended it."""
        return await asyncio.shield(self._ended)


class Nursery:
    """A process that holds a store in memory; made by `start`, ended by `close` or `retire`."""

    def __init__(self, lost: Callable[[], None]) -> None:
        self._lost = lost
        self._control, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setblocking(False)
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._forks: dict[int, asyncio.Future[ForkedProcess]] = {}
        self._children: dict[int, asyncio.Future[int]] = {}
        self._number = 0
        self._retired = False
        self._gone = False
        self._reaping: asyncio.Task[Any] | None = None

    @classmethod
    async def start(cls, store: Path, lost: Callable[[], None]) -> Nursery:
        """Start the process and wait until the store is loaded, which takes a while.

        Args:
            store: folder of the engine's store.
            lost: called when the process has ended without being asked to.

        Raises:
            WorkerStartError: it could not load the store.
        """
        nursery = cls(lost)
        nursery._launch(store)
        asyncio.get_running_loop().add_reader(nursery._control.fileno(), nursery._receive)
        try:
            async with asyncio.timeout(_LOAD_SECONDS):
                await nursery._ready
        except BaseException as error:
            await nursery.close()
            if isinstance(error, TimeoutError):
                raise WorkerStartError("loading the store into memory took too long") from None
            raise
        return nursery

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can fork."""
        return not self._gone and not self._retired

    async def fork(
        self, connection: socket.socket, errors: IO[bytes], memory_bytes: int
    ) -> ForkedProcess:
        """Have a query process made that serves ``connection`` and writes faults to ``errors``.

        Raises:
            WorkerStartError: the process that forks is gone, or silent.
        """
        if not self.alive:
            raise WorkerStartError("the process that holds the store in memory is gone")
        self._number += 1
        number = self._number
        forked: asyncio.Future[ForkedProcess] = asyncio.get_running_loop().create_future()
        self._forks[number] = forked
        self.send(
            {"fork": number, "memory_bytes": memory_bytes}, connection.fileno(), errors.fileno()
        )
        try:
            async with asyncio.timeout(_FORK_SECONDS):
                return await forked
        except TimeoutError:
            raise WorkerStartError("no query process was forked in time") from None
        finally:
            self._forks.pop(number, None)

    def send(self, message: dict[str, int], *handles: int) -> None:
        """Send a message, with open files."""
        if self._gone:
            return
        try:
            socket.send_fds(self._control, [json.dumps(message).encode()], handles)
        except OSError:
            self._end()

    def retire(self) -> None:
        """End the process when the last of its query processes has ended; nothing waits for it."""
        self._retired = True
        self._end_if_idle()

    async def close(self) -> None:
        """End the process and all that it forked, and wait until it is gone."""
        self._retired = True
        self._end()
        if self._reaping is not None:
            await asyncio.shield(self._reaping)

    def _receive(self) -> None:
        try:
            data = self._control.recv(_MESSAGE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._end()
            return
        message = json.loads(data)
        if "ready" in message:
            self._ready.set_result(None)
        elif "forked" in message:
            self._take(message["forked"], message["pid"])
        else:
            ended = self._children.pop(message["ended"])
            if not ended.done():
                ended.set_result(message["code"])
            self._end_if_idle()

    def _take(self, number: int, pid: int) -> None:
        ended = asyncio.get_running_loop().create_future()
        self._children[pid] = ended
        process = ForkedProcess(pid, self, ended)
        waiting = self._forks.pop(number, None)
        if waiting is None or waiting.done():
            process.kill()
        else:
            waiting.set_result(process)

    def _end_if_idle(self) -> None:
        if self._retired and not self._children and not self._forks:
            self._end()

    def _end(self) -> None:
        """Kill it; the kernel ends its children with it."""
        if self._gone:
            return
        self._gone = True
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._control.fileno())
        self._control.close()
        self._process.kill()
        self._reaping = loop.create_task(self._reap())
        for ended in self._children.values():
            if not ended.done():
                ended.set_result(-9)
        self._children.clear()
        for waiting in self._forks.values():
            if not waiting.done():
                waiting.set_exception(WorkerStartError("the process that forks is gone"))
        if not self._retired and self._ready.done():
            self._lost()

    async def _reap(self) -> None:
        await asyncio.to_thread(self._process.wait)
        with self._errors:
            self._errors.seek(0)
            lines = self._errors.read(4096).decode(errors="replace").strip().splitlines()
        if not self._ready.done():
            self._ready.set_exception(WorkerStartError(lines[-1] if lines else "it ended at once"))

    def _launch(self, store: Path) -> None:
        arguments = {
            "control": self._theirs.fileno(),
            "store": str(store),
            "parent": os.getpid(),
        }
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("FAIRPAPERS_")
        }
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        with self._theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-m", f"{__package__}.zygote", json.dumps(arguments)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=[self._theirs.fileno()],
                env=environment,
            )
