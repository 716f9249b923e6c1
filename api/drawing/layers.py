"""A small graph in columns: the same graph gives the same picture, and its words can be read.

Nodes stand in columns by their distance from the one in the middle of interest, and within a column
near what they are joined to (the barycentre heuristic of Sugiyama, Tagawa and Toda 1981).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

ROW: Final = 38  # pixels from one node of a column to the next, at least
BOX: Final = 28  # height of a node
_SWEEPS: Final = 4
_MARGIN: Final = 6


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a node is: left edge and top of its box, in pixels, and its width."""

    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return self.y + BOX / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """Places by node, and the size of the whole."""

    places: Mapping[str, Placed]
    width: float
    height: float

    def curve(self, source: str, target: str) -> str:
        """Path of an edge, from the right of the box more to the left to the left of the other."""
        one, other = sorted((self.places[source], self.places[target]), key=lambda box: box.x)
        start, end = one.x + one.width, other.x
        bend = (start + end) / 2
        return (
            f"M{start:g} {one.middle:g} C{bend:g} {one.middle:g} "
            f"{bend:g} {other.middle:g} {end:g} {other.middle:g}"
        )


def layered(
    columns: Sequence[Sequence[str]],
    edges: Iterable[tuple[str, str]],
    widths: Sequence[float],
    gap: float,
) -> Layout:
    """Place nodes in columns, from left to right.

    Args:
        columns: nodes of each, each node once; the order is kept where edges do not say otherwise.
        edges: pairs of nodes of neighbouring columns, in any direction.
        widths: of the columns, in pixels.
        gap: between two columns, in pixels.
    """
    pairs = list(edges)
    joined: dict[str, set[str]] = {node: set() for column in columns for node in column}
    for one, other in pairs:
        joined[one].add(other)
        joined[other].add(one)
    ordered = [list(column) for column in columns]
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        order = range(1, len(ordered)) if forward else range(len(ordered) - 2, -1, -1)
        for index in order:
            beside = ordered[index - 1 if forward else index + 1]
            ordered[index] = _nearest(ordered[index], beside, joined)
    height = max((len(column) for column in ordered), default=0) * ROW + 2 * _MARGIN
    places: dict[str, Placed] = {}
    left = 0.0
    for column, width in zip(ordered, widths, strict=True):
        pitch = (height - 2 * _MARGIN) / max(1, len(column))
        for row, node in enumerate(column):
            top = _MARGIN + pitch * row + (pitch - BOX) / 2
            places[node] = Placed(left, round(top, 1), width)
        left += width + gap
    return Layout(places, left - gap if columns else 0.0, height)


def _nearest(
    column: Sequence[str], beside: Sequence[str], joined: Mapping[str, set[str]]
) -> list[str]:
    """The column by the mean place of what each node is joined to; ties keep their order."""
    rank = {node: (row + 0.5) / len(beside) for row, node in enumerate(beside)}

    def mean(item: tuple[int, str]) -> tuple[float, int]:
        row, node = item
        near = [rank[other] for other in joined[node] if other in rank]
        # Sorted, since a sum of floats depends on its order and a set has none.
        here = (row + 0.5) / len(column)
        return (round(sum(sorted(near)) / len(near), 9) if near else here, row)

    return [node for _, node in sorted(enumerate(column), key=mean)]
