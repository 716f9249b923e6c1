"""Federated queries: what is asked of a service, and answers that are stored."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.graph.store import OpenStore
from fairpapers.queries import (
    FederatedQueryError,
    Library,
    LibraryError,
    Query,
    load_library,
    run,
)
from fairpapers.queries.answers import Table
from fairpapers.queries.federation import (
    ClauseError,
    Fixture,
    FixtureError,
    Rows,
    StoredAnswer,
    find_clauses,
    fixture_folder,
    hosts,
    load_fixture,
    read_rows,
    replayed,
)
from fairpapers.queries.rendering import render

HERE = "http://here.example/sparql"
FAR = "<http://far.example/sparql>"
QUERIES = [query for query in load_library().values() if query.federates]
each_federated = pytest.mark.parametrize("query", [pytest.param(q, id=q.id) for q in QUERIES])


def local_of(query: str) -> str | None:
    (clause,) = find_clauses(query).clauses
    return None if clause.local is None else clause.local.query.strip()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { { SELECT ?a { ?a ?b ?c } } SERVICE FAR { ?a ?p ?o } }",
        "SELECT * { ?x ?y ?z . { SELECT ?a { ?a ?b ?c } } SERVICE SILENT FAR { ?a ?p ?o } }",
        "SELECT * { { ?x ?y ?z } { SELECT ?a { ?a ?b ?c } } SERVICE FAR { ?a ?p ?o } }",
        "SELECT * { OPTIONAL { { SELECT ?a { ?a ?b ?c } } SERVICE FAR { ?a ?p ?o } } }",
        "SELECT * { {SELECT ?a { ?a ?b ?c }}\n# EXISTS {\nSERVICE FAR { ?a ?p ?o } }",
        "SELECT * { { SELECT ?a { ?a ?b ?c } } SERVICE FAR { ?a ?p ?o } FILTER EXISTS { ?a ?b 1 } }",
    ],
)
def test_the_subquery_right_before_a_clause_is_its_own(query: str) -> None:
    assert local_of(query.replace("FAR", FAR)) == "SELECT ?a { ?a ?b ?c }"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE FAR { ?a ?p ?o } }",
        "SELECT * { { ?a ?b ?c } SERVICE FAR { ?a ?p ?o } }",
        "SELECT * { { SELECT ?a { ?a ?b ?c } } ?a ?x ?y . SERVICE FAR { ?a ?p ?o } }",
        "SELECT * { OPTIONAL { SELECT ?a { ?a ?b ?c } } SERVICE FAR { ?a ?p ?o } }",
        "SELECT * { ?a ?b ?c MINUS { SELECT ?a { ?a ?b ?c } } SERVICE FAR { ?a ?p ?o } }",
        "SELECT * { { ?a ?b ?c } UNION { SELECT ?a { ?a ?b ?c } } SERVICE FAR { ?a ?p ?o } }",
        "SELECT * { GRAPH ?g { { SELECT ?a { ?a ?b ?c } } SERVICE FAR { ?a ?p ?o } } }",
        "SELECT * { GRAPH ?g { { { SELECT ?a { ?a ?b ?c } } SERVICE FAR { ?a ?p ?o } } } }",
        "SELECT * FROM <urn:g> { { SELECT ?a { ?a ?b ?c } } SERVICE FAR { ?a ?p ?o } }",
        "ASK { ?a ?b ?c FILTER NOT EXISTS { { SELECT ?a { ?a ?b ?c } } SERVICE FAR { ?a ?p ?o } } }",
    ],
)
def test_a_subquery_that_means_something_else_there_is_left_alone(query: str) -> None:
    assert local_of(query.replace("FAR", FAR)) is None


def test_a_service_within_the_subquery_is_asked_and_not_given(library: Library) -> None:
    inner = f"{{ SELECT ?a {{ SERVICE {FAR} {{ ?a ?b ?c }} }} }}"
    first, second = find_clauses(f"SELECT ?a {{ {inner} SERVICE {FAR} {{ ?a ?p ?o }} }}").clauses
    assert first.local is None
    assert second.local is None


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT ?a { SERVICE FAR { ?a ?b ?c } }", "?a"),
        ("SELECT (COUNT(?c) AS ?n) { SERVICE FAR { ?a ?b ?c } } GROUP BY ?a", "?a ?c"),
        ("SELECT ?a { SERVICE FAR { ?a ?b ?c } FILTER(?c * 2 > 3) }", "?a ?c"),
        ("SELECT ?x { ?x <urn:p>* ?a SERVICE FAR { ?a ?b ?c } }", "?a"),
        ("CONSTRUCT { ?b a 1 } { SERVICE FAR { ?a ?b ?c } }", "?b"),
        ("SELECT * { SERVICE FAR { ?a ?b ?c } }", "*"),
        ("SELECT DISTINCT * { SERVICE FAR { ?a ?b ?c } }", "*"),
        ("SELECT ?a { { SELECT * { SERVICE FAR { ?a ?b ?c } } } }", "*"),
        ("DESCRIBE * { SERVICE FAR { ?a ?b ?c } }", "*"),
        ("ASK { SERVICE FAR { ?a ?b ?c } }", "*"),
    ],
)
def test_a_service_is_asked_for_what_the_query_speaks_of(query: str, columns: str) -> None:
    found = find_clauses(query.replace("FAR", FAR))
    (clause,) = found.clauses
    assert f"\nSELECT {columns} {{" in found.question(clause, HERE)


def test_a_comment_at_the_end_of_the_subquery_hides_nothing() -> None:
    text = f"SELECT ?a {{ {{ SELECT ?a {{ ?a ?b ?c }} # all\n }} SERVICE {FAR} {{ ?a ?p ?o }} }}"
    found = find_clauses(text)
    (clause,) = found.clauses
    assert clause.local is not None
    ox.Store().query(found.local_question(clause.local, HERE, 5))


def test_both_stay_on_their_lines_when_rows_take_their_place() -> None:
    text = f"SELECT ?a {{\n {{ SELECT ?a {{\n ?a ?b ?c }} }}\n SERVICE {FAR} {{\n ?a ?p ?o }}\n wrong }}"
    found = find_clauses(text)
    whole = found.with_answers(["VALUES () { () }"], ["VALUES (?a) { (1) }"])
    assert whole.splitlines()[5] == " wrong }"


names = st.sampled_from([f"<urn:{letter}>" for letter in "abc"])
triples = st.lists(st.tuples(names, names, names), max_size=8, unique=True)
SHAPES = (
    "SELECT ?a ?o { LOCAL SERVICE FAR { ?a <urn:a> ?o } }",
    "SELECT ?a ?b ?o { LOCAL SERVICE FAR { ?a ?b ?o } ?o ?x ?y }",
    "SELECT ?a (COUNT(?o) AS ?n) { LOCAL SERVICE FAR { ?a ?p ?o } } GROUP BY ?a",
    "SELECT (COUNT(*) AS ?n) { LOCAL SERVICE FAR { { ?a ?p ?o } UNION { ?o ?p ?z } } }",
    "SELECT ?s ?a ?o { ?s ?p ?q OPTIONAL { LOCAL SERVICE FAR { ?a <urn:b> ?o } } }",
    "SELECT ?a ?o { LOCAL SERVICE FAR { ?z <urn:b> ?o OPTIONAL { ?a <urn:a> ?z } } }",
    "SELECT ?b ?o { LOCAL SERVICE FAR { ?z ?p ?o FILTER(?b != ?z) } }",
)


@given(here=triples, far=triples, shape=st.sampled_from(SHAPES))
def test_giving_the_rows_of_a_subquery_changes_no_answer(
    here: list[tuple[str, ...]], far: list[tuple[str, ...]], shape: str
) -> None:
    local = "{ SELECT ?a ?b { ?a ?b <urn:c> } }"
    found = find_clauses(shape.replace("LOCAL", local).replace("FAR", FAR))
    (clause,) = found.clauses
    assert clause.local is not None
    at_home, abroad = store_of(here), store_of(far)
    given = rows_of(at_home, found.local_question(clause.local, HERE, 1000))
    joining = given.only(clause.variables)
    question = found.question(clause, HERE, joining.block() if joining.names else "")
    with_given = found.with_answers([rows_of(abroad, question).block()], [given.block()])
    # The clause asked for all that its group has, as the specification defines it.
    alone = f"SELECT * {clause.group}"
    plain = found.with_answers([rows_of(abroad, alone).block()])
    assert sorted(answer(at_home, with_given)) == sorted(answer(at_home, plain))


def store_of(lines: list[tuple[str, ...]]) -> OpenStore:
    store = ox.Store()
    store.load("".join(f"{' '.join(line)} .\n" for line in lines).encode(), ox.RdfFormat.N_TRIPLES)
    return OpenStore(store)


def rows_of(store: OpenStore, query: str) -> Rows:
    found = store.select(query)
    return read_rows(render(Table(found.variables, tuple(found.rows)), "json").encode())


def answer(store: OpenStore, query: str) -> list[str]:
    return [str(row) for row in store.select(query).rows]


def test_rows_are_given_once_each() -> None:
    rows = Rows(("a", "b"), (("1", "2"), ("1", "3"), ("1", "2")))
    assert rows.only(["a"]).block() == "VALUES (?a) { (1) }"
    assert rows.only(["b", "zzz"]).block() == "VALUES (?b) { (2) (3) }"


# Stored answers


@each_federated
def test_each_fixture_says_whether_and_when_it_was_recorded(query: Query) -> None:
    fixture = load_fixture(query)
    assert fixture is not None
    assert (fixture.recorded is None) == fixture.note.startswith("Written by hand, not an answer")
    path = fixture_folder() / f"{fixture.query}.json"
    assert path.read_text("utf-8") == fixture.text()


def test_no_fixture_is_of_no_query() -> None:
    assert {path.name for path in fixture_folder().iterdir()} == {q.fixture for q in QUERIES}


@each_federated
def test_without_leave_nobody_is_asked(query: Query) -> None:
    with pytest.raises(FederatedQueryError, match="which is not allowed here") as caught:
        run(store_of([]), query)
    assert caught.value.hosts == hosts(query)


def stored(**changes: object) -> Fixture:
    answer = {
        "service": "http://far.example/sparql",
        "head": {"vars": ["a"]},
        "results": {"bindings": [{"a": {"type": "uri", "value": "urn:x"}}]},
    }
    made = {"query": "K01", "recorded": None, "note": "By hand.", "answers": [answer]}
    return Fixture.model_validate(made | changes)


def test_stored_rows_take_the_place_of_a_clause() -> None:
    text = f"SELECT ?a {{ SERVICE {FAR} {{ ?a ?p ?o }} }}"
    assert answer(store_of([]), replayed(text, stored())) == ["(<NamedNode value=urn:x>,)"]


def test_a_service_without_a_stored_answer_is_told() -> None:
    text = "SELECT ?a { SERVICE <http://other.example/> { ?a ?p ?o } }"
    with pytest.raises(
        FixtureError, match=r"no answer of <http://other\.example/>; it has http://far"
    ):
        replayed(text, stored())


def test_a_variable_service_cannot_be_replayed() -> None:
    with pytest.raises(ClauseError, match="name the one that you mean"):
        replayed("SELECT ?a { SERVICE ?s { ?a ?p ?o } }", stored())


def test_the_file_of_a_fixture_has_its_rows_in_one_order() -> None:
    cells = [{"a": {"type": "uri", "value": f"urn:{n}"}} for n in (2, 1)]
    texts = {
        stored(
            recorded=date(2026, 1, 31),
            answers=[
                StoredAnswer(service="http://a", head={"vars": ["a"]}, results={"bindings": rows})
            ],
        ).text()
        for rows in (cells, cells[::-1])
    }
    (text,) = texts
    assert json.loads(text)["recorded"] == "2026-01-31"


@pytest.mark.parametrize(
    ("service", "host"),
    [
        ("https://Query.Example.org:443/sparql", "query.example.org"),
        ("http://query.example.org:8080/", "query.example.org:8080"),
        ("https://query.example.org:80/", "query.example.org:80"),
        ("http://[::1]/sparql", "[::1]"),
    ],
)
def test_hosts_are_named_as_the_operator_names_them(
    library: Library, service: str, host: str
) -> None:
    assert hosts(library["K01"].model_copy(update={"federates": (service,)})) == (host,)


# The loader

GOOD = """\
#+ id: K01
#+ title: Far things
#+ question: What is far?
#+ description: Asks another endpoint.
#+ group: Beyond this graph
#+ level: 4
#+ teaches: [SERVICE]
#+ columns:
#+   - {name: a, type: iri, description: the thing}
#+ federates: ["http://far.example/sparql"]
#+ fixture: K01.json
#+ licence: CC0-1.0

SELECT ?a
WHERE {
  SERVICE <http://far.example/sparql> { ?a ?p ?o }
}
ORDER BY ?a
"""


def load(root: Path, text: str, fixture: str | None = None) -> Library:
    for name in ("library", "fixtures"):
        (root / name).mkdir()
    (root / "library/K01-far.rq").write_text(text, "utf-8")
    (root / "fixtures/K01.json").write_text(fixture or stored().text(), "utf-8")
    return load_library(root / "library")


def test_a_federated_query_loads_without_asking_anybody(tmp_path: Path) -> None:
    query = load(tmp_path, GOOD)["K01"]
    assert hosts(query) == ("far.example",)
    assert query.federates == ("http://far.example/sparql",)


OTHER = stored(
    answers=[{**stored().answers[0].model_dump(), "service": "http://b.example/"}]
).text()


@pytest.mark.parametrize(
    ("old", "new", "fixture", "fault"),
    [
        (
            '#+ federates: ["http://far.example/sparql"]\n',
            "",
            None,
            "K01-far.rq:1: federates is empty, the query asks http://far.example/sparql",
        ),
        ("far.example/sparql>", "b.example/>", OTHER, "K01-far.rq:10: federates is http://far"),
        ("#+ fixture: K01.json\n", "", None, "K01-far.rq:10: fixture: this field is missing"),
        ("fixture: K01", "fixture: K02", None, "K01-far.rq:11: "),
        ("?a ?p ?o }", "?a ?p }", None, "K01-far.rq:16: in this SERVICE: error at"),
        (
            "<http://far.example/sparql>",
            "?a",
            None,
            "K01-far.rq:14: SERVICE: ?a may be any endpoint",
        ),
        ("SERVICE <http://far.example/sparql>", "", None, "the query asks nobody else"),
        ("", "", OTHER, "K01-far.rq:11: fixture K01: no answer of <http://far.example/sparql>"),
        ("", "", "{}", "K01.json: query: Field required"),
        ("", "", stored(query="K02").text(), "fixture K01.json is of query K02"),
        ("", "", stored().text().replace('"uri"', '"bnode"'), "its answer has blank nodes"),
    ],
)
def test_what_is_wrong_with_a_federated_query_is_told(
    tmp_path: Path, old: str, new: str, fixture: str | None, fault: str
) -> None:
    with pytest.raises(LibraryError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1) if old else GOOD, fixture)
    assert fault in str(caught.value)
