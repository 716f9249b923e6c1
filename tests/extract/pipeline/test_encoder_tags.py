from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.pipeline.encoder_tags import Tags, add_vote, vote

TAGS = Tags(("Model", "Task"))


@given(st.data())
def test_encoded_spans_come_back(data: st.DataObject) -> None:
    borders = sorted(data.draw(st.sets(st.integers(0, 20), max_size=8)))
    labels = st.sampled_from(TAGS.labels)
    spans = [
        (start, end, data.draw(labels))
        for start, end in pairwise(borders)
        if data.draw(st.booleans())
    ]
    assert TAGS.decode(TAGS.encode(20, spans)) == spans


def test_spans_side_by_side_stay_apart() -> None:
    tags = TAGS.encode(3, [(0, 1, "Task"), (1, 3, "Task")])
    assert tags.tolist() == [3, 3, 4]
    assert TAGS.decode(tags) == [(0, 1, "Task"), (1, 3, "Task")]


@given(st.integers(0, 2**32 - 1), st.integers(0, 12))
def test_the_best_tags_are_well_formed(seed: int, count: int) -> None:
    scores = np.random.default_rng(seed).normal(0, 3, (count, len(TAGS))).astype(np.float32)
    best = TAGS.best(scores)
    assert TAGS.encode(count, TAGS.decode(best)).tolist() == best.tolist()


def test_the_best_tags_have_the_highest_sum() -> None:
    # Alone, the second word would be inside a task, which cannot follow the begin of a model.
    scores = np.log(np.array([[0.1, 0.5, 0.1, 0.2, 0.1], [0.1, 0.1, 0.2, 0.05, 0.55]], np.float32))
    assert TAGS.best(scores).tolist() == [3, 4]


def test_no_words_have_no_tags() -> None:
    assert TAGS.best(np.zeros((0, len(TAGS)), np.float32)).tolist() == []


def test_votes_average_probabilities() -> None:
    one, other = (np.log(np.array([[p, 1 - p]], np.float32)) for p in (0.9, 0.3))
    assert np.exp(vote([one, other]))[0] == pytest.approx([0.6, 0.4])


def test_the_vote_of_a_model_without_probabilities_counts_by_its_weight() -> None:
    scores = np.log(np.array([[0.8, 0.2], [0.5, 0.5]], np.float32))
    mixed = np.exp(add_vote(scores, np.array([1, 1]), 0.5))
    assert mixed == pytest.approx(np.array([[0.4, 0.6], [0.25, 0.75]]))
