"""Names found once are marked everywhere."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.pipeline.mentions import Candidate
from fairpapers.extract.pipeline.propagation import propagate
from fairpapers.extract.records import LABELS


def spans(text: str, *candidates: Candidate) -> list[tuple[str, int, str]]:
    return [(text[c.start : c.end], c.start, c.label) for c in propagate(text, candidates)]


def test_every_occurrence_gets_the_label() -> None:
    text = "FooNet beats BarNet; FooNet wins, not FooNets."
    assert spans(text, Candidate(0, 6, "Model", 0.8, "r")) == [
        ("FooNet", 0, "Model"),
        ("FooNet", 21, "Model"),
    ]


def test_the_longest_name_wins() -> None:
    text = "Foo Net 2 and Foo Net"
    found = spans(text, Candidate(0, 9, "Model", 0.8, "r"), Candidate(14, 21, "Model", 0.8, "r"))
    assert found == [("Foo Net 2", 0, "Model"), ("Foo Net", 14, "Model")]


def test_a_name_has_one_label_the_surest() -> None:
    text = "Foo Foo Foo"
    found = spans(
        text,
        Candidate(0, 3, "Model", 0.9, "r"),
        Candidate(4, 7, "Method", 0.6, "r"),
        Candidate(8, 11, "Method", 0.6, "r"),
    )
    assert {label for _, _, label in found} == {"Method"}


def test_addresses_hold_no_names() -> None:
    text = "FooNet at https://example.org/FooNet"
    assert len(spans(text, Candidate(0, 6, "Model", 0.8, "r"))) == 1


@given(st.text(alphabet="ab AB-", max_size=60), st.data())
def test_mentions_never_overlap(text: str, data: st.DataObject) -> None:
    places = st.tuples(st.integers(0, max(len(text) - 1, 0)), st.integers(1, 5))
    candidates = [
        Candidate(
            start, min(start + length, len(text)), data.draw(st.sampled_from(LABELS)), 0.5, "r"
        )
        for start, length in data.draw(st.lists(places, max_size=5))
        if text
    ]
    found = propagate(text, candidates)
    assert all(one.end <= other.start for one, other in pairwise(found))
