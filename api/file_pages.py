"""Files of the ontology that have an IRI of their own: alignments and the JSON-LD context."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..ontology import context_file, ontology_file
from ..ontology._files import aligned_statements_file, alignments_file, strict_mls_file
from ..ontology.terms import DEFAULT_BASE, PREFIXES
from .context import Context
from .formats import GRAPHS, HTML, JSON_LD, TSV, alternates
from .negotiation import negotiate
from .page_errors import PageNotFoundError
from .rdf_forms import every_form
from .signposting import Signposts

_ALIGNMENTS: Final[Mapping[str, Callable[[], Path]]] = MappingProxyType(
    {"alignments": aligned_statements_file, "align-mls": strict_mls_file}
)
_VERSION: Final = PREFIXES["owl"] + "versionInfo"
_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
_TABLE: Final = "/ontology#section-alignments"


def file_router(context: Context) -> APIRouter:
    """Routes of the files, and of their versions, of which there is one."""
    router = APIRouter(tags=["Ontology"], route_class=context.route_class)
    forms = {name: every_form(file().read_bytes()) for name, file in _ALIGNMENTS.items()}
    version = _version(ontology_file())

    def answer(request: Request, name: str, wanted: str | None = None) -> Response:
        path = f"/ontology/{name}"
        if name not in forms or wanted not in (None, version):
            raise PageNotFoundError(
                request.url.path, f"this server has version {version}", "/ontology"
            )
        asked = request.query_params.get("format")
        offer = negotiate(request.headers.get("accept"), asked, (*GRAPHS, HTML))
        if offer is HTML:
            return RedirectResponse(_TABLE, 303, {"Vary": "Accept"})
        posts = Signposts(DEFAULT_BASE + path, alternates(path, GRAPHS), licence=_LICENCE)
        headers = {"Vary": "Accept", "Link": posts.header(), "Content-Type": offer.content_type}
        return Response(forms[name][offer.media_type], headers=headers)

    @router.get("/ontology/alignments", summary="Show the alignments with other vocabularies")
    async def alignments(request: Request) -> Response:
        return answer(request, "alignments")

    @router.get("/ontology/align-mls", summary="Show the strict module below ML-Schema")
    async def strict(request: Request) -> Response:
        return answer(request, "align-mls")

    @router.get("/ontology/alignments.sssom.tsv", summary="Download the alignments (SSSOM)")
    async def table() -> Response:
        return Response(alignments_file().read_bytes(), media_type=TSV.media_type)

    @router.get("/ontology/{name}/{version}", summary="Show a version of an alignment")
    async def versioned(request: Request, name: str, version: str) -> Response:
        return answer(request, name, version)

    @router.get("/context", summary="Download the JSON-LD context")
    async def json_context() -> Response:
        return Response(context_file().read_bytes(), media_type=JSON_LD.media_type)

    @router.get("/context/{version}", summary="Download a version of the JSON-LD context")
    async def json_context_version(request: Request, version: str) -> Response:
        if version != _version(ontology_file()):
            raise PageNotFoundError(request.url.path, "this is no version here", "/context")
        return Response(context_file().read_bytes(), media_type=JSON_LD.media_type)

    return router


def _version(file: Path) -> str:
    found = [
        quad.object.value
        for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)
        if quad.predicate.value == _VERSION and isinstance(quad.object, ox.Literal)
    ]
    return found[0]
