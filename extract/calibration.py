"""Whether confidences are probabilities: calibration error, and what a threshold costs.

The expected calibration error is that of C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On
Calibration of Modern Neural Networks", ICML 2017: ten bins of equal width, each weighted by how
many items it holds. Of few items it is above zero by chance even where every confidence is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import pi, sqrt
from typing import NamedTuple

from .evaluation import Figures, match_entities
from .gold import GoldPaper
from .records import Record

BINS = 10
THRESHOLDS = tuple(n / 20 for n in range(20))


class Judged(NamedTuple):
    """A confidence, and whether what it was given to is right."""

    confidence: float
    right: bool


class Bin(NamedTuple):
    """The judged items with a confidence in one interval: how many, mean confidence, share right."""

    size: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything of one kind that was found, judged.

    Attributes:
        judged: one item for each thing found.
        gold: number of annotated things, for recall.
    """

    judged: tuple[Judged, ...]
    gold: int

    @property
    def error(self) -> float:
        """Expected calibration error; 0 where nothing was found."""
        return expected_calibration_error(self.judged)

    @property
    def chance(self) -> float:
        """Error to expect of so many items if each bin is right as often as its confidence says."""
        return sum(
            b.size * sqrt(2 * b.confidence * (1 - b.confidence) / (pi * b.size)) / len(self.judged)
            for b in self.bins()
        )

    def bins(self) -> list[Bin]:
        """How often the items of each bin are right."""
        return reliability(self.judged)

    def curve(self, thresholds: Iterable[float] = THRESHOLDS) -> Iterator[tuple[float, Figures]]:
        """Figures of what is at least as sure as each threshold."""
        for threshold in thresholds:
            kept = [item.right for item in self.judged if item.confidence >= threshold]
            yield threshold, Figures(sum(kept), len(kept), self.gold)

    def to_json(self) -> dict[str, object]:
        """Error, bins and curve; ratios to four decimals."""
        return {
            "ece": round(self.error, 4),
            "chance": round(self.chance, 4),
            "of": len(self.judged),
            "bins": [
                {"of": b.size, "confidence": round(b.confidence, 4), "right": round(b.right, 4)}
                for b in self.bins()
            ],
            "thresholds": [
                {"threshold": threshold} | figures.to_json() for threshold, figures in self.curve()
            ],
        }


def calibrations(gold: Sequence[GoldPaper], records: Iterable[Record]) -> Mapping[str, Calibration]:
    """Judge the mentions and the entities of records as `evaluate` does."""
    by_id = {record.id: record for record in records}
    mentions: list[Judged] = []
    entities: list[Judged] = []
    spans_of_all = entities_of_all = 0
    for paper in gold:
        spans = paper.spans()
        spans_of_all += len(spans)
        entities_of_all += len(paper.entities)
        if record := by_id.get(paper.id):
            sure = {(m.start, m.end, m.label): m.confidence for m in record.mentions}
            mentions += [Judged(confidence, span in spans) for span, confidence in sure.items()]
            found = {entity.id for _, entity in match_entities(paper.entities, record.entities)}
            entities += [Judged(e.confidence, e.id in found) for e in record.entities]
    return {
        "mention": Calibration(tuple(mentions), spans_of_all),
        "entity": Calibration(tuple(entities), entities_of_all),
    }


def reliability(judged: Sequence[Judged], bins: int = BINS) -> list[Bin]:
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


def expected_calibration_error(judged: Sequence[Judged], bins: int = BINS) -> float:
    """Mean distance of confidence and share of right ones, over bins weighted by their size."""
    if not judged:
        return 0.0
    found = reliability(judged, bins)
    return sum(b.size * abs(b.confidence - b.right) for b in found) / len(judged)
