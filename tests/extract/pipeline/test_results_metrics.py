"""Metrics that stand beside a number, and phrases that are none."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.pipeline.mentions import Candidate
from fairpapers.extract.pipeline.results_metrics import missing_metrics


def found(text: str, mentions: tuple[Candidate, ...] = ()) -> list[str]:
    return [text[m.start : m.end] for m in missing_metrics(text, mentions)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The attack has a success rate of 73%.", ["success rate"]),
        ("The jailbreak success rate is only 12%.", ["jailbreak success rate"]),
        ("It shows a refusal rate (RR) of 4.5%.", ["refusal rate"]),
        ("Annotators reach 0.83 inter-rater agreement.", ["inter-rater agreement"]),
        ("It sees a quality improvement of about 8%.", ["quality"]),
        ("It reduces the parameter count by 72%.", ["parameter count"]),
        ("We cut the length of prompts by a factor of 10.", ["length"]),
        ("We see a 5% reduction in toxicity.", ["toxicity"]),
        ("It saves up to 12.4% in training time.", ["training time"]),
        ("It brings a 7.4% performance gain.", ["performance"]),
        ("The decoder is 3x faster.", ["faster"]),
        ("It speeds up decoding by up to 3x.", ["speeds up"]),
        ("It uses 10x less memory.", ["memory"]),
        ("It retains 97% of the performance.", ["performance"]),
        ("It needs 12% higher bandwidth.", ["bandwidth"]),
        ("Training gives a speed-up of 2x.", ["speed-up"]),
    ],
)
def test_phrases_that_a_number_is_said_of_are_metrics(sentence: str, expected: list[str]) -> None:
    assert found(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The success rate matters to 12 annotators.",
        "We train on 40% of the corpus.",
        "It covers 97% of the training data.",
        "It is 14% more engaging.",
        "It grows by 2.5 times without loss.",
        "It reaches a score of 0.54.",
        "It improves the results by 8%.",
        "The success rate is high.",
    ],
)
def test_other_phrases_are_not(sentence: str) -> None:
    assert found(sentence) == []


def test_what_is_recognised_is_not_found_again() -> None:
    text = "It has an F1 of 0.9 and a refusal rate of 4%."
    recognised = Candidate(10, 12, "Metric", 0.9, "test")
    assert found(text, (recognised,)) == ["refusal rate"]


@given(st.text(alphabet="ar te%1.5(),of\n", max_size=120))
def test_metrics_do_not_overlap(text: str) -> None:
    spans = sorted((m.start, m.end) for m in missing_metrics(text, ()))
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
