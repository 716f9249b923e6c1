"""The SPARQL 1.1 Protocol's query operation as a pure function of the request.

Specification: https://www.w3.org/TR/sparql11-protocol/ section 2.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Final
from urllib.parse import parse_qsl

from .errors import (
    ContentTooLargeError,
    MalformedRequestError,
    MethodNotAllowedError,
    QueryForbiddenError,
    UnsupportedMediaError,
)

METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS")
FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

_MOST_PARAMETERS: Final = 1000
# Percent-encoding triples the bytes of a form.
_FORM_GROWTH: Final = 3
_FORM_MARGIN: Final = 64 * 1024

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """A query operation; ``format`` is the short name of ``?format=``, where one was given."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None


def most_body_bytes(max_query_bytes: int) -> int:
    """The longest body that can hold a query of that size."""
    return max_query_bytes * _FORM_GROWTH + _FORM_MARGIN


def parse_request(
    method: str, query_string: bytes, content_type: str | None, body: bytes, *, max_query_bytes: int
) -> SparqlRequest | None:
    """Read a request; None stands for a GET without query, which asks for the description.

    Dataset parameters are taken from the URL and from a form. A POST without body or Content-Type
    may have its query in the URL, since some engines call services that way.

    Raises:
        MethodNotAllowedError: neither GET, HEAD nor POST.
        UnsupportedMediaError: a body that is no form and no query in UTF-8.
        MalformedRequestError: not exactly one query, or text that is not UTF-8.
        QueryForbiddenError: an update.
        ContentTooLargeError: a query of more than ``max_query_bytes``.
    """
    if method not in ("GET", "HEAD", "POST"):
        raise MethodNotAllowedError(method, METHODS)
    parameters = _parse_parameters(query_string)
    direct: str | None = None
    if method == "POST" and (body or content_type is not None):
        kind = _media_type(content_type)
        if kind == UPDATE:
            raise QueryForbiddenError("SPARQL Update", "this endpoint only reads")
        if kind == FORM:
            parameters += _parse_parameters(body)
        else:
            direct = _decode(body)
    queries = [value for name, value in parameters if name == "query"]
    if direct is not None:
        queries.append(direct)
    _refuse_updates(method, parameters, queries)
    if not queries and method != "POST":
        return None
    if len(queries) != 1:
        raise MalformedRequestError(f"exactly one query is needed, got {len(queries)}")
    if len(queries[0].encode("utf-8", "surrogatepass")) > max_query_bytes:
        raise ContentTooLargeError(max_query_bytes)
    return SparqlRequest(
        queries[0],
        _values(parameters, "default-graph-uri"),
        _values(parameters, "named-graph-uri"),
        format_of(parameters),
    )


def format_of(parameters: Parameters) -> str | None:
    """The value of ``?format=``; an empty one counts as none."""
    return next((value for name, value in parameters if name == "format" and value), None)


def requested_format(query_string: bytes) -> str | None:
    """The value of ``?format=`` of a request that has no query."""
    return format_of(_parse_parameters(query_string))


def _refuse_updates(method: str, parameters: Parameters, queries: Sequence[str]) -> None:
    updates = _values(parameters, "update")
    if not updates:
        return
    if method != "POST" or queries or len(updates) > 1:
        raise MalformedRequestError("an update is sent alone, once, by POST; and here none is done")
    raise QueryForbiddenError("SPARQL Update", "this endpoint only reads")


def _values(parameters: Parameters, name: str) -> tuple[str, ...]:
    return tuple(value for key, value in parameters if key == name)


def _media_type(content_type: str | None) -> str:
    valid = (FORM, DIRECT)
    if content_type is None:
        raise UnsupportedMediaError(None, valid)
    message = Message()
    message["Content-Type"] = content_type
    kind, charset = message.get_content_type(), message.get_param("charset", "utf-8")
    if kind not in (*valid, UPDATE) or str(charset).casefold() not in ("utf-8", "utf8"):
        raise UnsupportedMediaError(content_type[:200], valid)
    return kind


def _parse_parameters(encoded: bytes) -> list[tuple[str, str]]:
    if not encoded:
        return []
    text = _decode(encoded)
    try:
        return parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except UnicodeDecodeError:
        raise MalformedRequestError("parameters are not percent-encoded UTF-8") from None
    except ValueError:
        raise MalformedRequestError(f"more than {_MOST_PARAMETERS} parameters") from None


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise MalformedRequestError(f"not UTF-8 at byte {error.start}") from None
