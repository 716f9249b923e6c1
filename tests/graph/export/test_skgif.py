from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from pyld import jsonld  # type: ignore[import-untyped]
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from fairpapers.graph.export.skgif import CONTEXT, SKGIF_FILE, SkgIf
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.ontology.terms import PREFIXES

from .conftest import Export

PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
TEXTS = {"type": "object", "patternProperties": {"^([a-z]{2}|none)$": {}}, "minProperties": 1}
IDENTIFIERS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["scheme", "value"],
        "properties": {"scheme": {"type": "string"}, "value": {"type": "string", "minLength": 1}},
        "additionalProperties": False,
    },
}
COMMON = {"local_identifier": {"type": "string", "minLength": 1}, "identifiers": IDENTIFIERS}


def entity(kind: str, required: Iterable[str] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["local_identifier", "entity_type", *required],
        "properties": {**COMMON, "entity_type": {"const": kind}, **properties},
        "additionalProperties": False,
    }


NAMED = {kind: entity(kind, ["name"], name={"type": "string"}) for kind in ("agent", "venue")}
TOPIC = entity("topic", labels={**TEXTS, "additionalProperties": {"type": "string"}})
PRODUCT = entity(
    "product",
    product_type={"enum": ["literature", "research data", "research software", "other"]},
    titles={
        "type": "object",
        "patternProperties": {
            "^([a-z]{2}|none)$": {"type": "array", "minItems": 1, "items": {"type": "string"}}
        },
        "additionalProperties": False,
    },
    topics={
        "type": "array",
        "items": {
            "type": "object",
            "required": ["term", "provenance"],
            "properties": {
                "term": {"type": "string"},
                "provenance": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["associated_with", "trust"],
                        "properties": {
                            "associated_with": {"type": "string", "minLength": 1},
                            "trust": {"type": "number", "minimum": 0, "maximum": 1},
                        },
                        "additionalProperties": False,
                    },
                },
            },
            "additionalProperties": False,
        },
    },
    contributions={
        "type": "array",
        "items": {
            "type": "object",
            "required": ["by"],
            "properties": {
                "by": NAMED["agent"],
                "role": {"enum": ["author", "editor", "publisher"]},
            },
            "additionalProperties": False,
        },
    },
    manifestations={
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "dates": {
                    "type": "object",
                    "properties": {
                        "publication": {
                            "type": "array",
                            "items": {"type": "string", "pattern": "^[0-9]{4}$"},
                        }
                    },
                    "additionalProperties": False,
                },
                "identifiers": IDENTIFIERS,
                "biblio": {
                    "type": "object",
                    "properties": {"in": NAMED["venue"]},
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        },
    },
    related_products={
        "type": "object",
        "properties": {
            name: {"type": "array", "items": {"type": "string"}}
            for name in (
                "cites",
                "is_supplemented_by",
                "is_documented_by",
                "is_new_version_of",
                "is_part_of",
            )
        },
        "additionalProperties": False,
    },
)
# Ours, written from the pages of the interoperability framework and its OpenAPI description: the
# framework publishes no JSON Schema of documents.
SCHEMA = {
    "type": "object",
    "required": ["@context", "@graph"],
    "properties": {
        "@context": {
            "type": "array",
            "prefixItems": [
                {"const": CONTEXT},
                {
                    "type": "object",
                    "required": ["@base"],
                    "properties": {
                        "@base": {"pattern": "^https://w3id.org/skg-if/sandbox/[^/]+/$"}
                    },
                },
            ],
        },
        "@graph": {"type": "array", "items": {"oneOf": [NAMED["agent"], TOPIC, PRODUCT]}},
    },
    "additionalProperties": False,
}
# What the published context (1.0.0) maps the terms to that we write.
PUBLISHED = {
    "@version": 1.1,
    "none": "@none",
    "local_identifier": "@id",
    "entity_type": {"@id": "@type", "@type": "@vocab"},
    "product_type": {"@id": "@type", "@type": "@vocab"},
    "product": "http://purl.org/spar/fabio/Work",
    "literature": "http://purl.org/spar/fabio/ScholarlyWork",
    "research data": "http://purl.org/spar/fabio/Dataset",
    "topic": "http://purl.org/spar/fabio/SubjectTerm",
    "agent": "http://xmlns.com/foaf/0.1/Agent",
    "venue": "http://purl.org/spar/fabio/ExpressionCollection",
    "name": "http://xmlns.com/foaf/0.1/name",
    "titles": {"@id": PREFIXES["dcterms"] + "title", "@container": "@language"},
    "labels": {"@id": PREFIXES["skos"] + "prefLabel", "@container": "@language"},
    "topics": "http://purl.org/spar/bido/holdsBibliometricDataInTime",
    "term": {"@id": "http://purl.org/spar/bido/withBibliometricData", "@type": "@vocab"},
    "provenance": PREFIXES["prov"] + "wasGeneratedBy",
    "associated_with": {"@id": PREFIXES["prov"] + "wasAssociatedWith", "@type": "@vocab"},
    "trust": {"@id": PREFIXES["rdf"] + "value", "@type": PREFIXES["xsd"] + "float"},
    "related_products": "@nest",
    "is_documented_by": {"@id": "http://purl.org/spar/cito/isDocumentedBy", "@type": "@vocab"},
}


@pytest.fixture(scope="module", params=["demo", "awkward"])
def release(
    request: pytest.FixtureRequest,
    demo_graph: Path,
    awkward_graph: Path,
    export: Export,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Any, Store]:
    """The document of a release, and the graph."""
    folder = tmp_path_factory.mktemp("skgif") / "release"
    graph = demo_graph if request.param == "demo" else awkward_graph
    export(folder, (SkgIf(),), graph=graph)
    document = json.loads(gzip.decompress((folder / SKGIF_FILE).read_bytes()))
    return document, Store.read_only(str(current_snapshot(graph).store))


def answers(graph: Store, query: str) -> list[tuple[str, ...]]:
    solutions = graph.query(PREFIX + query, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return [tuple(value_of(value) for value in solution) for solution in solutions]


def value_of(value: object) -> str:
    assert isinstance(value, NamedNode | Literal)
    return value.value


def test_the_document_keeps_the_rules_of_the_framework(release: tuple[Any, Store]) -> None:
    document, _ = release
    errors = sorted(error.message for error in Draft202012Validator(SCHEMA).iter_errors(document))
    assert not errors[:3]


def test_every_identifier_is_of_one_entity_and_every_reference_leads_to_one(
    release: tuple[Any, Store],
) -> None:
    document, _ = release
    kinds = {each["local_identifier"]: each["entity_type"] for each in document["@graph"]}
    assert len(kinds) == len(document["@graph"])
    for each in document["@graph"]:
        for topic in each.get("topics", ()):
            assert kinds[topic["term"]] == "topic"
            assert kinds[topic["provenance"][0]["associated_with"]] == "agent"
        for related in each.get("related_products", {}).values():
            assert {kinds[product] for product in related} == {"product"}


def test_products_and_topics_are_those_of_the_graph(release: tuple[Any, Store]) -> None:
    document, graph = release
    counts = Counter(each.get("product_type", each["entity_type"]) for each in document["@graph"])
    for name, pattern in (
        ("literature", "?x a fp:Paper"),
        ("research data", "?x a fp:Dataset ; fp:paperCount ?n"),
        ("topic", "?x fp:paperCount ?n"),
    ):
        expected = answers(graph, f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
        assert [(str(counts[name]),)] == expected
    documented = {
        (each["local_identifier"], paper)
        for each in document["@graph"]
        for paper in each.get("related_products", {}).get("is_documented_by", ())
    }
    query = "SELECT ?d ?p WHERE { ?p fp:introduces ?d . ?d a fp:Dataset }"
    assert documented == set(answers(graph, query))


def test_trust_is_the_highest_confidence_of_a_claim(release: tuple[Any, Store]) -> None:
    document, graph = release
    stated = {
        (each["local_identifier"], topic["term"].removesuffix("#topic")): Decimal(
            str(topic["provenance"][0]["trust"])
        )
        for each in document["@graph"]
        for topic in each.get("topics", ())
    }
    query = """SELECT ?p ?r (MAX(?c) AS ?trust) WHERE {
        ?claim a fp:Claim ; rdf:subject ?p ; rdf:object ?r ; fp:confidence ?c } GROUP BY ?p ?r"""
    assert stated == {(p, r): Decimal(c) for p, r, c in answers(graph, query)}


def test_authors_venues_and_identifiers_are_those_of_the_source(
    awkward_graph: Path, export: Export, tmp_path: Path
) -> None:
    export(tmp_path / "release", (SkgIf(),), graph=awkward_graph)
    document = json.loads(gzip.decompress((tmp_path / "release" / SKGIF_FILE).read_bytes()))
    papers = [each for each in document["@graph"] if each.get("product_type") == "literature"]
    assert len(papers) == 5
    for paper in papers:
        (n,) = {each["value"][-1] for each in paper["identifiers"] if each["scheme"] == "doi"}
        assert paper["identifiers"] == [{"scheme": "doi", "value": f"10.1000/a(b){n}"}]
        names = {each["by"]["name"] for each in paper["contributions"]}
        assert {'Ada "A." Łovelace', "Two\nLines", f"Nr. {n}"} < names
        (manifestation,) = paper["manifestations"]
        assert manifestation["dates"] == {"publication": [f"090{n}"]}
        assert manifestation["biblio"]["in"]["name"] == "Proc. of A, B\r\nand C"
        assert manifestation["identifiers"][0]["value"] == f"https://example.org/{n}?a=b,c"


def test_under_the_published_terms_it_is_rdf(release: tuple[Any, Store]) -> None:
    document, graph = release
    local = {"@context": [PUBLISHED, document["@context"][1]], "@graph": document["@graph"]}
    expanded = jsonld.expand(local)
    types = Counter(kind for each in expanded for kind in each["@type"])
    (papers,) = answers(graph, "SELECT (COUNT(*) AS ?n) WHERE { ?x a fp:Paper }")
    assert str(types["http://purl.org/spar/fabio/ScholarlyWork"]) == papers[0]
    titles = {
        (each["@id"], each[PREFIXES["dcterms"] + "title"][0]["@value"])
        for each in expanded
        if "http://purl.org/spar/fabio/ScholarlyWork" in each["@type"]
    }
    assert titles == set(answers(graph, "SELECT ?x ?t WHERE { ?x a fp:Paper ; dcterms:title ?t }"))


def test_the_same_graph_gives_the_same_bytes(export: Export, tmp_path: Path) -> None:
    assert export(tmp_path / "a", (SkgIf(),)) == export(tmp_path / "b", (SkgIf(),))


def test_a_line_is_an_entity(export: Export, tmp_path: Path) -> None:
    export(tmp_path / "release", (SkgIf(),))
    text = gzip.decompress((tmp_path / "release" / SKGIF_FILE).read_bytes()).decode()
    first, opening, *lines, last = text.splitlines()
    assert first.startswith('{"@context": ["https://w3id.org/skg-if/context/')
    assert (opening, last) == ('"@graph": [', "]}")
    assert all(json.loads(line.removesuffix(","))["local_identifier"] for line in lines)
