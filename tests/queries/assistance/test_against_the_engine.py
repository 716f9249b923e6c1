"""What the engine takes is understood, and what is said of its answers is so."""

from __future__ import annotations

from random import Random

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from fairpapers.queries.assistance import Probe, answered, explain_empty, read

from .grammar import Maker

DATA = b"""@prefix ex: <urn:ex:> .
<urn:g> { ex:a ex:p <urn:a> , 1 , "x" ; a ex:C . <urn:a> ex:q ex:b ; <urn:p> ex:a . }
<urn:h> { ex:b ex:p ex:a ; <urn:p> "y"@en . ex:a a ex:D . }"""
QUERIES = st.randoms(use_true_random=False)
FAULTS = (SyntaxError, RuntimeError, ValueError, OSError)


def small() -> ox.Store:
    store = ox.Store()
    store.load(DATA, ox.RdfFormat.TRIG)
    return store


STORE = small()


def has_rows(text: str) -> bool:
    answer = STORE.query(text, use_default_graph_as_union=True)
    return bool(answer) if isinstance(answer, ox.QueryBoolean) else any(True for _ in answer)


@settings(max_examples=600, deadline=None)
@given(QUERIES)
def test_what_the_engine_takes_is_understood(random: Random) -> None:
    text = Maker(random).query()
    try:
        answer = STORE.query(text)
    except FAULTS:
        return
    view = read(text)
    assert view.fault is None
    assert view.query is not None
    if isinstance(answer, ox.QuerySolutions) and not view.query.star:
        columns = [each.variable.value for each in view.query.projection]
        assert columns == [each.value for each in answer.variables]


@settings(max_examples=400, deadline=None)
@given(QUERIES)
def test_a_cause_is_named_where_there_are_no_rows_and_only_there(random: Random) -> None:
    text = Maker(random).query()
    try:
        rows = has_rows(text)
    except FAULTS:
        return

    def answer(probe: Probe) -> int:
        # None of the probes may be anything but valid.
        counted = STORE.query(probe.query, use_default_graph_as_union=True)
        assert isinstance(counted, ox.QuerySolutions)
        ((count,),) = counted
        assert isinstance(count, ox.Literal)
        return int(count.value)

    found = answered(explain_empty(read(text)), answer)
    aggregate = found.advice and "aggregate" in found.advice[0]
    assert (found.outcome == "rows") is rows or aggregate
    if not rows:
        assert found.outcome == "found"
        assert found.culprit is not None
