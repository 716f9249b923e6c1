"""A query is run with what the user gives, and refuses what it does not know."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fairpapers.graph.store import Store
from fairpapers.queries import Library, ParameterError, Query, UnknownParameterError
from fairpapers.queries.answers import Table, Triples
from fairpapers.queries.query import query_form
from fairpapers.queries.runner import Choice, choices, run

SQUAD = "https://w3id.org/fairpapers/id/dataset/squad"


def test_a_path_and_its_iri_are_one_resource(library: Library, store: Store) -> None:
    query = library["A06"]
    assert run(store, query, {"dataset": SQUAD}) == run(store, query, {"dataset": "dataset/squad"})


def test_paths_follow_the_base_of_the_graph(library: Library, few: Callable[[str], Store]) -> None:
    turtle = """
        <https://example.org/kg/id/model/m> <http://www.w3.org/2004/02/skos/core#prefLabel> "M" .
    """
    answer = run(few(turtle), library["A08"], {"model": "model/m"}, base="https://example.org/kg")
    assert isinstance(answer, Triples)
    assert len(answer.triples) == 1


def test_an_unknown_parameter_gets_a_suggestion(library: Library, store: Store) -> None:
    with pytest.raises(UnknownParameterError) as caught:
        run(store, library["F02"], {"data": "dataset/squad"})
    assert str(caught.value) == "query F02 has no parameter 'data'; did you mean dataset?"
    with pytest.raises(UnknownParameterError, match="has no parameter 'x'; it has none"):
        run(store, library["A01"], {"x": "1"})


def test_limits_are_bound(library: Library, store: Store) -> None:
    answer = run(store, library["C01"], {"top": "2"})
    assert isinstance(answer, Table)
    assert len(answer.rows) == 2
    with pytest.raises(ParameterError, match="a whole number from 1 to 1000"):
        run(store, library["C01"], {"top": "1001"})


def test_choices_come_with_their_names(library: Library, store: Store) -> None:
    offered = choices(store, library["A06"], "dataset")
    assert offered[0] == Choice("https://w3id.org/fairpapers/id/dataset/conll-2003", "CoNLL-2003")
    assert Choice(SQUAD, "SQuAD") in offered
    assert choices(store, library["A05"], "text") == []
    with pytest.raises(UnknownParameterError):
        choices(store, library["A05"], "model")


def test_listed_choices_need_no_store(library: Library, few: Callable[[str], Store]) -> None:
    query = library["A05"]
    (text,) = query.parameters
    listed = text.model_copy(update={"values": ("a", "b")})
    changed = query.model_copy(update={"parameters": (listed,)})
    assert choices(few(""), changed, "text") == [Choice("a", "a"), Choice("b", "b")]


def test_queries_cannot_be_changed(library: Library) -> None:
    with pytest.raises(ValueError, match="frozen"):
        library["A01"].text = ""


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("select * {}", "SELECT"),
        ("# ASK\nBASE <urn:ASK> PREFIX ask: <urn:x> CONSTRUCT { } WHERE { }", "CONSTRUCT"),
        ("INSERT DATA { }", None),
        ("", None),
    ],
)
def test_the_form_is_read_off_the_text(text: str, form: str | None) -> None:
    assert query_form(text) == form


def test_binding_gives_text_without_blanks(library: Library) -> None:
    for query in library.values():
        assert isinstance(query, Query)
        assert "$" not in "".join(line.partition("#")[0] for line in query.bind().splitlines())
