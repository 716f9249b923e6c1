"""What a query asks for, told from its tokens; the engine is asked whether that is so."""

from __future__ import annotations

import contextlib

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.errors import ApiError, QueryForbiddenError, QueryTooDeepError
from fairpapers.api.inspection import Inspection, inspect

# Port 9 is one that the engine itself refuses, with an error that names it.
TARGET = "<http://127.0.0.1:9/>"
PREFIX = f"PREFIX ex: {TARGET} "
REFUSED = "The port 9 is not allowed"


def look(query: str) -> Inspection:
    return inspect(query, max_depth=50)


def calls_a_service(query: str) -> bool:
    """Whether the engine itself tries to reach the service."""
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(value=True)))
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(1)))
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("a")))
    try:
        result = store.query(query)
        if isinstance(result, ox.QuerySolutions | ox.QueryTriples):
            list(result)
    except (OSError, RuntimeError) as error:
        return REFUSED in str(error)
    return False


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(f"SELECT * {{ SERVICE {TARGET} {{ ?s ?p ?o }} }}", id="plain"),
        pytest.param(f"SELECT * {{ sErViCe {TARGET} {{ ?s ?p ?o }} }}", id="letter case"),
        pytest.param(f"SELECT * {{SERVICE{TARGET}{{?s ?p ?o}}}}", id="no spaces"),
        pytest.param(f"SELECT * {{ SERVICE # {{\n{TARGET} {{ ?s ?p ?o }} }}", id="comment inside"),
        pytest.param(f"ASK {{ # no\rSERVICE {TARGET} {{ ?s ?p ?o }} }}", id="carriage return"),
        pytest.param(PREFIX + "ASK { SERVICE ex: { ?s ?p ?o } }", id="prefixed name"),
        pytest.param(PREFIX + "ASK {SERVICEex:{?s ?p ?o}}", id="joined with its prefix"),
        pytest.param(PREFIX + "ASK {SERVICEex: #\n{?s ?p ?o}}", id="joined, then a comment"),
        pytest.param(f"ASK {{ ?s ?p trueSERVICE{TARGET}{{}} }}", id="joined with true"),
        pytest.param(f"ASK {{ ?s ?p 1SERVICE{TARGET}{{}} }}", id="joined with a number"),
        pytest.param(f"ASK {{ ?s ?p 'a'SERVICE{TARGET}{{}} }}", id="joined with a string"),
        pytest.param(f"ASK {{ {{ SELECT * {{ SERVICE {TARGET} {{}} }} }} }}", id="subquery"),
        pytest.param(f"ASK {{ FILTER EXISTS {{ SERVICE {TARGET} {{}} }} }}", id="EXISTS"),
        pytest.param(
            f"ASK {{ ?s ?p ?a BIND(9 AS ?b) FILTER(?a<?b#>'''\n) SERVICE {TARGET} {{}} }}#'''",
            id="comparison and comment that look like an IRI",
        ),
        pytest.param(
            f"ASK {{ ?s ?p ?a FILTER(?a<'x>')\n SERVICE {TARGET} {{}} }} #'",
            id="comparison and string that look like an IRI",
        ),
    ],
)
def test_a_service_call_is_refused(query: str) -> None:
    with pytest.raises(QueryForbiddenError) as caught:
        look(query)
    assert caught.value.operation == "SERVICE"


def test_the_engine_does_call_what_is_refused() -> None:
    """The wide rules are there for a reason, and this notices when the engine changes."""
    assert calls_a_service(f"ASK {{ ?s ?p 1SERVICE{TARGET}{{}} }}")
    assert calls_a_service(PREFIX + "SELECT * {SERVICEex:{?s ?p ?o}}")
    query = f"SELECT*{{?s ?p ?a BIND(9 AS ?b)FILTER(?a<?b#>'''\n) SERVICE {TARGET} {{}} }}#'''"
    assert calls_a_service(query)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("ASK { ?s ?p 'SERVICE <http://x/> {}' }", id="string"),
        pytest.param('ASK { ?s ?p """a"b\nSERVICE\n""" }', id="long string"),
        pytest.param(r"ASK { ?s ?p 'it\'s SERVICE' }", id="escaped quote"),
        pytest.param("ASK {} # SERVICE <http://x/>", id="comment"),
        pytest.param("ASK { ?service ?p $service }", id="variables"),
        pytest.param("ASK { ?s <http://x/SERVICE> ?o }", id="IRI"),
        pytest.param("ASK { ?s <http://x/service#it's> ?o }", id="IRI with fragment"),
        pytest.param("PREFIX service: <http://x/> ASK { ?s service:x ?o }", id="prefix"),
        pytest.param("PREFIX ex: <http://x/> ASK { ?s ex:service ?o }", id="local name"),
        pytest.param(r"PREFIX ex: <http://x/> ASK { ?s ex:a\#service ?o }", id="escaped hash"),
        pytest.param(
            "PREFIX service: <http://x/> ASK { GRAPH service:g { ?s ?p ?o } }", id="graph name"
        ),
        pytest.param("ASK { ?s <urn:x#load> 'x' }", id="unsure IRI, no such word"),
        pytest.param("ASK { _:service ?p ?o }", id="blank node"),
    ],
)
def test_the_word_alone_is_no_call(query: str) -> None:
    assert look(query).form == "ASK"
    assert not calls_a_service(query)


def test_codepoint_escapes_do_not_get_past_both() -> None:
    query = f"ASK {{ \\u0053ERVICE {TARGET} {{}} }}"
    look(query)
    with pytest.raises(SyntaxError):
        ox.Store().query(query)


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <http://127.0.0.1/>",
        "load silent <http://127.0.0.1/>",
        "# SELECT\nLOAD<http://127.0.0.1/>",
        "PREFIX ex: <http://x/> INSERT DATA { ex:a ex:b ex:c }",
        "BASE <http://x/> DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP ALL",
        "CREATE GRAPH <urn:g>",
        "ADD <urn:a> TO <urn:b>",
        "MOVE <urn:a> TO <urn:b>",
        "COPY <urn:a> TO <urn:b>",
        "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused(update: str) -> None:
    with pytest.raises(QueryForbiddenError, match="only reads"):
        look(update)


def test_words_of_updates_are_harmless_inside_a_query() -> None:
    assert look("SELECT ?load { ?load <http://x/drop> 'CLEAR ALL' }").form == "SELECT"


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("select * {}", "SELECT"),
        ("SELECTDISTINCT?s{}", "SELECT"),
        ("PREFIX select: <http://x/> # ASK\nASK {}", "ASK"),
        ("BASE <http://x/SELECT> DESCRIBE <x>", "DESCRIBE"),
        ("PREFIXex:<http://x/>CONSTRUCTWHERE{}", "CONSTRUCT"),
        ("nonsense", None),
        ("", None),
    ],
)
def test_the_form_is_found(query: str, form: str | None) -> None:
    assert look(query).form == form


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * FROM <urn:g> {}", True),
        ("SELECT *FROM NAMED<urn:g>{}", True),
        ("DESCRIBE <urn:x> from <urn:g>", True),
        ("SELECT ?from { ?from ?p 'FROM' } # FROM", False),
        ("PREFIX from: <http://x/> SELECT * { ?s from:x ?o }", False),
    ],
)
def test_from_is_found(query: str, expected: bool) -> None:
    assert look(query).has_from is expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (NOW() AS ?t) {}", True),
        ("SELECT (rand() AS ?t) {}", True),
        ("SELECT (STRUUID() AS ?t) {}", True),
        ("SELECT (BNODE() AS ?t) {}", True),
        ("CONSTRUCT { _:b ?p ?o } { ?s ?p ?o }", True),
        ("CONSTRUCT { [] ?p ?o } { ?s ?p ?o }", True),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", False),
        ("SELECT * { [] ?p 'NOW()' }", False),
    ],
)
def test_answers_that_differ_each_time_are_known(query: str, expected: bool) -> None:
    assert look(query).volatile is expected


@pytest.mark.parametrize("brackets", ["()", "{}", "[]"])
def test_nesting_is_limited(brackets: str) -> None:
    opening, closing = brackets[0], brackets[1]
    look("ASK " + opening * 50 + closing * 50)
    with pytest.raises(QueryTooDeepError):
        look("ASK " + opening * 51)


def test_brackets_in_strings_do_not_nest() -> None:
    look("ASK { ?s ?p '" + "(" * 100 + "' }")


@given(st.text())
def test_any_text_is_looked_through(query: str) -> None:
    status = 200
    try:
        look(query)
    except ApiError as error:
        status = error.status
    assert status in (200, 400, 403)


PIECES = [
    "SERVICE", "service", "ex:", "ex:a", TARGET, "<", ">", "?a", "'", '"', "'''", "#", "\n", "\r",
    "{", "}", "(", ")", " ", " ", "true", "1", "1e5", ".", "\\", "@en", "^^", "FILTER", "ASK",
    "OPTIONAL", "?s ?p ?o", "?a<", "_:b", "-", "[", "]", ",", ";", "BIND(1 AS ?b)", "GRAPH", "é",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_nothing_that_passes_calls_a_service(pieces: list[str]) -> None:
    query = PREFIX + "ASK { ?s ?p ?o . " + "".join(pieces) + "}"
    try:
        look(query)
    except ApiError:
        return
    with contextlib.suppress(SyntaxError, ValueError):
        assert not calls_a_service(query)
