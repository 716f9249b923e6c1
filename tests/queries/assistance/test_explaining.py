"""Why a query has no rows: seeded mistakes on the sample graph, and what probes are made of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairpapers.graph.errors import QueryError
from fairpapers.graph.lexer import tokens
from fairpapers.graph.store import Store
from fairpapers.queries import Library
from fairpapers.queries.assistance import (
    Explanation,
    Probe,
    answered,
    explain_empty,
    explanation_text,
    read,
    report,
)
from fairpapers.queries.assistance.explaining import MOST_PROBES

PREFIXES = """PREFIX fp: <https://w3id.org/fairpapers/ontology#>
PREFIX fpv: <https://w3id.org/fairpapers/vocab/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX schema: <https://schema.org/>
PREFIX dcterms: <http://purl.org/dc/terms/>
"""


def ask(store: Store, probe: Probe) -> int:
    ((count,),) = store.select(probe.query).rows
    return int(getattr(count, "value", ""))


def explain(store: Store, text: str) -> Explanation:
    return answered(explain_empty(read(text)), lambda probe: ask(store, probe))


# A query, the part to blame, and words of the advice.
MISTAKES = {
    "a misspelt property": (
        "SELECT * { ?p a fp:Paper . ?p fp:usess ?d }",
        "?p fp:usess ?d",
        "no statement of the graph has fp:usess",
    ),
    "a class that nothing has": (
        "SELECT * { ?p fp:uses ?d . ?d a fp:DataSet }",
        "?d a fp:DataSet",
        "nothing in the graph has the class fp:DataSet",
    ),
    "subject and object in each other's place": (
        "SELECT * { ?d a fp:Dataset . ?d fp:uses ?p }",
        "?d fp:uses ?p",
        "other way round it fits: ?p fp:uses ?d",
    ),
    "a pattern before that is turned round": (
        "SELECT * { ?d fp:uses ?p . ?d a fp:Dataset }",
        "?d a fp:Dataset",
        "“?d fp:uses ?p” is turned round",
    ),
    "a year that is a string": (
        'SELECT * { ?p schema:datePublished "2023" }',
        '?p schema:datePublished "2023"',
        "another datatype",
    ),
    "other capitals": (
        'SELECT * { ?d skos:prefLabel "squad" }',
        '?d skos:prefLabel "squad"',
        "other capitals",
    ),
    "a value that is not there": (
        'SELECT * { ?d skos:prefLabel "No Such Name" }',
        '?d skos:prefLabel "No Such Name"',
        "with another value than",
    ),
    "a string for an IRI": (
        'SELECT * { ?r fp:valueKind "absolute" }',
        '?r fp:valueKind "absolute"',
        "an IRI that ends with",
    ),
    "a thing that nothing is said about": (
        "SELECT * { <https://w3id.org/fairpapers/id/dataset/sqad> skos:prefLabel ?n }",
        "<https://w3id.org/fairpapers/id/dataset/sqad> skos:prefLabel ?n",
        "says nothing about",
    ),
    "a thing that nothing leads to": (
        "SELECT * { ?p fp:uses <https://w3id.org/fairpapers/id/dataset/sqad> }",
        "?p fp:uses <https://w3id.org/fairpapers/id/dataset/sqad>",
        "no statement leads to",
    ),
    "a filter on an IRI": (
        'SELECT * { ?p fp:uses ?d FILTER(CONTAINS(?d, "squad")) }',
        'FILTER(CONTAINS(?d, "squad"))',
        "STR(…)",
    ),
    "a filter that is an error": (
        "SELECT * { ?p schema:datePublished ?y FILTER(?y > 2020) }",
        "FILTER(?y > 2020)",
        "an error in every row",
    ),
    "one half of a filter": (
        'SELECT * { ?p dcterms:title ?t FILTER(STRLEN(?t) > 1 && CONTAINS(?t, "zzzz")) }',
        'FILTER(STRLEN(?t) > 1 && CONTAINS(?t, "zzzz"))',
        '“CONTAINS(?t, "zzzz")” alone',
    ),
    "an optional value that is demanded": (
        'SELECT * { ?d a fp:Dataset OPTIONAL { ?d fp:doi ?x } FILTER(?x = "1") }',
        'FILTER(?x = "1")',
        "unbound",
    ),
    "branches of a union": (
        "SELECT * { ?p a fp:Paper { ?p fp:nope ?d } UNION { ?p a fp:Task } }",
        "{ ?p fp:nope ?d } UNION { ?p a fp:Task }",
        "",
    ),
    "values that do not fit": (
        "SELECT * { ?p fp:uses ?d VALUES ?d { fpv:absolute } }",
        "VALUES ?d { fpv:absolute }",
        "none of the rows of VALUES",
    ),
    "minus that takes all": (
        "SELECT * { ?p a fp:Paper MINUS { ?p dcterms:title ?t } }",
        "MINUS { ?p dcterms:title ?t }",
        "takes all of these rows away",
    ),
    "an exists that nothing meets": (
        "SELECT * { ?p a fp:Paper FILTER NOT EXISTS { ?p dcterms:title ?t } }",
        "FILTER NOT EXISTS { ?p dcterms:title ?t }",
        "",
    ),
    "a graph that is not there": (
        "SELECT * { GRAPH <urn:none> { ?p fp:uses ?d } }",
        "GRAPH <urn:none> { ?p fp:uses ?d }",
        "no graph is called <urn:none>",
    ),
    "patterns over several graphs": (
        "SELECT * { GRAPH ?g { ?p fp:hasText ?t . ?p fp:uses ?d . ?m fp:inText ?t ; fp:start ?s } }",
        "GRAPH ?g { ?p fp:hasText ?t . ?p fp:uses ?d . ?m fp:inText ?t ; fp:start ?s }",
        "only across graphs",
    ),
    "a query inside": (
        "SELECT * { { SELECT ?d { ?d a fp:Dataset ; fp:nope ?x } } ?p fp:uses ?d }",
        "{ SELECT ?d { ?d a fp:Dataset ; fp:nope ?x } }",
        "the query inside has no rows",
    ),
    "groups that HAVING drops": (
        "SELECT ?d (COUNT(?p) AS ?n) { ?p fp:uses ?d } GROUP BY ?d HAVING(COUNT(?p) > 999)",
        "(COUNT(?p) > 999)",
        "",
    ),
    "an offset beyond the end": ("SELECT * { ?p a fp:Paper } OFFSET 999", " OFFSET 999", ""),
    "LIMIT 0": ("SELECT * { ?p a fp:Paper } LIMIT 0", "LIMIT 0", ""),
    "FROM another graph": (
        "SELECT * FROM <urn:none> WHERE { ?p fp:uses ?d }",
        "FROM <urn:none>",
        "",
    ),
    "blank nodes": (
        "ASK { [ a fp:Paper ; fp:uses [ a fp:Nothing ] ] }",
        "a fp:Nothing",
        "nothing in the graph has the class fp:Nothing",
    ),
    "a template": (
        "CONSTRUCT { ?p fp:x ?q } WHERE { ?p a fp:Paper OPTIONAL { ?p fp:nope ?q } }",
        "CONSTRUCT { ?p fp:x ?q }",
        "unbound",
    ),
    "a count of nothing": (
        "SELECT (COUNT(*) AS ?n) { ?p fp:nope ?d }",
        "?p fp:nope ?d",
        "a row even of nothing",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_part_to_blame_is_found(store: Store, mistake: str) -> None:
    query, culprit, words = MISTAKES[mistake]
    view = read(PREFIXES + query)
    found = explain(store, PREFIXES + query)
    assert found.outcome == "found"
    assert found.culprit is not None
    assert view.slice(found.culprit) == culprit
    assert words in " ".join(found.advice)
    assert 0 < found.probes <= MOST_PROBES


def test_the_branches_of_a_union_are_explained_each(store: Store) -> None:
    found = explain(store, PREFIXES + MISTAKES["branches of a union"][0])
    assert len(found.inner) == 2
    assert "fp:nope" in found.inner[0].advice[0]


def test_what_has_rows_is_said_to_have_them(store: Store) -> None:
    for text in (
        "SELECT * { ?p fp:uses ?d }",
        "ASK { ?p fp:uses ?d }",
        "CONSTRUCT { ?p fp:x ?d } WHERE { ?p fp:uses ?d }",
        "SELECT (COUNT(*) AS ?n) { ?p fp:uses ?d }",
    ):
        assert explain(store, PREFIXES + text).outcome == "rows"


def test_rows_are_counted_as_parts_are_added(store: Store) -> None:
    text = f"{PREFIXES}SELECT * {{ ?p a fp:Paper ; fp:uses ?d . ?d a fp:Nothing }}"
    found = explain(store, text)
    uses = len(store.select(f"{PREFIXES}SELECT * {{ ?p a fp:Paper ; fp:uses ?d }}").rows)
    assert [each.rows for each in found.steps] == [5, uses, 0]
    assert found.rows == uses
    assert f"these 2 parts together have {uses} rows" in found.message
    shown = explanation_text(read(text), found)
    assert "Line 6, column 41" in shown
    assert f"{uses} rows  fp:uses ?d" in shown


def test_rows_of_a_query_that_has_some_are_counted_where_asked(store: Store) -> None:
    view = read(f"{PREFIXES}SELECT ?p {{ ?p a fp:Paper ; fp:uses ?d FILTER(?d != ?p) }} LIMIT 1")
    found = answered(explain_empty(view, steps=True), lambda probe: ask(store, probe))
    assert found.outcome == "rows"
    assert [each.rows for each in found.steps] == [5, 30, 30]
    assert "30 rows  fp:uses ?d" in explanation_text(view, found)
    assert answered(explain_empty(view), lambda probe: ask(store, probe)).steps == ()


def test_only_what_contradicts_is_in_the_core(store: Store) -> None:
    text = f"""{PREFIXES}SELECT * {{
      ?p dcterms:title ?t . ?p schema:datePublished ?y . ?p fp:uses ?d . ?d skos:prefLabel ?n .
      ?d a fp:Task . ?d a fp:Dataset }}"""
    found = explain(store, text)
    view = read(text)
    assert found.culprit is not None
    assert {view.slice(each) for each in (*found.core, found.culprit)} >= {"?d a fp:Task"}
    assert len(found.core) <= 2


def test_long_groups_are_halved(store: Store) -> None:
    parts = " ".join(f"?p fp:uses ?d{number} ." for number in range(20))
    found = explain(store, f"{PREFIXES}SELECT * {{ ?p a fp:Task . {parts} }}")
    assert found.outcome == "found"
    assert found.probes < 20


def test_without_answers_nothing_is_claimed() -> None:
    view = read(f"{PREFIXES}SELECT * {{ ?p fp:nope ?d }}")
    assert answered(explain_empty(view), lambda _: None).outcome == "unknown"
    answers = iter([0, 0])
    found = answered(explain_empty(view), lambda _: next(answers, None))
    assert found.outcome == "unknown"
    assert "not answered in time" in found.message
    assert report(view, (), found)["empty"]["outcome"] == "unknown"


def test_service_is_left_out_and_not_blamed(store: Store) -> None:
    asked: list[str] = []

    def answer(probe: Probe) -> int:
        asked.append(probe.query)
        return ask(store, probe)

    service = "SERVICE <http://example.org/sparql> { ?d skos:prefLabel ?n } FILTER(?n != ?t)"
    view = read(f"{PREFIXES}SELECT * {{ ?p fp:uses ?d {service} }}")
    found = answered(explain_empty(view), answer)
    assert found.outcome == "unknown"
    assert "SERVICE" in found.message
    view = read(f"{PREFIXES}SELECT * {{ ?p fp:nope ?d {service} }}")
    assert answered(explain_empty(view), answer).outcome == "found"
    assert asked
    assert not any("SERVICE" in query for query in asked)


WORDS = {
    "isIRI", "STRENDS",
    "SELECT", "COUNT", "AS", "WHERE", "LIMIT", "FILTER", "BIND", "BOUND", "STR", "LCASE", "GRAPH",
}  # fmt: skip
PARTS = st.lists(
    st.sampled_from(
        [
            "?p fp:uses ?d .",
            "?p a fp:Paper ; dcterms:title ?t .",
            "?d a fp:Nothing .",
            'FILTER(?t != "it\'s } \\" UNION { ?x ?y ?z }")',
            "OPTIONAL { ?d skos:altLabel ?a }",
            "{ ?p fp:uses ?d } UNION { ?d a fp:Task }",
            "MINUS { ?p fp:introduces ?d }",
            'VALUES ?t { "a" "# b" UNDEF }',
            "[ fp:uses [ a fp:Dataset ] ] .",
            "_:b fp:uses ?d . # a comment } with ?probe\n",
            "GRAPH ?g { ?p fp:uses ?d }",
            "{ SELECT ?d (COUNT(*) AS ?n) { ?p fp:uses ?d } GROUP BY ?d }",
            "BIND(STR(?d) AS ?s)",
            "?p fp:uses|fp:introduces ?d .",
        ]
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=120, deadline=None)
@given(PARTS, st.sampled_from(["", "LIMIT 3", "OFFSET 9", "ORDER BY ?p"]))
def test_every_probe_is_made_of_the_query_alone(store: Store, parts: list[str], tail: str) -> None:
    text = f"{PREFIXES}SELECT * WHERE {{ {' '.join(parts)} }} {tail}"
    view = read(text)
    own = {token.text for token in tokens(text)}

    def answer(probe: Probe) -> int | None:
        for token in tokens(probe.query):
            known = token.text in own or token.text in WORDS or token.kind == "other"
            fresh = token.kind == "variable" and token.label.startswith("probe")
            assert known or fresh or re.fullmatch(r"[0-9]+", token.text), token.text
        try:
            return ask(store, probe)
        except QueryError:
            # A BIND of a variable that is bound, and the like: the query is not valid either.
            with pytest.raises(QueryError):
                store.select(text)
            return None

    found = answered(explain_empty(view), answer)
    assert found.probes <= MOST_PROBES
    try:
        empty = not store.select(text).rows
    except QueryError:
        return
    assert (found.outcome == "rows") is not empty


def test_the_library_is_explained_as_it_is(store: Store, library: Library) -> None:
    for query in library.values():
        found = explain(store, query.bind())
        if "SERVICE" in query.text:
            assert found.outcome in ("found", "unknown"), query.id
            continue
        if query.form == "SELECT" and store.select(query.bind()).rows:
            aggregate = found.advice and "aggregate" in found.advice[0]
            assert found.outcome == "rows" or aggregate, query.id
        elif query.form != "DESCRIBE":
            assert found.outcome in ("found", "rows"), query.id
