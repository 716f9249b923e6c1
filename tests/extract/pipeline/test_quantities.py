"""Numbers that may report a result, and those that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.pipeline.quantities import find_quantities


def found(text: str) -> list[tuple[str, str | None, str]]:
    return [(q.value, q.unit, q.comparator) for q in find_quantities(text, [])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reaches 98.5% accuracy", [("98.5", "%", "=")]),
        ("an F1 of 0.93 on it", [("0.93", None, "=")]),
        ("gains 2.3 points", [("2.3", "points", "=")]),
        ("gains 4 percentage points", [("4", "points", "=")]),
        ("is 3x faster", [("3", "x", "=")]),
        ("is 2.5 times smaller", [("2.5", "x", "=")]),
        ("takes 12 ms", [("12", "ms", "=")]),
        ("up to 40 percent", [("40", "%", "≤")]),
        ("more than 90%", [("90", "%", ">")]),
        ("at least 56%", [("56", "%", "≥")]),
        ("about 5%", [("5", "%", "≈")]),
        (
            "60.83, 58.82 and 44.21%",
            [("60.83", "%", "="), ("58.82", "%", "="), ("44.21", "%", "=")],
        ),
        ("a throughput of 1,200 tokens/s", [("1,200", "tokens/s", "=")]),
        ("gains of 38-100%", [("38-100", "%", "=")]),
        ("from 5 to 10%", [("5", "%", "="), ("10", "%", "=")]),
        ("10-5%", [("10", "%", "="), ("5", "%", "=")]),
        ("twice as fast", [("twice", "x", "=")]),
        ("over three times faster", [("three", "x", ">")]),
        ("with 15%-50% less", [("15%-50", "%", "=")]),
        ("by a factor of 10", [("10", "x", "=")]),
        ("gains 8.3%p", [("8.3", "points", "=")]),
        ("an improvement of3.46%", [("3.46", "%", "=")]),
        ("+2.7 BLEU", [("2.7", None, "=")]),
    ],
)
def test_reported_figures_are_found(text: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "137K examples",
        "7B parameters",
        "in 2021 we",
        "12 languages",
        "three tasks and 14 new datasets",
        "Smith et al., 2019",
        "as shown before [12, 13]",
        "ranked 3rd of all",
        "SemEval Task 4",
        "in Table 2 we",
        "5-shot prompting",
        "with k=10",
        "p < 0.05",
        "nDCG@10",
        "GPT-4",
        "10 million words",
        "(Miller, 1995)",
        "on 2 other German speech test sets",
        "shown: 1) first, 2) second",
        "in (2) we",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert found(text) == []


def test_a_number_inside_a_name_is_part_of_it() -> None:
    text = "On Foo 2.0 we"
    assert find_quantities(text, [(3, 10)]) == []


@given(st.text(alphabet="0123456789.,%x -+~and\n", max_size=80))
def test_the_span_covers_the_digits_as_written(text: str) -> None:
    for quantity in find_quantities(text, []):
        assert text[quantity.start : quantity.end] == quantity.value
        assert quantity.ranged or float(quantity.value.replace(",", "")) >= 0
        assert quantity.end <= quantity.unit_end <= len(text)
