"""The one shape in which errors leave the server: problem+json (RFC 9457)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from ..ontology.terms import DEFAULT_BASE
from .errors import ApiError, QuerySyntaxError
from .inspection import undeclared_prefix

MEDIA_TYPE: Final = "application/problem+json"
TYPE_BASE: Final = f"{DEFAULT_BASE}/problems/"

_POSITION: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
# One alternative of the engine's message: a literal, a character class, or a keyword.
_ALTERNATIVE: Final = re.compile(r"""("(?:[^"\\]|\\.)*")|\[(?:'[^']*'|[^\]'])*\]|(\w+)""")
_MOST_ALTERNATIVES: Final = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """An error answer, ready to be sent; ``headers`` include its Content-Type."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def problem(error: Exception) -> Problem:
    """Build the answer to an error.

    Members: type, title, status, detail, and what the error adds (line and column, available
    media types). An exception that is no `ApiError` becomes a 500 that tells nothing of its
    cause, since messages of unexpected errors may hold paths.
    """
    if isinstance(error, ApiError):
        status, slug, title, detail = error.status, error.slug, error.title, error.detail
        headers, members = error.headers, error.members
    else:
        status, slug, title = 500, "internal", HTTPStatus(500).phrase
        detail, headers, members = "the server failed; the cause is in its log", {}, {}
    document = {
        "type": TYPE_BASE + slug,
        "title": title,
        "status": status,
        "detail": detail,
        **members,
    }
    body = json.dumps(document, ensure_ascii=False).encode()
    return Problem(
        status, body, {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"} | headers
    )


def syntax_problem(message: str, query: str = "") -> QuerySyntaxError:
    """Read the engine's message about a query that does not parse.

    The engine is silent about prefixes that nobody declared, so the query is looked at for them.

    >>> error = syntax_problem("error at 2:8: expected one of ['0'..='9'], GRAPH, MINUS")
    >>> (error.line, error.column, error.fault)
    (2, 8, 'expected one of GRAPH, MINUS')
    """
    match = _POSITION.fullmatch(message.strip())
    if match is None:
        return QuerySyntaxError(_first_line(message))
    line, column, fault = int(match[1]), int(match[2]), _readable(match[3])
    prefix = undeclared_prefix(query)
    if prefix is not None:
        fault = f"the prefix {prefix} is used and not declared; {fault}"
    return QuerySyntaxError(fault, line, column)


def _readable(fault: str) -> str:
    start = "expected one of "
    if not fault.startswith(start):
        return _first_line(fault)
    found = _ALTERNATIVE.finditer(fault.removeprefix(start))
    names = list(dict.fromkeys(match[1] or match[2] for match in found if match[1] or match[2]))
    if not names:
        return "this is not expected here"
    more = ", …" if len(names) > _MOST_ALTERNATIVES else ""
    return start + ", ".join(names[:_MOST_ALTERNATIVES]) + more


def _first_line(text: str) -> str:
    line = text.strip().partition("\n")[0][:200]
    # A single "expected" is where the parser's last attempt failed, seldom what is missing.
    return "this is not expected here" if not line or line.startswith("expected ") else line
