"""Which surface forms are one entity, and its name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.pipeline.abbreviations import find_abbreviations
from fairpapers.extract.pipeline.grouping import Group, fold_name, group, singular
from fairpapers.extract.pipeline.mentions import Candidate
from fairpapers.extract.records import Label


def groups(text: str, label: Label, *names: str) -> tuple[Group, ...]:
    mentions = [
        Candidate(*match.span(), label, 0.9, "test")
        for name in names
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    ]
    return group(text, sorted(mentions), find_abbreviations(text))


def test_full_name_acronym_and_plural_are_one_method() -> None:
    text = "Graph Neural Networks (GNNs) spread. A graph neural network helps; each GNN learns."
    (one,) = groups(text, "Method", "Graph Neural Networks", "GNNs", "graph neural network", "GNN")
    assert one.canonical == "graph neural network"
    assert set(one.surfaces) == {"Graph Neural Networks", "GNNs", "graph neural network", "GNN"}


def test_case_and_hyphens_do_not_part_a_task() -> None:
    text = "Question-Answering at Scale\nWe study question answering."
    (one,) = groups(text, "Task", "Question-Answering", "question answering")
    assert one.canonical == "question answering"


def test_models_go_by_their_short_names() -> None:
    text = "Tiny Translation Transformer (TTT) is small."
    (one,) = groups(text, "Model", "Tiny Translation Transformer", "TTT")
    assert one.canonical == "TTT"


@pytest.mark.parametrize("name", ["GPT-4", "BLEU-4", "F1 score", "WordNet", "SQuAD 2.0"])
def test_names_stay_as_written(name: str) -> None:
    (one,) = groups(f"We use {name} here.", "Metric", name)
    assert one.canonical == name


def test_capitals_at_the_start_of_a_sentence_do_not_make_a_name() -> None:
    assert groups("Accuracy rises.", "Metric", "Accuracy")[0].canonical == "accuracy"
    assert groups("Gizmo translates.", "Method", "Gizmo")[0].canonical == "Gizmo"


def test_versions_are_apart() -> None:
    assert len(groups("GPT-3 and GPT-4", "Model", "GPT-3", "GPT-4")) == 2


def test_one_surface_under_two_labels_is_two_entities() -> None:
    found = group(
        "CNN, CNN", [Candidate(0, 3, "Method", 0.9, "a"), Candidate(5, 8, "Dataset", 0.9, "a")], []
    )
    assert sorted(g.label for g in found) == ["Dataset", "Method"]


@pytest.mark.parametrize("word", ["analysis", "loss", "corpus", "semantics", "BLEU", "gas", "as"])
def test_words_that_only_look_plural_stay(word: str) -> None:
    assert singular(word) == word


@given(st.text(max_size=30))
def test_folding_is_stable_under_case(name: str) -> None:
    assert fold_name(name.lower()) == fold_name(name.lower()).lower()
