"""Spans as tags of words (outside, begin, inside), and the best spans from scores of tags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OUTSIDE = 0
_NEVER = -1e9

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of some labels: outside is 0, then begin and inside of each label in order."""

    labels: tuple[str, ...]

    def __len__(self) -> int:
        return 1 + 2 * len(self.labels)

    def encode(self, count: int, spans: Iterable[tuple[int, int, str]]) -> Numbers:
        """Tag ``count`` words; spans are word numbers, end exclusive, and do not overlap."""
        tags = np.full(count, OUTSIDE, dtype=np.int64)
        for start, end, label in spans:
            begin = 1 + 2 * self.labels.index(label)
            tags[start:end] = begin + 1
            tags[start] = begin
        return tags

    def decode(self, tags: Sequence[int] | Numbers) -> list[tuple[int, int, str]]:
        """Return the spans of well-formed tags, as `encode` takes them."""
        spans: list[tuple[int, int, str]] = []
        for place, tag in enumerate(tags):
            if tag == OUTSIDE:
                continue
            label = self.labels[(int(tag) - 1) // 2]
            if tag % 2:
                spans.append((place, place + 1, label))
            else:
                start, _end, _label = spans.pop()
                spans.append((start, place + 1, label))
        return spans

    def best(self, scores: Floats) -> Numbers:
        """Return the well-formed tags of the highest sum of scores (Viterbi).

        Args:
            scores: logarithms of probabilities, a row for each word, a column for each tag.
        """
        if not len(scores):
            return np.zeros(0, dtype=np.int64)
        allowed = self._transitions()
        total = scores[0] + np.where(self._inside(), _NEVER, 0.0)
        back = np.zeros(scores.shape, dtype=np.int64)
        for row in range(1, len(scores)):
            paths = total[:, None] + allowed
            back[row] = paths.argmax(axis=0)
            total = paths.max(axis=0) + scores[row]
        tags = [int(total.argmax())]
        for row in range(len(scores) - 1, 0, -1):
            tags.append(int(back[row, tags[-1]]))
        return np.array(tags[::-1], dtype=np.int64)

    def _inside(self) -> NDArray[np.bool_]:
        numbers = np.arange(len(self))
        inside: NDArray[np.bool_] = (numbers > OUTSIDE) & (numbers % 2 == 0)
        return inside

    def _transitions(self) -> NDArray[np.float64]:
        """Inside follows begin or inside of the same label only."""
        before, after = np.arange(len(self))[:, None], np.arange(len(self))[None, :]
        same = (before == after) | (before == after - 1)
        return np.where(self._inside()[None, :] & ~same, _NEVER, 0.0)


def add_vote(scores: Floats, chosen: Numbers, weight: float) -> Floats:
    """Mix the vote of a model that gives no probabilities into scores.

    Args:
        scores: logarithms of probabilities, a row for each word.
        chosen: the tag of each word by the other model.
        weight: of that vote, between 0 and 1.
    """
    mixed = np.exp(scores) * np.float32(1 - weight)
    mixed[np.arange(len(chosen)), chosen] += weight
    return _logarithms(mixed)


def vote(scores: Sequence[Floats]) -> Floats:
    """Average the probabilities of several models; scores and result are logarithms.

    >>> scores = np.log(np.array([[[0.5, 0.5]], [[1, 1e-9]]], np.float32))
    >>> np.exp(vote(list(scores))).round(3).tolist()
    [[0.75, 0.25]]
    """
    mean = np.mean([np.exp(each) for each in scores], axis=0)
    return _logarithms(mean)


def _logarithms(probabilities: NDArray[np.floating]) -> Floats:
    found: Floats = np.log(np.maximum(probabilities, 1e-12)).astype(np.float32)
    return found
