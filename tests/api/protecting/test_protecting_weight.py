"""Queries that would overflow the engine's stack are refused, and long lists of data are not."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.errors import QueryTooComplexError, QueryTooDeepError
from fairpapers.api.inspection import MOST_TERMS, inspect, inspect_update
from fairpapers.api.settings import Settings

MOST_BYTES = Settings().max_query_bytes
Eventually = Callable[[Callable[[], bool]], bool]


def joined(operator: str, operand: str = "1") -> Callable[[int], str]:
    return lambda count: "ASK { FILTER(" + operator.join([operand] * count) + ") }"


def repeated(before: str, part: str, after: str) -> Callable[[int], str]:
    return lambda count: before + part * count + after


SHAPES = {
    "or": joined("||"),
    "and": joined("&&"),
    "or of comparisons": joined("||", "?o=1"),
    "plus": joined("+"),
    "signed numbers": repeated("ASK { FILTER(1", "+1", ") }"),
    "minus": joined(" - "),
    "times": joined("*"),
    "divided": joined("/"),
    "not": repeated("ASK { FILTER(", "!", "1) }"),
    "path alternatives": repeated("ASK { ?s <urn:p>", "|<urn:p>", " ?o }"),
    "path sequence": repeated("ASK { ?s <urn:p>", "/<urn:p>", " ?o }"),
    "negated path": repeated("ASK { ?s !(<urn:p>", "|<urn:p>", ") ?o }"),
    "union": repeated("ASK { {}", "UNION{}", " }"),
    "optional": repeated("ASK { ", "OPTIONAL{?s ?p ?o}", " }"),
    "nested optional": lambda count: "ASK " + "{OPTIONAL" * count + "{}" + "}" * count,
    "minus groups": repeated("ASK { ?s ?p ?o ", "MINUS{?s ?p ?x}", " }"),
    "groups": repeated("ASK { ", "{?s ?p ?o}", " }"),
    "graphs": repeated("ASK { ", "GRAPH ?g{}", " }"),
    "filters": repeated("ASK { ", "FILTER(1)", " }"),
    "exists": repeated("ASK { ", "FILTER EXISTS{?s ?p ?o}", " }"),
    "binds": lambda count: (
        "ASK { " + "".join(f"BIND(1 AS ?x{each})" for each in range(count)) + " }"
    ),
    "columns": lambda count: "SELECT " + "".join(f"(1 AS ?x{n})" for n in range(count)) + " {}",
    "having": repeated("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } HAVING ", "(1)", ""),
    "triples": repeated("ASK { ", "?s ?p ?o.", " }"),
    "objects": repeated("ASK { ?s ?p 1", ",1", " }"),
    "predicates": repeated("ASK { ?s ?p 1", ";?p 1", " }"),
    "list": repeated("ASK { ?s ?p (", "1 ", ") }"),
    "many blocks of values": repeated("ASK { ", "VALUES ?x{1}", " }"),
    "reifiers": repeated("ASK { ?s ?p ?o ", "~ _:b ", "}"),
    "annotations": repeated("ASK { ?s ?p ?o ", "{|<urn:a> 1|}", "}"),
    "reified triples": repeated("ASK { ", "<<", "}"),
    "a chain in values": repeated("ASK { VALUES ?x { 1 } FILTER(1", "+1", ") }"),
    "a chain behind a comma": repeated("ASK { FILTER(1 IN (1, 1", "+1", ")) }"),
}
LISTS = {
    "values": repeated("ASK { VALUES ?x {", "1 ", "} }"),
    "rows of values": repeated("ASK { VALUES (?x ?y) {", "(1 UNDEF)", "} }"),
    "rows behind the query": repeated("SELECT * {} VALUES ?x {", "1 ", "}"),
    "in": repeated("ASK { FILTER(1 IN (1", ",-1", ")) }"),
    "arguments": repeated("ASK { FILTER(CONCAT('a'", ",'a'", ") = 'b') }"),
    "a long comment": repeated("ASK {} ", "# {(1+1)}\n", ""),
    "a long string": repeated("ASK { ?s ?p '", "{(1+1)||", "' }"),
    "white space": repeated("ASK {", " ", "}"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_chain_of_twenty_thousand_is_400_with_advice(small_server: Any, shape: str) -> None:
    before = small_server.pool.pids
    query = SHAPES[shape](MOST_TERMS)
    if len(query) > MOST_BYTES:
        with pytest.raises((QueryTooComplexError, QueryTooDeepError)):
            inspect(query, max_depth=200)
        return
    response = small_server.ask(query)
    assert response.status_code == 400, response.text
    problem = response.json()
    assert problem["type"].rpartition("/")[2] in ("query-too-complex", "query-too-deep")
    assert "VALUES" in problem["detail"] or "flatten" in problem["detail"]
    assert small_server.pool.pids == before


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_let_through_does_not_overflow_the_engine(
    small_server: Any, shape: str, eventually: Eventually
) -> None:
    """The longest of each shape that passes: it may end at its deadline, never by a crash."""
    longest = SHAPES[shape](100)
    for count in (1000, 2000, 4000, 6000, 9000, 13_000, 19_000):
        longer = SHAPES[shape](count)
        try:
            inspect(longer, max_depth=200)
        except (QueryTooComplexError, QueryTooDeepError):
            break
        if len(longer) > MOST_BYTES:
            break
        longest = longer
    response = small_server.ask(longest, timeout="300ms")
    assert response.status_code in (200, 400, 504), response.text
    assert response.status_code != 400 or response.json()["type"].endswith("/query-syntax")
    # The tests of this module share the server: leave it with all of its processes.
    assert eventually(lambda: len(small_server.pool.pids) == 3)


@pytest.mark.parametrize("shape", LISTS)
def test_a_list_of_ten_thousand_is_answered(small_server: Any, shape: str) -> None:
    assert small_server.ask(LISTS[shape](10_000)).status_code == 200
    inspect(LISTS[shape](3 * MOST_TERMS), max_depth=200)


def test_data_of_updates_may_be_long() -> None:
    for start in ("INSERT DATA {", "DELETE DATA { GRAPH <urn:g> {"):
        inspect_update(
            start + "<urn:s> <urn:p> 1 . " * MOST_TERMS + "}" * start.count("{"), max_depth=9
        )
    with pytest.raises(QueryTooComplexError):
        inspect_update("DELETE {} WHERE {" + "?s ?p ?o ." * MOST_TERMS + "}", max_depth=9)


@given(
    st.lists(st.sampled_from(["(", ")", "{", "}", "[", "]", "<<", ">>", ",", "VALUES", "?x", "1"]))
)
def test_any_order_of_brackets_is_looked_through(pieces: list[str]) -> None:
    try:
        inspect("ASK " + " ".join(pieces * 30), max_depth=16, max_terms=200)
    except (QueryTooComplexError, QueryTooDeepError):
        return
    # What passes has no more brackets open at a time than allowed.
    depth = deepest = 0
    for piece in pieces * 30:
        depth += (piece in "({[" or piece == "<<") - (piece in ")}]" or piece == ">>")
        deepest = max(deepest, depth)
    assert deepest <= 16


@pytest.mark.parametrize(("padding", "status"), [(0, 500), (20_000, 400)])
def test_a_process_that_overflows_at_a_long_query_is_400(
    serve: Any, big_store: Any, eventually: Eventually, padding: int, status: int
) -> None:
    """What no rule foresees: the process dies of SIGSEGV."""
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }#" + "x" * padding
    with serve(big_store, deadline_seconds=60) as server:
        found: list[Any] = []
        asking = threading.Thread(target=lambda: found.append(server.ask(query)))
        asking.start()
        assert eventually(lambda: server.pool.running.at_work == 1)
        (running,) = server.pool.running
        os.kill(running.pid, signal.SIGSEGV)
        asking.join()
        assert found[0].status_code == status
        assert server.ask("ASK {}").status_code == 200
