"""Every route under made-up requests: no 500, nothing that never ends, no process left over."""

from __future__ import annotations

import socket
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

EXAMPLES = 15
FEW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)

# Parts of SPARQL in any order: what a grammar would never make.
PIECES = st.sampled_from(
    [
        "SELECT",
        "ASK",
        "CONSTRUCT",
        "DESCRIBE",
        "WHERE",
        "*",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "<<",
        ">>",
        "?s",
        "?p",
        "?o",
        "$x",
        "<urn:a>",
        "ex:a",
        "a",
        "1",
        "-1.5e3",
        "'x'",
        '"y"@en',
        "true",
        "UNION",
        "OPTIONAL",
        "MINUS",
        "FILTER",
        "BIND",
        "AS",
        "VALUES",
        "UNDEF",
        "GRAPH",
        "SERVICE",
        "LOAD",
        "INSERT",
        "DELETE",
        "DATA",
        "FROM",
        "NAMED",
        "ORDER",
        "BY",
        "LIMIT",
        "OFFSET",
        "GROUP",
        "HAVING",
        "COUNT",
        "DISTINCT",
        "EXISTS",
        "NOT",
        "IN",
        "REGEX",
        "IF",
        "NOW",
        "+",
        "-",
        "/",
        "|",
        "^",
        "!",
        "=",
        "!=",
        "<",
        ">",
        "&&",
        "||",
        ",",
        ";",
        ".",
        "#",
        "\n",
        "\\u0041",
        "é",
        "\x00",
        "PREFIX",
        "ex:",
        "BASE",
    ]
)


@pytest.fixture(scope="module")
def operations(site: Any) -> list[Any]:
    schema = schemathesis.openapi.from_url(f"{site.url}/openapi.json")
    return [each.ok() for each in schema.get_all_operations()]  # type: ignore[union-attr]


def test_the_description_names_every_route_that_answers(operations: list[Any]) -> None:
    paths = {operation.path for operation in operations}
    assert {"/sparql", "/queries", "/queries/{query_id}", "/health"} <= paths


def test_no_route_fails_on_requests_made_from_its_description(
    site: Any, operations: list[Any]
) -> None:
    statuses: list[int | None] = []
    with httpx.Client(base_url=site.url, timeout=30) as client:
        for operation in operations:
            check = given(case=operation.as_strategy())(
                lambda case: statuses.append(ask(client, case))
            )
            FEW(check)()
        assert client.get("/health").status_code == 200
    # Most could be sent, and some of them were good.
    assert statuses.count(None) < len(statuses) / 2
    assert 200 in statuses


def ask(client: httpx.Client, case: Any) -> int | None:
    known = case.as_transport_kwargs(base_url=str(client.base_url))
    request = {name: known.get(name) for name in ("params", "headers")}
    body = known.get("data")
    request["data" if isinstance(body, dict) else "content"] = body
    try:
        response = client.request(known["method"], known["url"], **request)
    except (httpx.InvalidURL, UnicodeEncodeError, httpx.LocalProtocolError, TypeError):
        return None  # The client itself refuses to send this.
    text = response.text if len(response.content) < 100_000 else ""
    assert response.status_code < 500 or response.status_code == 503, (known, text[:500])
    assert "Traceback" not in text
    return response.status_code


@FEW
@given(st.lists(PIECES, max_size=30), st.sampled_from(["query", "update", "timeout", "format"]))
def test_any_order_of_words_is_answered(site: Any, pieces: list[str], name: str) -> None:
    known = {"query": "ASK {}"} if name in ("timeout", "format") else {}
    response = site.client.post("/sparql", data={**known, name: " ".join(pieces)})
    assert response.status_code < 500 or response.status_code == 504, response.text


HEADERS = st.sampled_from(
    [b"Accept", b"Content-Type", b"If-None-Match", b"Host", b"Timeout", b"Origin", b"Range",
     b"X-Forwarded-For", b"Authorization", b"Accept-Encoding", b"X-Request-Id", b"Content-Encoding"]
)  # fmt: skip
FIELD = st.binary(max_size=40).map(lambda data: bytes(b for b in data if b not in b"\r\n\x00"))
PATHS = st.sampled_from(
    [b"/", b"/sparql", b"/queries", b"/queries/C01", b"/id/paper/x", b"/ontology", b"/vocab/x",
     b"/static/x", b"/docs", b"/health", b"/editor", b"/store", b"/metrics", b"/.well-known/void"]
)  # fmt: skip


@settings(FEW, max_examples=60)
@given(
    st.sampled_from([b"GET", b"POST", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"QUERY"]),
    PATHS,
    st.binary(max_size=30),
    st.lists(st.tuples(HEADERS, FIELD), max_size=4),
    st.binary(max_size=60),
)
def test_any_bytes_on_any_route_are_answered(
    site: Any, method: bytes, path: bytes, extra: bytes, fields: list[Any], body: bytes
) -> None:
    tail = bytes(byte for byte in extra if 0x20 < byte < 0x7F)
    lines = [b"%s %s?%s HTTP/1.1" % (method, path, tail), b"Connection: close", b"Host: localhost"]
    lines += [b"%s: %s" % field for field in fields]
    lines.append(b"Content-Length: %d" % len(body))
    with socket.create_connection(site.address, timeout=30) as connection:
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    status = int(received.split(None, 2)[1])
    assert status < 500, received[:600]
    assert b"Traceback" not in received
