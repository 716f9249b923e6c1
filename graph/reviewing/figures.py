"""Decisions on results and sizes, applied to what extraction found."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Generic, TypeVar

from ...extract.records import Record, Result, Size
from ..claims import Verdict
from ..iris import Iris
from .amending import SURE, Amended, folded, same_text
from .decisions import Counted, Decision, Figure, point_in_time
from .judging import review_iri

_F = TypeVar("_F", Result, Size)


@dataclass(slots=True)
class Judged(Generic[_F]):
    """Figures after the decisions.

    Attributes:
        figures: those of the record in their places, then those that reviewers gave.
        verdicts: what was decided, by place among them from 0.
        used: decisions that changed or confirmed something.
        unmatched: decisions that are about nothing here.
    """

    figures: tuple[_F, ...]
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    used: list[Decision] = field(default_factory=list)
    unmatched: list[Decision] = field(default_factory=list)


def judge_results(amended: Amended, iris: Iris, minimum: float) -> Judged[Result]:
    """Apply the decisions on results; those below the threshold count as not found."""

    def made(judged: object, at: Result | None, place: tuple[int, int]) -> Result:
        assert isinstance(judged, Figure)
        start, end = (at.start, at.end) if at else place
        return Result(**_values(judged), start=start, end=end, confidence=SURE)

    mint = iris.result
    return _judge(amended, amended.record.results, Figure, _result, made, mint, iris, minimum)


def judge_sizes(amended: Amended, iris: Iris, minimum: float) -> Judged[Size]:
    """Apply the decisions on sizes; those below the threshold count as not found."""

    def made(judged: object, at: Size | None, place: tuple[int, int]) -> Size:
        assert isinstance(judged, Counted)
        start, end = (at.start, at.end) if at else place
        return Size(**_values(judged), start=start, end=end, confidence=SURE)

    mint = iris.size
    return _judge(amended, amended.record.sizes, Counted, _size, made, mint, iris, minimum)


def _values(judged: Figure | Counted) -> dict[str, Any]:
    return {each.name: getattr(judged, each.name) for each in fields(judged)}


def _result(each: Result | Figure) -> Hashable:
    """What a figure says; names in the form under which spellings are equal."""
    return (
        folded(each.metric, "Metric"),
        each.value.strip(),
        each.unit,
        each.kind,
        each.comparator,
        folded(each.subject, "Model"),
        folded(each.dataset, "Dataset"),
        folded(each.task, "Task"),
    )


def _size(each: Size | Counted) -> Hashable:
    return (
        folded(each.entity, "Dataset"),
        each.value.strip(),
        each.number,
        each.of,
        each.comparator,
    )


def _judge(
    amended: Amended,
    found: Sequence[_F],
    kind: type,
    content: Callable[[Any], Hashable],
    made: Callable[[object, _F | None, tuple[int, int]], _F],
    mint: Callable[[str, int], str],
    iris: Iris,
    minimum: float,
) -> Judged[_F]:
    judged: Judged[_F] = Judged(tuple(found))
    figures = list(found)
    standing = {n for n, each in enumerate(found) if each.confidence >= minimum}
    record = amended.record

    def verdict(n: int, decision: Decision, status: str, old: int | None = None) -> None:
        revises = mint(record.key, old + 1) if old is not None else None
        review = review_iri(decision, iris)
        judged.verdicts[n] = Verdict(status, review, point_in_time(decision.date), revises)

    def apply(decision: Decision) -> bool:
        same, there = _candidates(decision, record, figures, standing, content)
        old = same if same is not None else there
        if decision.decision == "rejected":
            if same is None:
                return False
            standing.discard(same)
            verdict(same, decision, "rejected")
            return True
        stated = decision.instead or decision.judged
        if old is not None and content(figures[old]) == content(stated):
            verdict(old, decision, decision.decision)
            return True
        if old is None and not (same_text(decision, record) and decision.place):
            return False
        spans = decision.place.spans if decision.place else ()
        if old is None and (not spans or spans[0].end > record.text_length):
            return False
        place = (spans[0].start, spans[0].end) if spans else (0, 0)
        figures.append(made(stated, figures[old] if old is not None else None, place))
        standing.add(len(figures) - 1)
        verdict(len(figures) - 1, decision, decision.decision, old)
        if old is not None:
            standing.discard(old)
            verdict(old, decision, "rejected")
        return True

    for decision in amended.decisions:
        if isinstance(decision.judged, kind):
            (judged.used if apply(decision) else judged.unmatched).append(decision)
    judged.figures = tuple(figures)
    return judged


def _candidates(
    decision: Decision,
    record: Record,
    figures: Sequence[_F],
    standing: set[int],
    content: Callable[[Any], Hashable],
) -> tuple[int | None, int | None]:
    """Places of the figure that says what was judged, and of the one that stands where it stood."""
    same = [n for n in sorted(standing) if content(figures[n]) == content(decision.judged)]
    at: list[int] = []
    if same_text(decision, record) and decision.place and decision.place.spans:
        span = decision.place.spans[0]
        at = [
            n
            for n in sorted(standing)
            if figures[n].start < span.end and span.start < figures[n].end
        ]
        exact = [n for n in at if (figures[n].start, figures[n].end) == (span.start, span.end)]
        at = exact or at
    both = [n for n in same if n in at]
    one = both or same
    return (one[0] if len(one) == 1 else None), (at[0] if len(at) == 1 else None)
