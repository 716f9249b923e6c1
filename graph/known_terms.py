"""Which terms of other vocabularies exist: those that we use, and all that rdflib knows."""

from __future__ import annotations

from functools import cache
from typing import Final

from rdflib import DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD, URIRef

from ..ontology.external import external_terms
from ..ontology.terms import PREFIXES

_CLOSED: Final = (DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD)


def is_defined(iri: str) -> bool:
    """Tell whether a class or property of another vocabulary exists.

    A vocabulary of which no term is listed defines whatever is asked.

    >>> is_defined("http://www.w3.org/2004/02/skos/core#hiddenLabel")
    True
    >>> is_defined("http://www.w3.org/2004/02/skos/core#preferredLabel")
    False
    """
    if iri in _listed():
        return True
    for namespace in _CLOSED:
        if iri.startswith(str(namespace)):
            return URIRef(iri) in namespace
    return not iri.startswith(_namespaces())


@cache
def _listed() -> frozenset[str]:
    return external_terms()


@cache
def _namespaces() -> tuple[str, ...]:
    """Namespaces of which at least one term is listed."""
    return tuple(
        name for name in PREFIXES.values() if any(each.startswith(name) for each in _listed())
    )
