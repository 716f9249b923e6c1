"""Asking a snapshot."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest

from fairpapers.graph.errors import QueryFailed, QueryFormError, QuerySyntaxError, SnapshotDamaged
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore, SelectResult, Store
from fairpapers.ontology.terms import DEFAULT_BASE, FP

PREFIX = "PREFIX fp: <https://w3id.org/fairpapers/ontology#> "
SKOS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "


def test_select_gives_variables_and_rows(asked: Store) -> None:
    found = asked.select(
        PREFIX
        + SKOS
        + """SELECT ?name ?nothing (COUNT(?paper) AS ?papers) WHERE {
               ?paper fp:mentions ?dataset . ?dataset a fp:Dataset ; skos:prefLabel ?name
             } GROUP BY ?name ?nothing ORDER BY DESC(?papers) ?name LIMIT 2"""
    )
    assert found.variables == ("name", "nothing", "papers")
    shown = [tuple(term and term.value for term in row) for row in found.rows]  # type: ignore[union-attr]
    assert shown == [("CoNLL-2003", None, "3"), ("SQuAD", None, "3")]
    assert len(found) == 2


def test_a_leaderboard_needs_neither_graph_names_nor_casts(asked: Store) -> None:
    found = asked.select(
        PREFIX
        + SKOS
        + """SELECT ?name (MAX(?v) AS ?best) WHERE {
               ?r fp:onDataset/skos:prefLabel "CoNLL-2003" ; fp:byMetric/skos:prefLabel "F1" ;
                  fp:ofModel/skos:prefLabel ?name ; fp:value ?v ;
                  fp:valueKind <https://w3id.org/fairpapers/vocab/absolute>
             } GROUP BY ?name ORDER BY DESC(?best)"""
    )
    shown = [tuple(term and term.value for term in row) for row in found.rows]  # type: ignore[union-attr]
    assert shown == [("SpanForge", "93.4"), ("TagLlama", "92.7"), ("BERT", "91.9")]


def test_the_default_graph_is_the_union(asked: Store) -> None:
    union = asked.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    named = asked.select("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }")
    assert union == named


@pytest.mark.parametrize("clause", ["FROM", "from"])
def test_from_says_what_the_default_graph_is(asked: Store, clause: str) -> None:
    count = "SELECT (COUNT(*) AS ?n) {} WHERE {{ ?s ?p ?o }}"
    graph = DEFAULT_BASE + "/graph/vocab"
    part = asked.select(count.format(f"{clause} <{graph}>"))
    named = asked.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    assert part == named
    whole = asked.select(count.format("") + " # FROM here on, a comment")
    assert whole != part


def test_ask_and_construct(asked: Store) -> None:
    assert asked.ask(PREFIX + "ASK { ?paper a fp:Paper }")
    assert not asked.ask(PREFIX + "ASK { ?paper a fp:Benchmark }")
    triples = asked.construct(PREFIX + "CONSTRUCT { ?p a fp:Paper } WHERE { ?p a fp:Paper }")
    assert len(triples) == 5
    assert {str(triple.object)[1:-1] for triple in triples} == {FP.Paper}


def test_a_syntax_error_has_its_place(asked: Store) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        asked.select("SELECT ?s WHERE {\n  ?s ?p }")
    assert caught.value.line == 2
    assert caught.value.column


@pytest.mark.parametrize("query", ["ASK {}", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"])
def test_select_takes_no_other_form(asked: Store, query: str) -> None:
    with pytest.raises(QueryFormError, match="SELECT"):
        asked.select(query)


def test_ask_and_construct_take_no_select(asked: Store) -> None:
    query = "SELECT * WHERE { ?s ?p ?o } LIMIT 1"
    with pytest.raises(QueryFormError, match="ASK"):
        asked.ask(query)
    with pytest.raises(QueryFormError, match="CONSTRUCT"):
        asked.construct(query)


def test_a_failing_query_is_an_error_of_ours(asked: Store) -> None:
    with pytest.raises(QueryFailed):
        asked.select("SELECT * WHERE { SERVICE <http://127.0.0.1:1/sparql> { ?s ?p ?o } }")


def test_a_result_may_be_used_by_another_thread(asked: Store) -> None:
    found: list[SelectResult] = []

    def ask() -> None:
        found.append(asked.select("SELECT ?s ?o WHERE { ?s ?p ?o } LIMIT 50"))

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert len(set(found[0].rows)) > 1


def test_a_closed_store_answers_no_more(built: object) -> None:
    store = EmbeddedStore(current_snapshot(built.directory).store)  # type: ignore[attr-defined]
    store.close()
    store.close()
    with pytest.raises(QueryFailed, match="closed"):
        store.ask("ASK {}")


def test_a_missing_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(SnapshotDamaged, match="missing"):
        EmbeddedStore(tmp_path / "missing")
