"""Pages of the ontology and of the vocabularies, from the files that are shipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ..ontology import ontology_file, vocabulary_file
from ..ontology.terms import PREFIXES
from .context import Context
from .formats import HTML, TURTLE
from .links import prefixed
from .negotiation import negotiate
from .page_errors import PageNotFoundError

_KINDS: Final = {
    PREFIXES["owl"] + "Class": "Classes",
    PREFIXES["owl"] + "ObjectProperty": "Properties between things",
    PREFIXES["owl"] + "DatatypeProperty": "Properties with values",
    PREFIXES["skos"] + "ConceptScheme": "Lists",
    PREFIXES["skos"] + "Concept": "Concepts",
}
_LABELS: Final = (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel")
_DEFINITIONS: Final = (PREFIXES["rdfs"] + "comment", PREFIXES["skos"] + "definition")

Groups = Sequence[tuple[str, Sequence["Term"]]]


@dataclass(frozen=True, slots=True)
class Term:
    """One term as a row of its page."""

    iri: str
    name: str
    anchor: str
    label: str
    definition: str


def term_router(context: Context) -> APIRouter:
    """Routes of the ontology and the vocabularies."""
    router = APIRouter(tags=["Ontology"], route_class=context.route_class)
    ontology = read_terms(ontology_file(), PREFIXES["fp"])
    vocabulary = read_terms(vocabulary_file(), PREFIXES["fpv"])
    concepts = {term.anchor for _, terms in vocabulary for term in terms}

    def answer(request: Request, path: Path, heading: str, lead: str, groups: Groups) -> Response:
        asked = request.query_params.get("format")
        offer = negotiate(request.headers.get("accept"), asked, (TURTLE, HTML))
        headers = {"Vary": "Accept"}
        if offer is TURTLE:
            headers["Content-Type"] = TURTLE.content_type
            return Response(path.read_bytes(), headers=headers)
        return context.pages.render(
            "terms.html",
            headers=headers,
            heading=heading,
            section="/ontology",
            lead=lead,
            groups=groups,
        )

    @router.get("/ontology", summary="Show the ontology")
    async def show_ontology(request: Request) -> Response:
        lead = "The classes and properties that the graph is written in."
        return answer(request, ontology_file(), "Ontology", lead, ontology)

    @router.get("/vocab/", summary="Show the vocabularies")
    async def show_vocabularies(request: Request) -> Response:
        lead = "Closed lists of values for properties of the ontology."
        return answer(request, vocabulary_file(), "Vocabularies", lead, vocabulary)

    @router.get("/vocab/{name}", summary="Find a concept on the page of the vocabularies")
    async def find_concept(request: Request, name: str) -> Response:
        if name not in concepts:
            raise PageNotFoundError(request.url.path)
        asked = request.query_params.get("format")
        offer = negotiate(request.headers.get("accept"), asked, (TURTLE, HTML))
        target = "/vocab/?format=ttl" if offer is TURTLE else f"/vocab/#{name}"
        return RedirectResponse(target, 303, {"Vary": "Accept"})

    return router


def read_terms(path: Path, namespace: str) -> Groups:
    """The terms of a namespace that a Turtle file defines, by kind, in the order of their names."""
    kinds: dict[str, str] = {}
    texts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for triple in parse(path=str(path), format=RdfFormat.TURTLE):
        if not isinstance(triple.subject, NamedNode):
            continue
        subject, predicate, value = triple.subject.value, triple.predicate.value, triple.object
        if isinstance(value, Literal):
            texts[subject].setdefault(predicate, value.value)
        elif isinstance(value, NamedNode) and value.value in _KINDS:
            kinds[subject] = _KINDS[value.value]
    ours = sorted(iri for iri in kinds if iri.startswith(namespace) and iri != namespace)
    grouped = [
        (kind, [_term(iri, namespace, texts[iri]) for iri in ours if kinds[iri] == kind])
        for kind in _KINDS.values()
    ]
    return [(kind, terms) for kind, terms in grouped if terms]


def _term(iri: str, namespace: str, texts: dict[str, str]) -> Term:
    return Term(
        iri,
        prefixed(iri) or iri,
        iri.removeprefix(namespace),
        _first(texts, _LABELS),
        _first(texts, _DEFINITIONS),
    )


def _first(texts: dict[str, str], properties: Iterable[str]) -> str:
    return next((texts[name] for name in properties if name in texts), "")
