"""What is counted and logged of responses that the application never saw."""

from __future__ import annotations

import logging

from ..observing.metrics import Metrics
from ..observing.outcomes import Outcome
from ..observing.request import query_digest
from ..settings import Settings
from ..workers.lanes import Lane
from .cache import AnswerCache
from .replies import Reply

_log = logging.getLogger("fairpapers.api.observing.middleware")


def note_reply(
    metrics: Metrics, settings: Settings, cache: AnswerCache, reply: Reply, request_id: str
) -> None:
    """Count a response as `observing.middleware` counts others, and log it."""
    outcome = Outcome.NOT_MODIFIED if reply.status == 304 else Outcome.CACHED
    cache.hits += 1
    metrics.query_ended(Lane.SPARQL.value, outcome)
    metrics.request_ended("GET", reply.status, len(reply.body), broken=False)
    if not settings.log_requests:
        return
    fields: dict[str, object] = {
        "request_id": request_id,
        "method": "GET",
        "path": "/sparql",
        "status": reply.status,
        "outcome": outcome.value,
        "seconds": 0.0,
        "bytes": len(reply.body),
        "digest": query_digest(reply.query),
    }
    if settings.log_queries:
        fields["query"] = reply.query
    _log.info("request", extra={"fields": fields})
