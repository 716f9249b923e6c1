"""Bars and lines: where they go. `points` makes what they are drawn from."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .scales import Scale, number

# A chart of more bars is a list; the table below it has them all.
MOST_BARS: Final = 30
ROW: Final = 36  # pixels of one bar with its label
LINE_HEIGHT: Final = 220
_TOP, _BOTTOM = 16, 30  # pixels above and below the lines of a line chart
_GRID: Final = 4  # lines of its grid, at most
_SIDE: Final = 4.0  # percent left and right of them
# With a number beside it, in the width of a small phone.
_MOST_LABEL: Final = 32


@dataclass(frozen=True, slots=True)
class Point:
    """One row of an answer, for a chart.

    Attributes:
        label: what it is of.
        value: the number, finite.
        at: the label as a number where it is one, such as a year.
    """

    label: str
    value: float
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: ``x`` and ``width`` in percent, ``y`` in pixels from the top."""

    label: str
    full: str
    written: str
    x: float
    width: float
    y: int


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars below each other; ``zero`` is where they begin, in percent."""

    title: str
    description: str
    bars: tuple[Bar, ...]
    zero: float
    height: int
    kind: str = "bar"


@dataclass(frozen=True, slots=True)
class Mark:
    """A place with words: a point, a tick or a grid line; ``x`` percent, ``y`` pixels."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class LineChart:
    """Points joined by segments, each ``(x1, y1, x2, y2)``; ``grid`` is labelled on the left."""

    title: str
    description: str
    dots: tuple[Mark, ...]
    segments: tuple[tuple[float, float, float, float], ...]
    grid: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    height: int = LINE_HEIGHT
    kind: str = "line"


Chart = BarChart | LineChart


def bar_chart(points: Sequence[Point], title: str) -> BarChart | None:
    """Draw the first points as bars from zero; None of no point.

    Args:
        points: in the order in which they are to stand.
        title: what the chart shows, for its name.
    """
    if not points:
        return None
    shown = points[:MOST_BARS]
    scale = Scale.around((point.value for point in shown), zero=True)
    zero = _percent(scale.share(0.0)) if scale.high > scale.low else 0.0
    bars = []
    for index, point in enumerate(shown):
        end = _percent(scale.share(point.value)) if scale.high > scale.low else 0.0
        bars.append(
            Bar(
                _short(point.label),
                point.label,
                number(point.value),
                min(zero, end),
                round(abs(end - zero), 2),
                index * ROW,
            )
        )
    return BarChart(title, _described(points, shown), tuple(bars), zero, len(bars) * ROW)


def line_chart(points: Sequence[Point], title: str) -> LineChart | None:
    """Draw points from left to right, by their labels as numbers or else in their order.

    None of fewer than two different places: a line needs two ends.
    """
    numbered = all(point.at is not None for point in points)
    placed = [
        (point.at if numbered and point.at is not None else float(index), point)
        for index, point in enumerate(points)
    ]
    placed.sort(key=lambda pair: pair[0])
    across = Scale.around(at for at, _ in placed)
    if across.low == across.high:
        return None
    up = Scale.around((point.value for point in points), zero=True).rounded(_GRID)
    dots = tuple(
        Mark(_x(across, at), _y(up, point.value), f"{point.label}: {number(point.value)}")
        for at, point in placed
    )
    segments = tuple((one.x, one.y, other.x, other.y) for one, other in itertools.pairwise(dots))
    return LineChart(
        title,
        _described(points, points),
        dots,
        segments,
        tuple(Mark(0.0, _y(up, tick), number(tick), "start") for tick in up.ticks(_GRID)),
        _across(across, placed),
    )


def _across(across: Scale, placed: Sequence[tuple[float, Point]]) -> tuple[Mark, ...]:
    """First and last label and, where there is room, one between: three fit a phone."""
    first, last = placed[0], placed[-1]
    middle = placed[len(placed) // 2]
    marks = [(first, "start"), (last, "end")]
    if 0.3 < across.share(middle[0]) < 0.7:
        marks.insert(1, (middle, "middle"))
    return tuple(
        Mark(_x(across, at), LINE_HEIGHT - 8, _short(point.label, 12), anchor)
        for (at, point), anchor in marks
    )


def _x(scale: Scale, value: float) -> float:
    return round(_SIDE + scale.share(value) * (100 - 2 * _SIDE), 2)


def _y(scale: Scale, value: float) -> float:
    share = scale.share(value) if scale.high > scale.low else 0.0
    return round(_TOP + (1 - share) * (LINE_HEIGHT - _TOP - _BOTTOM), 2)


def _percent(share: float) -> float:
    return round(share * 100, 2)


def _short(label: str, most: int = _MOST_LABEL) -> str:
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"


def _described(points: Sequence[Point], shown: Sequence[Point]) -> str:
    """What a reader who does not see the picture should know first."""
    least, most = (f(points, key=lambda point: point.value) for f in (min, max))
    parts = [f"{len(points)} {'value' if len(points) == 1 else 'values'}"]
    if len(shown) < len(points):
        parts.append(f"the first {len(shown)} drawn")
    parts.append(f"the largest is {number(most.value)} ({most.label})")
    if least.value != most.value:
        parts.append(f"the least {number(least.value)} ({least.label})")
    return f"{', '.join(parts)}."


def finite(text: str) -> float | None:
    """A number from its written form; None where there is none or it is not finite.

    >>> finite("2023"), finite("INF"), finite("nine")
    (2023.0, None, None)
    """
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
