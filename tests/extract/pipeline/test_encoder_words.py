from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from fairpapers.extract.pipeline.encoder_words import SHAPES, shape, shape_number, split, windows
from fairpapers.extract.training.texts import LabelledSpan
from fairpapers.extract.training.tokenizer import customize


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    customize(nlp)
    return nlp


def test_words_are_those_of_the_student_without_white_space(nlp: Language) -> None:
    words = split(nlp, "A BERT-based parser\nWe train it.")
    assert words.texts == ("A", "BERT", "-", "based", "parser", "We", "train", "it", ".")
    assert (words.starts[5], words.ends[5]) == (20, 22)


def test_words_of_title_and_abstract_have_shapes_apart(nlp: Language) -> None:
    words = split(nlp, "BERT works\nBERT works")
    title, abstract = words.shapes[:2], words.shapes[2:]
    assert title == tuple(number + SHAPES for number in abstract)
    assert max(title) < 2 * SHAPES


def test_a_text_of_one_line_has_no_title(nlp: Language) -> None:
    assert max(split(nlp, "BERT works").shapes) < SHAPES


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("BERT", "XX"),
        ("ALBERT", "XX"),
        ("LoRA", "XxXX"),
        ("nDCG@10", "xXX@dd"),
        ("Ångström", "Xxx"),
    ],
)
def test_shapes_keep_case_and_digits(word: str, expected: str) -> None:
    assert shape(word) == expected
    assert 0 <= shape_number(word, in_title=False) < SHAPES


def test_spans_are_located_by_words_and_widened_to_them(nlp: Language) -> None:
    text = "We use ImageNet22k and C4."
    words = split(nlp, text)
    inner = LabelledSpan(text.index("Image"), text.index("22k"), "Dataset")
    later = LabelledSpan(text.index("C4"), text.index("C4") + 2, "Dataset")
    ((start, end, _), (other, _, _)) = words.locate([inner, later])
    assert words.texts[start:end] == ("ImageNet22k",)
    assert words.texts[other] == "C4"


def test_a_span_in_a_word_that_is_taken_is_left_out(nlp: Language) -> None:
    words = split(nlp, "ImageNet22k")
    spans = [LabelledSpan(0, 5, "Dataset"), LabelledSpan(5, 8, "Model")]
    assert words.locate(spans) == [(0, 1, "Dataset")]


def test_a_span_of_white_space_is_left_out(nlp: Language) -> None:
    assert split(nlp, "one\ntwo").locate([LabelledSpan(3, 4, "Task")]) == []


@given(st.lists(st.integers(1, 10), max_size=80), st.integers(20, 60), st.integers(0, 12))
def test_windows_fit_and_each_word_counts_once(pieces: list[int], limit: int, margin: int) -> None:
    found = windows(pieces, limit, margin)
    counted = [word for window in found for word in range(window.first, window.last)]
    assert counted == list(range(len(pieces)))
    for window in found:
        assert sum(pieces[window.start : window.end]) <= limit
        assert window.start <= window.first <= window.last <= window.end


def test_neighbouring_windows_share_the_margin_evenly() -> None:
    first, second = windows([1] * 30, limit=20, margin=6)
    assert (first.start, first.end, second.start, second.end) == (0, 20, 14, 30)
    assert first.last == second.first == 17
