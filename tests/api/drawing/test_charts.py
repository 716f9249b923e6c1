"""Where bars and lines go, for any numbers."""

from __future__ import annotations

import math
import sys

from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.drawing.charts import MOST_BARS, Point, bar_chart, finite, line_chart
from fairpapers.api.drawing.scales import Scale, number

numbers = st.floats(allow_nan=False, allow_infinity=False)
labels = st.text(max_size=60)
points = st.lists(
    st.builds(Point, labels, numbers, st.none() | numbers),
    max_size=MOST_BARS + 3,
)


@given(points)
def test_every_bar_lies_within_the_picture(given_points: list[Point]) -> None:
    chart = bar_chart(given_points, "title")
    if chart is None:
        assert not given_points
        return
    assert len(chart.bars) == min(len(given_points), MOST_BARS)
    for bar in chart.bars:
        assert all(math.isfinite(place) for place in (bar.x, bar.width))
        assert 0 <= bar.x <= 100
        assert 0 <= bar.width <= 100
        assert bar.x + bar.width <= 100.01
        assert 0 <= bar.y < chart.height
        # Each begins or ends where zero is.
        assert min(abs(bar.x - chart.zero), abs(bar.x + bar.width - chart.zero)) <= 0.011
    assert "nan" not in chart.description.replace(given_points[0].label, "").lower() or any(
        "nan" in point.label.lower() for point in given_points
    )


@given(points)
def test_longer_bars_are_of_larger_numbers(given_points: list[Point]) -> None:
    chart = bar_chart(given_points, "title")
    if chart is None:
        return
    positive = [
        (point.value, bar.width)
        for point, bar in zip(given_points, chart.bars, strict=False)
        if point.value >= 0
    ]
    widths = [width for _, width in sorted(positive)]
    assert widths == sorted(widths)


@given(points)
def test_every_point_of_a_line_lies_within_the_picture(given_points: list[Point]) -> None:
    chart = line_chart(given_points, "title")
    if chart is None:
        return
    assert len(chart.dots) == len(given_points) == len(chart.segments) + 1
    for mark in (*chart.dots, *chart.grid, *chart.ticks):
        assert 0 <= mark.x <= 100
        assert 0 <= mark.y <= chart.height
    across = [dot.x for dot in chart.dots]
    assert across == sorted(across)
    assert len(chart.ticks) <= 3


@given(numbers, numbers)
def test_ticks_are_few_in_order_and_within_the_range(one: float, other: float) -> None:
    scale = Scale.around([one, other])
    ticks = scale.ticks()
    assert 1 <= len(ticks) <= 6
    assert list(ticks) == sorted(ticks)
    assert all(scale.low <= tick <= scale.high for tick in ticks)
    assert scale.share(scale.low) in (0.0, 0.5)


@given(numbers, numbers)
def test_a_rounded_range_holds_the_range_and_little_more(one: float, other: float) -> None:
    scale = Scale.around([one, other])
    rounded = scale.rounded()
    assert rounded.low <= scale.low <= scale.high <= rounded.high
    assert rounded.high / 2 - rounded.low / 2 <= 3 * (scale.high / 2 - scale.low / 2)


@given(st.floats())
def test_a_number_is_written_without_an_error(value: float) -> None:
    read = finite(str(value))
    if read is None:
        assert not math.isfinite(value)
        return
    assert number(read)


def test_bars_of_losses_go_the_other_way_from_zero() -> None:
    chart = bar_chart([Point("gain", 1.0), Point("loss", -3.0)], "title")
    assert chart is not None
    gain, loss = chart.bars
    assert (chart.zero, gain.x, gain.width) == (75.0, 75.0, 25.0)
    assert (loss.x, loss.width, loss.written) == (0.0, 75.0, "-3")


def test_years_are_placed_by_their_number_and_not_by_their_order() -> None:
    years = [Point("2020", 1, 2020), Point("2030", 2, 2030), Point("2025", 4, 2025)]
    chart = line_chart(years, "title")
    assert chart is not None
    assert [dot.text for dot in chart.dots] == ["2020: 1", "2025: 4", "2030: 2"]
    assert chart.dots[1].x == 50
    assert [tick.text for tick in chart.ticks] == ["2020", "2025", "2030"]


def test_a_line_needs_two_places() -> None:
    assert line_chart([], "title") is None
    assert line_chart([Point("2020", 1, 2020), Point("2020", 2, 2020)], "title") is None


def test_the_largest_floats_overflow_nowhere() -> None:
    largest = sys.float_info.max
    scale = Scale(-largest, largest)
    assert (scale.share(-largest), scale.share(0.0), scale.share(largest)) == (0.0, 0.5, 1.0)
    assert scale.ticks() == (-largest, largest)


def test_a_long_list_says_what_is_not_drawn() -> None:
    chart = bar_chart([Point(str(index), 100 - index) for index in range(40)], "title")
    assert chart is not None
    assert chart.description == (
        "40 values, the first 30 drawn, the largest is 100 (0), the least 61 (39)."
    )
