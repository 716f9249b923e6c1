"""Literals come out of the store as they went in."""

from __future__ import annotations

from decimal import Decimal

import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from fairpapers.graph import terms
from fairpapers.graph.nquads import nquad
from fairpapers.graph.values import canonical_decimal, parse_decimal

GRAPH = NamedNode("https://example.org/graph")


def through_the_store(literal: Literal) -> Literal:
    """As a build does it: to a line of N-Quads, by bulk load into a store, and out again."""
    subject = NamedNode("https://example.org/s")
    store = Store()
    line = nquad(Quad(subject, subject, literal, GRAPH)).encode()
    assert line.count(b"\n") == 1
    store.bulk_load(line, RdfFormat.N_QUADS)
    [quad] = store
    assert isinstance(quad.object, Literal)
    return quad.object


@given(st.text())
def test_any_text(text: str) -> None:
    assert through_the_store(Literal(text)) == Literal(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-1e9, max_value=1e9))
def test_any_decimal(value: Decimal) -> None:
    literal = terms.decimal(value)
    assert through_the_store(literal) == literal
    assert rdflib.Literal(literal.value, datatype=rdflib.XSD.decimal).toPython() == value


@given(st.from_regex(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?", fullmatch=True))
def test_any_figure_that_is_read(written: str) -> None:
    value = parse_decimal(written)
    assert value is not None
    assert through_the_store(terms.decimal(value)).value == canonical_decimal(value)


@given(st.floats(0, 1))
def test_any_confidence(value: float) -> None:
    literal = terms.confidence(value)
    assert through_the_store(literal) == literal
    assert 0 <= Decimal(literal.value) <= 1
    assert abs(Decimal(literal.value) - Decimal(value)) <= Decimal("0.00005")


@given(st.integers(0, 2**62))
def test_any_count(value: int) -> None:
    assert through_the_store(terms.count(value)) == terms.count(value)


@given(st.integers(1, 9999))
def test_any_year(value: int) -> None:
    assert through_the_store(terms.year(value)) == terms.year(value)


@given(st.binary(min_size=32, max_size=32))
def test_any_digest(value: bytes) -> None:
    literal = terms.digest(value.hex().upper())
    assert through_the_store(literal) == literal
    assert literal.value == value.hex()


def test_addresses_that_are_no_iri_are_dropped() -> None:
    assert terms.web_address("https://example.org/a") == NamedNode("https://example.org/a")
    for wrong in (None, "", "example.org", "https://exa mple.org", "javascript:alert(1)"):
        assert terms.web_address(wrong) is None
