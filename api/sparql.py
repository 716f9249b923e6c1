"""The SPARQL endpoint as an ASGI application of its own, for speed and for exact streams.

When a query fails after the first bytes of its answer, the connection is cut without the last
chunk: no client takes half an answer for a whole one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import replace
from typing import Final

from starlette.types import Receive, Scope, Send

from .answering.cache import AnswerCache
from .answering.delivery import FIELDS, Delivery
from .errors import AnswerBrokenError, ApiError
from .federation.service import Federation
from .formats import GRAPHS, HTML, RESULTS_JSON, for_form
from .inspection import Inspection, inspect
from .negotiation import Offer, negotiate
from .observing.request import note_query
from .protecting.deadlines import HEADER as TIMEOUT
from .protecting.deadlines import shortened
from .protocol import (
    SparqlRequest,
    UpdateRequest,
    holds_update,
    most_body_bytes,
    parse_request,
    requested_format,
)
from .responding import ClientGoneError, Exchange
from .service_description import Abilities, Catalogue, describe
from .settings import Settings
from .updates.endpoint import Updates, no_updates
from .workers.backend import QueryPool
from .workers.pool import QueryRequest

_log = logging.getLogger(__name__)

# Longer queries are looked through on a thread, so that others are served meanwhile.
_INSPECT_INLINE: Final = 16 * 1024


class SparqlEndpoint:
    """ASGI application for one path; route every method there to it.

    Args:
        pool: answers the queries; started and closed by the owner.
        settings: limits and CORS.
        editor: where a browser goes that asks for this path without a query.
        updates: makes updates; without it each is refused.
        cache: complete answers of this pool; without it none is kept.
        catalogue: counts the graphs of this pool, for the description.
    """

    def __init__(
        self,
        pool: QueryPool,
        settings: Settings,
        *,
        editor: str | None = None,
        updates: Updates | None = None,
        cache: AnswerCache | None = None,
        catalogue: Catalogue | None = None,
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._editor = editor
        self._updates = updates or no_updates(settings)
        self._federation = Federation(settings)
        self._delivery = Delivery(pool, AnswerCache(0) if cache is None else cache)
        self._inspecting = asyncio.Semaphore(1)
        self._catalogue = catalogue or Catalogue(pool)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            AnswerBrokenError: the answer failed after its first bytes, and the server must cut
                the connection, as uvicorn does on any exception at that point.
        """
        assert scope["type"] == "http"
        exchange = Exchange(scope, receive, send, self._settings)
        await self.guard(exchange, self._respond(exchange))

    async def guard(self, exchange: Exchange, responding: Awaitable[None]) -> None:
        """Answer with a problem document where an answer fails before it has begun.

        Raises:
            AnswerBrokenError: it failed later; see `__call__`.
        """
        try:
            await responding
        except ClientGoneError:
            return
        except ApiError as error:
            if exchange.started:
                raise AnswerBrokenError(error) from None
            await exchange.fail(error)
        except Exception as error:
            _log.exception("a request failed unexpectedly")
            if exchange.started:
                raise
            await exchange.fail(error)

    async def _respond(self, exchange: Exchange) -> None:
        if exchange.method == "OPTIONS":
            await exchange.preflight()
            return
        limit, body = self._settings.max_query_bytes, b""
        kind = exchange.header("content-type")
        if exchange.method == "POST":
            if holds_update(kind):
                self._updates.check(exchange)
            limit, seconds = self._updates.most(exchange)
            body = await exchange.body(most_body_bytes(limit), seconds, shown=limit)
        request = parse_request(
            exchange.method,
            exchange.query_string,
            kind,
            body,
            max_query_bytes=self._settings.max_query_bytes,
            max_update_bytes=limit,
        )
        if request is None:
            await self._describe(exchange)
        elif isinstance(request, UpdateRequest):
            await self._updates.respond(exchange, request)
        else:
            await self._answer(exchange, request)

    async def _answer(self, exchange: Exchange, request: SparqlRequest) -> None:
        note_query(request.query)
        seconds = shortened(
            self._settings.deadline_seconds, request.timeout, exchange.header(TIMEOUT)
        )
        text = request.query
        if self._federation.enabled:
            # All parts together have the time of one query, however many there are.
            until = asyncio.get_running_loop().time() + seconds
            async with exchange.while_connected():
                text = await self._federation.resolve(
                    text, exchange.url, lambda part: self._rows(part, request, exchange, until)
                )
        found, seconds = await self._inspect(text, seconds)
        if text is not request.query:
            # What other endpoints hold may change at any time.
            found = replace(found, volatile=True)
        offer = negotiate(exchange.header("accept"), request.format, for_form(found.form))
        query = QueryRequest(
            query=text,
            media_type=offer.media_type,
            default_graphs=request.default_graphs,
            named_graphs=request.named_graphs,
            has_from=found.has_from,
            base_iri=exchange.url,
            deadline_seconds=seconds,
        )
        await self.deliver(exchange, query, offer, volatile=found.volatile)

    async def _rows(
        self, text: str, request: SparqlRequest, exchange: Exchange, until: float
    ) -> bytes:
        """Rows of a part of a federated query, whole; ``until`` is a time of the event loop."""
        left = until - asyncio.get_running_loop().time()
        found, seconds = await self._inspect(text, max(left, 0.001))
        query = QueryRequest(
            query=text,
            media_type=RESULTS_JSON.media_type,
            default_graphs=request.default_graphs,
            named_graphs=request.named_graphs,
            has_from=found.has_from,
            base_iri=exchange.url,
            deadline_seconds=seconds,
        )
        async with self._pool.query(query) as answer:
            return b"".join([chunk async for chunk in answer])

    async def deliver(
        self, exchange: Exchange, query: QueryRequest, offer: Offer, *, volatile: bool
    ) -> None:
        """Answer a query in a format; ``volatile`` are answers that differ each time.

        Raises:
            ApiError: whatever ended the query.
        """
        await self._delivery.deliver(exchange, query, offer, volatile=volatile)

    async def _inspect(self, query: str, seconds: float) -> tuple[Inspection, float]:
        """What the query asks for, and the seconds that are left to answer it."""
        depth = self._settings.max_query_depth
        if len(query) <= _INSPECT_INLINE:
            return inspect(query, max_depth=depth), seconds
        # A megabyte of brackets takes seconds to look through, so one of these at a time.
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with self._inspecting:
            found = await asyncio.to_thread(inspect, query, max_depth=depth)
        return found, max(seconds - (loop.time() - began), 0.001)

    async def _describe(self, exchange: Exchange) -> None:
        page = () if self._editor is None else (HTML,)
        wanted = requested_format(exchange.query_string)
        offer = negotiate(exchange.header("accept"), wanted, (*GRAPHS, *page))
        if offer is HTML and self._editor is not None:
            await exchange.whole(303, {"Location": self._editor, "Vary": "Accept"})
            return
        abilities = Abilities(self._updates.enabled, self._federation.enabled)
        dataset = await self._catalogue.dataset()
        body = describe(exchange.url, dataset, abilities, offer.media_type)
        await exchange.whole(200, {**FIELDS, "Content-Type": offer.content_type}, body)
