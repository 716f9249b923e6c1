"""What every check works with: the terms of the ontology and findings about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeGuard

from rdflib import OWL, RDF, Graph, Literal, URIRef
from rdflib.term import Node

from ..terms import ONTOLOGY_IRI, PREFIXES

ONTOLOGY = URIRef(ONTOLOGY_IRI)
# Characters that no IRI has, and sequences that come from wrong joining.
BAD_IRI = re.compile(r"[\s\\<>\"{}|^`]|/#|#.*#|[^:]//")
PROPERTY_TYPES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


class Finding(NamedTuple):
    """A fault: the check that found it, the term at fault and what is wrong with it."""

    check: str
    subject: str
    fault: str

    def __str__(self) -> str:
        return f"{self.check}: {self.subject} {self.fault}"


# A check yields each term at fault with what is wrong, as the end of a sentence about the term.
Fault = tuple[Node, str]
Check = Callable[[Graph], Iterator[Fault]]


def is_own(node: Node) -> TypeGuard[URIRef]:
    """Whether the node is a term in the namespace of the ontology."""
    return isinstance(node, URIRef) and node.startswith(PREFIXES["fp"])


def own_terms(nodes: Iterable[Node]) -> list[URIRef]:
    """Those of the nodes that are terms of the ontology, sorted."""
    return sorted(node for node in nodes if is_own(node))


def classes(graph: Graph) -> list[URIRef]:
    """Every named class that the ontology declares, sorted."""
    return _typed(graph, (OWL.Class,))


def properties(graph: Graph) -> list[URIRef]:
    """Every property that the ontology declares, sorted."""
    return _typed(graph, PROPERTY_TYPES)


def terms(graph: Graph) -> list[URIRef]:
    """Every class and property that the ontology declares, sorted."""
    return sorted({*classes(graph), *properties(graph)})


def texts(graph: Graph, subject: Node, predicate: URIRef) -> list[str]:
    """The literal values of a property, sorted."""
    values = graph.objects(subject, predicate)
    return sorted(str(value) for value in values if isinstance(value, Literal))


def local_name(term: URIRef) -> str:
    """What follows the namespace in the IRI of a term."""
    return term.rpartition("#")[2] if "#" in term else term.rpartition("/")[2]


def _typed(graph: Graph, types: tuple[URIRef, ...]) -> list[URIRef]:
    found = {term for kind in types for term in graph.subjects(RDF.type, kind)}
    return sorted(term for term in found if isinstance(term, URIRef))
