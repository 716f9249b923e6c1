"""Pages of the ontology, the vocabularies and the shapes, from the files that are shipped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import pyoxigraph as ox
from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..ontology import metric_vocabulary_file, ontology_file, shapes_file, vocabulary_file
from ..ontology.documenting import Format, Place, Places, ontology_fragment, stylesheet
from ..ontology.documenting.content import IRIS
from ..ontology.terms import PREFIXES
from .context import Context
from .formats import GRAPHS, HTML, alternates
from .negotiation import negotiate
from .page_errors import PageNotFoundError
from .rdf_forms import every_form
from .signposting import Signposts

PLACES: Final = Places()
STYLE: Final = "/ontology.css"
_VERSION: Final = PREFIXES["owl"] + "versionInfo"
_LICENCE: Final = PREFIXES["dcterms"] + "license"
_CREATOR: Final = PREFIXES["dcterms"] + "creator"
_TITLE: Final = PREFIXES["dcterms"] + "title"
_FILES: Final = {
    "ontology": (ontology_file,),
    "vocabularies": (vocabulary_file, metric_vocabulary_file),
    "shapes": (shapes_file,),
}


@dataclass(frozen=True, slots=True)
class TermDocument:
    """One of the three files in every format.

    Attributes:
        place: which.
        path: its address on the server.
        title: of the page.
        version: of the file, as its version IRI ends.
        names: last parts of the IRIs that lie below the address.
        data: the file by media type; Turtle is as shipped.
        fragment: the documentation.
        link: value of the Link header.
    """

    place: Place
    path: str
    title: str
    version: str
    names: frozenset[str]
    data: dict[str, bytes]
    fragment: Markup
    link: str


def read_term_document(place: Place) -> TermDocument:
    """Read one of the shipped files."""
    # Turtle after Turtle is Turtle.
    turtle = b"\n".join(file().read_bytes() for file in _FILES[place])
    iri, path = IRIS[place], PLACES.of(place)
    quads = list(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    said = {
        quad.predicate.value: quad.object.value
        for quad in quads
        if quad.subject == ox.NamedNode(iri) and isinstance(quad.object, ox.NamedNode | ox.Literal)
    }
    formats = alternates(path, GRAPHS)
    posts = Signposts(
        cite_as=iri,
        formats=formats,
        types=(PREFIXES["owl"] + "Ontology",),
        licence=said.get(_LICENCE, ""),
        author=said.get(_CREATOR, ""),
    )
    subjects = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    fragment = ontology_fragment(
        place, PLACES, [Format(each.name, each.href, each.type) for each in formats]
    )
    return TermDocument(
        place=place,
        path=path,
        title=said.get(_TITLE, place),
        version=said.get(_VERSION, ""),
        names=frozenset(name.removeprefix(iri) for name in subjects if name.startswith(iri)),
        data=every_form(turtle),
        fragment=fragment,
        link=posts.header(),
    )


def term_router(context: Context) -> APIRouter:
    """Routes of the ontology, the vocabularies and the shapes, and of their versions.

    Terms of the ontology and shapes are fragments of their document; a concept is not, and answers
    303 with its place in it. There is one version of each: the one that graphs are built with.
    """
    router = APIRouter(tags=["Ontology"], route_class=context.route_class)
    ontology = read_term_document("ontology")
    vocabularies = read_term_document("vocabularies")
    shapes = read_term_document("shapes")
    answer = partial(_answer, context)

    @router.get("/ontology", summary="Show the ontology")
    async def show_ontology(request: Request) -> Response:
        return answer(request, ontology)

    @router.get("/ontology/{version}", summary="Show a version of the ontology")
    async def show_ontology_version(request: Request, version: str) -> Response:
        return answer(request, ontology, version)

    @router.get("/shapes", summary="Show the shapes that data conform to (SHACL)")
    async def show_shapes(request: Request) -> Response:
        return answer(request, shapes)

    @router.get("/shapes/{version}", summary="Show a version of the shapes")
    async def show_shapes_version(request: Request, version: str) -> Response:
        return answer(request, shapes, version)

    @router.get("/vocab/", summary="Show the vocabularies")
    async def show_vocabularies(request: Request) -> Response:
        return answer(request, vocabularies)

    @router.get("/vocab", include_in_schema=False)
    async def find_vocabularies() -> Response:
        return RedirectResponse("/vocab/", 303)

    @router.get("/vocab/{name}", summary="Find a concept in the vocabularies, or a version of them")
    async def find_concept(request: Request, name: str) -> Response:
        if name not in vocabularies.names:
            return answer(request, vocabularies, name)
        asked = request.query_params.get("format")
        offer = negotiate(request.headers.get("accept"), asked, (*GRAPHS, HTML))
        target = f"/vocab/#{name}" if offer is HTML else f"/vocab/?format={offer.names[0]}"
        return RedirectResponse(target, 303, {"Vary": "Accept"})

    @router.get(STYLE, include_in_schema=False)
    async def style() -> Response:
        return Response(stylesheet(), media_type="text/css")

    return router


def _answer(
    context: Context, request: Request, document: TermDocument, version: str | None = None
) -> Response:
    """The document, where the version is the one that there is.

    Raises:
        PageNotFoundError: it is another.
        NotAcceptableError: in none of the formats that the client takes.
    """
    if version is not None and version != document.version:
        raise PageNotFoundError(
            request.url.path, f"this server has version {document.version} of it", document.path
        )
    asked = request.query_params.get("format")
    offer = negotiate(request.headers.get("accept"), asked, (*GRAPHS, HTML))
    headers = {"Vary": "Accept", "Link": document.link}
    if offer is not HTML:
        headers["Content-Type"] = offer.content_type
        return Response(document.data[offer.media_type], headers=headers)
    return context.pages.render(
        "terms.html",
        headers=headers,
        heading=document.title,
        section="/ontology",
        style=STYLE,
        formats=alternates(document.path, GRAPHS),
        fragment=document.fragment,
        others=[(PLACES.of(each), _NAMES[each]) for each in _NAMES if each != document.place],
    )


_NAMES: Final[dict[Place, str]] = {
    "ontology": "Ontology",
    "vocabularies": "Vocabularies",
    "shapes": "Shapes",
}
