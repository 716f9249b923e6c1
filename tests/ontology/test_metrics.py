"""The table of metrics and the folding of their names."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef

from fairpapers.ontology import (
    fold_metric,
    metric_directions,
    metric_vocabulary_file,
    metrics,
)
from fairpapers.ontology._files import metrics_file
from fairpapers.ontology.metric_vocabulary import metric_vocabulary_text
from fairpapers.ontology.metrics import DIRECTIONS, listed_metrics
from fairpapers.ontology.terms import FP, FPV, METRIC_SCHEME


def rows() -> list[dict[str, str]]:
    with metrics_file().open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def names_of(row: dict[str, str]) -> list[str]:
    listed = (row["metric"], *row["also"].split("|"), *row["variants"].split("|"))
    return [name for name in listed if name]


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("Accuracy", FPV.higherIsBetter),
        ("macro-F1", FPV.higherIsBetter),
        ("F1-score", FPV.higherIsBetter),
        ("ROUGE-L", FPV.higherIsBetter),
        ("Recall@10", FPV.higherIsBetter),
        ("mAP@0.5", FPV.higherIsBetter),
        ("WER", FPV.lowerIsBetter),
        ("perplexity", FPV.lowerIsBetter),
        ("Inference latency", FPV.lowerIsBetter),
    ],
)
def test_spellings_of_common_metrics_have_their_direction(name: str, direction: str) -> None:
    assert metric_directions()[fold_metric(name)] == direction


@pytest.mark.parametrize("name", ["performance", "attack success rate", "", "revenue"])
def test_what_has_no_known_direction_is_absent(name: str) -> None:
    assert fold_metric(name) not in metric_directions()


def test_every_row_is_complete_and_rows_are_in_order() -> None:
    table = rows()
    names = [row["metric"] for row in table]
    assert names == sorted(names, key=str.casefold)
    for row in table:
        assert row["direction"] in {*DIRECTIONS, ""}
        assert re.fullmatch(r"[A-Z].*[.]", row["definition"]), row["metric"]
        assert all(text == text.strip() for text in row.values())
        assert all(name == name.strip() for name in names_of(row))


def test_no_name_is_listed_twice() -> None:
    names = [name for row in rows() for name in names_of(row)]
    owners = Counter(
        folded for row in rows() for folded in {fold_metric(name) for name in names_of(row)}
    )
    assert len(names) == len(set(names))
    assert [folded for folded, count in owners.items() if count > 1] == []


def test_directions_are_concepts_of_the_vocabulary(vocabulary: Graph) -> None:
    scheme = URIRef(FPV.DirectionScheme)
    concepts = {str(concept) for concept in vocabulary.subjects(SKOS.inScheme, scheme)}
    assert set(metric_directions().values()) == concepts


@given(st.text())
def test_folding_is_idempotent_and_leaves_letters_and_digits(name: str) -> None:
    folded = fold_metric(name)
    assert fold_metric(folded) == folded
    assert folded == "" or folded.isalnum()


@given(st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True), st.sampled_from(" -_/"))
def test_case_hyphens_and_spaces_do_not_matter(word: str, joint: str) -> None:
    assert fold_metric(f"{word.upper()}{joint}Rate") == fold_metric(f"{word.lower()}rate")


@pytest.fixture(scope="module")
def entries() -> Graph:
    return Graph().parse(metric_vocabulary_file())


def test_vocabulary_of_metrics_is_current() -> None:
    assert metric_vocabulary_file().read_text(encoding="utf-8") == metric_vocabulary_text()


def test_every_listed_metric_is_a_concept_with_what_is_known_of_it(entries: Graph) -> None:
    listed = listed_metrics()
    concepts = set(entries.subjects(RDF.type, SKOS.Concept))
    assert concepts == {URIRef(metric.iri) for metric in listed}
    assert len(concepts) == len(listed) >= 50
    for metric in listed:
        concept = URIRef(metric.iri)
        assert str(entries.value(concept, SKOS.prefLabel)) == metric.name
        assert {str(name) for name in entries[concept : SKOS.altLabel]} == set(metric.also)
        known = {
            FP.direction: metric.direction,
            FP.lowestValue: metric.low,
            FP.highestValue: metric.high,
            FP.canonicalUnit: metric.unit,
        }
        for predicate, expected in known.items():
            value = entries.value(concept, URIRef(predicate))
            found = value.toPython() if isinstance(value, Literal) else value
            assert found == (URIRef(expected) if isinstance(expected, str) else expected)


@pytest.mark.parametrize("predicate", [SKOS.prefLabel, SKOS.definition, SKOS.notation])
def test_metrics_have_each_a_text_of_their_own(entries: Graph, predicate: URIRef) -> None:
    texts = [str(text) for text in entries.objects(None, predicate)]
    subjects = set(entries.subjects(predicate)) - {URIRef(METRIC_SCHEME)}
    assert len(set(texts)) == len(texts)
    assert subjects == set(entries.subjects(RDF.type, SKOS.Concept))


def test_metrics_are_the_top_concepts_of_their_scheme(entries: Graph) -> None:
    scheme, concepts = URIRef(METRIC_SCHEME), set(entries.subjects(RDF.type, SKOS.Concept))
    assert set(entries[scheme : SKOS.hasTopConcept]) == concepts
    for predicate in (SKOS.inScheme, SKOS.topConceptOf):
        assert set(entries.subjects(predicate, scheme)) == concepts
    assert set(entries.subjects(RDFS.isDefinedBy)) == concepts | {scheme}


def test_labels_of_a_metric_are_disjoint_as_SKOS_demands(entries: Graph) -> None:
    kinds = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
    labels = Counter(pair for kind in kinds for pair in entries.subject_objects(kind))
    assert [pair for pair, count in labels.items() if count > 1] == []


def test_lowest_figures_lie_below_highest_figures() -> None:
    for metric in listed_metrics():
        if metric.low is not None and metric.high is not None:
            assert metric.low < metric.high, metric.name


@pytest.mark.parametrize(
    ("name", "entry", "same"),
    [
        ("BLEU", "BLEU", True),
        ("bleu score", "BLEU", True),
        ("BLEU-4", "BLEU", False),
        ("F1-score", "F1", True),
        ("Macro-F1", "F1", False),
        ("Recall@10", "recall", False),
        ("pass@k", "pass", True),
        ("pass@1", "pass", False),
    ],
)
def test_variants_and_cut_offs_are_not_the_metric_itself(name: str, entry: str, same: bool) -> None:
    metric = metrics()[fold_metric(name)]
    assert metric.name == entry
    assert metric.is_called(name) == same
