"""Pages and data of the things in the graph, at the paths of their IRIs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from ..ontology.terms import FP
from . import entity_queries as ask
from .cells import Cell, iri_cell
from .context import Context
from .entities import KINDS, Statement, facts, figures, papers, sizes, statements, text
from .formats import GRAPHS, HTML, Alternate, alternates, link_header
from .negotiation import negotiate
from .page_errors import UnknownEntityError

# What a role of `entities.ROLES` is called on the page of the resource.
_VERBS: Final = {
    "Introduces": "Introduced by",
    "Uses": "Used by",
    "Addresses": "Addressed by",
    "Mentions": "Mentioned by",
}
_WHY: Final = "H01"


def entity_router(context: Context) -> APIRouter:
    """Routes of the instance IRIs."""
    router = APIRouter(tags=["Papers and resources"], route_class=context.route_class)

    @router.get("/id/{path:path}", summary="Show a paper, a resource or a piece of evidence")
    async def entity(request: Request, path: str) -> Response:
        del path  # decoded; the IRI is what the client spelled
        node = requested(request, context)
        offers = (*GRAPHS, HTML)
        asked = request.query_params.get("format")
        offer = negotiate(request.headers.get("accept"), asked, offers)
        local = node.value.removeprefix(context.links.base)
        links = alternates(local, GRAPHS)
        headers = {"Vary": "Accept", "Link": link_header(links)}
        kinds = await types(context, node)
        if offer is HTML:
            return await _page(context, node, kinds, links, headers)
        graph = ask.PAPER_GRAPH if FP.Paper in kinds else ask.THING_GRAPH
        body = await context.asker.data(ask.about(graph, node), offer.media_type)
        return Response(body, headers=headers | {"Content-Type": offer.content_type})

    return router


def requested(request: Request, context: Context) -> NamedNode:
    """The IRI that was asked for, from the path as the client spelled it.

    Raises:
        UnknownEntityError: the path makes no valid IRI.
    """
    raw = request.scope.get("raw_path") or request.url.path.encode()
    iri = context.links.instance(raw)
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise UnknownEntityError(iri) from error


async def types(context: Context, node: NamedNode) -> frozenset[str]:
    """Classes of a thing; empty where it has statements but no class.

    Raises:
        UnknownEntityError: no statement is about it.
    """
    rows = await context.asker.rows(ask.TYPES, node)
    if not rows and not (await context.asker.answer(ask.about(ask.EXISTS, node))).boolean:
        raise UnknownEntityError(node.value)
    return frozenset(text(row, "type") for row in rows)


async def _page(
    context: Context,
    node: NamedNode,
    kinds: frozenset[str],
    links: list[Alternate],
    headers: Mapping[str, str],
) -> Response:
    names = [context.links.short(kind).removeprefix("fp:") for kind in sorted(kinds)]
    resource: list[str] = [kind for kind in KINDS if kind in names]
    if FP.Paper in kinds:
        template, values = "paper.html", await paper_values(context, node)
    elif resource:
        names = resource
        template, values = "resource.html", await resource_values(context, node)
    else:
        template, values = "thing.html", await _thing(context, node)
    return context.pages.render(
        template, headers=headers, iri=node.value, kinds=names, formats=links, **values
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
    roles = papers(claims, links)
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
        "cut": len(claims) == ask.SHOWN,
        "shown": ask.SHOWN,
        "results": figures(await asker.rows(ask.RESOURCE_RESULTS, node), links),
        "sizes": sizes(await asker.rows(ask.RESOURCE_SIZES, node), links),
    }


async def _thing(context: Context, node: NamedNode) -> dict[str, Any]:
    links, asker = context.links, context.asker
    inbound = [
        (iri_cell(text(row, "thing"), links), iri_cell(text(row, "property"), links))
        for row in await asker.rows(ask.INBOUND, node)
    ]
    return {
        "heading": links.short(node.value),
        "parent": _parent(context, node.value),
        "facts": facts(await asker.rows(ask.STATEMENTS, node), links),
        "inbound": inbound,
    }


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
