"""Reading requests of the SPARQL 1.1 Protocol."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.errors import ApiError
from fairpapers.api.protocol import (
    DIRECT,
    FORM,
    UPDATE,
    SparqlRequest,
    UpdateRequest,
    holds_update,
    parse_request,
)

ASK = "ASK {}"
ASK_FORM = b"query=ASK%20%7B%7D"


def parse(
    method: str = "GET", url: bytes = b"", kind: str | None = None, body: bytes = b""
) -> SparqlRequest | UpdateRequest | None:
    return parse_request(method, url, kind, body, max_query_bytes=100)


@pytest.mark.parametrize(
    ("method", "url", "kind", "body"),
    [
        pytest.param("GET", ASK_FORM, None, b"", id="GET"),
        pytest.param("HEAD", ASK_FORM, None, b"", id="HEAD"),
        pytest.param("POST", b"", FORM, ASK_FORM, id="form"),
        pytest.param("POST", b"", f"{FORM}; charset=UTF-8", ASK_FORM, id="form with charset"),
        pytest.param("POST", b"", DIRECT, b"ASK {}", id="direct"),
        pytest.param("POST", b"", f'{DIRECT};charset="utf-8"', b"ASK {}", id="direct, charset"),
        pytest.param("POST", b"", DIRECT.upper(), b"ASK {}", id="type in capitals"),
        pytest.param("POST", ASK_FORM, None, b"", id="POST without body"),
        pytest.param("POST", ASK_FORM, FORM, b"", id="POST with an empty form"),
        pytest.param("GET", ASK_FORM + b"&ac=1&format=", None, b"", id="unknown parameters"),
    ],
)
def test_a_query_is_found(method: str, url: bytes, kind: str | None, body: bytes) -> None:
    assert parse(method, url, kind, body) == SparqlRequest(ASK)


@pytest.mark.parametrize("kind", [None, FORM, DIRECT])
def test_the_dataset_comes_from_url_and_form(kind: str | None) -> None:
    dataset = b"default-graph-uri=urn:a&default-graph-uri=urn:b&named-graph-uri=urn:c&format=csv"
    if kind is None:
        request = parse("GET", dataset + b"&" + ASK_FORM)
    elif kind == FORM:
        request = parse("POST", b"", kind, ASK_FORM + b"&" + dataset)
    else:
        request = parse("POST", dataset, kind, b"ASK {}")
    assert request == SparqlRequest(ASK, ("urn:a", "urn:b"), ("urn:c",), "csv")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_query_asks_for_the_description(method: str) -> None:
    assert parse(method, b"format=turtle") is None


@pytest.mark.parametrize(
    ("method", "url", "kind", "body", "status"),
    [
        pytest.param("PUT", ASK_FORM, None, b"", 405, id="method"),
        pytest.param("DELETE", b"", None, b"", 405, id="another method"),
        pytest.param("GET", ASK_FORM + b"&query=ASK", None, b"", 400, id="two queries"),
        pytest.param("POST", ASK_FORM, FORM, ASK_FORM, 400, id="query in URL and form"),
        pytest.param("POST", ASK_FORM, DIRECT, b"ASK {}", 400, id="query in URL and body"),
        pytest.param("POST", b"", FORM, b"", 400, id="form without query"),
        pytest.param("POST", b"", None, b"", 400, id="nothing"),
        pytest.param("POST", b"", None, b"ASK {}", 415, id="no type"),
        pytest.param("POST", b"", "text/plain", b"ASK {}", 415, id="text"),
        pytest.param("POST", b"", "nonsense", b"ASK {}", 415, id="unreadable type"),
        pytest.param("POST", b"", f"{DIRECT};charset=utf-16", b"ASK {}", 415, id="charset"),
        pytest.param("POST", b"", f"{FORM};charset=latin-1", ASK_FORM, 415, id="form charset"),
        pytest.param("POST", b"", DIRECT, b"ASK {\xff}", 400, id="body is not UTF-8"),
        pytest.param("GET", b"query=%ff", None, b"", 400, id="parameter is not UTF-8"),
        pytest.param("GET", b"query=\xff", None, b"", 400, id="URL is not UTF-8"),
        pytest.param("POST", b"", DIRECT, b"#" * 101, 413, id="long query"),
        pytest.param("GET", b"query=" + quote("é" * 51).encode(), None, b"", 413, id="bytes count"),
        pytest.param("GET", b"&".join([b"a=b"] * 1001), None, b"", 400, id="many parameters"),
        pytest.param("POST", b"", UPDATE, b"#" * 101, 413, id="long update"),
        pytest.param("POST", b"", UPDATE, b"CLEAR \xff", 400, id="update is not UTF-8"),
        pytest.param("POST", b"update=a", UPDATE, b"CLEAR ALL", 400, id="update in URL and body"),
        pytest.param("POST", b"query=a", UPDATE, b"CLEAR ALL", 400, id="query with an update"),
        pytest.param("GET", b"update=CLEAR+ALL", None, b"", 400, id="update by GET"),
        pytest.param("POST", b"", FORM, b"update=a&update=b", 400, id="two updates"),
        pytest.param("POST", b"", FORM, b"update=a&" + ASK_FORM, 400, id="update and query"),
        pytest.param("POST", b"", f"{UPDATE};charset=utf-16", b"", 415, id="update charset"),
    ],
)
def test_what_breaks_the_protocol_gets_its_status(
    method: str, url: bytes, kind: str | None, body: bytes, status: int
) -> None:
    with pytest.raises(ApiError) as caught:
        parse(method, url, kind, body)
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("url", "kind", "body"),
    [
        pytest.param(b"using-graph-uri=urn:a&using-named-graph-uri=urn:b", UPDATE, b"CLEAR ALL"),
        pytest.param(
            b"", FORM, b"using-graph-uri=urn:a&using-named-graph-uri=urn:b&update=CLEAR+ALL"
        ),
    ],
    ids=["direct", "form"],
)
def test_an_update_comes_with_its_graphs(url: bytes, kind: str, body: bytes) -> None:
    request = parse("POST", url, kind, body)
    assert request == UpdateRequest("CLEAR ALL", ("urn:a",), ("urn:b",))
    assert holds_update(kind) is (kind == UPDATE)


@given(
    st.sampled_from(["GET", "POST"]),
    st.binary(),
    st.none() | st.text(st.characters(max_codepoint=255)) | st.sampled_from([FORM, DIRECT, UPDATE]),
    st.binary(),
)
def test_any_request_is_read_or_refused(
    method: str, url: bytes, kind: str | None, body: bytes
) -> None:
    status, request = 200, None
    try:
        request = parse(method, url, kind, body)
    except ApiError as error:
        status = error.status
    assert status == 200 or 400 <= status < 500
    text = getattr(request, "query", "") + getattr(request, "update", "")
    assert len(text.encode("utf-8", "surrogatepass")) <= 100


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_a_query_comes_through_as_it_was_sent(query: str) -> None:
    encoded = quote(query).encode()
    for request in (
        parse("GET", b"query=" + encoded),
        parse("POST", b"", FORM, b"query=" + encoded),
        parse("POST", b"", DIRECT, query.encode()),
    ):
        assert request == SparqlRequest(query)
