"""From the teacher's scores to silver labels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ...pipeline.encoder_tags import OUTSIDE, Floats, Tags
from ...pipeline.encoder_words import Words
from ..annotations import Offsets
from ..silver import Silver
from ..texts import LabelledSpan, text_digest


def spans_of(words: Words, scores: Floats, tags: Tags) -> set[LabelledSpan]:
    """Return the best spans, in offsets of the text."""
    return {
        LabelledSpan(words.starts[start], words.ends[end - 1], label)
        for start, end, label in tags.decode(tags.best(scores))
    }


def sift(text: str, words: Words, scores: Floats, tags: Tags, sure: float) -> Silver:
    """Keep the best spans of whose borders and label the teacher is sure.

    A word is sure if its tag has at least the probability ``sure``. A span with an unsure word is
    unsure as a whole, and so is one with an unsure word outside after it, as it may go on there.
    """
    best = tags.best(scores)
    unsure = np.exp(scores[np.arange(len(best)), best]) < sure
    spans = []
    for start, end, label in tags.decode(best):
        goes_on = end < len(best) and unsure[end] and best[end] == OUTSIDE
        if goes_on or unsure[start:end].any():
            unsure[start:end] = True
        else:
            spans.append(LabelledSpan(words.starts[start], words.ends[end - 1], label))
    places = tuple(Offsets(words.starts[a], words.ends[b - 1]) for a, b in _runs(unsure))
    return Silver(text_digest(text), tuple(spans), places)


def _runs(marked: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]])))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
