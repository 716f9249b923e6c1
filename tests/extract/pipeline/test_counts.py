"""Counts: numbers as written, what they amount to, and what is counted."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.pipeline.counts import find_counts, parse_count, size_in_brackets

POWERS = {"k": 3, "K": 3, "M": 6, "B": 9, "T": 12, " thousand": 3, " Million": 6, " billion": 9}


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("31,219", 31219),
        ("2,677,613", 2677613),
        ("137K", 137000),
        ("1.7k", 1700),
        ("54.2 million", 54200000),
        ("1.8 Million", 1800000),
        ("8.5B", 8500000000),
        ("1.4T", 1400000000000),
        ("twelve", 12),
        ("two thousand", 2000),
    ],
)
def test_a_count_is_what_it_amounts_to(written: str, number: int) -> None:
    assert parse_count(written) == number


@pytest.mark.parametrize(
    "written",
    ["", "1,20", "12.5", "1.2345K", "1M, 10M", "54.98%", "20x", "one", "million", "6~569"],
)
def test_what_is_no_whole_number_is_no_count(written: str) -> None:
    assert parse_count(written) is None


@given(st.integers(0, 10**6))
def test_grouped_digits_and_plain_digits_are_one_number(number: int) -> None:
    assert parse_count(f"{number:,}") == parse_count(str(number)) == number


@given(st.integers(1, 999), st.sampled_from(sorted(POWERS)))
def test_a_magnitude_multiplies_exactly(number: int, power: str) -> None:
    assert parse_count(f"{number}{power}") == Decimal(number).scaleb(POWERS[power])
    tenths = Decimal(number) / 10
    assert parse_count(f"{tenths}{power}") == tenths.scaleb(POWERS[power])


@given(st.text(max_size=30))
def test_any_text_is_a_whole_number_or_none(written: str) -> None:
    number = parse_count(written)
    assert number is None or number == number.to_integral_value()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It has over 137K labelled examples.", [("137K", ">", "labelled examples")]),
        ("It has ~4k natural sentences here.", [("4k", "≈", "natural sentences")]),
        ("We use 500+ questions.", [("500", "≥", "questions")]),
        ("It has 12 typologically diverse languages.", [("12", "=", "languages")]),
        ("There are 66 types of spatial relations.", [("66", "=", "types of spatial relations")]),
        ("There are 343 hours of speech from all.", [("343", "=", "hours of speech")]),
        ("It has 435 unique, climate-related claims.", [("435", "=", "climate-related claims")]),
        ("We built a 5,000-sentence corpus.", [("5,000", "=", "sentences")]),
        ("They have five people.", [("five", "=", "people")]),
        ("It holds 3 news articles.", [("3", "=", "news articles")]),
    ],
)
def test_what_is_counted_ends_at_its_plural(
    sentence: str, expected: list[tuple[str, str, str]]
) -> None:
    found = find_counts(sentence, 0, len(sentence), [])
    assert [(count.value, count.comparator, count.of) for count in found] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "It is 3 times faster.",
        "It rose by 12 percent.",
        "The GPT-4 models are large.",
        "In 2021 several systems won.",
        "It reaches 91.5 points.",
        "We see 37 years of news.",
        "The top-10 results.",
        "About 5 of the systems failed.",
        "It is 20% of items.",
    ],
)
def test_multiples_shares_years_and_names_count_nothing(sentence: str) -> None:
    assert find_counts(sentence, 0, len(sentence), []) == []


def test_a_number_inside_a_name_is_part_of_it() -> None:
    sentence = "Studies use MultiArith 200 problems."
    start = sentence.index("MultiArith")
    assert find_counts(sentence, 0, len(sentence), []) != []
    assert find_counts(sentence, 0, len(sentence), [(start, start + 14)]) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("BarNet (2.7B)", "2.7B"), ("BarNet (110M params)", "110M"), ("BarNet (2.7)", None)],
)
def test_brackets_behind_a_model_hold_its_parameters(text: str, value: str | None) -> None:
    count = size_in_brackets(text, len("BarNet"))
    assert (count.value if count else None) == value
    assert count is None or (count.of, text[count.start : count.end]) == (
        "parameters",
        text[8:-1],
    )


@given(st.text(alphabet="12,.KM -abs()~of\n", max_size=80))
def test_counts_are_in_order_and_lie_in_the_sentence(text: str) -> None:
    found = find_counts(text, 0, len(text), [])
    assert all(0 <= c.start < c.end <= len(text) for c in found)
    assert all(text.startswith(c.value, c.start) for c in found)
    assert [c.start for c in found] == sorted({c.start for c in found})
