from __future__ import annotations

import numpy as np
import pytest
import spacy

from fairpapers.extract.pipeline.encoder_tags import Floats, Tags
from fairpapers.extract.pipeline.encoder_words import Words, split
from fairpapers.extract.training.annotations import Offsets
from fairpapers.extract.training.teacher.sifting import sift, spans_of
from fairpapers.extract.training.texts import LabelledSpan, text_digest

TAGS = Tags(("Model", "Task"))
TEXT = "BERT parses large trees"
OUTSIDE, MODEL, TASK, MORE_TASK = 0, 1, 3, 4


@pytest.fixture(scope="module")
def words() -> Words:
    return split(spacy.blank("en"), TEXT)


def _scores(*tags: tuple[int, float]) -> Floats:
    """Probability of the best tag of each word; the others share the rest."""
    rows = np.zeros((len(tags), len(TAGS)), dtype=np.float32)
    for row, (tag, probability) in zip(rows, tags, strict=True):
        row[:] = (1 - probability) / (len(TAGS) - 1)
        row[tag] = probability
    return np.log(rows)


def test_what_is_sure_becomes_a_label(words: Words) -> None:
    scores = _scores((MODEL, 0.9), (OUTSIDE, 0.95), (TASK, 0.8), (MORE_TASK, 0.8))
    silver = sift(TEXT, words, scores, TAGS, 0.7)
    assert silver.spans == (LabelledSpan(0, 4, "Model"), LabelledSpan(12, 23, "Task"))
    assert silver.unsure == ()
    assert silver.text_sha256 == text_digest(TEXT)
    assert set(silver.spans) == spans_of(words, scores, TAGS)


def test_one_unsure_word_makes_its_span_unsure(words: Words) -> None:
    scores = _scores((MODEL, 0.9), (OUTSIDE, 0.95), (TASK, 0.9), (MORE_TASK, 0.6))
    silver = sift(TEXT, words, scores, TAGS, 0.7)
    assert silver.spans == (LabelledSpan(0, 4, "Model"),)
    assert silver.unsure == (Offsets(12, 23),)


def test_a_span_that_may_go_on_is_unsure(words: Words) -> None:
    scores = _scores((MODEL, 0.9), (OUTSIDE, 0.6), (OUTSIDE, 0.9), (OUTSIDE, 0.9))
    silver = sift(TEXT, words, scores, TAGS, 0.7)
    assert silver.spans == ()
    assert silver.unsure == (Offsets(0, 11),)


def test_an_unsure_word_outside_is_neither_mention_nor_none(words: Words) -> None:
    scores = _scores((OUTSIDE, 0.9), (OUTSIDE, 0.9), (OUTSIDE, 0.5), (OUTSIDE, 0.9))
    silver = sift(TEXT, words, scores, TAGS, 0.7)
    assert (silver.spans, silver.unsure) == ((), (Offsets(12, 17),))
