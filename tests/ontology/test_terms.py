"""Constants, Turtle and records name the same things."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import get_args

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef

from fairpapers.extract.papers import normalize_line
from fairpapers.extract.records import ROLES as RECORD_ROLES
from fairpapers.extract.records import Comparator, ValueKind
from fairpapers.ontology import terms
from fairpapers.ontology.terms import (
    COMPARATORS,
    FP,
    FPV,
    GRAPH_METRICS,
    PREFIXES,
    QUALITY_METRICS,
    ROLES,
    VALUE_KINDS,
)

TERM_TYPES = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
DQV = Namespace(PREFIXES["dqv"])
CONCEPT_TYPES = (SKOS.Concept, SKOS.ConceptScheme)


def constants(names: type) -> set[str]:
    return {value for name, value in vars(names).items() if not name.startswith("_")}


def declared(graph: Graph, types: tuple[URIRef, ...]) -> set[str]:
    return {str(term) for kind in types for term in graph.subjects(RDF.type, kind)}


def test_constants_are_the_terms_of_the_ontology(ontology: Graph) -> None:
    assert constants(FP) == declared(ontology, TERM_TYPES)


def test_constants_are_the_concepts_of_the_vocabularies(vocabulary: Graph) -> None:
    assert constants(FPV) == declared(vocabulary, CONCEPT_TYPES)


def test_each_constant_of_the_ontology_has_the_local_name_of_its_term() -> None:
    named = {name: value for name, value in vars(FP).items() if not name.startswith("_")}
    assert named == {name: PREFIXES["fp"] + name for name in named}


def test_prefixes_are_those_of_the_turtle(
    ontology: Graph, vocabulary: Graph, shapes: Graph
) -> None:
    for graph in (ontology, vocabulary, shapes):
        bound = {prefix: str(iri) for prefix, iri in graph.namespaces() if prefix in PREFIXES}
        assert bound.items() <= PREFIXES.items()


def test_no_namespace_has_two_prefixes() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    assert PREFIXES["fp"] == terms.ONTOLOGY_IRI + "#"


@pytest.mark.parametrize(
    ("concepts", "scheme", "written"),
    [
        (ROLES, FPV.RoleScheme, RECORD_ROLES),
        (VALUE_KINDS, FPV.ValueKindScheme, get_args(ValueKind)),
        (COMPARATORS, FPV.ComparatorScheme, get_args(Comparator)),
    ],
)
def test_notations_are_what_records_write(
    vocabulary: Graph, concepts: Mapping[str, str], scheme: str, written: tuple[str, ...]
) -> None:
    listed = vocabulary.subjects(SKOS.inScheme, URIRef(scheme))
    by_notation = {str(vocabulary.value(item, SKOS.notation)): str(item) for item in listed}
    assert by_notation == concepts
    assert set(concepts) == set(written)


@pytest.mark.parametrize(
    "predicate",
    [SKOS.prefLabel, SKOS.definition, SKOS.notation, SKOS.inScheme, RDFS.isDefinedBy],
)
def test_every_concept_is_described_once(vocabulary: Graph, predicate: URIRef) -> None:
    concepts = list(vocabulary.subjects(RDF.type, SKOS.Concept))
    assert concepts
    for concept in concepts:
        assert len(list(vocabulary.objects(concept, predicate))) == 1, concept


def test_top_concepts_are_named_from_both_sides(vocabulary: Graph) -> None:
    down = set(vocabulary.subject_objects(SKOS.hasTopConcept))
    assert down == {(scheme, top) for top, scheme in vocabulary.subject_objects(SKOS.topConceptOf)}
    assert down == {(scheme, item) for item, scheme in vocabulary.subject_objects(SKOS.inScheme)}


def test_measures_of_quality_are_those_of_the_vocabulary(vocabulary: Graph) -> None:
    metrics = list(vocabulary.subjects(RDF.type, DQV.Metric))
    by_notation = {str(vocabulary.value(each, SKOS.notation)): str(each) for each in metrics}
    assert by_notation == {**QUALITY_METRICS, **GRAPH_METRICS}
    assert not QUALITY_METRICS.keys() & GRAPH_METRICS.keys()
    for metric in metrics:
        for predicate in (SKOS.prefLabel, SKOS.definition, DQV.inDimension, RDFS.isDefinedBy):
            assert len(list(vocabulary.objects(metric, predicate))) == 1, metric


def test_every_term_of_the_ontology_is_constrained(ontology: Graph, shapes: Graph) -> None:
    used = {str(node) for triple in shapes for node in triple}
    assert declared(ontology, TERM_TYPES) - used == set()


def test_every_concept_for_data_is_a_value_in_the_shapes(vocabulary: Graph, shapes: Graph) -> None:
    used = {str(node) for node in shapes.objects()}
    assert declared(vocabulary, (SKOS.Concept,)) - used == set(ROLES.values())


def test_normalization_is_defined_as_it_is_done(vocabulary: Graph) -> None:
    definition = str(vocabulary.value(URIRef(FPV.nfcSingleSpace), SKOS.definition))
    removal = definition.partition("are removed")[0]
    removed: set[int] = set()
    for first, last in re.findall(r"U\+([0-9A-F]{4}) to U\+([0-9A-F]{4})", removal):
        removed |= set(range(int(first, 16), int(last, 16) + 1))

    assert len(removed) > 2048
    for code in range(0x10000):
        character = chr(code)
        between = normalize_line(f"x{character}x")
        assert (between == "xx") == (code in removed), hex(code)
        assert (between == "x x") == (character.isspace() and code not in removed), hex(code)
