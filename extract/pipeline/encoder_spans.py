"""Probabilities of spans from probabilities of tags.

Taken as independent, the tags of a text's words give each way to cut the text into spans and words
outside a weight. The probability of a span is the share of the weight of the ways that have it
among the weight of all, by the forward-backward algorithm (Rabiner 1989) over spans.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .encoder_tags import OUTSIDE, Floats, Tags

LONGEST = 20

_Logs = NDArray[np.float64]


class WordSpan(NamedTuple):
    """Word numbers, end exclusive, the label, and the probability of just this span."""

    start: int
    end: int
    label: str
    probability: float


def spans_of_tags(scores: Floats, tags: Tags, least: float) -> list[WordSpan]:
    """Return the spans of at most `LONGEST` words that have the probability ``least``.

    Args:
        scores: logarithms of weights of tags, a row for each word; they need not be normalized.
        tags: what the columns are.
        least: above 0.
    """
    logs = scores.astype(np.float64)
    outside, begin, inside = logs[:, OUTSIDE], logs[:, 1::2], logs[:, 2::2]
    before, after = _before(outside, begin, inside), _after(outside, begin, inside)
    going_on = np.concatenate([np.zeros((1, len(tags.labels))), np.cumsum(inside, axis=0)])
    found = []
    for length in range(1, min(LONGEST, len(logs)) + 1):
        starts = np.arange(len(logs) - length + 1)
        weight = (
            (before[starts] + after[starts + length])[:, None]
            + begin[starts]
            + going_on[starts + length]
            - going_on[starts + 1]
        )
        shares = np.exp(weight - before[-1])
        found += [
            WordSpan(int(start), int(start) + length, tags.labels[label], float(share))
            for start, label in np.argwhere(shares >= least)
            if (share := min(1.0, shares[start, label]))
        ]
    return found


def likeliest(spans: Iterable[WordSpan], threshold: float) -> list[WordSpan]:
    """Choose the likeliest spans above a threshold that do not overlap, in order.

    With a threshold of one half or more none of them can overlap.
    """
    taken: set[int] = set()
    chosen = []
    for span in sorted(spans, key=lambda span: (-span.probability, span)):
        words = range(span.start, span.end)
        if span.probability > threshold and taken.isdisjoint(words):
            taken.update(words)
            chosen.append(span)
    return sorted(chosen)


def _before(outside: _Logs, begin: _Logs, inside: _Logs) -> _Logs:
    """Logarithms of the weight of all ways to cut the first n words, for each n."""
    total = np.zeros(len(outside) + 1)
    going_on = np.full(begin.shape[1], -np.inf)
    for n in range(len(outside)):
        going_on = np.logaddexp(total[n] + begin[n], going_on + inside[n])
        total[n + 1] = np.logaddexp(total[n] + outside[n], np.logaddexp.reduce(going_on))
    return total


def _after(outside: _Logs, begin: _Logs, inside: _Logs) -> _Logs:
    """Likewise of the words from the n-th on, where no span goes on from the word before."""
    total = np.zeros(len(outside) + 1)
    # Of the words from the n-th on, where a span of each label may go on.
    going_on = np.zeros(begin.shape[1])
    for n in range(len(outside) - 1, -1, -1):
        total[n] = np.logaddexp(outside[n] + total[n + 1], np.logaddexp.reduce(begin[n] + going_on))
        going_on = np.logaddexp(total[n], inside[n] + going_on)
    return total
