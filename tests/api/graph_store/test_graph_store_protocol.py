"""Which graph a request is about, and what it sends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.errors import ApiError
from fairpapers.api.graph_store.protocol import METHODS, Target, parts, target

TURTLE = "text/turtle"
IRI = "http://example.org/g"


@pytest.mark.parametrize(
    ("method", "query", "direct", "expected"),
    [
        pytest.param("GET", b"graph=http://example.org/g", None, Target(IRI), id="indirect"),
        pytest.param("PUT", b"graph=http%3A%2F%2Fexample.org%2Fg", None, Target(IRI), id="encoded"),
        pytest.param("GET", b"graph=urn:%2531", None, Target("urn:%31"), id="decoded once"),
        pytest.param("GET", b"default", None, Target(None), id="default"),
        pytest.param("DELETE", b"default=", None, Target(None), id="default with a sign"),
        pytest.param("GET", b"", IRI, Target(IRI), id="direct"),
        pytest.param("GET", b"format=nt", IRI, Target(IRI, format="nt"), id="format"),
        pytest.param("POST", b"", None, Target(None, new=True), id="a new graph"),
    ],
)
def test_the_graph_of_a_request(
    method: str, query: bytes, direct: str | None, expected: Target
) -> None:
    assert target(method, query, direct) == expected


@pytest.mark.parametrize(
    ("method", "query", "direct", "status"),
    [
        ("GET", b"", None, 400),
        ("PUT", b"", None, 400),
        ("DELETE", b"", None, 400),
        ("GET", b"graph=urn:a&graph=urn:b", None, 400),
        ("GET", b"graph=urn:a&default", None, 400),
        ("GET", b"graph=urn:a", IRI, 400),
        ("GET", b"default", IRI, 400),
        ("PATCH", b"graph=urn:a", None, 405),
        ("TRACE", b"", IRI, 405),
    ],
)
def test_no_graph_or_two_are_refused(
    method: str, query: bytes, direct: str | None, status: int
) -> None:
    with pytest.raises(ApiError) as caught:
        target(method, query, direct)
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("kind", "read_as"),
    [
        (TURTLE, TURTLE),
        ("TEXT/Turtle; charset=UTF-8", TURTLE),
        ("application/x-turtle", TURTLE),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/ld+json"),
    ],
)
def test_rdf_is_known_by_its_type(kind: str, read_as: str) -> None:
    (part,) = parts(kind, "é".encode())
    assert (part.media_type, part.data) == (read_as, "é")


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (None, b"", 415),
        ("text/csv", b"", 415),
        ("text/plain", b"", 415),
        ("application/sparql-update", b"", 415),
        ("text/turtle; charset=utf-16", b"", 415),
        ("application/n-quads", b"", 415),
        (TURTLE, b"\xff", 400),
        ("multipart/form-data", b"", 400),
        ("multipart/form-data; boundary=x", b"no boundary", 400),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nno type\r\n--x--\r\n", 415),
    ],
)
def test_what_is_no_rdf_is_refused(kind: str | None, body: bytes, status: int) -> None:
    with pytest.raises(ApiError) as caught:
        parts(kind, body)
    assert caught.value.status == status


def form(*files: tuple[str, bytes]) -> bytes:
    lines = [
        b"--line\r\nContent-Disposition: form-data; name=a; filename=a\r\nContent-Type: "
        + kind.encode()
        + b"\r\n\r\n"
        + data
        + b"\r\n"
        for kind, data in files
    ]
    return b"".join(lines) + b"--line--\r\n"


def test_a_form_has_several_parts() -> None:
    body = form((TURTLE, "<a:é> <a:b>\n\r\n1 .".encode()), ("application/n-triples", b""))
    first, second = parts("multipart/form-data; boundary=line", body)
    assert (first.media_type, first.data) == (TURTLE, "<a:é> <a:b>\n\r\n1 .")
    assert (second.media_type, second.data) == ("application/n-triples", "")


def outcome(call: Callable[..., object], *arguments: object) -> object:
    """What a call returns, or the status of its error."""
    try:
        return call(*arguments)
    except ApiError as error:
        return error.status


@given(st.sampled_from([*METHODS, "PATCH"]), st.binary(), st.none() | st.just(IRI))
def test_any_request_has_a_graph_or_a_status(method: str, query: bytes, direct: str | None) -> None:
    found = outcome(target, method, query, direct)
    assert isinstance(found, Target) or found in (400, 405)
    assert not isinstance(found, Target) or not found.new or (method, direct) == ("POST", None)


@given(
    st.none() | st.text(st.characters(max_codepoint=255)) | st.sampled_from([TURTLE]), st.binary()
)
def test_any_body_is_read_or_refused(kind: str | None, body: bytes) -> None:
    found = outcome(parts, kind, body)
    assert isinstance(found, tuple) or found in (400, 415)


@given(st.binary(), st.binary())
def test_any_form_is_read_or_refused(before: bytes, inner: bytes) -> None:
    body = before + form((TURTLE, inner))
    found = outcome(parts, "multipart/form-data; boundary=line", body)
    assert isinstance(found, tuple) or found in (400, 415)
