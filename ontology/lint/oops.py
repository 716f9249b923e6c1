"""Pitfalls of the OOPS! catalogue (Poveda-Villalón, Gómez-Pérez, Suárez-Figueroa, 2014) by id."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from types import MappingProxyType
from typing import Final

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, Graph, URIRef
from rdflib.term import Node

from ..terms import PREFIXES
from .base import (
    ONTOLOGY,
    PROPERTY_TYPES,
    Check,
    Fault,
    classes,
    is_own,
    local_name,
    own_terms,
    properties,
    terms,
    texts,
)

_DOMAIN_INCLUDES = URIRef(PREFIXES["schema"] + "domainIncludes")
_RANGE_INCLUDES = URIRef(PREFIXES["schema"] + "rangeIncludes")
_DOMAINS = (RDFS.domain, _DOMAIN_INCLUDES)
_RANGES = (RDFS.range, _RANGE_INCLUDES)
_CLASS_LINKS = (RDFS.subClassOf, OWL.equivalentClass, *_DOMAINS, *_RANGES)
_PROPERTY_LINKS = (RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf)
_CATCH_ALL = re.compile(r"misc|other|various|unknown|general", re.IGNORECASE)
_CLASS_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")
_PROPERTY_NAME = re.compile(r"[a-z][A-Za-z0-9]*")
_EXTENSION = re.compile(r"\.(owl|rdf|ttl|n3|nt|xml|jsonld|html?)\b", re.IGNORECASE)


def p02(graph: Graph) -> Iterator[Fault]:
    """Two names for one class."""
    for term, same in graph.subject_objects(OWL.equivalentClass):
        if is_own(term) and is_own(same):
            yield term, f"is a synonym of {same}"


def p04(graph: Graph) -> Iterator[Fault]:
    """A class or property that nothing connects with the rest."""
    linked: set[Node] = set()
    for predicate in (*_CLASS_LINKS, *_PROPERTY_LINKS):
        for subject, target in graph.subject_objects(predicate):
            linked |= {subject, target}
    for term in terms(graph):
        if term not in linked:
            yield term, "is connected with no other term"


def p06(graph: Graph) -> Iterator[Fault]:
    """A class or property below itself."""
    for predicate in (RDFS.subClassOf, RDFS.subPropertyOf):
        for term in set(graph.subjects(predicate)):
            if any(term in graph.transitive_objects(up, predicate) for up in graph[term:predicate]):
                yield term, f"lies below itself by {graph.qname(predicate)}"


def p08(graph: Graph) -> Iterator[Fault]:
    """No label or no comment."""
    for term in terms(graph):
        for predicate in (RDFS.label, RDFS.comment):
            if not texts(graph, term, predicate):
                yield term, f"has no {graph.qname(predicate)}"


def p11(graph: Graph) -> Iterator[Fault]:
    """No domain or range; schema:domainIncludes stands for several domains."""
    for term in properties(graph):
        for name, predicates in (("domain", _DOMAINS), ("range", _RANGES)):
            if not any((term, predicate, None) in graph for predicate in predicates):
                yield term, f"has no {name}"


def p13(graph: Graph) -> Iterator[Fault]:
    """No inverse, unless a note on the ontology says why; a declared one must fit (P05)."""
    notes = texts(graph, ONTOLOGY, SKOS.editorialNote)
    explained = any(note.startswith("Inverse properties:") for note in notes)
    paired = {term for pair in graph.subject_objects(OWL.inverseOf) for term in pair}
    for term in graph.subjects(RDF.type, OWL.ObjectProperty):
        if not explained and term not in paired:
            yield term, "has no inverse and the ontology does not say why"
    for term, inverse in graph.subject_objects(OWL.inverseOf):
        if graph.value(term, RDFS.domain) != graph.value(inverse, RDFS.range):
            yield term, f"has a domain that is not the range of its inverse {inverse}"


def p19(graph: Graph) -> Iterator[Fault]:
    """Several domains or ranges, which mean all of them at once."""
    for predicate in (RDFS.domain, RDFS.range):
        for term, count in Counter(graph.subjects(predicate)).items():
            if count > 1:
                yield term, f"has {count} values of {graph.qname(predicate)}"


def p20(graph: Graph) -> Iterator[Fault]:
    """An annotation that does not annotate: empty, or the label for a comment."""
    for term in terms(graph):
        labels = texts(graph, term, RDFS.label)
        comments = texts(graph, term, RDFS.comment)
        if any(not text.strip() for text in (*labels, *comments)):
            yield term, "has an empty annotation"
        if {text.casefold() for text in labels} & {text.casefold() for text in comments}:
            yield term, "has its label for a comment"
        if labels and comments and len(max(labels, key=len)) > len(max(comments, key=len)):
            yield term, "has a label longer than its comment"


def p21(graph: Graph) -> Iterator[Fault]:
    """A class for what is left over."""
    for term in classes(graph):
        if _CATCH_ALL.search(local_name(term)):
            yield term, "is a class for what is left over"


def p22(graph: Graph) -> Iterator[Fault]:
    """Names of several styles: ours are UpperCamel for classes, lowerCamel for properties."""
    for found, style in ((classes(graph), _CLASS_NAME), (properties(graph), _PROPERTY_NAME)):
        for term in found:
            if not style.fullmatch(local_name(term)):
                yield term, "is not named in the style of its kind"


def p24(graph: Graph) -> Iterator[Fault]:
    """A definition that uses what it defines."""
    for term in classes(graph):
        for predicate in (OWL.equivalentClass, RDFS.subClassOf):
            for expression in graph.objects(term, predicate):
                if expression == term or term in _expression_terms(graph, expression):
                    yield term, "is defined by itself"


def p25(graph: Graph) -> Iterator[Fault]:
    """A property that is its own inverse."""
    for term, inverse in graph.subject_objects(OWL.inverseOf):
        if term == inverse:
            yield term, "is its own inverse"


def p32(graph: Graph) -> Iterator[Fault]:
    """Two classes of one label."""
    by_label: dict[str, set[URIRef]] = defaultdict(set)
    for term in classes(graph):
        for label in texts(graph, term, RDFS.label):
            by_label[label.casefold()].add(term)
    for label, group in by_label.items():
        for first, second in combinations(sorted(group), 2):
            yield first, f"shares the label {label!r} with {second}"


def p34(graph: Graph) -> Iterator[Fault]:
    """A term of ours used as a class and not declared as one."""
    used = {target for predicate in _CLASS_LINKS for target in graph.objects(None, predicate)}
    used |= {*graph.subjects(RDFS.subClassOf), *graph.objects(None, RDF.type)}
    for members in graph.objects(None, OWL.members):
        used |= set(graph.items(members))
    for term in own_terms(used):
        if (term, RDF.type, OWL.Class) not in graph:
            yield term, "is used as a class and not declared"


def p35(graph: Graph) -> Iterator[Fault]:
    """A term of ours used as a property and not declared as one."""
    used: set[Node] = set(graph.predicates())
    for predicate in (*_PROPERTY_LINKS, *_DOMAINS, *_RANGES):
        used |= set(graph.subjects(predicate))
    for predicate in _PROPERTY_LINKS:
        used |= set(graph.objects(None, predicate))
    for term in own_terms(used):
        if not any((term, RDF.type, kind) in graph for kind in PROPERTY_TYPES):
            yield term, "is used as a property and not declared"


def p36(graph: Graph) -> Iterator[Fault]:
    """The extension of a file in an IRI, which then cannot have two formats."""
    for term in (*graph.subjects(RDF.type, OWL.Ontology), *terms(graph)):
        if _EXTENSION.search(str(term)):
            yield term, "has the extension of a file in its IRI"


def p38(graph: Graph) -> Iterator[Fault]:
    """No ontology declared, or several."""
    count = len(set(graph.subjects(RDF.type, OWL.Ontology)))
    if count != 1:
        yield ONTOLOGY, f"stands in a file that declares {count} ontologies"


def p39(graph: Graph) -> Iterator[Fault]:
    """A namespace that the IRI of the ontology does not give."""
    for ontology in graph.subjects(RDF.type, OWL.Ontology):
        namespaces = texts(graph, ontology, VANN.preferredNamespaceUri)
        if not isinstance(ontology, URIRef) or namespaces != [f"{ontology}#"]:
            yield ontology, f"has the namespaces {namespaces}"


def p40(graph: Graph) -> Iterator[Fault]:
    """A term declared, or spoken of as ours, in the namespace of someone else."""
    for term in terms(graph):
        if not is_own(term):
            yield term, "is declared in a namespace that is not ours"
    for subject in set(graph.subjects(RDFS.isDefinedBy)):
        if not is_own(subject):
            yield subject, "is said to be defined here and lies in another namespace"


def p41(graph: Graph) -> Iterator[Fault]:
    """No licence."""
    if (ONTOLOGY, DCTERMS.license, None) not in graph:
        yield ONTOLOGY, "has no licence"


def _expression_terms(graph: Graph, expression: Node) -> set[Node]:
    """Everything that an anonymous class expression is built of."""
    found: set[Node] = set()
    open_nodes: list[Node] = [] if isinstance(expression, URIRef) else [expression]
    while open_nodes:
        for target in graph.objects(open_nodes.pop()):
            if target not in found:
                found.add(target)
                if not isinstance(target, URIRef):
                    open_nodes.append(target)
    return found


OOPS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        check.__name__.upper(): check
        for check in (
            *(p02, p04, p06, p08, p11, p13, p19, p20, p21, p22, p24, p25),
            *(p32, p34, p35, p36, p38, p39, p40, p41),
        )
    }
)
