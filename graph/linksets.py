"""Links to other data as ``void:Linkset`` (VoID, section 5): to where, by which property, how many."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Store

from ..ontology.terms import PREFIXES
from . import terms
from .iris import Iris
from .terms import node, term

_Triple: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal]

_SKOS: Final = PREFIXES["skos"]

LinkCounts: TypeAlias = Mapping[tuple[str, str], int]


def count_links(store: Store, iris: Iris) -> LinkCounts:
    """Links in ``graph/links`` by IRI of the property and namespace of what is linked to."""
    counts: Counter[tuple[str, str]] = Counter()
    for quad in store.quads_for_pattern(None, None, None, NamedNode(iris.graph("links"))):
        predicate, target = quad.predicate.value, quad.object
        if predicate.startswith(_SKOS) and isinstance(target, NamedNode):
            counts[predicate, _namespace(target.value)] += 1
    return dict(sorted(counts.items()))


def describe_links(counts: LinkCounts, iris: Iris) -> Iterator[_Triple]:
    """One linkset for each property and namespace."""
    corpus = node(iris.corpus())
    for (predicate, namespace), count in counts.items():
        key = hashlib.sha256(namespace.encode()).hexdigest()[:16]
        linkset = node(iris.part("void", "linkset", predicate.removeprefix(_SKOS), key))
        target = node(iris.part("void", "target", key))
        yield linkset, term("rdf:type"), term("void:Linkset")
        yield linkset, term("void:linkPredicate"), node(predicate)
        yield linkset, term("void:subjectsTarget"), corpus
        yield linkset, term("void:objectsTarget"), target
        yield linkset, term("void:triples"), terms.count(count)
        yield target, term("rdf:type"), term("void:Dataset")
        yield target, term("void:uriSpace"), Literal(namespace)


def _namespace(iri: str) -> str:
    """Up to the last ``#`` or ``/``."""
    at = max(iri.rfind("#"), iri.rfind("/"))
    return iri[: at + 1]
