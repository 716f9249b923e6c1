"""Probabilities of spans, against every way to cut a text."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.pipeline.encoder_spans import (
    LONGEST,
    likeliest,
    spans_of_tags,
)
from fairpapers.extract.pipeline.encoder_tags import Floats, Tags

TAGS = Tags(("Model", "Task"))


def drawn(seed: int, count: int) -> Floats:
    scores: Floats = np.random.default_rng(seed).normal(0, 2, (count, len(TAGS))).astype(np.float32)
    return scores


def by_enumeration(scores: Floats) -> dict[tuple[int, int, str], float]:
    """Add up the weights of all well-formed tags, one by one."""
    weights: dict[tuple[int, int, str], float] = defaultdict(float)
    total = 0.0
    for tags in product(range(len(TAGS)), repeat=len(scores)):
        inside = [n for n, tag in enumerate(tags) if tag and tag % 2 == 0]
        if any(n == 0 or tags[n - 1] not in (tags[n], tags[n] - 1) for n in inside):
            continue
        weight = float(np.exp(scores[np.arange(len(tags)), list(tags)].sum()))
        total += weight
        for span in TAGS.decode(tags):
            weights[span] += weight
    return {span: weight / total for span, weight in weights.items()}


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_probabilities_are_those_of_all_ways_to_cut_the_text(seed: int, count: int) -> None:
    scores = drawn(seed, count)
    found = {span[:3]: span.probability for span in spans_of_tags(scores, TAGS, 1e-300)}
    assert found == pytest.approx(by_enumeration(scores), abs=1e-6)


@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.sampled_from([0.1, 0.5, 0.8]))
def test_chosen_spans_are_apart_and_above_the_threshold(
    seed: int, count: int, threshold: float
) -> None:
    found = spans_of_tags(drawn(seed, count), TAGS, 0.01)
    chosen = likeliest(found, threshold)
    assert all(span.probability > threshold for span in chosen)
    assert all(one.end <= two.start for one, two in pairwise(chosen))
    if threshold >= 0.5:
        assert chosen == sorted(span for span in found if span.probability > threshold)


def test_a_span_has_its_words_even_where_all_tags_are_unlikely() -> None:
    scores = np.full((3, len(TAGS)), -900.0, dtype=np.float32)
    scores[:, 0] = -800
    scores[1, 1] = -700
    (span,) = spans_of_tags(scores, TAGS, 0.5)
    assert span[:3] == (1, 2, "Model")
    assert span.probability == pytest.approx(1)


def test_longer_spans_than_any_name_are_not_asked_for() -> None:
    scores = np.full((LONGEST + 1, len(TAGS)), -50.0, dtype=np.float32)
    scores[0, 1] = scores[1:, 2] = 0
    assert spans_of_tags(scores, TAGS, 0.01) == []
    (span,) = spans_of_tags(scores[:-1], TAGS, 0.01)
    assert (span.start, span.end) == (0, LONGEST)


def test_no_words_have_no_spans() -> None:
    assert spans_of_tags(drawn(0, 0), TAGS, 0.001) == []
