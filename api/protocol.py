"""The operations of the SPARQL 1.1 Protocol as a pure function of the request.

Specification: https://www.w3.org/TR/sparql11-protocol/ sections 2.1 and 2.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from .errors import (
    ContentTooLargeError,
    MalformedRequestError,
    MethodNotAllowedError,
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
    """A query operation.

    Attributes:
        format: short name of ``?format=``, where one was given.
        timeout: ``?timeout=`` as written, where one was given.
    """

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    timeout: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """An update operation, with the graphs of using-graph-uri and using-named-graph-uri."""

    update: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def most_body_bytes(max_text_bytes: int) -> int:
    """The longest body that can hold a query or update of that size."""
    return max_text_bytes * _FORM_GROWTH + _FORM_MARGIN


def holds_update(content_type: str | None) -> bool:
    """Whether a body is an update, by its Content-Type alone; a form is looked into later."""
    return content_type is not None and _kind(content_type)[0] == UPDATE


def parse_request(
    method: str,
    query_string: bytes,
    content_type: str | None,
    body: bytes,
    *,
    max_query_bytes: int,
    max_update_bytes: int | None = None,
) -> SparqlRequest | UpdateRequest | None:
    """Read a request; None stands for a GET without query, which asks for the description.

    Dataset parameters are taken from the URL and from a form. A POST without body or Content-Type
    may have its query in the URL, since some engines call services that way.

    Raises:
        MethodNotAllowedError: neither GET, HEAD nor POST.
        UnsupportedMediaError: a body that is no form, query or update in UTF-8.
        MalformedRequestError: not exactly one query or update, or text that is not UTF-8.
        ContentTooLargeError: a query of more than ``max_query_bytes``, or an update of more than
            ``max_update_bytes``, by default the same.
    """
    if method not in ("GET", "HEAD", "POST"):
        raise MethodNotAllowedError(method, METHODS)
    parameters = parse_parameters(query_string)
    if method == "POST" and (body or content_type is not None):
        kind = _media_type(content_type)
        if kind == FORM:
            parameters += parse_parameters(body)
        else:
            parameters.append(("update" if kind == UPDATE else "query", _decode(body)))
    queries, updates = _values(parameters, "query"), _values(parameters, "update")
    if updates:
        if method != "POST" or queries or len(updates) > 1:
            raise MalformedRequestError("an update is sent alone, once, by POST")
        return UpdateRequest(
            _short(updates[0], max_query_bytes if max_update_bytes is None else max_update_bytes),
            _values(parameters, "using-graph-uri"),
            _values(parameters, "using-named-graph-uri"),
        )
    if not queries and method != "POST":
        return None
    if len(queries) != 1:
        raise MalformedRequestError(f"exactly one query is needed, got {len(queries)}")
    _short(queries[0], max_query_bytes)
    return SparqlRequest(
        queries[0],
        _values(parameters, "default-graph-uri"),
        _values(parameters, "named-graph-uri"),
        format_of(parameters),
        next(iter(_values(parameters, "timeout")), None),
    )


def format_of(parameters: Parameters) -> str | None:
    """The value of ``?format=``; an empty one counts as none."""
    return next((value for name, value in parameters if name == "format" and value), None)


def requested_format(query_string: bytes) -> str | None:
    """The value of ``?format=`` of a request that has no query."""
    return format_of(parse_parameters(query_string))


def _short(text: str, limit: int) -> str:
    if len(text.encode("utf-8", "surrogatepass")) > limit:
        raise ContentTooLargeError(limit)
    return text


def _values(parameters: Parameters, name: str) -> tuple[str, ...]:
    return tuple(value for key, value in parameters if key == name)


def _media_type(content_type: str | None) -> str:
    valid = (FORM, DIRECT, UPDATE)
    if content_type is None:
        raise UnsupportedMediaError(None, valid)
    kind, charset = _kind(content_type)
    if kind not in valid or charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaError(content_type[:200], valid)
    return kind


def _kind(content_type: str) -> tuple[str, str]:
    """Media type and charset of a Content-Type, in lower case."""
    message = Message()
    message["Content-Type"] = content_type
    charset = message.get_param("charset", "utf-8")
    return message.get_content_type(), str(charset).casefold()


def parse_parameters(encoded: bytes) -> list[tuple[str, str]]:
    """Names and values of a query string or form, decoded once.

    Raises:
        MalformedRequestError: not UTF-8, or too many.
    """
    if not encoded:
        return []
    text = _decode(encoded)
    try:
        if "&" not in text:
            name, _, value = text.partition("=")
            return [(unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict"))]
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
