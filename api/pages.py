"""The start page, the editor, the list of routes, health, and what browsers ask for unasked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from ..graph.snapshot import Snapshot
from ..ontology.terms import FP, PREFIXES
from ..queries import Query
from .administering.consistency import Memory
from .administering.publication import Published
from .context import SHOWN_ROWS, Context
from .entities import text
from .entity_queries import LICENCE
from .errors import ApiError
from .formats import GRAPHS, HTML, alternates
from .landing import Facts, catalog_triples, dataset_block, signposts
from .library import bind, filled, find, given
from .negotiation import negotiate
from .page_errors import InvalidParameterError
from .problems import problem
from .templating import web_folder

# Classes on the start page, in this order, and what their members are called.
_COUNTED: Final[Mapping[str, str]] = {
    FP.Paper: "papers",
    FP.Dataset: "datasets",
    FP.Model: "models",
    FP.Method: "methods",
    FP.Metric: "metrics",
    FP.Task: "tasks",
    FP.Result: "results",
    FP.Size: "sizes",
}
_COUNTS: Final = f"""
SELECT ?kind (COUNT(?thing) AS ?things) WHERE {{
  VALUES ?kind {{ {" ".join(f"<{iri}>" for iri in _COUNTED)} }} ?thing a ?kind
}} GROUP BY ?kind
"""
_EXAMPLES: Final = ("C01", "F02", "H01")
_BLANK: Final = """PREFIX fp: <https://w3id.org/fairpapers/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?dataset ?name ?papers
WHERE {
  ?dataset a fp:Dataset ;
           skos:prefLabel ?name ;
           fp:paperCount ?papers .
}
ORDER BY DESC(?papers) ?name
LIMIT 20
"""


def page_router(context: Context, publication: Published) -> APIRouter:
    """Routes of the pages that are about the server itself."""
    router = APIRouter(tags=["Server"], route_class=context.route_class)
    counts: Memory[str, int] = Memory()
    publication.on_change(lambda _: counts.forget())

    @router.get("/", summary="Start page", include_in_schema=False)
    async def start(request: Request) -> Response:
        known = counts.now
        if not known:
            known.update(await _count(context))
        address = context.settings.public_url or str(request.base_url).rstrip("/")
        counted = [(name, known[iri]) for iri, name in _COUNTED.items() if iri in known]
        facts = Facts(address, publication.snapshot, counted, await _licence(context))
        formats = alternates("/", GRAPHS)
        headers = {"Vary": "Accept", "Link": signposts(facts, formats, context.links).header()}
        asked = request.query_params.get("format")
        offer = negotiate(request.headers.get("accept"), asked, (HTML, *GRAPHS))
        if offer is not HTML:
            format_ = ox.RdfFormat.from_media_type(offer.media_type)
            body = ox.serialize(catalog_triples(facts), format=format_, prefixes=PREFIXES)
            return Response(body, headers=headers | {"Content-Type": offer.content_type})
        examples = [context.library[name] for name in _EXAMPLES if name in context.library]
        return context.pages.render(
            "start.html",
            headers=headers,
            counts=counted,
            formats=formats,
            block=dataset_block(facts),
            examples=examples or list(context.library.values())[:3],
            total=len(context.library),
            address=address,
        )

    @router.get("/editor", summary="Query editor", include_in_schema=False)
    async def editor(request: Request) -> Response:
        return await _editor(context, request)

    @router.get("/health", summary="Say whether the server can answer queries")
    async def health() -> Response:
        return await _health(context, publication.snapshot)

    @router.get("/ready", summary="Say whether the server takes queries now, without asking one")
    async def ready() -> Response:
        return _ready(publication.ready)

    @router.get("/robots.txt", include_in_schema=False)
    async def robots() -> Response:
        return PlainTextResponse("User-agent: *\nDisallow: /sparql\nDisallow: /editor\n")

    @router.get("/favicon.ico", include_in_schema=False)
    async def favicon() -> Response:
        return FileResponse(web_folder() / "static" / "favicon.svg", media_type="image/svg+xml")

    return router


async def _count(context: Context) -> dict[str, int]:
    """Members of each class; empty where the graph cannot be asked just now."""
    try:
        answer = await context.asker.answer(_COUNTS)
    except ApiError:
        return {}
    return {text(row, "kind"): int(text(row, "things")) for row in answer.rows}


async def _licence(context: Context) -> str:
    """Licence that the graph states of itself; empty where it does not, or cannot be asked."""
    corpus = ox.NamedNode(f"{context.links.base}/id/corpus")
    try:
        rows = await context.asker.rows(LICENCE, corpus)
    except ApiError:
        return ""
    return text(rows[0], "licence") if rows else ""


async def _editor(context: Context, request: Request) -> Response:
    """The editor, with a query of the library in it where one is asked for.

    ``?id=`` names the query and the other parameters are its; ``?query=`` is text to start from.
    """
    values = given(request)
    name, written = values.pop("id", ""), values.pop("query", "")
    query: Query | None = find(context, name) if name else None
    status, fault, wrong = 200, None, ""
    shown = written or _BLANK
    if query is not None:
        shown = query.text
        try:
            shown = bind(context, query, values)
        except InvalidParameterError as error:
            made = problem(error)
            status, fault, wrong = made.status, json.loads(made.body), error.name
    return context.pages.render(
        "editor.html",
        status,
        heading="Editor",
        section="/editor",
        query=query,
        values=filled(query, values) if query else {},
        choices=await context.offered(query) if query else {},
        wrong=wrong,
        problem=fault,
        text=shown,
        groups=context.library.groups().items(),
        prefixes=PREFIXES.items(),
        # Without Node there is no build, and the plain editor stands in.
        built=(web_folder() / "static" / "built" / "editor.js").is_file(),
        limits={"deadline": f"{context.settings.deadline_seconds:g}", "shown": SHOWN_ROWS},
    )


def _ready(ready: bool) -> Response:
    """200, or 503 while it starts, stops, or its queue is full; for a balancer before it."""
    status = "ready" if ready else "not ready"
    return JSONResponse({"status": status}, 200 if ready else 503, {"Cache-Control": "no-store"})


async def _health(context: Context, snapshot: Snapshot) -> Response:
    """200 with ``"status": "ok"``, or 503 where the simplest query cannot be answered."""
    document: dict[str, object] = {
        "status": "ok",
        "snapshot": snapshot.id,
        "created": snapshot.created,
        "papers": snapshot.papers,
        "triples": sum(snapshot.triples.values()),
        "version": context.site.version,
    }
    try:
        await context.asker.answer("ASK {}")
    except ApiError as error:
        document |= {"status": "failing", "reason": error.slug}
    status = 200 if document["status"] == "ok" else 503
    return JSONResponse(document, status, {"Cache-Control": "no-store"})
