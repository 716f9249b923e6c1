"""The ontology passes every check, and every check can fail."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pytest
from rdflib import Graph

from fairpapers.ontology.lint import CHECKS, Finding, lint
from fairpapers.ontology.terms import ONTOLOGY_IRI, PREFIXES

_O = f"<{ONTOLOGY_IRI}>"


def drop(predicate: str, subject: str = _O) -> str:
    return f"DELETE WHERE {{ {subject} {predicate} ?value }}"


def add(turtle: str) -> str:
    return f"INSERT DATA {{ {turtle} }}"


def change(subject: str, predicate: str, value: str) -> str:
    return (
        f"DELETE {{ {subject} {predicate} ?old }} INSERT {{ {subject} {predicate} {value} }} "
        f"WHERE {{ {subject} {predicate} ?old }}"
    )


# For each check an update that plants one fault, and the term that the finding must name.
FAULTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        # FOOPS!
        "FIND1": (drop("vann:preferredNamespacePrefix"), ONTOLOGY_IRI),
        "FIND3": (drop("schema:includedInDataCatalog"), ONTOLOGY_IRI),
        "OM1": (drop("dcterms:description"), ONTOLOGY_IRI),
        "OM2": (drop("dcterms:bibliographicCitation"), ONTOLOGY_IRI),
        "OM3": (drop("bibo:status"), ONTOLOGY_IRI),
        "OM4_1": (drop("dcterms:license"), ONTOLOGY_IRI),
        "OM4_2": (change(_O, "dcterms:license", '"CC BY 4.0"'), ONTOLOGY_IRI),
        "OM5_1": (drop("dcterms:creator"), ONTOLOGY_IRI),
        "OM5_2": (drop("dcterms:issued"), ONTOLOGY_IRI),
        "PURL1": (add("<https://example.org/o> a owl:Ontology"), "https://example.org/o"),
        "URI2": (drop("a"), ONTOLOGY_IRI),
        "VER1": (change(_O, "owl:versionIRI", _O), ONTOLOGY_IRI),
        "VER1_number": (change(_O, "owl:versionInfo", '"9.9.9"'), ONTOLOGY_IRI),
        "VOC1": (f"DELETE WHERE {{ {_O} ?p ?o }}", ONTOLOGY_IRI),
        "VOC2": (
            "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?p IN (rdfs:subClassOf, rdfs:subPropertyOf)) }",
            ONTOLOGY_IRI,
        ),
        "VOC3": (drop("rdfs:label", "fp:uses"), "uses"),
        "VOC4": (drop("rdfs:comment", "fp:uses"), "uses"),
        # OOPS!
        "P02": (add("fp:Model owl:equivalentClass fp:Method"), "Model"),
        "P04": (add("fp:Island a owl:Class"), "Island"),
        "P06": (add("fp:Dataset rdfs:subClassOf fp:Benchmark"), "Dataset"),
        "P08": (drop("rdfs:comment", "fp:Paper"), "Paper"),
        "P11": (drop("schema:domainIncludes", "fp:confidence"), "confidence"),
        "P13": (drop("skos:editorialNote"), "uses"),
        "P19": (add("fp:uses rdfs:domain fp:Result"), "uses"),
        "P20": (change("fp:Task", "rdfs:comment", '"task"@en'), "Task"),
        "P21": (add("fp:OtherThing a owl:Class"), "OtherThing"),
        "P22": (add("fp:Has_Text a owl:ObjectProperty"), "Has_Text"),
        "P24": (
            add(
                "fp:Task owl:equivalentClass [ a owl:Restriction ; "
                "owl:onProperty fp:uses ; owl:someValuesFrom fp:Task ]"
            ),
            "Task",
        ),
        "P25": (add("fp:uses owl:inverseOf fp:uses"), "uses"),
        "P32": (change("fp:Model", "rdfs:label", '"method"@en'), "Method"),
        "P34": (add("fp:Benchmark rdfs:subClassOf fp:Yardstick"), "Yardstick"),
        "P35": (add("fp:Paper fp:hasPage 3"), "hasPage"),
        "P36": (add("<https://w3id.org/fairpapers/x.owl#A> a owl:Class"), "x.owl#A"),
        "P38": (add("<https://w3id.org/other> a owl:Ontology"), ONTOLOGY_IRI),
        "P39": (change(_O, "vann:preferredNamespaceUri", '"https://w3id.org/x#"'), ONTOLOGY_IRI),
        "P40": (add("schema:Dataset a owl:Class"), "https://schema.org/Dataset"),
        "P41": (drop("dcterms:license"), ONTOLOGY_IRI),
        # ROBOT
        "annotation_whitespace": (
            change("fp:Task", "rdfs:comment", '"A  problem."@en'),
            "Task",
        ),
        "deprecated_class_reference": (add("fp:Task owl:deprecated true"), "forTask"),
        "deprecated_property_reference": (add("fp:mentions owl:deprecated true"), "uses"),
        "duplicate_definition": (
            "INSERT { fp:Task rdfs:comment ?text } WHERE { fp:Model rdfs:comment ?text }",
            "Model",
        ),
        "duplicate_exact_synonym": (add('fp:Task skos:altLabel "Model"'), "Task"),
        "duplicate_label": (change("fp:uses", "rdfs:label", '"Mentions"@en'), "mentions"),
        "equivalent_pair": (add("fp:Task owl:equivalentClass schema:Action"), "Task"),
        "illegal_use_of_built_in_vocabulary": (
            add('rdf:Statement rdfs:label "Statement"'),
            PREFIXES["rdf"] + "Statement",
        ),
        "invalid_entity_uri": (add("<https://w3id.org/x/#A> a owl:Class"), "x/#A"),
        "label_formatting": (change("fp:uses", "rdfs:label", '"us\\nes"@en'), "uses"),
        "label_whitespace": (change("fp:uses", "rdfs:label", '"uses "@en'), "uses"),
        "lowercase_definition": (change("fp:Task", "rdfs:comment", '"a problem."@en'), "Task"),
        "missing_definition": (drop("rdfs:comment", "fp:Task"), "Task"),
        "missing_label": (drop("rdfs:label", "fp:Task"), "Task"),
        "missing_ontology_description": (drop("dcterms:description"), ONTOLOGY_IRI),
        "missing_ontology_license": (drop("dcterms:license"), ONTOLOGY_IRI),
        "missing_ontology_title": (drop("dcterms:title"), ONTOLOGY_IRI),
        "missing_superclass": (drop("rdfs:subClassOf", "fp:Task"), "Task"),
        "misused_obsolete_label": (
            change("fp:Task", "rdfs:label", '"obsolete task"@en'),
            "Task",
        ),
        "misused_replaced_by": (add("fp:Task dcterms:isReplacedBy fp:Model"), "Task"),
        "multiple_definitions": (add('fp:Task rdfs:comment "Another one."@en'), "Task"),
        "multiple_labels": (add('fp:Task rdfs:label "Problem"@en'), "Task"),
        # Ours
        "N1": (add("fp:Task a <https://example.org/T>"), "https://example.org/T"),
        "N2": (add("fp:Task a schema:Tsak"), "Tsak"),
        "C4": (
            add("fpv:a skos:broader fpv:b . fpv:b skos:broader fpv:c . fpv:a skos:narrower fpv:c"),
            "vocab/a",
        ),
        "L1": (add("fp:Task owl:sameAs <http://www.wikidata.org/entity/Q1>"), "Task"),
        "N3": (
            add("fp:Task rdfs:seeAlso <http://www.w3.org/ns/prov-o#Entity>"),
            "http://www.w3.org/ns/prov-o#Entity",
        ),
        "N4": (add("fp:Task rdfs:seeAlso <https://w3id.org//x>"), "https://w3id.org//x"),
        "is_defined_by": (drop("rdfs:isDefinedBy", "fp:Task"), "Task"),
    }
)


def copy(graph: Graph) -> Graph:
    twin = Graph()
    twin += graph
    return twin


@pytest.mark.parametrize("check", CHECKS)
def test_ontology_passes(ontology: Graph, check: str) -> None:
    assert list(CHECKS[check](ontology)) == []


def test_lint_finds_nothing(ontology: Graph) -> None:
    assert lint(ontology) == []


def test_every_check_has_a_planted_fault() -> None:
    assert set(FAULTS) == set(CHECKS)


@pytest.mark.parametrize("check", FAULTS)
def test_check_reports_a_planted_fault(ontology: Graph, check: str) -> None:
    update, term = FAULTS[check]
    graph = copy(ontology)
    graph.update(update, initNs=PREFIXES)

    found = [finding for finding in lint(graph) if finding.check == check]
    assert [finding for finding in found if finding.subject.endswith(term)], (update, found)


def test_a_mismatched_inverse_is_reported(ontology: Graph) -> None:
    graph = copy(ontology)
    graph.update(
        add("fp:usedBy a owl:ObjectProperty ; rdfs:domain fp:Task ; owl:inverseOf fp:uses"),
        initNs=PREFIXES,
    )
    assert any("usedBy" in str(term) for term, _ in CHECKS["P13"](graph))


def test_finding_reads_as_a_sentence() -> None:
    assert str(Finding("P08", "fp:Task", "has no label")) == "P08: fp:Task has no label"
