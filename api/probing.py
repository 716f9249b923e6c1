"""Questions about parts of a query, asked of the processes that answer queries."""

from __future__ import annotations

import asyncio
import json
from typing import Final

from ..queries.assistance import Explanation, Probe, Probing
from .errors import (
    ApiError,
    EvaluationError,
    OverloadedError,
    QueryForbiddenError,
    QuerySyntaxError,
    RateLimitedError,
    ShuttingDownError,
)
from .formats import RESULTS_JSON
from .inspection import inspect
from .settings import Settings
from .workers.backend import QueryPool
from .workers.pool import Lane, QueryRequest

# What says nothing about the query, so that going on would only add to the load.
_ENDS: Final = (OverloadedError, ShuttingDownError, RateLimitedError)
# One question takes no more than this share of the time that is left.
_SHARE: Final = 0.5


class Prober:
    """Answers the probes of one query, all of them within the deadline of one query.

    Args:
        pool: the processes.
        settings: the limits.
        base_iri: what relative IRIs of the query are relative to; without it they are an error.
    """

    def __init__(self, pool: QueryPool, settings: Settings, base_iri: str | None = None) -> None:
        self._pool = pool
        self._settings = settings
        self._base = base_iri
        loop = asyncio.get_running_loop()
        self._now = loop.time
        self._until = loop.time() + settings.deadline_seconds

    async def run(self, probing: Probing, text: str) -> Explanation:
        """Run the questions about a query.

        Raises:
            QuerySyntaxError: the query itself is not valid.
            ApiError: the server is busy.
        """
        try:
            probe = next(probing)
            while True:
                probe = probing.send(await self._answer(probe, text))
        except StopIteration as stop:
            found: Explanation = stop.value
            return found

    async def _answer(self, probe: Probe, text: str) -> int | None:
        left = self._until - self._now()
        if left <= 0.01:
            return None
        try:
            # A probe is a query like any other.
            inspect(probe.query, max_depth=self._settings.max_query_depth)
            request = self._request(probe.query, left * _SHARE, has_from=probe.has_from)
            body = await self._pool.fetch(request, Lane.SPARQL)
        except QuerySyntaxError:
            await self.refuse_if_invalid(text)
            return None
        except _ENDS:
            raise
        except ApiError:
            return None
        try:
            (row,) = json.loads(body)["results"]["bindings"]
            (cell,) = row.values()
            return int(cell["value"])
        except (ValueError, KeyError, TypeError) as error:
            raise EvaluationError("the answer of a process could not be read") from error

    async def refuse_if_invalid(self, text: str) -> None:
        """Have the engine say where a fault in the query itself is, not in what we made of it.

        Raises:
            QuerySyntaxError: there is one.
        """
        try:
            inspect(text, max_depth=self._settings.max_query_depth)
        except QueryForbiddenError:
            return
        left = max(self._until - self._now(), 0.01)
        request = self._request(text, left * _SHARE, has_from=False)
        try:
            async with self._pool.query(request, Lane.SPARQL):
                pass
        except QuerySyntaxError:
            raise
        except ApiError:
            return

    def _request(self, query: str, seconds: float, *, has_from: bool) -> QueryRequest:
        return QueryRequest(
            query=query,
            media_type=RESULTS_JSON.media_type,
            has_from=has_from,
            base_iri=self._base,
            deadline_seconds=seconds,
        )
