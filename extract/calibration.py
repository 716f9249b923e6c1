"""Whether confidences are probabilities: calibration error and what a threshold costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Judged(NamedTuple):
    """A confidence, and whether what it was given to is right."""

    confidence: float
    right: bool


class Bin(NamedTuple):
    """The judged items with a confidence in one interval."""

    size: int
    confidence: float
    right: float


def reliability(judged: Sequence[Judged], bins: int = 10) -> list[Bin]:
    """Mean confidence and share of right ones in intervals of equal width, without empty ones."""
    members: list[list[Judged]] = [[] for _ in range(bins)]
    for item in judged:
        members[min(int(item.confidence * bins), bins - 1)].append(item)
    return [
        Bin(
            len(items),
            sum(item.confidence for item in items) / len(items),
            sum(item.right for item in items) / len(items),
        )
        for items in members
        if items
    ]


def expected_calibration_error(judged: Sequence[Judged], bins: int = 10) -> float:
    """Mean distance of confidence and share of right ones, over bins weighted by their size."""
    if not judged:
        return 0.0
    found = reliability(judged, bins)
    return sum(b.size * abs(b.confidence - b.right) for b in found) / len(judged)
