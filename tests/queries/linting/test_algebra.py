"""Which variables can have a value: SPARQL 1.1 Query Language, section 18.2.1."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.queries.linting.algebra import UnreadableError, read_algebra


@pytest.mark.parametrize(
    ("query", "unbound"),
    [
        ("SELECT ?s ?x { ?s ?p ?o }", ("x",)),
        ("SELECT ?s ?x { ?s ?p ?o OPTIONAL { ?s a ?x } }", ()),
        ("SELECT ?s ?x { ?s ?p ?o MINUS { ?s a ?x } }", ("x",)),
        ("SELECT ?s ?x { ?s ?p ?o FILTER EXISTS { ?s a ?x } }", ("x",)),
        ("SELECT ?s ?x { ?s ?p ?o FILTER(?x > 1) }", ("x",)),
        ("SELECT ?s ?x { { ?s ?p ?o } UNION { ?x ?p ?o } }", ()),
        ("SELECT ?s ?o { { SELECT ?s { ?s ?p ?o } } }", ("o",)),
        ("SELECT ?s ?x { ?s <urn:p>+/^<urn:q> ?x }", ()),
        ("SELECT ?v ?w ?x { VALUES (?v ?w) { (1 UNDEF) (2 UNDEF) } }", ("w", "x")),
        ("SELECT ?g ?x { GRAPH ?g { ?s ?p ?x } }", ()),
        ("SELECT ?x ?y { SERVICE SILENT <urn:s> { ?s ?p ?x BIND(1 AS ?y) } }", ()),
        ("SELECT ?x ?y { BIND(1 AS ?x) BIND(?x AS ?y) }", ()),
        ("SELECT ?y { ?s ?p ?o BIND(?x AS ?y) }", ("y",)),
        ("SELECT (MAX(?x) AS ?m) (COUNT(?x) AS ?n) { ?s ?p ?o }", ("m",)),
        ("SELECT (MAX(?o) AS ?m) { ?s ?p ?o }", ()),
        ("SELECT ?k { ?s ?p ?o } GROUP BY (STR(?o) AS ?k) HAVING(COUNT(*) > 1)", ()),
        ("CONSTRUCT { ?s <urn:p> [ <urn:q> ?x ] } WHERE { ?s ?p ?o }", ("x",)),
        ("DESCRIBE ?s ?x <urn:i> WHERE { ?s ?p ?o }", ("x",)),
        ("DESCRIBE <urn:i>", ()),
        ("ASK { ?s ?p ?o }", ()),
    ],
)
def test_a_variable_without_value_is_found(query: str, unbound: tuple[str, ...]) -> None:
    assert read_algebra(query).unbound == unbound


@pytest.mark.parametrize(
    ("query", "uncounted"),
    [
        ("SELECT (COUNT(?x) AS ?n) (SUM(?y) AS ?m) { ?s ?p ?o }", ("x", "y")),
        ("SELECT (COUNT(DISTINCT ?x) AS ?n) { ?s ?p ?o } GROUP BY ?s", ("x",)),
        ("SELECT ?n { { SELECT (COUNT(?x) AS ?n) { ?s ?p ?o } } }", ("x",)),
        ("SELECT ?s (COUNT(?o) AS ?n) (COUNT(*) AS ?m) { ?s ?p ?o } GROUP BY ?s", ()),
        ("SELECT (COUNT(?x) AS ?n) { ?s ?p ?o OPTIONAL { ?o ?p ?x } }", ()),
        ("SELECT ?s { ?s ?p ?o }", ()),
    ],
)
def test_what_is_counted_without_a_value_is_found(query: str, uncounted: tuple[str, ...]) -> None:
    assert read_algebra(query).uncounted == uncounted


@pytest.mark.parametrize(
    ("query", "ordered", "single"),
    [
        ("SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 3", True, False),
        ("SELECT DISTINCT ?s { ?s ?p ?o } ORDER BY ?s", True, False),
        ("SELECT ?s { { SELECT ?s { ?s ?p ?o } ORDER BY ?s } }", False, False),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", False, True),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s", False, False),
        ("ASK {}", False, False),
    ],
)
def test_the_order_that_counts_is_the_outermost(query: str, ordered: bool, single: bool) -> None:
    algebra = read_algebra(query)
    assert (algebra.ordered, algebra.single) == (ordered, single)


@pytest.mark.parametrize(
    ("query", "line", "words"),
    [
        ("SELECT ?a\n{ ?a ?b ?c\n FILTER(?a = ) }", 3, "in column 2"),
        ("SELECT ?a\n{ ?a x:b ?c }", 1, "Unknown namespace prefix : x"),
    ],
)
def test_what_does_not_parse_is_told_with_its_line(query: str, line: int, words: str) -> None:
    with pytest.raises(UnreadableError, match=words) as caught:
        read_algebra(query)
    assert caught.value.line == line


@given(st.text(alphabet="SELECT ?aWHR{}.<>:p1()", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UnreadableError):
        read_algebra(text)
