"""Exercises that the server checks: few at a time, each within the limits of a query."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from typing import Any, Final

from .errors import (
    DeadlineExceededError,
    EvaluationError,
    OverloadedError,
)
from .settings import Settings

_log = logging.getLogger(__name__)

# A check starts a process; more at once would take the cores from the endpoint.
_AT_ONCE: Final = 2
_MODULE: Final = "fairpapers.api.course_process"
# Until the process has read the course; of a cold start on a busy machine.
_START_SECONDS: Final = 20.0


class CourseChecker:
    """Checks answers in processes that are killed at the deadline.

    Args:
        settings: deadline, memory and the most that may wait.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def check(self, exercise: str, text: str) -> dict[str, Any]:
        """The verdict, as `course_process` writes it.

        Raises:
            OverloadedError: too many wait, or none was free in time.
            DeadlineExceededError: the query took too long.
            EvaluationError: the process failed, for want of memory for example.
        """
        if self._waiting >= self._settings.queue_limit:
            raise OverloadedError(self._settings.queue_wait_seconds)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._settings.queue_wait_seconds):
                await self._free.acquire()
        except TimeoutError:
            raise OverloadedError(self._settings.queue_wait_seconds) from None
        finally:
            self._waiting -= 1
        try:
            return await self._run(exercise, text)
        finally:
            self._free.release()

    async def _run(self, exercise: str, text: str) -> dict[str, Any]:
        seconds = self._settings.deadline_seconds
        asked = {
            "exercise": exercise,
            "text": text,
            "seconds": seconds,
            "memory": self._settings.worker_memory_bytes,
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", _MODULE),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(seconds + _START_SECONDS):
                out, err = await process.communicate(json.dumps(asked).encode())
        except TimeoutError:
            raise DeadlineExceededError(seconds) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode == -24:  # SIGXCPU: its share of the processor is used up
            raise DeadlineExceededError(seconds)
        if process.returncode:
            _log.error("a check ended with %s: %s", process.returncode, err[-2000:])
            raise EvaluationError("the check ended early")
        verdict: dict[str, Any] = json.loads(out)
        return verdict
