"""The picture of a small graph: bounded, without overlap, the same each time."""

from __future__ import annotations

import itertools
import random
import re

from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.drawing.layers import BOX, layered

WIDTHS = (100.0, 200.0, 200.0)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[list[str]], list[tuple[str, str]]]:
    sizes = draw(st.tuples(st.just(1), st.integers(0, 12), st.integers(0, 18)))
    columns = [[f"{column}.{row}" for row in range(size)] for column, size in enumerate(sizes)]
    possible = [(a, b) for left, right in itertools.pairwise(columns) for a in left for b in right]
    edges = draw(st.lists(st.sampled_from(possible), max_size=60)) if possible else []
    return columns, edges


@given(graphs())
def test_every_box_lies_within_the_picture_and_on_no_other(
    graph: tuple[list[list[str]], list[tuple[str, str]]],
) -> None:
    columns, edges = graph
    layout = layered(columns, edges, WIDTHS, 50)
    boxes = list(layout.places.values())
    assert set(layout.places) == {node for column in columns for node in column}
    for box in boxes:
        assert box.x >= 0
        assert box.x + box.width <= layout.width
        assert box.y >= 0
        assert box.y + BOX <= layout.height
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert one.x != other.x or abs(one.y - other.y) >= BOX


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_the_edges_does_not_matter(
    graph: tuple[list[list[str]], list[tuple[str, str]]], shuffler: random.Random
) -> None:
    columns, edges = graph
    turned = [(b, a) if shuffler.random() < 0.5 else (a, b) for a, b in edges]
    shuffler.shuffle(turned)
    assert layered(columns, edges, WIDTHS, 50) == layered(columns, turned, WIDTHS, 50)


@given(graphs())
def test_every_edge_is_drawn_from_box_to_box(
    graph: tuple[list[list[str]], list[tuple[str, str]]],
) -> None:
    columns, edges = graph
    layout = layered(columns, edges, WIDTHS, 50)
    for source, target in edges:
        numbers = [float(number) for number in re.findall(r"[\d.]+", layout.curve(source, target))]
        one, other = layout.places[source], layout.places[target]
        assert numbers[0] == one.x + one.width
        assert numbers[-2] == other.x
        assert layout.curve(source, target) == layout.curve(target, source)


def test_nodes_stand_near_what_they_are_joined_to() -> None:
    columns = [["root"], ["a", "b"], ["of-b", "of-a"]]
    edges = [("root", "a"), ("root", "b"), ("a", "of-a"), ("b", "of-b")]
    places = layered(columns, edges, WIDTHS, 50).places
    assert (places["a"].y < places["b"].y) == (places["of-a"].y < places["of-b"].y)
