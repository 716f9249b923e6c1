"""What leaves for a server of others: SPARQL 1.1, on the graphs that are served, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.errors import QueryForbiddenError, QuerySyntaxError
from fairpapers.api.remote.dataset import NO_GRAPH, asked
from fairpapers.api.remote.guard import guard
from fairpapers.api.workers.answers import QueryRequest
from fairpapers.queries import load_library

GRAPHS = ("https://example.org/graph/core", "https://example.org/graph/meta")
CORE, META = GRAPHS


def request(query: str, **more: object) -> QueryRequest:
    return QueryRequest(query=query, media_type="text/csv", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    [
        'DEFINE get:soft "replace" SELECT * FROM <http://10.0.0.1/> { ?s ?p ?o }',
        "SELECT * { ?s ?p ?o OPTION (transitive) }",
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "SELECT * { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
        "PREFIX ex: <urn:x> DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://10.0.0.1/>",
        "SELECT (bif:user_name() AS ?x) { }",
        "SELECT (BIF:sys_stat('x') AS ?x) { }",
        "PREFIX bif: <bif:> SELECT (bif:http_get('http://10.0.0.1') AS ?x) { }",
        "SELECT (<bif:http_get>('http://10.0.0.1') AS ?x) { }",
        "SELECT (<SHORT_OR_LONG::sql:now>() AS ?x) { }",
        "PREFIX s: <sql:> SELECT (s:now() AS ?x) { }",
        "SELECT (<java:org.example.Function>() AS ?x) { }",
        "SELECT * { ?s ?p `1 + 1` }",
        "SELECT * { SERVICE <http://10.0.0.1/> { ?s ?p ?o } }",
    ],
)
def test_what_goes_beyond_sparql_is_refused(query: str) -> None:
    with pytest.raises((QueryForbiddenError, QuerySyntaxError)):
        guard(query)


@pytest.mark.parametrize("query", ["", "# nothing", "HELLO", "PREFIX ex: <urn:x>", "{ ?s ?p ?o }"])
def test_what_begins_like_no_query_is_no_query(query: str) -> None:
    with pytest.raises(QuerySyntaxError):
        guard(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?insert ex:delete 'LOAD' } # DEFINE",
        'ASK { ?s ?p "with"@with }',
        "SELECT ?with { ?with <http://example.org/INSERT> ?option }",
        "PREFIX drop: <urn:d> SELECT * { ?s drop:create ?o }",
    ],
)
def test_words_that_are_no_keywords_pass(query: str) -> None:
    guard(query)


def test_every_query_of_the_library_passes() -> None:
    """Those with SERVICE come here after the front has asked what they ask."""
    for query in load_library().values():
        if "SERVICE" not in query.text:
            guard(query.bind())
        for parameter in query.parameters:
            choices = query.choices_query(parameter.name)
            if choices:
                guard(choices)


@given(st.text(max_size=60), st.sampled_from(["INSERT", "define", "Option"]))
def test_a_keyword_anywhere_outside_of_strings_is_found(text: str, word: str) -> None:
    plain = "".join(char for char in text if char.isalnum() or char in " \n?")
    with pytest.raises((QueryForbiddenError, QuerySyntaxError)):
        guard(f"SELECT * {{ {plain} }} {word} ")


def test_the_default_graph_is_the_union_of_what_is_served() -> None:
    found = asked(request("SELECT * { ?s ?p ?o }"), GRAPHS)
    assert (found.default_graphs, found.named_graphs) == (GRAPHS, GRAPHS)


def test_only_a_query_without_a_dataset_is_about_everything() -> None:
    assert asked(request("SELECT * { ?s ?p ?o }"), GRAPHS).everything
    assert not asked(request(f"SELECT * FROM <{CORE}> {{ }}"), GRAPHS).everything
    assert not asked(request("SELECT * { }", named_graphs=(CORE,)), GRAPHS).everything
    assert not asked(request("SELECT * { }", has_from=True), GRAPHS).everything


def test_from_moves_into_the_request_and_keeps_positions() -> None:
    query = (
        f"PREFIX g: <https://example.org/graph/>\nSELECT *\nFROM <{CORE}>\nFROM NAMED g:meta\n{{ }}"
    )
    found = asked(request(query, has_from=True), GRAPHS)
    assert (found.default_graphs, found.named_graphs) == ((CORE,), (META,))
    assert "FROM" not in found.query
    assert len(found.query) == len(query)
    assert found.query.index("{") == query.index("{")


def test_from_named_alone_leaves_the_default_graph_empty() -> None:
    found = asked(request(f"SELECT * FROM NAMED <{CORE}> {{ }}", has_from=True), GRAPHS)
    assert (found.default_graphs, found.named_graphs) == ((NO_GRAPH,), (CORE,))


def test_a_relative_graph_is_resolved() -> None:
    found = asked(request("BASE <https://example.org/graph/> SELECT * FROM <core> { }"), GRAPHS)
    assert found.default_graphs == (CORE,)


def test_the_dataset_of_the_request_wins_over_from() -> None:
    query = request(f"SELECT * FROM <{CORE}> {{ }}", default_graphs=(META,))
    found = asked(query, GRAPHS)
    assert (found.default_graphs, found.named_graphs) == ((META,), (NO_GRAPH,))


@given(
    st.lists(st.sampled_from([*GRAPHS, "urn:secret", f"{CORE}x"]), max_size=4),
    st.lists(st.sampled_from([*GRAPHS, "urn:secret"]), max_size=4),
    st.booleans(),
)
def test_no_other_graph_is_ever_asked_for(
    default: list[str], named: list[str], in_text: bool
) -> None:
    clauses = [f"FROM <{iri}>" for iri in default] + [f"FROM NAMED <{iri}>" for iri in named]
    found = asked(
        request(f"SELECT * {' '.join(clauses)} {{ }}")
        if in_text
        else request("SELECT * { }", default_graphs=tuple(default), named_graphs=tuple(named)),
        GRAPHS,
    )
    assert set(found.default_graphs) | set(found.named_graphs) <= {*GRAPHS, NO_GRAPH}
    assert found.default_graphs
    assert found.named_graphs
    if default or named:
        assert set(found.default_graphs) - {NO_GRAPH} == set(default) & set(GRAPHS)


def test_from_within_a_group_is_no_clause() -> None:
    query = f"SELECT * {{ FROM <{CORE}> }}"
    assert asked(request(query), GRAPHS).query == query


def test_relative_iris_get_the_base_of_the_endpoint() -> None:
    base = "http://localhost/sparql"
    assert asked(request("ASK { <x> ?p ?o }", base_iri=base), GRAPHS).query.startswith(
        f"BASE <{base}> ASK"
    )
    plain = "ASK { <urn:x> ?p ?o }"
    assert asked(request(plain, base_iri=base), GRAPHS).query == plain
