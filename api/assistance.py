"""``/explain``: what may be wrong with a query, why it has no rows, and a picture of it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any, Final

from fastapi import APIRouter
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from ..queries.assistance import (
    KINDS,
    Finding,
    Known,
    View,
    advise,
    draw,
    explain_empty,
    mermaid,
    occurs_query,
    read,
    report,
    svg,
    void_query,
    with_graph,
)
from .administering.consistency import Memory
from .administering.publication import Published
from .context import Context
from .entities import text
from .errors import (
    ApiError,
    ContentTooLargeError,
    MalformedRequestError,
    QueryForbiddenError,
    UnsupportedMediaError,
)
from .formats import HTML, JSON
from .inspection import inspect
from .negotiation import Offer, negotiate
from .observing.request import note_query
from .probing import Prober
from .protocol import format_of, parse_parameters
from .responding import ClientGoneError, Exchange
from .workers.backend import QueryPool

_log = logging.getLogger(__name__)

PATH: Final = "/explain"
METHODS: Final = ("POST", "GET", "HEAD", "OPTIONS")
SVG: Final = Offer("image/svg+xml", ("svg",))
MERMAID: Final = Offer("text/vnd.mermaid", ("mermaid",))
OFFERS: Final = (JSON, SVG, MERMAID)
# Longer queries are written by programs, which do not ask what they mean.
MOST_BYTES: Final = 64 * 1024
# JSON may write a letter as six.
_GROWTH: Final = 6
_MARGIN: Final = 1024
_FIELDS: Final = frozenset({"query", "empty", "picture"})
# Names that the description of the graph does not have are looked up, so many at most.
_MOST_LOOKED_UP: Final = 10


@dataclass(frozen=True, slots=True)
class Question:
    """What was sent.

    Attributes:
        query: its text.
        empty: whether to ask the graph why it has no rows.
        picture: whether the picture is wanted in the JSON.
    """

    query: str
    empty: bool = False
    picture: bool = False


class Assistance:
    """ASGI application that answers POST on `PATH`.

    What is read of a query without executing it is done on a thread, one query at a time; what
    asks the graph runs in the processes of the endpoint, on its lane and within its deadline.

    Args:
        context: settings and the graph's vocabulary.
        publication: says when the graph changes.
        pool: the processes.
    """

    def __init__(self, context: Context, publication: Published, pool: QueryPool) -> None:
        self._context = context
        self._settings = context.settings
        self._pool = pool
        self._reading = asyncio.Semaphore(1)
        self._known: Memory[str, Known] = Memory()
        publication.on_change(lambda _: self._known.forget())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = Exchange(scope, receive, send, self._settings)
        try:
            await self._respond(exchange)
        except ClientGoneError:
            return
        except ApiError as error:
            await exchange.fail(error)
        except Exception as error:
            _log.exception("a request failed unexpectedly")
            await exchange.fail(error)

    async def _respond(self, exchange: Exchange) -> None:
        if exchange.method == "OPTIONS":
            await exchange.preflight(METHODS)
            return
        wanted = format_of(parse_parameters(exchange.query_string))
        offer = negotiate(exchange.header("accept"), wanted, OFFERS)
        limit = min(MOST_BYTES, self._settings.max_query_bytes)
        body = await exchange.body(
            limit * _GROWTH + _MARGIN, self._settings.deadline_seconds, shown=limit
        )
        question = parse_question(exchange.header("content-type"), body, limit)
        if question.empty:
            note_query(question.query)
        async with exchange.while_connected():
            answer = await self._answer(exchange, question, offer)
        headers = {
            "Content-Type": offer.content_type,
            "Cache-Control": "no-store",
            "Vary": "Accept",
        }
        await exchange.whole(200, headers, answer)

    async def _answer(self, exchange: Exchange, question: Question, offer: Offer) -> bytes:
        try:
            inspect(question.query, max_depth=self._settings.max_query_depth)
        except QueryForbiddenError as error:
            # What is not executed may be looked at, and SERVICE is left out of what is.
            if question.empty and error.operation != "SERVICE":
                raise
        if offer is not JSON:
            async with self._reading:
                return await asyncio.to_thread(_drawn, question.query, offer)
        known = await self._terms()
        async with self._reading:
            view, found = await asyncio.to_thread(_advised, question.query, known)
        found = await self._sure(found)
        explanation = None
        if question.empty:
            base = exchange.url.removesuffix(PATH) + "/sparql"
            prober = Prober(self._pool, self._settings, base)
            if view.fault is not None:
                await prober.refuse_if_invalid(question.query)
            explanation = await prober.run(explain_empty(view, steps=True), question.query)

        def write() -> bytes:
            document = report(view, found, explanation, picture=question.picture)
            return json.dumps(document, ensure_ascii=False).encode()

        async with self._reading:
            return await asyncio.to_thread(write)

    async def _terms(self) -> Known:
        """The terms of the graph that is served, asked once a snapshot."""
        memory = self._known.now
        if "" not in memory:
            answer = await self._context.asker.answer(void_query(self._context.links.base))
            rows = [{name: text(row, name) for name in row} for row in answer.rows]
            memory[""] = with_graph(rows)
        return memory[""]

    async def _sure(self, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Leave out names that the graph has after all, since it was changed after its build."""
        looked_up: dict[str, bool] = {}
        for each in found:
            if each.kind != "unknown-term" or each.about in looked_up:
                continue
            if len(looked_up) < _MOST_LOOKED_UP and _is_iri(each.about):
                answer = await self._context.asker.answer(occurs_query(each.about))
                looked_up[each.about] = bool(answer.boolean)
        return tuple(each for each in found if not looked_up.get(each.about, False))


def parse_question(content_type: str | None, body: bytes, limit: int) -> Question:
    """Read the body of a POST.

    Raises:
        UnsupportedMediaError: it is no JSON by its Content-Type.
        MalformedRequestError: it is no JSON, or not of the form that is described.
        ContentTooLargeError: the query has more than ``limit`` bytes.
    """
    message = Message()
    message["Content-Type"] = content_type or ""
    if content_type is None or message.get_content_type() != JSON.media_type:
        raise UnsupportedMediaError(content_type and content_type[:200], (JSON.media_type,))
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedRequestError("the body is no JSON") from error
    if not isinstance(document, dict) or not isinstance(document.get("query"), str):
        raise MalformedRequestError('the body must be an object with a "query" that is a string')
    unknown = sorted(set(document) - _FIELDS)
    if unknown:
        raise MalformedRequestError(
            f"the body has the member {unknown[0][:80]!r}; there are {', '.join(sorted(_FIELDS))}"
        )
    for name in ("empty", "picture"):
        if not isinstance(document.get(name, False), bool):
            raise MalformedRequestError(f"{name} must be true or false")
    try:
        length = len(document["query"].encode())
    except UnicodeEncodeError as error:
        raise MalformedRequestError("the query has half of a surrogate pair") from error
    if length > limit:
        raise ContentTooLargeError(limit)
    return Question(**document)


def _advised(query: str, known: Known) -> tuple[View, tuple[Finding, ...]]:
    view = read(query)
    return view, advise(view, known)


def _drawn(query: str, offer: Offer) -> bytes:
    drawing = draw(read(query))
    return (svg(drawing) if offer is SVG else mermaid(drawing)).encode()


def _is_iri(iri: str) -> bool:
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True


def assistance_router(context: Context) -> APIRouter:
    """The page of what the findings mean."""
    router = APIRouter(tags=["Help"])

    @router.get(PATH, summary="List what may be wrong with a query, with examples")
    async def kinds(request: Request) -> Response:
        wanted = request.query_params.get("format")
        offer = negotiate(request.headers.get("accept"), wanted, (JSON, HTML))
        if offer is HTML:
            return context.pages.render(
                "explain.html",
                headers={"Vary": "Accept"},
                heading="What may be wrong with a query",
                section="/editor",
                kinds=list(KINDS.values()),
            )
        return JSONResponse(list(_listed()), headers={"Vary": "Accept"})

    return router


def _listed() -> Iterator[dict[str, str]]:
    for kind in KINDS.values():
        yield {
            "id": kind.id,
            "level": kind.level,
            "title": kind.title,
            "meaning": kind.meaning,
            "example": kind.example,
            "better": kind.better,
        }
