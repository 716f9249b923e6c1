"""``/.well-known/void``: where programs look for what data a host has (VoID, section 7.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from ..ontology.terms import PREFIXES
from .context import Context
from .formats import GRAPHS, N_TRIPLES
from .negotiation import negotiate
from .service_description import Catalogue, Dataset

PATH: Final = "/.well-known/void"
_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_TRIPLES: Final = ox.NamedNode(PREFIXES["void"] + "triples")
_INTEGER: Final = ox.NamedNode(PREFIXES["xsd"] + "integer")
_TOPIC: Final = ox.NamedNode("http://xmlns.com/foaf/0.1/primaryTopic")


def void_router(context: Context, catalogue: Catalogue) -> APIRouter:
    """The route of the document."""
    router = APIRouter(tags=["Server"])

    @router.get(PATH, summary="Describe the data set: its graphs, figures and endpoint (VoID)")
    async def void(request: Request) -> Response:
        asked = request.query_params.get("format")
        offer = negotiate(request.headers.get("accept"), asked, GRAPHS)
        meta = ox.NamedNode(f"{context.links.base}/graph/meta")
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {meta} {{ ?s ?p ?o }} }}"
        stated = await context.asker.data(query, N_TRIPLES.media_type)
        address = context.settings.public_url or str(request.base_url).rstrip("/")
        triples = _triples(context, address, await catalogue.dataset(), stated)
        body = ox.serialize(
            triples, format=ox.RdfFormat.from_media_type(offer.media_type), prefixes=PREFIXES
        )
        headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
        return Response(body, headers=headers | {"Content-Type": offer.content_type})

    return router


def _triples(
    context: Context, address: str, dataset: Dataset, stated: bytes
) -> Iterator[ox.Triple]:
    """What the build stated, with the sizes of the graphs as they are now."""
    counted = {ox.NamedNode(name) for name in dataset.triples}
    for quad in ox.parse(stated, ox.RdfFormat.N_TRIPLES):
        if quad.predicate != _TRIPLES or quad.subject not in counted:
            yield quad.triple
    document, corpus = ox.NamedNode(address + PATH), ox.NamedNode(f"{context.links.base}/id/corpus")
    yield ox.Triple(document, _TYPE, _void("DatasetDescription"))
    yield ox.Triple(document, _TOPIC, corpus)
    yield ox.Triple(corpus, _TYPE, _void("Dataset"))
    yield ox.Triple(corpus, _void("sparqlEndpoint"), ox.NamedNode(f"{address}/sparql"))
    for name, count in sorted(dataset.triples.items()):
        graph = ox.NamedNode(name)
        yield ox.Triple(corpus, _void("subset"), graph)
        yield ox.Triple(graph, _TYPE, _void("Dataset"))
        if count is not None:
            yield ox.Triple(graph, _TRIPLES, ox.Literal(str(count), datatype=_INTEGER))


def _void(name: str) -> ox.NamedNode:
    return ox.NamedNode(PREFIXES["void"] + name)
