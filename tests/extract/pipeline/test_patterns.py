"""Naming patterns."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.pipeline.patterns import RULES, find_patterns


def found(text: str) -> set[tuple[str, str]]:
    return {(text[c.start : c.end], c.label) for c in find_patterns(text)}


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("FooBank: A Corpus of Questions\nText.", "FooBank", "Dataset"),
        ("FooGPT: a language model for law\nText.", "FooGPT", "Model"),
        ("FooNet: Faster Parsing\nText.", "FooNet", "Method"),
        ("T\nWe present FooQA, a new benchmark of riddles.", "FooQA", "Dataset"),
        ("T\nIn this paper we propose FooBar, a framework.", "FooBar", "Method"),
        ("T\nThis paper introduces FooLM, a language model.", "FooLM", "Model"),
        ("T\nWe collect a corpus called FooBank2 by hand.", "FooBank2", "Dataset"),
        ("T\nResults on the FooBank dataset.", "FooBank", "Dataset"),
        ("T\nThe nDCG@10 rises.", "nDCG@10", "Metric"),
        ("T\nThe BLEU-4 rises.", "BLEU-4", "Metric"),
        ("T\nWe report BLEU scores.", "BLEU", "Metric"),
        ("T\nWe rank by macro-F1 score.", "macro-F1 score", "Metric"),
        ("T\nWe tune Llama-2-70B again.", "Llama-2-70B", "Model"),
        ("T\nWe took part in SemEval-2023 Task 4.", "SemEval-2023 Task 4", "Dataset"),
        ("T\nThe SemEval2020 Task2 data.", "SemEval2020 Task2", "Dataset"),
        ("T\nAt WMT 2025 Metrics Shared Task we won.", "WMT 2025 Metrics Shared Task", "Dataset"),
        ("T\nThe BEA 2024 Shared Task ended.", "BEA 2024 Shared Task", "Dataset"),
        ("FOO_team@LT-EDI 2025: A Way\nText.", "LT-EDI 2025", "Dataset"),
        ("Foo NLP @ BioLaySumm: A Way\nText.", "BioLaySumm", "Dataset"),
    ],
)
def test_names_are_found_with_their_label(text: str, name: str, label: str) -> None:
    assert (name, label) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Understanding: A Survey of Methods\nText.",
        "T\nWe propose a novel framework for NLP.",
        "T\nThe LLM model is large.",
        "T\nWe present the first study of it.",
    ],
)
def test_common_words_are_no_names(text: str) -> None:
    assert found(text) == set()


@given(st.text(max_size=300))
def test_candidates_lie_in_the_text_and_apart(text: str) -> None:
    candidates = find_patterns(text)
    for one, other in pairwise(candidates):
        assert one.end <= other.start
    assert all(0 <= c.start < c.end <= len(text) for c in candidates)


def test_rules_have_names_of_their_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("unit", ["A-", "(", "We propose ", "GPT-4", "A.b@", "Pearson ", "called "])
def test_repetition_is_read_in_one_go(unit: str) -> None:
    text = "T\n" + unit * 3000
    assert all(c.end <= len(text) for c in find_patterns(text))
