"""The graph store as an ASGI application: whole graphs read, put, added to and removed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from typing import Final

import pyoxigraph as ox
from starlette.types import Receive, Scope, Send

from ..errors import GraphNotFoundError, MalformedRequestError
from ..formats import GRAPHS, RESULTS_JSON
from ..links import Links
from ..negotiation import negotiate
from ..responding import Exchange
from ..settings import Settings
from ..sparql import SparqlEndpoint
from ..updates.changes import Action, GraphChange, Part
from ..updates.endpoint import Updates
from ..workers.backend import QueryPool
from ..workers.pool import QueryRequest
from .protocol import METHODS, Target, parts, target

DIRECT: Final = "/graph/"
_ALL: Final = "# a whole graph\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
# A triple pattern would miss a graph that is there and empty.
_EXISTS: Final = "ASK { VALUES ?graph { <%s> } GRAPH ?graph {} }"
_ACTIONS: Final[dict[str, Action]] = {"PUT": "put", "POST": "post", "DELETE": "delete"}


class GraphStore:
    """ASGI application for the graph store and for the paths of graph IRIs.

    Args:
        endpoint: answers what is read.
        pool: tells whether a graph is there.
        updates: makes what is written, or refuses it.
        links: which graph a path stands for, and what the IRIs of new graphs begin with.
        settings: limits and CORS.
        known: IRIs of the graphs that are there; None asks the pool.
    """

    def __init__(
        self,
        endpoint: SparqlEndpoint,
        pool: QueryPool,
        updates: Updates,
        links: Links,
        settings: Settings,
        *,
        known: Callable[[], Collection[str]] | None = None,
    ) -> None:
        self._known = known
        self._endpoint = endpoint
        self._pool = pool
        self._updates = updates
        self._links = links
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            AnswerBrokenError: see `SparqlEndpoint`.
        """
        assert scope["type"] == "http"
        exchange = Exchange(scope, receive, send, self._settings)
        await self._endpoint.guard(exchange, self._respond(exchange, self._direct(scope)))

    def _direct(self, scope: Scope) -> str | None:
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        return self._links.instance(raw) if scope["path"].startswith(DIRECT) else None

    async def _respond(self, exchange: Exchange, direct: str | None) -> None:
        found = target(exchange.method, exchange.query_string, direct)
        if exchange.method == "OPTIONS":
            await exchange.preflight(METHODS)
            return
        if found.graph is not None:
            _check(found.graph)
        if exchange.method in _ACTIONS:
            await self._write(exchange, found)
        else:
            await self._read(exchange, found)

    async def _read(self, exchange: Exchange, found: Target) -> None:
        offer = negotiate(exchange.header("accept"), found.format, GRAPHS)
        if found.graph is not None and not await self._exists(found.graph):
            raise GraphNotFoundError(found.graph)
        query = QueryRequest(
            query=_ALL,
            media_type=offer.media_type,
            default_graphs=() if found.graph is None else (found.graph,),
            # Without graphs this stands for the unnamed graph alone, not for the union.
            has_from=found.graph is None,
        )
        await self._endpoint.deliver(exchange, query, offer, volatile=False)

    async def _exists(self, graph: str) -> bool:
        if self._known is not None:
            return graph in self._known()
        answer = await self._pool.fetch(
            QueryRequest(query=_EXISTS % graph, media_type=RESULTS_JSON.media_type)
        )
        return b"true" in answer

    async def _write(self, exchange: Exchange, found: Target) -> None:
        self._updates.check(exchange)
        graph = self._fresh() if found.new else found.graph
        change = GraphChange(
            action=_ACTIONS[exchange.method],
            graph=graph,
            base_iri=graph or exchange.url,
            parts=() if exchange.method == "DELETE" else await self._parts(exchange),
        )
        written = await self._updates.write(exchange, change)
        headers = {"Cache-Control": "no-store"}
        if found.new and graph is not None:
            headers["Location"] = graph
        await exchange.whole(201 if written.created else 204, headers)

    async def _parts(self, exchange: Exchange) -> tuple[Part, ...]:
        kind = exchange.header("content-type")
        limit, seconds = self._settings.max_update_bytes, self._settings.update_deadline_seconds
        return parts(kind, await exchange.body(limit, seconds))

    def _fresh(self) -> str:
        return f"{self._links.base}{DIRECT}{uuid.uuid4()}"


def _check(graph: str) -> None:
    """Refuse what is no IRI.

    Raises:
        MalformedRequestError: it is none, or relative.
    """
    try:
        ox.NamedNode(graph)
    except ValueError:
        raise MalformedRequestError(f"{graph[:200]!r} is no absolute IRI") from None
