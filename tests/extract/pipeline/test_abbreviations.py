"""Abbreviation pairs and the labels that their halves lend each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.pipeline.abbreviations import (
    Abbreviation,
    best_long_form,
    find_abbreviations,
    project,
)
from fairpapers.extract.pipeline.mentions import Candidate


def pairs(text: str) -> list[tuple[str, str]]:
    return [
        (text[p.short_start : p.short_end], text[p.long_start : p.long_end])
        for p in find_abbreviations(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by singular value decomposition (SVD) of it", [("SVD", "singular value decomposition")]),
        ("Graph Neural Networks (GNNs) help", [("GNNs", "Graph Neural Networks")]),
        ("we use WER (word error rate) here", [("WER", "word error rate")]),
        ("a bidirectional LSTM (BiLSTM) tagger", [("BiLSTM", "bidirectional LSTM")]),
        ("mean time to repair (MTTR; in hours)", [("MTTR", "mean time to repair")]),
        ("two models (one large, one small)", []),
        ("accuracy (see Table 3)", []),
        ("a parser (ABC)", []),
        ("(NER)", []),
        ("", []),
    ],
)
def test_pairs_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


def test_the_long_form_starts_at_a_word() -> None:
    assert best_long_form("MT", "transmit machine translation") == 9
    assert best_long_form("QA", "aqua") is None


@given(st.text(alphabet="AB ab(),.-\n", max_size=200))
def test_pairs_lie_in_the_text_and_apart(text: str) -> None:
    for pair in find_abbreviations(text):
        assert 0 <= pair.long_start < pair.long_end <= len(text)
        assert 0 <= pair.short_start < pair.short_end <= len(text)
        assert pair.long_end <= pair.short_start or pair.short_end <= pair.long_start


PAIR = Abbreviation(short_start=10, short_end=12, long_start=0, long_end=8)


def test_a_long_form_lends_its_label() -> None:
    found = project([PAIR], [Candidate(0, 8, "Task", 0.7, "recogniser")])
    assert [(c.start, c.end, c.label) for c in found] == [(0, 8, "Task"), (10, 12, "Task")]


def test_a_short_form_lends_its_label() -> None:
    found = project([PAIR], [Candidate(10, 12, "Metric", 0.7, "recogniser")])
    assert [(c.start, c.end, c.label) for c in found] == [(0, 8, "Metric"), (10, 12, "Metric")]


def test_the_surer_half_decides_for_both() -> None:
    found = project(
        [PAIR], [Candidate(0, 8, "Task", 0.6, "a"), Candidate(10, 12, "Method", 0.9, "b")]
    )
    assert {c.label for c in found} == {"Method"}


def test_without_a_recognised_half_nothing_is_added() -> None:
    other = Candidate(20, 25, "Task", 0.6, "a")
    assert project([PAIR], [other]) == [other]
