"""Addresses and short names of IRIs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from fairpapers.api.links import Links, prefixed

OWN = Links("https://example.org/kg")


@pytest.mark.parametrize(
    ("iri", "local"),
    [
        ("https://example.org/kg/id/paper/doi:10.1:x/m/3-9", "/id/paper/doi:10.1:x/m/3-9"),
        ("https://w3id.org/fairpapers/ontology#uses", "/ontology#uses"),
        ("https://w3id.org/fairpapers/vocab/used", "/vocab/used"),
        ("https://w3id.org/fairpapers/id/dataset/squad", None),
        ("https://example.org/kg/identity", None),
        ("https://example.org/kg/graph/core", "/graph/core"),
        ("https://example.org/kg", "/"),
        ("https://w3id.org/fairpapers/shapes#PaperShape", "/shapes#PaperShape"),
        ("https://w3id.org/fairpapers/graph/core", None),
    ],
)
def test_only_own_things_and_terms_are_local(iri: str, local: str | None) -> None:
    assert OWN.local(iri) == local


@pytest.mark.parametrize(
    "iri", ["javascript:alert(1)", "data:text/html,x", "urn:isbn:1", "file:///x"]
)
def test_a_browser_is_sent_to_web_addresses_only(iri: str) -> None:
    assert OWN.address(iri) is None
    assert OWN.address("https://example.com/x") == "https://example.com/x"


@given(st.binary(max_size=60))
def test_any_path_makes_an_iri_below_the_base_and_nothing_else(path: bytes) -> None:
    iri = OWN.instance(b"/id/" + path)
    assert iri.startswith("https://example.org/kg/id/")
    assert not re.search(r"[\s<>\"{}|\\^`?#]", iri)


@given(st.binary(max_size=60).filter(lambda path: b"%" not in path))
def test_a_path_without_percent_signs_makes_a_valid_iri(path: bytes) -> None:
    iri = OWN.instance(b"/id/" + path)
    assert str(NamedNode(iri)) == f"<{iri}>"


@given(st.from_regex(r"[A-Za-z0-9._~:@!$&'()*+,;=%/-]*", fullmatch=True))
def test_a_path_as_a_browser_sends_it_is_the_end_of_the_iri(path: str) -> None:
    assert OWN.instance(f"/id/{path}".encode()) == f"https://example.org/kg/id/{path}"


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("https://w3id.org/fairpapers/ontology#Dataset", "fp:Dataset"),
        ("http://www.w3.org/2001/XMLSchema#integer", "xsd:integer"),
        ("https://schema.org/a/b", None),
        ("https://schema.org/", None),
        ("https://example.org/x", None),
    ],
)
def test_a_prefixed_name_needs_a_plain_local_part(iri: str, name: str | None) -> None:
    assert prefixed(iri) == name
    assert OWN.short(iri) == (name or iri)


@given(st.binary(max_size=60))
def test_a_document_is_about_what_its_path_spells(path: bytes) -> None:
    for place in (b"/id/", b"/graph/"):
        iri = OWN.described(b"/doc" + place + path)
        assert iri == OWN.instance(place + path)
        assert OWN.document(iri).encode() == b"/doc" + iri.removeprefix(OWN.base).encode()
    assert OWN.described(b"/doc/" + b"x" + path) is None
