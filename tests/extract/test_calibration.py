"""Calibration error and threshold curves are what their definitions say."""

from __future__ import annotations

from itertools import pairwise
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.calibration import (
    Calibration,
    Judged,
    calibrations,
    expected_calibration_error,
    reliability,
)
from fairpapers.extract.evaluation import Figures
from fairpapers.extract.gold import GoldEntity, GoldPaper
from fairpapers.extract.records import Entity, Generator, Mention, Record, SourceInfo

judgements = st.lists(st.builds(Judged, st.floats(0, 1), st.booleans()), max_size=40)


def test_confidences_that_come_true_have_no_error() -> None:
    judged = [Judged(0.75, n % 4 > 0) for n in range(8)] + [Judged(0.25, n == 0) for n in range(4)]
    assert expected_calibration_error(judged) == 0.0


def test_the_error_is_the_weighted_distance() -> None:
    # Three quarters are 0.2 too sure, one quarter 0.6 too unsure.
    judged = [Judged(0.7, n < 3) for n in range(6)] + [Judged(0.4, True)] * 2
    assert expected_calibration_error(judged) == pytest.approx(0.75 * 0.2 + 0.25 * 0.6)
    assert [b.size for b in reliability(judged)] == [2, 6]


def test_confidences_of_one_bin_may_make_up_for_each_other() -> None:
    judged = [Judged(0.41, False), Judged(0.49, True)]
    assert expected_calibration_error(judged, bins=10) == pytest.approx(0.05)
    assert expected_calibration_error(judged, bins=100) == pytest.approx((0.41 + 0.51) / 2)


def test_of_nothing_there_is_no_error() -> None:
    assert expected_calibration_error([]) == 0.0
    assert reliability([]) == []


@given(judgements)
def test_bins_hold_every_item_once(judged: list[Judged]) -> None:
    found = reliability(judged)
    assert sum(b.size for b in found) == len(judged)
    assert isclose(
        sum(b.right * b.size for b in found), sum(item.right for item in judged), abs_tol=1e-9
    )
    assert 0.0 <= expected_calibration_error(judged) <= 1.0


@given(judgements)
def test_the_mean_error_is_at_least_the_error_of_the_mean(judged: list[Judged]) -> None:
    if judged:
        mean = sum(item.confidence - item.right for item in judged) / len(judged)
        assert expected_calibration_error(judged) >= abs(mean) - 1e-9


@given(judgements, st.integers(0, 10))
def test_a_higher_threshold_never_finds_more(judged: list[Judged], missed: int) -> None:
    found = Calibration(tuple(judged), sum(item.right for item in judged) + missed)
    curve = [figures for _, figures in found.curve()]
    for low, high in pairwise(curve):
        assert high.predicted <= low.predicted
        assert high.recall <= low.recall
    assert curve[0] == Figures(sum(item.right for item in judged), len(judged), found.gold)


def test_few_items_err_by_chance_and_many_hardly() -> None:
    # Of 100 items with 0.5 each, the share of right ones is off by 0.04 on average.
    few, many = (Calibration((Judged(0.5, True),) * n, n) for n in (100, 10_000))
    assert few.chance == pytest.approx(0.0399, abs=1e-4)
    assert many.chance == pytest.approx(few.chance / 10)
    assert Calibration((), 3).chance == 0.0


def paper(identity: str) -> GoldPaper:
    foo = GoldEntity("Model", "FooNet", "used", ("FooNet",))
    return GoldPaper(identity, "FooNet", "BarNet and BazNet", (foo,))


def record(identity: str) -> Record:
    return Record(
        id=identity,
        key=identity,
        title="FooNet",
        source=SourceInfo("gold", None, "jsonl"),
        text_sha256="0" * 64,
        text_length=24,
        mentions=(
            Mention(0, 6, "FooNet", "Model", 0.9, "e1"),
            Mention(7, 13, "BarNet", "Model", 0.3, "e2"),
        ),
        entities=(
            Entity("e1", "Model", "FooNet", ("FooNet",), "used", 0.8),
            Entity("e2", "Model", "BarNet", ("BarNet",), "used", 0.2),
        ),
        results=(),
        generator=Generator("test", "0", "none", "0" * 64),
    )


def test_mentions_and_entities_are_judged_as_the_scorer_does() -> None:
    judged = calibrations([paper("p1"), paper("p2")], [record("p1"), record("other")])
    assert judged["mention"] == Calibration((Judged(0.9, True), Judged(0.3, False)), 2)
    assert judged["entity"] == Calibration((Judged(0.8, True), Judged(0.2, False)), 2)
    # 0.1 and 0.3 off in one bin each.
    assert judged["mention"].to_json()["ece"] == pytest.approx(0.2)
    assert judged["mention"].to_json()["of"] == 2
