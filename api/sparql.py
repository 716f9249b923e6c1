"""The SPARQL endpoint as an ASGI application of its own, for speed and for exact streams.

The first 64 KiB of an answer are held back, so that a query that fails early gets its real
status and a small answer its Content-Length. When a query fails later, the connection is cut
without the last chunk: no client takes half an answer for a whole one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from typing import Final

from starlette.types import Receive, Scope, Send

from .errors import AnswerBrokenError, ApiError
from .formats import GRAPHS, HTML, RESULTS_JSON, for_form
from .inspection import Inspection, inspect
from .negotiation import negotiate
from .observing.request import note_query
from .observing.request import note_query
from .protocol import (
    SparqlRequest,
    UpdateRequest,
    holds_update,
    most_body_bytes,
    parse_request,
    requested_format,
)
from .responding import ClientGoneError, Exchange, matches_etag
from .service_description import GRAPHS_QUERY, describe
from .settings import Settings
from .updates.endpoint import Updates, no_updates
from .workers.lanes import Lane
from .workers.pool import Answer, QueryRequest, WorkerPool

_log = logging.getLogger(__name__)

_HELD_BYTES: Final = 64 * 1024
# Longer queries are looked through on a thread, so that others are served meanwhile.
_INSPECT_INLINE: Final = 16 * 1024
_HEADERS: Final = {"Vary": "Accept", "Cache-Control": "no-cache"}


class SparqlEndpoint:
    """ASGI application for one path; route every method there to it.

    Args:
        pool: answers the queries; started and closed by the owner.
        settings: limits and CORS.
        editor: where a browser goes that asks for this path without a query.
        updates: makes updates; without it each is refused.
    """

    def __init__(
        self,
        pool: WorkerPool,
        settings: Settings,
        *,
        editor: str | None = None,
        updates: Updates | None = None,
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._editor = editor
        self._updates = updates or no_updates(settings)
        self._inspecting = asyncio.Semaphore(1)
        self._graphs: tuple[str, tuple[str, ...]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            AnswerBrokenError: the answer failed after its first bytes, and the server must cut
                the connection, as uvicorn does on any exception at that point.
        """
        assert scope["type"] == "http"
        exchange = Exchange(scope, receive, send, self._settings)
        try:
            await self._respond(exchange)
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
            limit = self._updates.most_bytes(exchange)
            body = await exchange.body(
                most_body_bytes(limit), self._settings.deadline_seconds, shown=limit
            )
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
        note_query(request.query)
        found, seconds = await self._inspect(request.query)
        offer = negotiate(exchange.header("accept"), request.format, for_form(found.form))
        query = QueryRequest(
            query=request.query,
            media_type=offer.media_type,
            default_graphs=request.default_graphs,
            named_graphs=request.named_graphs,
            has_from=found.has_from,
            base_iri=exchange.url,
            deadline_seconds=seconds,
        )
        if not found.volatile:
            etag = entity_tag(self._pool.store.id, query)
            if matches_etag(exchange.header("if-none-match"), etag):
                await exchange.whole(304, {**_HEADERS, "ETag": etag})
                return
        async with exchange.while_connected(), self._pool.query(query) as answer:
            headers = {**_HEADERS, "Content-Type": offer.content_type}
            if not found.volatile:
                # The store may have been swapped since.
                headers["ETag"] = entity_tag(answer.store.id, query)
            held = await self._stream(exchange, answer, headers)
        if exchange.started:
            await exchange.send(b"", more=False)
        else:
            await exchange.whole(200, headers, held)

    async def _stream(self, exchange: Exchange, answer: Answer, headers: dict[str, str]) -> bytes:
        """Send an answer on as it comes; one that is small is returned unsent."""
        held = bytearray()
        async for chunk in answer:
            if exchange.started:
                await exchange.send(chunk, more=True)
                continue
            held += chunk
            if len(held) > _HELD_BYTES:
                await exchange.start(200, headers)
                if exchange.method == "HEAD":
                    break
                await exchange.send(held, more=True)
        return bytes(held)

    async def _inspect(self, query: str) -> tuple[Inspection, float]:
        """What the query asks for, and the seconds that are left to answer it."""
        depth, seconds = self._settings.max_query_depth, self._settings.deadline_seconds
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
        body = describe(exchange.url, await self._named_graphs(), offer.media_type)
        await exchange.whole(200, {**_HEADERS, "Content-Type": offer.content_type}, body)

    async def _named_graphs(self) -> tuple[str, ...]:
        store = self._pool.store
        if self._graphs is None or self._graphs[0] != store.id:
            request = QueryRequest(query=GRAPHS_QUERY, media_type=RESULTS_JSON.media_type)
            rows = json.loads(await self._pool.fetch(request, Lane.LIBRARY))["results"]["bindings"]
            self._graphs = store.id, tuple(row["graph"]["value"] for row in rows)
        return self._graphs[1]


def entity_tag(store_id: str, query: QueryRequest) -> str:
    """A strong entity tag: a store never changes, so these determine every byte of the answer."""
    parts = (
        store_id,
        query.query,
        *("default " + graph for graph in query.default_graphs),
        *("named " + graph for graph in query.named_graphs),
        query.base_iri,
        query.media_type,
    )
    digest = hashlib.sha256(json.dumps(parts).encode("utf-8", "surrogatepass"))
    return f'"{digest.hexdigest()[:32]}"'
