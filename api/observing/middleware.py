"""Watches every request: an id for it, a line in the log, figures for the metrics."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import AnswerBrokenError
from ..settings import Settings
from ..workers.lanes import Lane
from .metrics import Metrics
from .outcomes import Outcome, outcome_of
from .request import HEADER, Notes, begin_request, query_digest

_log = logging.getLogger(__name__)

_LONGEST_PATH: Final = 200
_NAME: Final = HEADER.lower().encode()


@dataclass(slots=True)
class _Sent:
    status: int = 0
    bytes: int = 0


class Observed:
    """ASGI middleware; the outermost, so that it sees what is really sent.

    Args:
        app: what it watches.
        metrics: where requests and the queries that needed no process are counted.
        settings: whether requests, and the text of queries, are logged.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, settings: Settings) -> None:
        self.app = app
        self._metrics = metrics
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and note what becomes of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        ids = [value for name, value in scope["headers"] if name == _NAME]
        notes = begin_request(ids[0] if len(ids) == 1 else None)
        sent = _Sent()

        async def observe(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent.status = message["status"]
                MutableHeaders(scope=message)[HEADER] = notes.id
            elif message["type"] == "http.response.body":
                sent.bytes += len(message.get("body", b""))
            await send(message)

        fault: BaseException | None = None
        try:
            await self.app(scope, receive, observe)
        except BaseException as error:
            fault = error
            if not _out_of_patience(error):
                raise
        finally:
            self._ended(scope, notes, sent, fault, time.perf_counter() - began)

    def _ended(
        self, scope: Scope, notes: Notes, sent: _Sent, fault: BaseException | None, seconds: float
    ) -> None:
        status = 500 if fault is not None and not sent.status else sent.status
        outcome = _outcome(notes, status, fault)
        if notes.query is not None and not notes.counted:
            self._metrics.query_ended(Lane.SPARQL.value, outcome)
        broken = fault is not None and sent.status != 0
        self._metrics.request_ended(scope["method"], status, sent.bytes, broken=broken)
        if not self._settings.log_requests:
            return
        fields: dict[str, object] = {
            "method": scope["method"],
            "path": scope["path"][:_LONGEST_PATH],
            "status": status,
            "outcome": outcome.value,
            "seconds": round(seconds, 6),
            "bytes": sent.bytes,
        }
        if broken:
            fields["broken"] = True
        if notes.query is not None:
            fields["digest"] = query_digest(notes.query)
            if self._settings.log_queries:
                fields["query"] = notes.query
        _log.info("request", extra={"fields": fields})


def _out_of_patience(error: BaseException) -> bool:
    """Whether the server, which is stopping, gave up a client that does not read on.

    uvicorn cancels such a request, says so in a line, and would show the cancellation as a defect.
    """
    return isinstance(error, asyncio.CancelledError) and any(
        "timeout graceful shutdown exceeded" in str(each) for each in error.args
    )


def _outcome(notes: Notes, status: int, fault: BaseException | None) -> Outcome:
    if notes.outcome is not None:
        return notes.outcome
    if isinstance(fault, AnswerBrokenError):
        return outcome_of(fault.error)
    if fault is not None:
        return outcome_of(fault)
    if status == 304:
        return Outcome.NOT_MODIFIED
    if status >= 400:
        return Outcome.FAILED if status >= 500 else Outcome.REJECTED
    if not status:
        return Outcome.CLIENT_LEFT
    return Outcome.OK if notes.query is None else Outcome.CACHED
