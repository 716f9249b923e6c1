"""What is said about queries: each kind on its example, nothing on the library."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fairpapers.graph.snapshot import Snapshot
from fairpapers.graph.store import Store
from fairpapers.ontology.terms import DEFAULT_BASE, FP, PREFIXES
from fairpapers.queries import Library
from fairpapers.queries.assistance import (
    KINDS,
    Known,
    advise,
    defined,
    read,
    void_query,
    with_graph,
)
from fairpapers.queries.assistance.spelling import distance, near_iris

FP_PREFIX = "PREFIX fp: <https://w3id.org/fairpapers/ontology#>\n"
SCHEMA = "PREFIX schema: <https://schema.org/>\n"


@pytest.fixture(scope="module")
def known(store: Store, sample: Snapshot) -> Known:
    """The terms of the sample graph."""
    found = store.select(void_query(sample.base))
    rows = [
        {
            name: getattr(term, "value", "")
            for name, term in zip(found.variables, row, strict=True)
            if term
        }
        for row in found.rows
    ]
    return with_graph(rows)


def kinds(text: str, known: Known | None = None) -> list[str]:
    return [each.kind for each in advise(text, known)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_each_kind_has_it_and_the_better_query_has_none(
    kind: str, known: Known
) -> None:
    for terms in (None, known):
        assert kind in kinds(KINDS[kind].example, terms)
        assert kinds(KINDS[kind].better, terms) == []


def test_no_query_of_the_library_is_blamed(library: Library, known: Known) -> None:
    for query in library.values():
        for terms in (None, known):
            assert [each.message for each in advise(query.bind(), terms)] == [], query.id


def test_a_first_fix_that_is_made_removes_the_finding(known: Known) -> None:
    for kind in KINDS.values():
        for each in advise(kind.example, known):
            if each.kind == kind.id and each.fixes:
                fix = each.fixes[0]
                text = kind.example[: fix.start] + fix.text + kind.example[fix.end :]
                assert kind.id not in kinds(text, known), text


def test_names_of_the_graph_are_known_and_others_compared_with_them(known: Known) -> None:
    assert known.properties[FP.uses] > 0
    (found,) = advise(f"{FP_PREFIX}SELECT ?p {{ ?p fp:Uses ?d . ?d a fp:Dataset }}", known)
    assert found.kind == "unknown-term"
    assert found.fixes[0].text == "fp:uses"
    (found,) = advise(f"{FP_PREFIX}SELECT ?d {{ ?d a fp:dataset }}", known)
    assert found.fixes[0].text == "fp:Dataset"
    text = "PREFIX schema: <http://schema.org/>\nSELECT ?y { ?p schema:datePublished ?y }"
    (found,) = advise(text, known)
    assert found.fixes[0].text == "<https://schema.org/datePublished>"


def test_a_foreign_name_is_blamed_only_where_a_graph_was_asked(known: Known) -> None:
    text = "SELECT ?x { ?x <http://example.org/never/seen> ?y }"
    assert kinds(text) == []
    assert kinds(text, known) == ["unknown-term"]


def test_what_others_are_asked_is_theirs(known: Known) -> None:
    text = "SELECT ?x { SERVICE <http://example.org/sparql> { ?x <http://example.org/p> ?y } }"
    assert kinds(text, known) == []


def test_a_prefix_that_nobody_knows_gets_advice() -> None:
    (found,) = advise("SELECT ?x { ?x skoss:prefLabel ?y }")
    assert found.kind == "undeclared-prefix"
    assert found.fixes[0].text == "skos"
    (found,) = advise("SELECT ?x { ?x :p ?y }")
    assert "PREFIX :" in found.message


@pytest.mark.parametrize(
    "body",
    [
        "?a fp:uses ?d OPTIONAL { ?d fp:paperCount ?n FILTER(?a != ?n) }",
        "?a fp:uses ?d FILTER EXISTS { ?d fp:paperCount ?n FILTER(?a != ?n) }",
        "?a fp:uses ?d FILTER(!BOUND(?nothing))",
        "?a fp:uses ?d BIND(COALESCE(?nothing, 1) AS ?n)",
        "?a fp:uses ?d FILTER(?d = ?e) ?b fp:introduces ?e",
        "{ SELECT (COUNT(*) AS ?all) { ?x fp:uses ?y } } ?a fp:uses ?d",
        "VALUES ?kind { fp:Dataset } ?a fp:uses ?d",
        "?a fp:uses [ a fp:Dataset ] ; fp:introduces [ a fp:Model ]",
        "<urn:x> fp:uses ?a . <urn:x> fp:introduces ?b",
    ],
)
def test_what_is_right_is_not_blamed(body: str) -> None:
    assert kinds(f"{FP_PREFIX}SELECT * {{ {body} }}") == []


@pytest.mark.parametrize(
    ("condition", "blamed"),
    [
        ("?y > 2020", True),
        ("2020 < ?y", True),
        ('?y = "2020"', True),
        ('?y >= "2020"^^xsd:gYear', False),
        ('STR(?y) >= "2020"', False),
        ("xsd:integer(STR(?y)) >= 2020", False),
        ("STR(?y) >= 2020", True),
        ("STRLEN(STR(?y)) = 4", False),
        ('STRLEN(?t) = "4"', True),
        ("?other > 2020", False),
    ],
)
def test_values_of_other_types_are_told_apart(condition: str, blamed: bool) -> None:
    text = (
        f"{SCHEMA}PREFIX dcterms: <http://purl.org/dc/terms/>\n"
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
        "SELECT * { ?p schema:datePublished ?y ; dcterms:title ?t ; ?any ?other "
        f"FILTER({condition}) }}"
    )
    assert ("compared-types" in kinds(text)) is blamed


@pytest.mark.parametrize(
    ("datatypes", "literal", "blamed"),
    [
        ({"string"}, '"a"', False),
        ({"string"}, '"a"@en', True),
        ({"string", "langString"}, '"a"@en', False),
        ({"langString"}, '"a"@en', False),
        ({"langString"}, '"a"', True),
        ({"decimal"}, "1", True),
        ({"decimal"}, "1.0", False),
        ({"decimal"}, '"1"^^no:prefix', False),
        (set(), "1", False),
    ],
)
def test_a_literal_must_be_of_a_type_that_the_property_has(
    datatypes: set[str], literal: str, blamed: bool
) -> None:
    named = {PREFIXES["rdf" if each == "langString" else "xsd"] + each for each in datatypes}
    known = replace(defined(), properties={"urn:p": 1}, datatypes={"urn:p": frozenset(named)})
    found = list(advise(f"SELECT ?s {{ ?s <urn:p> {literal} }}", known))
    assert ("literal-type" in [each.kind for each in found]) is blamed
    for each in found:
        assert "langString" not in "".join(fix.text for fix in each.fixes)


def test_counts_of_what_a_thing_has_once_are_not_blamed() -> None:
    once = f"{FP_PREFIX}SELECT (COUNT(?r) AS ?n) {{ ?r fp:value ?v ; fp:byMetric ?m }}"
    assert kinds(once) == []
    many = f"{FP_PREFIX}SELECT (COUNT(?p) AS ?n) {{ ?p fp:uses ?d ; fp:introduces ?e }}"
    (found,) = advise(many)
    assert found.kind == "count-without-distinct"
    assert found.fixes[0].text == "DISTINCT "


def test_of_what_is_not_understood_only_names_are_judged() -> None:
    text = f"{FP_PREFIX}SELECT ?nothing {{ ?p fp:usess ?d . <a b> }} LIMIT"
    assert read(text).fault is not None
    assert kinds(text) == ["unknown-term"]


def test_the_vocabulary_is_there_without_a_graph() -> None:
    assert FP.uses in defined()
    assert not defined().of_graph
    assert f"{DEFAULT_BASE}/vocab/absolute" in defined()


def test_distance_and_likeness() -> None:
    assert distance("kitten", "sitting", 3) == 3
    assert distance("abcdef", "ghijkl", 2) == 3
    terms = {FP.uses: 9, FP.mentions: 1, FP.introduces: 5}
    assert near_iris(FP.uses + "s", terms) == [FP.uses]
    assert near_iris("urn:nothing", terms) == []
