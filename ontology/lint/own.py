"""Checks of this project: namespaces, terms, look-alikes, IRIs, hierarchies and links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from ..external import external_terms
from ..terms import FP, PREFIXES
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
_TERM_PLACES = (
    *(RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range),
    *(URIRef(PREFIXES["schema"] + name) for name in ("domainIncludes", "rangeIncludes")),
    *(SH.path, SH["class"], SH.datatype, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf),
)


def n1(graph: Graph) -> Iterator[Fault]:
    """A class or property outside the pinned namespaces."""
    pinned = tuple(PREFIXES.values())
    for term in _used_terms(graph):
        if not str(term).startswith(pinned):
            yield term, "lies in no pinned namespace"


def n2(graph: Graph) -> Iterator[Fault]:
    """A class, property or datatype that no vocabulary defines: neither ours nor a listed one."""
    own = {value for name, value in vars(FP).items() if not name.startswith("_")}
    known = external_terms() | own
    for term in _used_terms(graph):
        if str(term) not in known:
            yield term, "is defined nowhere: not by us, nor is it in external_terms.txt"


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


def c4(graph: Graph) -> Iterator[Fault]:
    """A concept broader than itself."""
    above = Graph()
    for concept, broader in graph.subject_objects(SKOS.broader):
        above.add((concept, SKOS.broader, broader))
    for broader, concept in graph.subject_objects(SKOS.narrower):
        above.add((concept, SKOS.broader, broader))
    for concept in set(above.subjects()):
        if any(
            concept in above.transitive_objects(up, SKOS.broader)
            for up in above[concept : SKOS.broader]
        ):
            yield concept, "is broader than itself"


def l1(graph: Graph) -> Iterator[Fault]:
    """Two things said to be one without a justification: links are matches, with SSSOM rows."""
    for thing, same in graph.subject_objects(OWL.sameAs):
        yield thing, f"is said to be {same} without a justification"


def _used_terms(graph: Graph) -> list[URIRef]:
    """Everything in the place of a class, a property or a datatype."""
    used: set[Node] = set(graph.predicates())
    for place in _TERM_PLACES:
        used |= set(graph.objects(None, place))
    used |= {
        node.datatype for node in graph.objects() if isinstance(node, Literal) and node.datatype
    }
    return sorted(term for term in used if isinstance(term, URIRef))


def _iris(graph: Graph) -> list[URIRef]:
    return sorted({node for triple in graph for node in triple if isinstance(node, URIRef)})


OWN: Final[Mapping[str, Check]] = MappingProxyType(
    {"C4": c4, "L1": l1, "N1": n1, "N2": n2, "N3": n3, "N4": n4, "is_defined_by": defined_by}
)
