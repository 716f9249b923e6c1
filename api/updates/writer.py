"""The one writer: changes wait for their turn, each is made in a process of its own."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from ...graph.errors import GraphError
from ...graph.snapshot import current_id
from ..errors import (
    ApiError,
    DataSyntaxError,
    DeadlineExceededError,
    EvaluationError,
    GraphConflictError,
    GraphNotFoundError,
    MalformedRequestError,
    MemoryExceededError,
    QueryForbiddenError,
    WorkerCrashedError,
    WriterBusyError,
)
from ..problems import syntax_problem
from ..settings import Settings
from .changes import Change, Update, encode
from .main import Arguments

_log = logging.getLogger(__name__)

# Publishing only renames and syncs; a disk that hangs must not hold the writer for ever.
_PUBLISH_SECONDS: Final = 300.0
_CPU_GRACE_SECONDS: Final = 2.0
_RETRY_SECONDS: Final = 5.0
# The last is what the engine says when no thread of it can have a stack.
_OUT_OF_MEMORY: Final = (
    "memory allocation of", "bad_alloc", "MemoryError", "Resource temporarily unavailable",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What a change led to; ``created`` tells of a graph that was not there before."""

    snapshot: str
    created: bool


class Writer:
    """Makes changes to the graph of a directory, one after the other.

    A change is applied to a copy of the published snapshot, by a process that is killed at the
    deadline or when the client leaves; until then nothing is changed. Once applied, it is
    published and served whatever happens to the client.

    Args:
        directory: graph directory.
        settings: limits.
        adopt: serves what is published now; the change is answered after it.
    """

    def __init__(
        self, directory: Path, settings: Settings, adopt: Callable[[], Awaitable[object]]
    ) -> None:
        self._directory = directory
        self._settings = settings
        self._adopt = adopt
        self._turn = asyncio.Lock()
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """How many changes wait for their turn."""
        return self._waiting

    async def write(self, change: Change) -> Written:
        """Make a change and serve the graph that it leads to.

        Raises:
            ApiError: whatever stood in its way; nothing is changed then.
            WorkerStartError: it is published, but no process opens what was published.
        """
        began = asyncio.get_running_loop().time()
        async with self._my_turn():
            left = self._settings.update_deadline_seconds
            left -= asyncio.get_running_loop().time() - began
            async with _ChangeProcess(self._arguments(left)) as process:
                applied = await self._apply(process, change, left)
                finishing = asyncio.get_running_loop().create_task(self._publish(process, applied))
                return await _to_the_end(finishing)

    @asynccontextmanager
    async def _my_turn(self) -> AsyncIterator[None]:
        if self._turn.locked() and self._waiting >= self._settings.update_queue_limit:
            raise WriterBusyError("too many updates wait already", _RETRY_SECONDS)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._settings.update_deadline_seconds):
                await self._turn.acquire()
        except TimeoutError:
            raise WriterBusyError("other updates took too long", _RETRY_SECONDS) from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turn.release()

    def _arguments(self, seconds: float) -> Arguments:
        return Arguments(
            directory=str(self._directory),
            memory_bytes=self._settings.worker_memory_bytes,
            cpu_seconds=max(seconds, 0) + _CPU_GRACE_SECONDS,
            seconds=max(seconds, 0),
            max_depth=self._settings.max_query_depth,
            parent=os.getpid(),
        )

    async def _apply(self, process: _ChangeProcess, change: Change, left: float) -> dict[str, Any]:
        limit = self._settings.update_deadline_seconds
        try:
            async with asyncio.timeout(left):
                await process.send(encode(change))
                report = await process.report()
        except TimeoutError:
            raise DeadlineExceededError(limit) from None
        if report is None:
            raise await self._ending(process)
        if "fault" in report:
            raise self._fault(report, change)
        return report

    async def _publish(self, process: _ChangeProcess, applied: dict[str, Any]) -> Written:
        """Let the process publish, and serve what it published."""
        try:
            async with asyncio.timeout(_PUBLISH_SECONDS):
                process.go_on()
                report = await process.report()
        except TimeoutError:
            report = {}
        fresh = str(applied["snapshot"])
        if report is None or "published" not in report:
            await process.kill()
            # It may have got as far as the last rename.
            if await asyncio.to_thread(current_id, self._directory) != fresh:
                _log.error("an update could not be published: %s", report or process.last_words)
                raise EvaluationError("the update could not be published")
        if applied["unsearchable"]:
            _log.warning("snapshot %s has no search index: %s", fresh, applied["unsearchable"])
        await self._adopt()
        # It removes what the new snapshot replaces, and holds the directory until it has ended.
        await process.ended(_PUBLISH_SECONDS)
        return Written(fresh, bool(applied["created"]))

    async def _ending(self, process: _ChangeProcess) -> ApiError:
        code = await process.kill()
        if any(sign in process.last_words for sign in _OUT_OF_MEMORY):
            return MemoryExceededError(self._settings.worker_memory_bytes)
        _log.error("an update ended its process with %s: %s", code, process.last_words)
        return WorkerCrashedError(code)

    def _fault(self, report: dict[str, Any], change: Change) -> Exception:
        message = str(report["message"])
        match report["fault"]:
            case "update-syntax":
                text = change.text if isinstance(change, Update) else ""
                return syntax_problem(message, text)
            case "data-syntax":
                fault = message.partition(": ")[2] or message
                return DataSyntaxError(fault, report["line"], report["column"])
            case "request":
                return MalformedRequestError(message)
            case "forbidden":
                return QueryForbiddenError(*message.split(": ", 1))
            case "conflict":
                return GraphConflictError(message)
            case "missing":
                return GraphNotFoundError(message)
            case "busy":
                return WriterBusyError("a build is writing the graph", _RETRY_SECONDS)
            case "memory":
                return MemoryExceededError(self._settings.worker_memory_bytes)
            case "directory":
                return GraphError(message)
            case _:
                _log.error("an update failed: %s", message)
                return EvaluationError(message)


async def _to_the_end(task: asyncio.Task[Written]) -> Written:
    """Wait for a task that is not to be cancelled, even when the one who waits is."""
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled() and task.exception() is not None:
            _log.error("an update whose client had left failed", exc_info=task.exception())
        raise


class _ChangeProcess:
    """One run of `main.py`; leaving the block kills it if it still runs.

    Attributes:
        last_words: what it wrote to standard error, once it has ended.
    """

    def __init__(self, arguments: Arguments) -> None:
        self._arguments = arguments
        self.last_words = ""

    async def __aenter__(self) -> _ChangeProcess:
        # Without our settings, which may hold the token; -P keeps the working directory off the path.
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("FAIRPAPERS_")
        }
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", f"{__package__}.main"),
            json.dumps(asdict(self._arguments)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=self._errors,
            env=environment,
        )
        return self

    async def __aexit__(self, *exception: object) -> None:
        # A cancelled client must not leave a process behind.
        await asyncio.shield(self.kill())

    async def send(self, change: bytes) -> None:
        """Hand the change over; a process that is gone already says so by its report."""
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(b"%d\n" % len(change) + change)
        try:
            await stdin.drain()
        except ConnectionError:
            return

    def go_on(self) -> None:
        """Let it publish."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"publish\n")

    async def report(self) -> dict[str, Any] | None:
        """Its next report, or None where it is gone without one."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    async def ended(self, seconds: float) -> None:
        """Wait until it ends by itself, or for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._process.wait()
        except TimeoutError:
            _log.error("the process of an update does not end")

    async def kill(self) -> int:
        """End it, and return its exit code."""
        if self._process.returncode is None:
            try:
                self._process.kill()
            except ProcessLookupError:
                _log.debug("the process of an update had ended by itself")
        code = await self._process.wait()
        if not self._errors.closed:
            with self._errors:
                self._errors.seek(0)
                self.last_words = self._errors.read(4096).decode(errors="replace").strip()
        return code
