"""Any text is read as a query without a failure, and what is found lies inside of it."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fairpapers.queries import Library
from fairpapers.queries.assistance import advise, mermaid, read, report, svg
from fairpapers.queries.assistance.scanning import MOST_TOKENS
from fairpapers.queries.assistance.syntax import (
    Bind,
    Element,
    Filter,
    Group,
    Path,
    Span,
    Triple,
    View,
    groups,
    selects,
)

PIECES = st.sampled_from(
    [
        "SELECT",
        "ASK",
        "CONSTRUCT",
        "DESCRIBE",
        "WHERE",
        "*",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "<<",
        ">>",
        "?s",
        "?p",
        "?o",
        "$x",
        "<urn:a>",
        "ex:a",
        "fp:uses",
        "a",
        "1",
        "-1.5e3",
        "'x'",
        '"y"@en-GB',
        "'z'^^xsd:gYear",
        "true",
        "_:b",
        "UNION",
        "OPTIONAL",
        "MINUS",
        "FILTER",
        "BIND",
        "AS",
        "VALUES",
        "UNDEF",
        "GRAPH",
        "SERVICE",
        "SILENT",
        "INSERT",
        "FROM",
        "NAMED",
        "ORDER",
        "BY",
        "LIMIT",
        "OFFSET",
        "GROUP",
        "HAVING",
        "COUNT",
        "DISTINCT",
        "EXISTS",
        "NOT",
        "IN",
        "REGEX",
        "IF",
        "+",
        "-",
        "/",
        "|",
        "^",
        "!",
        "=",
        "!=",
        "<",
        ">",
        "&&",
        "||",
        ",",
        ";",
        ".",
        "#",
        "\n",
        "\\u0041",
        "é",
        "\x00",
        "PREFIX",
        "ex:",
        "BASE",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=60).map(" ".join),
    st.lists(PIECES, max_size=40).map(lambda parts: f"SELECT * WHERE {{ {' '.join(parts)} }}"),
)


def spans(view: View) -> Iterator[Span]:
    """Every place that a view names."""
    yield from view.tokens
    yield view.prologue
    if view.fault is not None:
        yield view.fault
    if view.query is None:
        return
    for query in selects(view.query):
        yield from (query, query.head, query.dataset, query.tail)
        yield from (each.variable for each in query.projection)
        yield from query.template
        if query.where is not None:
            for group in groups(query.where):
                yield group
                yield from _of(group)


def _of(group: Group) -> Iterator[Span]:
    for element in group.elements:
        yield element
        yield from _terms(element)


def _terms(element: Element) -> Iterator[Span]:
    match element:
        case Triple():
            yield from (element.subject, element.predicate, element.object)
            if isinstance(element.predicate, Path):
                yield from element.predicate.iris
        case Filter(expression=expression) | Bind(expression=expression):
            yield expression
            yield from expression.variables
            yield from expression.calls
        case _:
            pass


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("_")
@example("_ :b")
@example("SELECT * { ?s ?p ( 1 2 [ a ex:b ; ex:c ( ) ] ) ; ; . }")
@example("SELECT * { ?s ^(ex:a|!ex:b)*/ex:c? ?o } ORDER BY DESC(?o")
@example("SELECT (COUNT(DISTINCT *) AS ?n) { { SELECT ?s { ?s ?p ?o } } }")
def test_no_text_is_a_failure_and_all_places_are_inside(text: str) -> None:
    view = read(text)
    for span in spans(view):
        assert 0 <= span.start <= span.end <= len(text)
    for token in view.tokens:
        assert text[token.start : token.end] == token.text
    found = advise(view)
    for each in found:
        assert 0 <= each.start <= each.end <= len(text)
        for fix in each.fixes:
            assert 0 <= fix.start <= fix.end <= len(text)
    ET.fromstring(svg(view).encode("utf-8"))
    assert mermaid(view).startswith("flowchart LR\n")
    lines = text.split("\n")
    for each in report(view, found)["findings"]:
        place = each["place"]
        assert lines[place["line"] - 1][place["column"] - 1 :].startswith(
            text[place["start"] : place["end"]].split("\n")[0]
        )


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=30))
def test_the_same_text_is_the_same_view_picture_and_advice(parts: list[str]) -> None:
    text = f"SELECT * WHERE {{ {' '.join(parts)} }}"
    assert read(text) == read(text)
    assert svg(read(text)) == svg(read(text))
    assert advise(text) == advise(text)


def test_every_query_of_the_library_is_understood(library: Library) -> None:
    for query in library.values():
        view = read(query.bind())
        assert view.fault is None, query.id
        assert view.query is not None
        assert view.query.form == query.form
        columns = [each.variable.value for each in view.query.projection]
        if query.form == "SELECT" and not view.query.star:
            assert columns == [each.name for each in query.columns]


def test_places_are_those_of_the_parts() -> None:
    text = "PREFIX ex: <urn:>\nSELECT ?a {\n  ?a ex:p [ ex:q ?b ] , ?c ;\n     a ex:C .\n}"
    view = read(text)
    assert view.query is not None
    assert view.query.where is not None
    made = [view.slice(each) for each in view.query.where.elements]
    assert made == ["?a ex:p [ ex:q ?b ]", "ex:q ?b", "?c", "a ex:C"]
    first = view.query.where.elements[0]
    assert isinstance(first, Triple)
    assert not isinstance(first.predicate, Path)
    assert first.predicate.value == "urn:p"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("SELECT ?x WHERE { ?x <a b> ?y }", "<"),
        ("SELECT ?x WHERE { ?x ?p ?o } ORDER ?x", "?x"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", "INSERT"),
        ("SELECT ?x WHERE { ?x ?p ", ""),
        ("nothing of SPARQL", "nothing"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(text: str, at: str) -> None:
    view = read(text)
    assert view.fault is not None
    assert view.slice(view.fault) == at


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {" + "{" * 5000 + "}" * 5000 + "}",
        "SELECT * { ?s ?p " + "[ ?p " * 5000,
        "SELECT * { ?s ?p " + "(" * 5000,
        "SELECT * { FILTER(" + "(" * 50_000,
        "SELECT * { ?s " + "^" * 50_000,
        "SELECT * { FILTER EXISTS " * 2000,
    ],
)
def test_deep_and_long_texts_end_with_a_fault(text: str) -> None:
    assert read(text).fault is not None


def test_no_more_is_read_than_people_write() -> None:
    text = "SELECT * { " + "?s ?p ?o . " * MOST_TOKENS + "}"
    view = read(text)
    assert view.fault is not None
    assert len(view.tokens) <= MOST_TOKENS + 1


MANY = {
    "columns that nothing binds": "SELECT {columns} {{ {patterns} }}",
    "counts": "SELECT {counts} {{ {patterns} }}",
    "names that nothing has": "SELECT * {{ {unknown} }}",
    "optional parts": "SELECT * {{ {optionals} }}",
}


@pytest.mark.parametrize("case", MANY)
def test_no_text_keeps_the_processor_for_long(case: str) -> None:
    # As long as is read; by the work of the processor, with room for a slow machine.
    text = MANY[case].format(
        columns=" ".join(f"?dataset{number}x" for number in range(900)),
        counts=" ".join(f"(COUNT(?c{number}) AS ?n{number})" for number in range(200)),
        patterns=" ".join(f"?c{number} ?p ?c{number + 1} ." for number in range(500)),
        unknown=" ".join(f"?s <urn:x/highestValu{number}> ?o ." for number in range(900)),
        optionals=" ".join(f"OPTIONAL {{ ?v{number} ?p ?o{number} }}" for number in range(700)),
    )
    assert read(text).fault is None
    began = time.process_time()
    advise(text)
    svg(read(text))
    assert time.process_time() - began < 10
