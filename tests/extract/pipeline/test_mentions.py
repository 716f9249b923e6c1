"""How one set of candidates gives way to another."""

from __future__ import annotations

from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.pipeline.mentions import (
    Candidate,
    add_free,
    correct,
    overrule,
    read_mentions,
    register_extensions,
    url_spans,
    write_mentions,
)
from fairpapers.extract.records import LABELS


@pytest.fixture(autouse=True, scope="module")
def extensions() -> None:
    register_extensions()


def candidate(start: int, end: int, label: str = "Method", rule: str = "old") -> Candidate:
    (known,) = (name for name in LABELS if name == label)
    return Candidate(start, end, known, 0.5, rule)


candidates = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 9), st.sampled_from(LABELS)).map(
        lambda c: candidate(c[0], c[0] + c[1], c[2])
    ),
    max_size=8,
)


@given(candidates, candidates)
def test_no_two_overlap_afterwards(first: list[Candidate], second: list[Candidate]) -> None:
    existing = add_free([], first)
    for combine in (add_free, correct, overrule):
        found = combine(existing, second)
        assert found == sorted(found)
        assert all(one.end <= other.start for one, other in pairwise(found))


def test_added_candidates_give_way() -> None:
    old, new = candidate(0, 3), candidate(2, 9)
    assert add_free([old], [new]) == [old]


def test_of_new_ones_the_longest_is_added() -> None:
    assert add_free([], [candidate(0, 3), candidate(0, 9)]) == [candidate(0, 9)]


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        (candidate(0, 3), candidate(0, 9, rule="new"), ["new"]),
        (candidate(0, 9, "Task"), candidate(0, 9, rule="new"), ["new"]),
        (candidate(0, 9), candidate(3, 9, rule="new"), ["old"]),
        (candidate(0, 5), candidate(3, 9, rule="new"), ["old"]),
    ],
)
def test_corrections_take_what_they_cover_and_nothing_else(
    old: Candidate, new: Candidate, kept: list[str]
) -> None:
    assert [c.rule for c in correct([old], [new])] == kept


def test_overruling_takes_whatever_it_touches() -> None:
    old = [candidate(0, 5), candidate(8, 12), candidate(20, 22)]
    found = overrule(old, [candidate(4, 9, rule="new")])
    assert [(c.start, c.rule) for c in found] == [(4, "new"), (20, "old")]


def test_candidates_survive_the_document() -> None:
    doc = spacy.blank("en")("We train FooNet on BazBank.")
    written = [candidate(9, 15, "Model", "a"), candidate(19, 26, "Dataset", "b")]
    write_mentions(doc, reversed(written))
    assert read_mentions(doc) == written


def test_half_a_token_is_no_mention() -> None:
    doc = spacy.blank("en")("We train FooNet.")
    write_mentions(doc, [candidate(9, 12)])
    assert read_mentions(doc) == []


def test_addresses_are_found() -> None:
    text = "Mail me@example.org or see www.example.org/x (https://example.org)."
    assert [text[s:e] for s, e in url_spans(text)] == [
        "me@example.org",
        "www.example.org/x",
        "https://example.org",
    ]
