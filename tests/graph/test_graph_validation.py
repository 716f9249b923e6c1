"""Each check finds the fault that it is for, and the shapes are applied to what was loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest
from pyoxigraph import Store

from fairpapers.graph.iris import Iris
from fairpapers.graph.shaping import shape
from fairpapers.graph.term_checks import check_terms
from fairpapers.graph.validation import CHECKS_BY_RULE, validate
from fairpapers.ontology.terms import PREFIXES

PAPER = "<https://w3id.org/fairpapers/id/paper/doi:10.5555:sample.2023.1>"
BERT = "<https://w3id.org/fairpapers/id/model/bert>"
CORE = "<https://w3id.org/fairpapers/graph/core>"
EVIDENCE = "<https://w3id.org/fairpapers/graph/evidence>"
OTHER = "<https://w3id.org/fairpapers/id/paper/arxiv:2401.01234>"


class Built(Protocol):
    def open(self) -> Store: ...


@pytest.fixture
def store(built: Built) -> Store:
    """A copy of the sample graph that may be spoilt."""
    copy = Store()
    copy.bulk_extend(built.open())
    return copy


def spoil(store: Store, update: str) -> None:
    before = set(store)
    prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
    store.update(prefixes + update)
    assert set(store) != before


FAULTS = {
    "statement-has-one-claim": f"INSERT DATA {{ GRAPH {CORE} {{ {PAPER} fp:addressesTask {BERT} }} }}",
    "claim-has-statement": f"DELETE DATA {{ GRAPH {CORE} {{ {PAPER} fp:uses {BERT} }} }}",
    "rejected-is-not-stated": f"""INSERT DATA {{ GRAPH {EVIDENCE} {{
        {PAPER[:-1]}/r/1> prov:invalidatedAtTime "2026-11-30T00:00:00Z"^^xsd:dateTime }} }}""",
    "one-relation-per-resource": f"INSERT DATA {{ GRAPH {CORE} {{ {PAPER} fp:mentions {BERT} }} }}",
    "claim-has-mention-of-its-paper": f"""DELETE WHERE {{
        GRAPH {EVIDENCE} {{ {PAPER[:-1]}/c/1> fp:supportedBy ?mention }} }}""",
    "support-is-of-the-same-paper": f"""INSERT {{
        GRAPH {EVIDENCE} {{ {PAPER[:-1]}/r/1> fp:supportedBy ?mention }}
      }} WHERE {{ GRAPH {EVIDENCE} {{ ?mention fp:inText {OTHER[:-1]}/text> ; a fp:Mention }} }}""",
    "span-fits-text": f"""INSERT DATA {{ GRAPH {EVIDENCE} {{ {PAPER[:-1]}/m/0-9> fp:end 9999 }} }}""",
    "result-is-complete": f"DELETE WHERE {{ GRAPH {CORE} {{ {PAPER[:-1]}/r/1> fp:byMetric ?m }} }}",
    "size-is-complete": f"DELETE WHERE {{ GRAPH {CORE} {{ ?resource fp:size ?size }} }}",
    "resource-is-named": f"DELETE WHERE {{ GRAPH {CORE} {{ {BERT} skos:prefLabel ?name }} }}",
    "paper-count-is-right": f"""DELETE {{ GRAPH {CORE} {{ {BERT} fp:paperCount ?n }} }}
        INSERT {{ GRAPH {CORE} {{ {BERT} fp:paperCount 99 }} }}
        WHERE {{ GRAPH {CORE} {{ {BERT} fp:paperCount ?n }} }}""",
    "confidence-is-a-share": f"""INSERT DATA {{
        GRAPH {EVIDENCE} {{ {PAPER[:-1]}/c/1> fp:confidence 1.5 }} }}""",
    "surface-form-is-short": f"""INSERT DATA {{
        GRAPH {EVIDENCE} {{ {PAPER[:-1]}/m/0-9> fp:surfaceForm "{"long " * 20}" }} }}""",
    "surface-form-fits-span": f"""INSERT DATA {{
        GRAPH {EVIDENCE} {{ {PAPER[:-1]}/m/0-9> fp:surfaceForm "short" }} }}""",
    "text-has-digest": f"""DELETE WHERE {{
        GRAPH {EVIDENCE} {{ {PAPER[:-1]}/text> fp:textSha256 ?digest }} }}""",
    "date-is-not-ahead": f"""INSERT DATA {{
        GRAPH {CORE} {{ {PAPER} schema:datePublished "2031"^^xsd:gYear }} }}""",
    "leading-metric-has-direction": f"DELETE WHERE {{ GRAPH {CORE} {{ ?m fp:direction ?d }} }}",
    "name-is-not-ambiguous": f"""INSERT {{ GRAPH {CORE} {{ {BERT} skos:altLabel ?name }} }} WHERE {{
        GRAPH {CORE} {{ ?other a fp:Model ; skos:prefLabel ?name FILTER(?other != {BERT}) }} }}""",
    "label-is-not-blank": f"""INSERT DATA {{ GRAPH {CORE} {{ {BERT} skos:altLabel " \\t" }} }}""",
    "no-cycle-of-broader": f"""INSERT DATA {{ GRAPH {CORE} {{
        <urn:a> skos:broader <urn:b> . <urn:b> skos:broader <urn:a> }} }}""",
    "namespace-is-pinned": f"""INSERT DATA {{
        GRAPH {CORE} {{ {BERT} <https://example.org/terms#year> 2018 }} }}""",
    "term-is-defined": f"INSERT DATA {{ GRAPH {CORE} {{ {BERT} fp:papercount 5 }} }}",
    "namespace-is-no-look-alike": f"""INSERT DATA {{
        GRAPH {CORE} {{ {BERT} <http://schema.org/name> "BERT" }} }}""",
    "iri-is-well-formed": f"""INSERT DATA {{
        GRAPH {CORE} {{ {BERT} rdfs:seeAlso <https://example.org/#bert> }} }}""",
    "value-has-its-datatype": f"""INSERT DATA {{
        GRAPH {CORE} {{ {PAPER[:-1]}/r/1> fp:value "91.3" }} }}""",
    "number-is-no-float": f"""INSERT DATA {{
        GRAPH {CORE} {{ {PAPER[:-1]}/r/1> fp:value 9.13e1 }} }}""",
    "void-figure-is-counted": f"DELETE WHERE {{ GRAPH {CORE} {{ {BERT} ?p ?o }} }}",
    "text-is-quoted-briefly": f"""DELETE {{ GRAPH {EVIDENCE} {{ ?text fp:textLength ?length }} }}
        INSERT {{ GRAPH {EVIDENCE} {{ ?text fp:textLength 60 }} }}
        WHERE {{ GRAPH {EVIDENCE} {{ ?text fp:textLength ?length }} }}""",
}
WARNINGS = {
    "date-is-not-ahead",
    "leading-metric-has-direction",
    "name-is-not-ambiguous",
    "void-figure-is-counted",
    "text-is-quoted-briefly",
}
TERMS = {
    "undefined class": f"INSERT DATA {{ GRAPH {CORE} {{ {BERT} a schema:DataSet }} }}",
    "undefined property": f"INSERT DATA {{ GRAPH {CORE} {{ {BERT} skos:preferredLabel 'x' }} }}",
}


def test_every_check_has_a_planted_fault(store: Store, iris: Iris) -> None:
    assert set(FAULTS) == set(validate(store, iris).checks)
    assert {each for checks in CHECKS_BY_RULE.values() for each in checks} <= set(FAULTS)
    assert [rule for rule, checks in CHECKS_BY_RULE.items() if not checks] == []


@pytest.mark.parametrize("identity", FAULTS)
def test_a_planted_fault_is_found(identity: str, store: Store, iris: Iris) -> None:
    spoil(store, FAULTS[identity])
    found = validate(store, iris, most=1, year=2030)
    faults = [each for each in (*found.violations, *found.warnings) if each.check == identity]
    assert faults
    assert {each.severity for each in faults} == {
        "warning" if identity in WARNINGS else "violation"
    }
    (rule,) = {each.rule for each in faults}
    assert rule is None or identity in CHECKS_BY_RULE[rule]


@pytest.mark.parametrize("update", TERMS.values(), ids=TERMS)
def test_terms_that_other_vocabularies_do_not_define_are_found(
    update: str, store: Store, iris: Iris
) -> None:
    spoil(store, update)
    (found,) = (each for each in check_terms(store, iris) if each.severity == "violation")
    assert (found.check, found.focus) == ("term-is-defined", BERT[1:-1])


def test_each_fault_of_terms_is_the_only_one(store: Store, iris: Iris) -> None:
    assert list(check_terms(store, iris)) == []
    spoil(store, FAULTS["namespace-is-no-look-alike"])
    assert [each.check for each in check_terms(store, iris) if each.severity == "violation"] == [
        "namespace-is-no-look-alike"
    ]


def test_what_an_update_made_beside_our_graphs_is_not_looked_at(store: Store, iris: Iris) -> None:
    spoil(store, "INSERT DATA { GRAPH <urn:notes> { <urn:a> <urn:b> 1e0 . [] <urn:b> 'x' } }")
    spoil(store, f"INSERT DATA {{ GRAPH {EVIDENCE} {{ [] fp:inText {PAPER[:-1]}/text> }} }}")
    assert {each.check for each in check_terms(store, iris)} == {"void-figure-is-counted"}
    assert validate(store, iris, most=5).papers == 5


def test_the_shapes_see_what_hangs_below_a_paper(store: Store, iris: Iris) -> None:
    spoil(store, f"DELETE WHERE {{ GRAPH {CORE} {{ {PAPER[:-1]}/r/1> fp:valueKind ?k }} }}")
    spoil(store, f"INSERT DATA {{ GRAPH {EVIDENCE} {{ {PAPER[:-1]}/m/0-9> fp:start 'x' }} }}")
    spoil(store, f"INSERT DATA {{ GRAPH {CORE} {{ {BERT} skos:prefLabel 'again' }} }}")
    found = shape(store, iris, [PAPER[1:-1]])
    assert {violation.focus for violation in found} >= {
        f"{PAPER[1:-1]}/r/1",
        f"{PAPER[1:-1]}/m/0-9",
        BERT[1:-1],
    }
    assert all(
        violation.check.startswith("https://w3id.org/fairpapers/shapes#") for violation in found
    )


def test_a_graph_of_many_papers_is_shaped_by_a_sample_and_says_so(store: Store, iris: Iris) -> None:
    whole, part = validate(store, iris), validate(store, iris, most=2)
    assert (whole.shaped, whole.sampled) == (5, False)
    assert (part.papers, part.shaped, part.sampled) == (5, 2, True)
    assert part.conforms
    assert len(set(part.checks)) == len(part.checks)


def test_the_shipped_vocabularies_have_no_blank_nodes(built: Built, tmp_path: Path) -> None:
    graphs = {"vocab", "ontology"}
    quads = [q for q in built.open() if str(q.graph_name)[1:-1].rpartition("/")[2] in graphs]
    assert quads
    assert not [quad for quad in quads if str(quad.subject).startswith("_:")]
