"""Search over the names of things and the titles of papers."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..graph.search import Found, has_index, search
from .administering.publication import Published
from .context import Context
from .errors import DeadlineExceededError
from .formats import HTML, JSON
from .negotiation import negotiate
from .page_errors import NoSearchIndexError

Kind = Literal["dataset", "model", "method", "metric", "task", "paper"]
_MOST: Final = 100
_LONGEST: Final = 200
_DESCRIPTION: Final = """<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
  <ShortName>fairpapers</ShortName>
  <Description>Datasets, models, methods, metrics, tasks and papers by name</Description>
  <Url type="text/html" template="{address}/search?q={{searchTerms}}"/>
  <Url type="application/json" template="{address}/search?q={{searchTerms}}&amp;format=json"/>
</OpenSearchDescription>
"""


class Hit(BaseModel):
    """A thing that was found."""

    iri: str = Field(description="IRI of the resource or paper")
    kind: Kind = Field(description="what it is")
    page: str | None = Field(description="address of its page; null where none can be followed")
    label: str = Field(description="its preferred name, or the title of a paper")
    name: str = Field(description="the name that matched")
    papers: int = Field(description="papers that introduce, use or mention it; 0 for a paper")


class Hits(BaseModel):
    """What was found, the best first."""

    query: str
    hits: list[Hit]


def search_router(context: Context, publication: Published) -> APIRouter:
    """Routes of the search."""
    router = APIRouter(tags=["Search"], route_class=context.route_class)

    @router.get("/search", summary="Find things by name", response_model=Hits)
    async def find(
        request: Request,
        q: Annotated[str, Query(max_length=_LONGEST, description="words of a name")] = "",
        kind: Annotated[
            Kind | Literal[""] | None, Query(description="only things of this kind")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=_MOST, description="most things to give")] = 20,
    ) -> Response:
        offer = negotiate(
            request.headers.get("accept"), request.query_params.get("format"), (JSON, HTML)
        )
        found = await _found(publication, q, kind or None, limit)
        pages = [context.links.address(each.iri) for each in found]
        if offer is HTML:
            return context.pages.render(
                "search.html",
                heading="Search",
                section="/search",
                text=q,
                kind=kind,
                found=list(zip(found, pages, strict=True)),
                most=limit,
            )
        hits = [
            Hit.model_validate(asdict(each) | {"page": page})
            for each, page in zip(found, pages, strict=True)
        ]
        return JSONResponse(Hits(query=q, hits=hits).model_dump(), headers={"Vary": "Accept"})

    @router.get("/opensearch.xml", include_in_schema=False)
    async def describe(request: Request) -> Response:
        address = context.settings.public_url or str(request.base_url).rstrip("/")
        body = _DESCRIPTION.format(address=address)
        return Response(body, media_type="application/opensearchdescription+xml")

    return router


async def _found(publication: Published, text: str, kind: Kind | None, most: int) -> list[Found]:
    snapshot = publication.snapshot
    if not text.strip():
        return []
    if not has_index(snapshot):
        raise NoSearchIndexError
    try:
        return await asyncio.to_thread(search, snapshot, text, kind=kind, most=most)
    except TimeoutError as error:
        raise DeadlineExceededError(1.0) from error
