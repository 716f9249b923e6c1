"""Questions to query processes and their answers as they come in."""

from __future__ import annotations

import json
import logging
import signal
from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ..errors import (
    ApiError,
    EvaluationError,
    MalformedRequestError,
    MemoryExceededError,
    QueryTooComplexError,
    ResultTooLargeError,
    TooManyRowsError,
    WorkerCrashedError,
)
from ..problems import syntax_problem
from ..settings import Settings
from . import frames
from .process import WorkerProcess

_log = logging.getLogger(__name__)

# Shorter queries cannot overflow the stack, so a crash is a fault of the engine.
_LEAST_OVERFLOW_BYTES: Final = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRequest:
    """What a query process needs to answer.

    Attributes:
        query: SPARQL query text, not checked here for what it asks.
        media_type: how the answer is written; must fit the form of the query.
        default_graphs: IRIs of the default graph's parts; empty together with ``named_graphs``
            means the union of all graphs, or what FROM says.
        named_graphs: IRIs that GRAPH may reach.
        has_from: the query has FROM clauses, so the union is not its default graph.
        base_iri: what relative IRIs in the query are relative to.
        prefixes: for output in Turtle and JSON-LD.
        deadline_seconds: a shorter deadline than the pool's; a longer one has no effect.
    """

    query: str
    media_type: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    has_from: bool = False
    base_iri: str | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict)
    deadline_seconds: float | None = None


class Answer:
    """An answer that is coming in; iterate over it for chunks of bytes.

    Attributes:
        media_type: as asked for.
        store: the store that answers.
        complete: every byte has been read.
    """

    def __init__(self, worker: WorkerProcess, request: QueryRequest, settings: Settings) -> None:
        self.media_type = request.media_type
        self.store = worker.store
        self.complete = False
        self._query = request.query
        self._worker = worker
        self._settings = settings
        self._early: deque[bytes] = deque()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._chunks()

    async def begin(self) -> None:
        """Wait for the first chunk, so that early failures are raised before any byte is sent."""
        first = await self._next()
        if first is not None:
            self._early.append(first)

    async def gather(self, most_bytes: int) -> bool:
        """Wait for the whole answer; says False where it is longer than so many bytes."""
        size = 0
        while (chunk := await self._next()) is not None:
            self._early.append(chunk)
            size += len(chunk)
            if size > most_bytes:
                return False
        return True

    async def _chunks(self) -> AsyncIterator[bytes]:
        while self._early:
            yield self._early.popleft()
        while (chunk := await self._next()) is not None:
            yield chunk

    async def _next(self) -> bytes | None:
        if self.complete:
            return None
        received = await self._worker.channel.read()
        if received is None:
            raise self._explained(await self._worker.failure())
        kind, payload = received
        if kind == frames.DATA:
            return payload
        # A fault ends the answer as well: the process is free for the next query.
        self.complete = True
        if kind == frames.FAULT:
            raise self._fault(json.loads(payload))
        return None

    def _explained(self, error: ApiError) -> ApiError:
        """Take the violation of memory at a long query for what it is: an overflow of the stack."""
        if isinstance(error, WorkerCrashedError) and error.code == -signal.SIGSEGV:
            size = len(self._query.encode("utf-8", "surrogatepass"))
            if size > _LEAST_OVERFLOW_BYTES:
                return QueryTooComplexError()
        return error

    def _fault(self, fault: dict[str, str]) -> ApiError:
        message = fault["message"]
        match fault["kind"]:
            case "syntax":
                return syntax_problem(message, self._query)
            case "request":
                return MalformedRequestError(message)
            case "format":
                return MalformedRequestError(f"{message}; ask for another format")
            case "memory":
                return MemoryExceededError(self._settings.worker_memory_bytes)
            case "too-many":
                return TooManyRowsError(self._settings.max_result_rows)
            case "too-large":
                return ResultTooLargeError(self._settings.max_result_bytes)
            case _:
                _log.error("the engine failed: %s", message)
                return EvaluationError(message)
