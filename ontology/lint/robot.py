"""Rules of the ROBOT report (Jackson et al., 2019), by their names.

ROBOT reads definitions from IAO:0000115; here they are the rdfs:comment.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import combinations
from types import MappingProxyType
from typing import Final

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from ..terms import PREFIXES
from .base import BAD_IRI, ONTOLOGY, PROPERTY_TYPES, Check, Fault, classes, is_own, terms, texts

_BUILT_IN = (str(RDF), str(RDFS), str(OWL), PREFIXES["xsd"])
_BAD_SPACE = re.compile(r"^\s|\s$|\s\s")


def missing(predicate: URIRef, graph: Graph) -> Iterator[Fault]:
    """A term without the annotation."""
    for term in terms(graph):
        if not texts(graph, term, predicate):
            yield term, f"has no {graph.qname(predicate)}"


def multiple(predicate: URIRef, graph: Graph) -> Iterator[Fault]:
    """A term with the annotation several times."""
    for term in terms(graph):
        if (count := len(texts(graph, term, predicate))) > 1:
            yield term, f"has {count} values of {graph.qname(predicate)}"


def duplicate(predicate: URIRef, graph: Graph) -> Iterator[Fault]:
    """Two terms with one text, apart from case."""
    by_text: dict[str, list[URIRef]] = defaultdict(list)
    for term in terms(graph):
        for text in {text.casefold() for text in texts(graph, term, predicate)}:
            by_text[text].append(term)
    for group in by_text.values():
        for first, second in combinations(group, 2):
            yield first, f"has the {graph.qname(predicate)} of {second}"


def header(predicate: URIRef, graph: Graph) -> Iterator[Fault]:
    """An ontology without the annotation."""
    if graph.value(ONTOLOGY, predicate, any=True) is None:
        yield ONTOLOGY, f"has no {graph.qname(predicate)}"


def spacing(predicates: tuple[URIRef, ...], graph: Graph) -> Iterator[Fault]:
    """White space at an end of a text, or several spaces in a row."""
    for predicate in predicates:
        for term, text in graph.subject_objects(predicate):
            if _BAD_SPACE.search(str(text)):
                yield term, f"has white space astray in {graph.qname(predicate)}"


def label_formatting(graph: Graph) -> Iterator[Fault]:
    """A label of several lines."""
    for term, label in graph.subject_objects(RDFS.label):
        if any(character in str(label) for character in "\n\r\t"):
            yield term, "has a line end or tab in its label"


def lowercase_definition(graph: Graph) -> Iterator[Fault]:
    """A definition that does not begin like a sentence."""
    for term in terms(graph):
        for text in texts(graph, term, RDFS.comment):
            if text[:1].islower():
                yield term, "has a definition that begins in lower case"


def missing_superclass(graph: Graph) -> Iterator[Fault]:
    """A class at the top."""
    for term in classes(graph):
        if (term, RDFS.subClassOf, None) not in graph:
            yield term, "has no superclass"


def equivalent_pair(graph: Graph) -> Iterator[Fault]:
    """Two named classes said to be the same."""
    for term, same in graph.subject_objects(OWL.equivalentClass):
        if isinstance(term, URIRef) and isinstance(same, URIRef):
            yield term, f"is equivalent to {same}"


def invalid_entity_uri(graph: Graph) -> Iterator[Fault]:
    """A term whose IRI is not valid."""
    for term in terms(graph):
        if BAD_IRI.search(term):
            yield term, "is no valid IRI"


def duplicate_exact_synonym(graph: Graph) -> Iterator[Fault]:
    """A synonym that is the label or a synonym of another term."""
    owners: dict[str, set[URIRef]] = defaultdict(set)
    for term in terms(graph):
        for name in (*texts(graph, term, RDFS.label), *texts(graph, term, SKOS.altLabel)):
            owners[name.casefold()].add(term)
    for term in terms(graph):
        for name in texts(graph, term, SKOS.altLabel):
            if len(owners[name.casefold()]) > 1:
                yield term, f"shares the name {name!r}"


def illegal_use_of_built_in_vocabulary(graph: Graph) -> Iterator[Fault]:
    """A statement about a term of RDF, RDFS, OWL or XML Schema."""
    for subject in set(graph.subjects()):
        if isinstance(subject, URIRef) and str(subject).startswith(_BUILT_IN):
            yield subject, "belongs to a built-in vocabulary"


def deprecated_reference(kinds: tuple[URIRef, ...], graph: Graph) -> Iterator[Fault]:
    """A term that says something by a deprecated one."""
    for term in _deprecated(graph):
        if any((term, RDF.type, kind) in graph for kind in kinds):
            for user in set(graph.subjects(None, term)) - {term}:
                yield user, f"refers to {term}, which is deprecated"


def misused_obsolete_label(graph: Graph) -> Iterator[Fault]:
    """A label that says obsolete on a term that is not deprecated."""
    for term in set(terms(graph)) - _deprecated(graph):
        if any(label.casefold().startswith("obsolete") for label in texts(graph, term, RDFS.label)):
            yield term, "is called obsolete and is not deprecated"


def misused_replaced_by(graph: Graph) -> Iterator[Fault]:
    """A term that is replaced and not deprecated."""
    for term in set(graph.subjects(DCTERMS.isReplacedBy)) - _deprecated(graph):
        if is_own(term):
            yield term, "is replaced and not deprecated"


def _deprecated(graph: Graph) -> set[Node]:
    return set(graph.subjects(OWL.deprecated, Literal(True)))


_ANNOTATIONS = (RDFS.comment, DCTERMS.title, DCTERMS.description, SKOS.editorialNote)
ROBOT: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "annotation_whitespace": partial(spacing, _ANNOTATIONS),
        "deprecated_class_reference": partial(deprecated_reference, (OWL.Class,)),
        "deprecated_property_reference": partial(deprecated_reference, PROPERTY_TYPES),
        "duplicate_definition": partial(duplicate, RDFS.comment),
        "duplicate_exact_synonym": duplicate_exact_synonym,
        "duplicate_label": partial(duplicate, RDFS.label),
        "equivalent_pair": equivalent_pair,
        "illegal_use_of_built_in_vocabulary": illegal_use_of_built_in_vocabulary,
        "invalid_entity_uri": invalid_entity_uri,
        "label_formatting": label_formatting,
        "label_whitespace": partial(spacing, (RDFS.label,)),
        "lowercase_definition": lowercase_definition,
        "missing_definition": partial(missing, RDFS.comment),
        "missing_label": partial(missing, RDFS.label),
        "missing_ontology_description": partial(header, DCTERMS.description),
        "missing_ontology_license": partial(header, DCTERMS.license),
        "missing_ontology_title": partial(header, DCTERMS.title),
        "missing_superclass": missing_superclass,
        "misused_obsolete_label": misused_obsolete_label,
        "misused_replaced_by": misused_replaced_by,
        "multiple_definitions": partial(multiple, RDFS.comment),
        "multiple_labels": partial(multiple, RDFS.label),
    }
)
