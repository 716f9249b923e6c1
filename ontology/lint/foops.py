"""The tests of FOOPS! (Garijo, Corcho, Poveda-Villalón, 2021) that need no network, by their ids.

Of OM3, identifier and logo are left out: the ontology has neither, and none is made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from rdflib import DCTERMS, OWL, RDF, RDFS, VANN, Graph, Literal, URIRef

from ..terms import PREFIXES
from .base import ONTOLOGY, Check, Fault, is_own, terms, texts

_BIBO_STATUS = URIRef(PREFIXES["bibo"] + "status")
_CATALOG = URIRef(PREFIXES["schema"] + "includedInDataCatalog")
_HEADER: Final[Mapping[str, tuple[URIRef, ...]]] = MappingProxyType(
    {
        "FIND1": (VANN.preferredNamespacePrefix,),
        "FIND3": (_CATALOG,),
        "OM1": (
            DCTERMS.title,
            DCTERMS.description,
            DCTERMS.license,
            OWL.versionIRI,
            DCTERMS.creator,
            VANN.preferredNamespaceUri,
        ),
        "OM2": (
            VANN.preferredNamespacePrefix,
            OWL.versionInfo,
            DCTERMS.created,
            DCTERMS.bibliographicCitation,
            DCTERMS.contributor,
        ),
        "OM3": (DCTERMS.publisher, _BIBO_STATUS, DCTERMS.source, DCTERMS.issued, DCTERMS.modified),
        "OM4_1": (DCTERMS.license,),
        "OM5_1": (DCTERMS.created, DCTERMS.creator),
        "OM5_2": (DCTERMS.issued, DCTERMS.publisher),
    }
)
_LICENCES = re.compile(r"https?://(creativecommons\.org/|www\.apache\.org/|spdx\.org/licenses/)")
_PERMANENT = re.compile(r"w3id\.org|doi\.org|purl\.|perma\.cc|www\.w3\.org")
_METADATA_PREFIXES = ("dcterms", "schema", "vann", "prov", "bibo", "foaf")


def _header(needed: tuple[URIRef, ...], graph: Graph) -> Iterator[Fault]:
    for predicate in needed:
        if graph.value(ONTOLOGY, predicate, any=True) is None:
            yield ONTOLOGY, f"has no {graph.qname(predicate)}"


def om4_2(graph: Graph) -> Iterator[Fault]:
    """The licence is a well-known IRI, so that it can be looked up."""
    for licence in graph.objects(ONTOLOGY, DCTERMS.license):
        if not (isinstance(licence, URIRef) and _LICENCES.match(licence)):
            yield ONTOLOGY, f"has a licence that is no known IRI: {licence}"


def purl1(graph: Graph) -> Iterator[Fault]:
    """The ontology has a permanent IRI."""
    for ontology in graph.subjects(RDF.type, OWL.Ontology):
        if not _PERMANENT.search(str(ontology)):
            yield ontology, "is no permanent IRI"


def uri2(graph: Graph) -> Iterator[Fault]:
    """The IRI under which the ontology is published is the one that the file declares."""
    if (ONTOLOGY, RDF.type, OWL.Ontology) not in graph:
        yield ONTOLOGY, "is not declared an owl:Ontology"


def ver1(graph: Graph) -> Iterator[Fault]:
    """There is a version IRI and it differs from the IRI of the ontology."""
    version = graph.value(ONTOLOGY, OWL.versionIRI)
    if not isinstance(version, URIRef) or version == ONTOLOGY:
        yield ONTOLOGY, f"has no version IRI of its own: {version}"


def voc1(graph: Graph) -> Iterator[Fault]:
    """The metadata are written in known vocabularies."""
    known = tuple(PREFIXES[prefix] for prefix in _METADATA_PREFIXES)
    if not any(str(predicate).startswith(known) for predicate in graph.predicates(ONTOLOGY)):
        yield ONTOLOGY, "has no metadata in a known vocabulary"


def voc2(graph: Graph) -> Iterator[Fault]:
    """The ontology imports or extends another vocabulary."""
    extended = {*graph.objects(None, RDFS.subClassOf), *graph.objects(None, RDFS.subPropertyOf)}
    outside = any(isinstance(term, URIRef) and not is_own(term) for term in extended)
    if not outside and graph.value(ONTOLOGY, OWL.imports) is None:
        yield ONTOLOGY, "neither imports nor extends another vocabulary"


def voc3(graph: Graph) -> Iterator[Fault]:
    """Every term has a label."""
    for term in terms(graph):
        if not texts(graph, term, RDFS.label):
            yield term, "has no rdfs:label"


def voc4(graph: Graph) -> Iterator[Fault]:
    """Every term has a definition, which in this ontology is its rdfs:comment."""
    for term in terms(graph):
        if not texts(graph, term, RDFS.comment):
            yield term, "has no rdfs:comment"


def ver_info(graph: Graph) -> Iterator[Fault]:
    """The version number ends the version IRI."""
    number = graph.value(ONTOLOGY, OWL.versionInfo)
    version = str(graph.value(ONTOLOGY, OWL.versionIRI))
    if not isinstance(number, Literal) or not version.endswith(f"/{number}"):
        yield ONTOLOGY, f"has version {number} and version IRI {version}"


FOOPS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        **{check: partial(_header, needed) for check, needed in _HEADER.items()},
        "OM4_2": om4_2,
        "PURL1": purl1,
        "URI2": uri2,
        "VER1": ver1,
        "VER1_number": ver_info,
        "VOC1": voc1,
        "VOC2": voc2,
        "VOC3": voc3,
        "VOC4": voc4,
    }
)
