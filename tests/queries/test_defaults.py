"""Defaults without an answer are found, and better ones are proposed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyoxigraph import NamedNode, Triple

from fairpapers.graph.store import Store
from fairpapers.queries import Answer, Library, Table, Triples, Truth, run
from fairpapers.queries.defaults import is_empty, unanswered

NODE = NamedNode("http://example.org/")


def with_default(library: Library, id_: str, **defaults: str) -> Library:
    query = library[id_]
    parameters = tuple(
        each.model_copy(update={"default": defaults.get(each.name, each.default)})
        for each in query.parameters
    )
    return Library({id_: query.model_copy(update={"parameters": parameters})})


@pytest.mark.parametrize(
    ("answer", "empty"),
    [
        (Truth(False), True),
        (Truth(True), False),
        (Table(("a",), ()), True),
        (Table(("a",), ((None,),)), False),
        (Triples(()), True),
        (Triples((Triple(NODE, NODE, NODE),)), False),
    ],
)
def test_no_rows_no_triples_and_no_are_empty(answer: Answer, empty: bool) -> None:
    assert is_empty(answer) is empty


def test_defaults_with_an_answer_are_not_reported(library: Library, store: Store) -> None:
    good = with_default(library, "F02", dataset="dataset/conll-2003", metric="metric/f1")
    assert unanswered(store, good) == {}


@pytest.mark.parametrize("id_", ["A06", "A08", "C04", "F02", "H01"])
def test_values_that_work_are_proposed(library: Library, store: Store, id_: str) -> None:
    names = [each.name for each in library[id_].parameters]
    bad = with_default(library, id_, **dict.fromkeys(names, "dataset/nowhere"))
    proposed = unanswered(store, bad)[id_]
    assert proposed is not None
    assert not any(value.startswith("http") for value in proposed.values())
    assert not is_empty(run(store, library[id_], proposed))


def test_nothing_is_proposed_where_nothing_works(
    library: Library, few: Callable[[str], Store]
) -> None:
    assert set(unanswered(few(""), library).values()) == {None}
    wanted = {query.id for query in library.values() if not query.empty}
    assert set(unanswered(few(""), library)) == wanted
