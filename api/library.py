"""The query library over HTTP: a list, and one address a query that answers it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ..queries import Library, ParameterError, Query, UnknownParameterError, UnknownQueryError
from ..queries.federation import hosts
from .cells import Cell, table
from .context import SHOWN_ROWS, Context
from .drawing.answers import chart_of
from .drawing.charts import Chart
from .errors import ApiError
from .federation.library import SETTING, not_allowed, with_answers
from .formats import (
    HTML,
    JSON,
    RESULTS_JSON,
    SPARQL,
    TURTLE,
    Alternate,
    alternates,
    for_form,
    link_header,
)
from .negotiation import Offer, negotiate
from .page_errors import InvalidParameterError, QueryNotFoundError
from .problems import problem
from .profiles import GRAPH_VIEW

_VARY: Final = {"Vary": "Accept"}


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as a page draws it; one of ``boolean``, ``text`` and ``table`` is set.

    Beside a table there may be a chart of it, where the query says so.
    """

    note: str
    boolean: bool | None = None
    text: str | None = None
    columns: tuple[str, ...] = ()
    table: list[list[Cell]] | None = None
    chart: Chart | None = None


def library_router(context: Context) -> APIRouter:
    """Routes of the query library."""
    router = APIRouter(tags=["Query library"], route_class=context.route_class)

    @router.get("/queries", summary="List the queries of the library")
    async def list_queries(request: Request) -> Response:
        offer = negotiate(request.headers.get("accept"), _format(request), (JSON, HTML))
        if offer is JSON:
            entries = [describe(query) for query in context.library.values()]
            return Response(_json(entries), headers=_VARY, media_type=JSON.media_type)
        groups = context.library.groups().items()
        return context.pages.render(
            "queries.html",
            headers=_VARY,
            heading="Query library",
            section="/queries",
            groups=groups,
        )

    @router.get("/queries/{query_id}", summary="Answer a query of the library")
    async def answer_query(request: Request, query_id: str) -> Response:
        query = find(context, query_id)
        offers = (*for_form(query.form), HTML)
        offer = negotiate(request.headers.get("accept"), _format(request), offers)
        values = given(request)
        if offer is HTML:
            return await page(context, query, values)
        text = await resolved(context, query, bind(context, query, values))
        body = await context.asker.data(text, offer.media_type)
        links = alternates(f"/queries/{query.id}", offers[:-1], values.items())
        headers = {**_VARY, "Link": link_header(links)}
        if query.federates:
            # What other endpoints hold may change at any time.
            headers["Cache-Control"] = "no-store"
        return Response(body, headers=headers | {"Content-Type": offer.content_type})

    @router.get("/queries/{query_id}/text", summary="Show the file of a query")
    async def query_text(query_id: str) -> Response:
        text = file_text(context.library, find(context, query_id))
        return Response(text, headers={"Content-Type": f"{SPARQL.media_type}; charset=utf-8"})

    return router


def find(context: Context, query_id: str) -> Query:
    """The query of that id.

    Raises:
        QueryNotFoundError: there is none.
    """
    try:
        return context.library.find(query_id)
    except UnknownQueryError as error:
        raise QueryNotFoundError(error) from error


def bind(context: Context, query: Query, values: dict[str, str]) -> str:
    """Executable text of a query.

    Raises:
        InvalidParameterError: a value that its parameter does not take, or no such parameter.
    """
    try:
        return query.bind(values, base=context.links.base)
    except (ParameterError, UnknownParameterError) as error:
        raise InvalidParameterError.of(error) from error


async def resolved(context: Context, query: Query, text: str) -> str:
    """The text of a query with the rows of other endpoints in it, where it asks any.

    Raises:
        ApiError: one is not allowed, or failed.
    """

    async def local(part: str) -> bytes:
        return await context.asker.data(part, RESULTS_JSON.media_type)

    return await with_answers(
        query,
        text,
        settings=context.settings,
        federation=context.federation,
        base_iri=f"{context.links.base}/sparql",
        local=local,
    )


def given(request: Request) -> dict[str, str]:
    """Values of parameters in the query string; of several for one name the last."""
    return {name: value for name, value in request.query_params.items() if name != "format"}


def describe(query: Query) -> dict[str, object]:
    """Metadata of a query for programs."""
    return query.model_dump(mode="json") | {"href": f"/queries/{query.id}"}


def file_text(library: Library, query: Query) -> str:
    """The query's file with its front matter; of one that has none any more the text alone."""
    path = library.file(query.id)
    text = path.read_text(encoding="utf-8") if path is not None and path.is_file() else ""
    return text if text.endswith(query.text) else query.text


async def page(context: Context, query: Query, values: dict[str, str]) -> Response:
    """The page of a query: what it asks, its parameters as fields, and the answer.

    A parameter that is not valid, or a query that fails, is shown on the page at its place.
    """
    shown: Shown | None = None
    status, fault, wrong = 200, None, ""
    text = query.text
    unasked = not_allowed(query, context.settings)
    try:
        text = bind(context, query, values)
        if not unasked:
            shown = await show(context, query, await resolved(context, query, text))
    except ApiError as error:
        made = problem(error)
        status, fault = made.status, json.loads(made.body)
        wrong = error.name if isinstance(error, InvalidParameterError) else ""
    # A link that nobody may follow is none.
    links = [] if unasked else _links(query, values)
    arguments = urlencode([("id", query.id), *values.items()])
    return context.pages.render(
        "query.html",
        status,
        {**_VARY, "Link": link_header(links)} if links else _VARY,
        heading=query.title,
        section="/queries",
        query=query,
        values=filled(query, values),
        choices=await context.offered(query),
        wrong=wrong,
        problem=fault,
        answer=shown,
        text=text,
        formats=links,
        editor=f"/editor?{arguments}",
        around=_around(context, query, values) if shown and _says_anything(shown) else "",
        notes={column.name: column.description for column in query.columns},
        related=[context.library[name] for name in query.related],
        hosts=hosts(query),
        unasked=unasked,
        setting=SETTING,
    )


def _says_anything(shown: Shown) -> bool:
    lines = (shown.text or "").splitlines()
    return bool(shown.table) or any(line and not line.startswith("@prefix") for line in lines)


def _around(context: Context, query: Query, values: dict[str, str]) -> str:
    """Path of the picture around the one thing that a query of networks asks for, if it does."""
    things = [each for each in query.parameters if each.type == "resource"]
    if query.visual != "network" or len(things) != 1:
        return ""
    given = values.get(things[0].name, things[0].default)
    base = f"{context.links.base}/id/"
    # A value that was bound is an IRI, here or elsewhere, or the end of one of ours.
    elsewhere = not given.startswith(base) and ":" in given.partition("/")[0]
    path = context.links.local(base + given.removeprefix(base))
    return "" if elsewhere else f"{path}?view={GRAPH_VIEW}"


def filled(query: Query, values: dict[str, str]) -> dict[str, str]:
    """What stands in the fields: what was given, else the defaults."""
    return {each.name: values.get(each.name, each.default) for each in query.parameters}


async def show(context: Context, query: Query, text: str) -> Shown:
    """Ask and prepare the answer for the page.

    Raises:
        ApiError: the query failed.
    """
    if query.form not in ("SELECT", "ASK"):
        lines = (await context.asker.data(text, TURTLE.media_type)).decode().splitlines()
        note = _counted(len(lines), "line")
        return Shown(note, text="\n".join(lines[:SHOWN_ROWS]))
    answer = await context.asker.answer(text)
    if answer.boolean is not None:
        return Shown("", boolean=answer.boolean)
    cells = table(answer.columns, answer.rows[:SHOWN_ROWS], context.links)
    chart = chart_of(query, answer.rows[:SHOWN_ROWS], context.links)
    note = _counted(len(answer.rows), "row")
    return Shown(note, columns=answer.columns, table=cells, chart=chart)


def _counted(count: int, unit: str) -> str:
    counted = f"{count:,} {unit}{'' if count == 1 else 's'}"
    return f"{counted}, the first {SHOWN_ROWS:,} shown" if count > SHOWN_ROWS else counted


def _links(query: Query, values: dict[str, str]) -> list[Alternate]:
    offers: tuple[Offer, ...] = for_form(query.form)
    return alternates(f"/queries/{query.id}", offers, values.items())


def _format(request: Request) -> str | None:
    return request.query_params.get("format")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
