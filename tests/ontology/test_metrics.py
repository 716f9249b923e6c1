"""The table of metrics and the folding of their names."""

from __future__ import annotations

import csv
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import SKOS, Graph, URIRef

from fairpapers.ontology import fold_metric, metric_directions
from fairpapers.ontology._files import metrics_file
from fairpapers.ontology.metrics import DIRECTIONS
from fairpapers.ontology.terms import FPV


def rows() -> list[dict[str, str]]:
    with metrics_file().open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


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


@pytest.mark.parametrize("name", ["performance", "output length", "", "revenue"])
def test_what_has_no_known_direction_is_absent(name: str) -> None:
    assert fold_metric(name) not in metric_directions()


def test_every_row_is_complete_and_rows_are_in_order() -> None:
    table = rows()
    names = [row["metric"] for row in table]
    assert names == sorted(names, key=str.casefold)
    for row in table:
        assert row["direction"] in DIRECTIONS
        assert row["metric"] == row["metric"].strip()
        assert all(other == other.strip() for other in row["also"].split("|"))


def test_no_name_is_listed_twice() -> None:
    names = [name for row in rows() for name in (row["metric"], *row["also"].split("|")) if name]
    owners = Counter(
        folded
        for row in rows()
        for folded in {fold_metric(name) for name in (row["metric"], *row["also"].split("|"))}
        if folded
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
