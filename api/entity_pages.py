"""Pages and data of the things in the graph, at the paths of their IRIs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox
from fastapi import APIRouter
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..ontology.terms import FP, PREFIXES
from . import entity_queries as ask
from .cells import Cell, JsonTerm, iri_cell
from .context import Context
from .entities import KINDS, Statement, facts, figures, papers, sizes, statements, text
from .formats import GRAPHS, HTML, N_TRIPLES, TURTLE, Alternate, alternates
from .graph_pages import GRAPH, graph_triples
from .negotiation import Offer, negotiate
from .page_errors import PageNotFoundError, UnknownEntityError
from .profiles import GRAPH_VIEW
from .profiles.graph_view import graph_view
from .profiles.profile import profile
from .profiles.running import failed
from .service_description import Catalogue
from .signposting import Signposts

# What a role of `entities.ROLES` is called on the page of the resource.
_VERBS: Final = {
    "Introduces": "Introduced by",
    "Uses": "Used by",
    "Addresses": "Addressed by",
    "Mentions": "Mentioned by",
}
_WHY: Final = "H01"
# All papers that name a thing.
_ALL: Final = "B06"
_RESOURCES: Final = tuple(PREFIXES["fp"] + kind for kind in KINDS)
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")


def entity_router(context: Context, catalogue: Catalogue) -> APIRouter:
    """Routes of the instance IRIs, and of the documents about them.

    A paper or a data set is no document, so its IRI answers 303 with where the document is
    (https://www.w3.org/TR/cooluris/ section 4.2). That holds for whatever is below ``/id/``.
    """
    router = APIRouter(tags=["Papers and resources"], route_class=context.route_class)

    @router.get("/id/{path:path}", summary="Find the document about a paper, a resource, evidence")
    async def entity(request: Request, path: str) -> Response:
        del path  # decoded; the IRI is what the client spelled
        return await _see_other(context, request)

    @router.get("/agent/{path:path}", summary="Find the document about who made the ontology")
    async def agent(request: Request, path: str) -> Response:
        del path
        return await _see_other(context, request)

    @router.get("/doc/{path:path}", summary="Describe a paper, a resource, evidence or a graph")
    async def document(request: Request, path: str) -> Response:
        del path
        node = requested(request, context)
        asked = request.query_params.get("format")
        offer = negotiate(request.headers.get("accept"), asked, (*GRAPHS, HTML))
        known = await _known(context, catalogue, node)
        kinds = await types(context, node, known)
        links = alternates(context.links.document(node.value), GRAPHS)
        posts = await _signposts(context, catalogue, node, kinds, links)
        headers = {"Vary": "Accept", "Link": posts.header()}
        if offer is HTML and request.query_params.get("view") == GRAPH_VIEW and _is_shown(kinds):
            return await graph_view(context, node, kinds, links, headers)
        if offer is HTML:
            return await _page(context, node, kinds, links, headers, known)
        graph = ask.PAPER_GRAPH if FP.Paper in kinds else ask.THING_GRAPH
        body = await _data(context, ask.about(graph, node), offer, known)
        return Response(body, headers=headers | {"Content-Type": offer.content_type})

    return router


def requested(request: Request, context: Context) -> NamedNode:
    """The IRI of a thing or of what a document is about, from the path as the client spelled it.

    Raises:
        UnknownEntityError: the path makes no valid IRI.
        PageNotFoundError: nothing is described there.
    """
    raw = request.scope.get("raw_path") or request.url.path.encode()
    iri = context.links.described(raw)
    if iri is None:
        raise PageNotFoundError(request.url.path)
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise UnknownEntityError(iri) from error


async def types(
    context: Context, node: NamedNode, known: Sequence[ox.Triple] = ()
) -> frozenset[str]:
    """Classes of a thing; empty where it has statements but no class.

    Args:
        context: of the application.
        node: the thing.
        known: statements beside those of the graph.

    Raises:
        UnknownEntityError: no statement is about it.
    """
    found = {text(row, "type") for row in await context.asker.rows(ask.TYPES, node)}
    found |= {
        each.object.value
        for each in known
        if each.subject == node and each.predicate == _TYPE and isinstance(each.object, NamedNode)
    }
    if not found:
        await _exists(context, node)
    return frozenset(found)


async def _exists(context: Context, node: NamedNode) -> None:
    if not (await context.asker.answer(ask.about(ask.EXISTS, node))).boolean:
        raise UnknownEntityError(node.value)


async def _see_other(context: Context, request: Request) -> Response:
    node = requested(request, context)
    await _exists(context, node)
    place = context.links.document(node.value)
    address = f"{place}?{request.url.query}" if request.url.query else place
    return RedirectResponse(address, 303, {"Link": f'<{place}>; rel="describedby"'})


async def _known(context: Context, catalogue: Catalogue, node: NamedNode) -> tuple[ox.Triple, ...]:
    if not node.value.startswith(context.links.base + GRAPH):
        return ()
    corpus = f"{context.links.base}/id/corpus"
    return tuple(graph_triples(node.value, corpus, await catalogue.dataset()))


async def _data(context: Context, query: str, offer: Offer, known: Sequence[ox.Triple]) -> bytes:
    if not known:
        return await context.asker.data(query, offer.media_type)
    stated = await context.asker.data(query, N_TRIPLES.media_type)
    triples = {quad.triple for quad in ox.parse(stated, ox.RdfFormat.N_TRIPLES)} | set(known)
    format_ = ox.RdfFormat.from_media_type(offer.media_type)
    return ox.serialize(sorted(triples, key=str), format=format_, prefixes=PREFIXES) or b""


async def _signposts(
    context: Context,
    catalogue: Catalogue,
    node: NamedNode,
    kinds: frozenset[str],
    formats: Sequence[Alternate],
) -> Signposts:
    corpus = NamedNode(f"{context.links.base}/id/corpus")
    licences = await context.asker.rows(ask.LICENCE, corpus)
    items: list[Alternate] = []
    if node == corpus:
        graphs = sorted((await catalogue.dataset()).triples)
        paths = [path for graph in graphs if (path := context.links.local(graph)) is not None]
        items = [Alternate(path, path, TURTLE.media_type) for path in paths]
    return Signposts(
        cite_as=node.value,
        formats=formats,
        types=kinds,
        licence=text(licences[0], "licence") if licences else "",
        collection="" if node == corpus else corpus.value,
        items=items,
    )


def _is_shown(kinds: frozenset[str]) -> bool:
    """Whether a thing is a paper or a resource, which have profiles."""
    return not kinds.isdisjoint((FP.Paper, *_RESOURCES))


async def _page(
    context: Context,
    node: NamedNode,
    kinds: frozenset[str],
    links: list[Alternate],
    headers: Mapping[str, str],
    known: Sequence[ox.Triple],
) -> Response:
    names = [context.links.short(kind).removeprefix("fp:") for kind in sorted(kinds)]
    resource: list[str] = [kind for kind in KINDS if kind in names]
    if FP.Paper not in kinds and not resource:
        values = await _thing(context, node, known)
        return context.pages.render(
            "thing.html", headers=headers, iri=node.value, kinds=names, formats=links, **values
        )
    paper = FP.Paper in kinds
    names, template = (["Paper"], "paper") if paper else (resource, "resource")
    # Statements and panels are asked side by side; without the former there is no page.
    asked = asyncio.create_task(profile(context, node, names[0]))
    try:
        values = await (paper_values if paper else resource_values)(context, node)
        panels = await asked
    finally:
        asked.cancel()
    if failed(panels):
        headers = {**headers, "Cache-Control": "no-store"}
    return context.pages.render(
        f"profile-{template}.html",
        headers=headers,
        iri=node.value,
        kinds=names,
        formats=links,
        panels=panels,
        local=context.links.local,
        **values,
    )


async def paper_values(context: Context, node: NamedNode) -> dict[str, Any]:
    """What the template of a paper's page is filled with."""
    links, asker = context.links, context.asker
    (paper, *_) = await asker.rows(ask.PAPER, node) or ({},)
    roles = statements(await asker.rows(ask.PAPER_CLAIMS, node), links)
    known = {name: text(paper, name) for name in ("title", "identifier", "year", "venue")}
    source = links.address(text(paper, "source")) or links.address(text(paper, "url"))
    return {
        "heading": known["title"],
        "paper": known,
        "authors": [text(row, "name") for row in await asker.rows(ask.AUTHORS, node)],
        "source": source,
        "roles": roles,
        "why": _whys(context, roles.values(), paper=node.value),
        "results": figures(await asker.rows(ask.PAPER_RESULTS, node), links),
        "sizes": sizes(await asker.rows(ask.PAPER_SIZES, node), links),
    }


async def resource_values(context: Context, node: NamedNode) -> dict[str, Any]:
    """What the template of a resource's page is filled with."""
    links, asker = context.links, context.asker
    (about, *_) = await asker.rows(ask.RESOURCE, node) or ({},)
    claims = await asker.rows(ask.RESOURCE_CLAIMS, node)
    roles = papers(claims[: ask.SHOWN], links)
    family = text(about, "family")
    direction = text(about, "direction").rpartition("/")[2].replace("-", " ").capitalize()
    return {
        "heading": text(about, "label"),
        "count": text(about, "papers"),
        "names": [text(row, "name") for row in await asker.rows(ask.NAMES, node)],
        "direction": direction,
        "family": iri_cell(family, links, text(about, "familyLabel")) if family else None,
        "roles": roles,
        "verbs": _VERBS,
        "why": _whys(context, roles.values(), resource=node.value),
        "cut": len(claims) > ask.SHOWN,
        "all": links.query(_ALL, {"resource": node.value}) if _ALL in context.library else "",
        "shown": ask.SHOWN,
        "results": figures(await asker.rows(ask.RESOURCE_RESULTS, node), links),
        "sizes": sizes(await asker.rows(ask.RESOURCE_SIZES, node), links),
    }


async def _thing(context: Context, node: NamedNode, known: Sequence[ox.Triple]) -> dict[str, Any]:
    links, asker = context.links, context.asker
    stated = list(await asker.rows(ask.STATEMENTS, node))
    written = {(text(row, "property"), text(row, "value")) for row in stated}
    stated += [
        row
        for row in _rows(known, node)
        if (text(row, "property"), text(row, "value")) not in written
    ]
    inbound = [
        (iri_cell(text(row, "thing"), links), iri_cell(text(row, "property"), links))
        for row in await asker.rows(ask.INBOUND, node)
    ]
    return {
        "heading": links.short(node.value),
        "parent": _parent(context, node.value),
        "facts": facts(stated, links),
        "inbound": inbound,
    }


def _rows(known: Sequence[ox.Triple], node: NamedNode) -> Iterator[dict[str, JsonTerm]]:
    """Statements about a thing, as rows of `entity_queries.STATEMENTS`."""
    for each in known:
        if each.subject == node:
            kind = "uri" if isinstance(each.object, NamedNode) else "literal"
            value = {"type": kind, "value": str(getattr(each.object, "value", ""))}
            yield {"property": {"type": "uri", "value": each.predicate.value}, "value": value}


def _parent(context: Context, iri: str) -> Cell | None:
    """Cell of the paper that a mention, claim, result or text hangs below."""
    start = f"{context.links.base}/id/paper/"
    key, slash, _ = iri.removeprefix(start).partition("/")
    return iri_cell(start + key, context.links) if iri.startswith(start) and slash else None


def _whys(context: Context, groups: Iterable[list[Statement]], **ends: str) -> dict[str, str]:
    """Address of the library's answer to "why is this in the graph?", by claim.

    Args:
        context: of the application.
        groups: statements on a page.
        ends: IRI of the page's own thing, as ``paper`` or ``resource``; the other end is the
            thing of the statement.
    """
    if _WHY not in context.library:
        return {}
    (other,) = {"paper", "resource"} - ends.keys()
    return {
        statement.claim: f"/queries/{_WHY}?{urlencode({**ends, other: statement.thing.title})}"
        for group in groups
        for statement in group
    }
