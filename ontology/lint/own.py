"""Checks of this project: namespaces, look-alikes, IRIs, and where a term is defined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.term import Node

from ..terms import PREFIXES
from .base import BAD_IRI, ONTOLOGY, Check, Fault, terms

# Spellings met in published graphs beside the namespace that was meant.
LOOK_ALIKES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "http://www.w3.org/ns/prov-o#": "prov",
        "http://www.w3.org/TR/prov-o/#": "prov",
        "https://www.w3.org/ns/prov#": "prov",
        "http://purl.org/dcterms/": "dcterms",
        "http://purl.org/dc/term/": "dcterms",
        "http://purl.org/dc/dcterm/": "dcterms",
        "http://purl.org/dc/elements/1.1/": "dcterms",
        "http://schema.org/": "schema",
        "http://www.schema.org/": "schema",
        "https://www.schema.org/": "schema",
        "http://qudt.org/1.1/vocab/unit#": "unit",
        "http://www.w3.org/ns/dcat/": "dcat",
    }
)
_TERM_PLACES = (RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)


def n1(graph: Graph) -> Iterator[Fault]:
    """A class or property outside the pinned namespaces."""
    pinned = tuple(PREFIXES.values())
    used: set[Node] = set(graph.predicates())
    for place in _TERM_PLACES:
        used |= set(graph.objects(None, place))
    for term in sorted(term for term in used if isinstance(term, URIRef)):
        if not str(term).startswith(pinned):
            yield term, "lies in no pinned namespace"


def n3(graph: Graph) -> Iterator[Fault]:
    """An IRI in a namespace that looks like the right one."""
    for iri in _iris(graph):
        for wrong, prefix in LOOK_ALIKES.items():
            if iri.startswith(wrong):
                yield iri, f"is not in {PREFIXES[prefix]}"


def n4(graph: Graph) -> Iterator[Fault]:
    """An IRI with a character or a sequence that cannot be meant."""
    for iri in _iris(graph):
        if BAD_IRI.search(iri):
            yield iri, "is no valid IRI"


def defined_by(graph: Graph) -> Iterator[Fault]:
    """A term that does not point at the ontology."""
    for term in terms(graph):
        if list(graph.objects(term, RDFS.isDefinedBy)) != [ONTOLOGY]:
            yield term, f"has not {ONTOLOGY} for its one rdfs:isDefinedBy"


def _iris(graph: Graph) -> list[URIRef]:
    return sorted({node for triple in graph for node in triple if isinstance(node, URIRef)})


OWN: Final[Mapping[str, Check]] = MappingProxyType(
    {"N1": n1, "N3": n3, "N4": n4, "is_defined_by": defined_by}
)
