"""Everything that a request can fail with; each error knows its HTTP status.

ApiError
├── MalformedRequestError       400
│   ├── QuerySyntaxError        400, with line and column
│   ├── DataSyntaxError         400, with line and column
│   ├── QueryTooDeepError       400
│   └── QueryTooComplexError    400
├── TokenRequiredError          401, with WWW-Authenticate
├── QueryForbiddenError         403
├── UpdatesDisabledError        403
├── GraphNotFoundError          404
├── MethodNotAllowedError       405
├── NotAcceptableError          406
├── RequestTimeoutError         408
├── GraphConflictError          409
├── ContentTooLargeError        413
├── UrlTooLongError             414
├── UnsupportedMediaError       415
├── RateLimitedError            429, with Retry-After
├── HeadTooLargeError           431
├── WorkerCrashedError          500
├── EvaluationError             500
├── OverloadedError             503, with Retry-After
├── WriterBusyError             503, with Retry-After
├── MemoryExceededError         503
├── ResultTooLargeError         503
├── TooManyRowsError            503
├── StoreCutAnswerError         503
├── QueryCancelledError         503
├── ShuttingDownError           503, with Retry-After
├── StoreFailedError            502
├── ServiceFailedError          502
├── ServiceTimeoutError         504
└── DeadlineExceededError       504

AnswerBrokenError is raised by the SPARQL application to make the server cut the connection, and
WorkerStartError when no query process can be started; no client sees either as an answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import ClassVar


class ApiError(Exception):
    """Base of all errors that become an answer; the message is its ``detail``.

    A subclass sets ``status``, ``slug`` (last part of the problem type's IRI) and ``title``.
    """

    status: ClassVar[int]
    slug: ClassVar[str]
    title: ClassVar[str]

    @property
    def detail(self) -> str:
        """What happened in this case and what to do, for the client's eyes."""
        return str(self)

    @property
    def headers(self) -> dict[str, str]:
        """Further header fields of the answer."""
        return {}

    @property
    def members(self) -> dict[str, object]:
        """Further members of the problem document."""
        return {}


class MalformedRequestError(ApiError):
    """The request does not follow the SPARQL 1.1 Protocol."""

    status, slug, title = 400, "malformed-request", "The request is malformed"


class QuerySyntaxError(MalformedRequestError):
    """The query does not parse; ``line`` and ``column`` are 1-based, None where unknown."""

    slug, title = "query-syntax", "The query is not valid SPARQL"

    def __init__(self, fault: str, line: int | None = None, column: int | None = None) -> None:
        where = "" if line is None else f"line {line}, column {column}: "
        super().__init__(where + fault)
        self.fault = fault
        self.line = line
        self.column = column

    @property
    def members(self) -> dict[str, object]:
        """Line and column, where known."""
        return {} if self.line is None else {"line": self.line, "column": self.column}


class DataSyntaxError(MalformedRequestError):
    """RDF that was sent does not parse; ``line`` and ``column`` are 1-based, None where unknown."""

    slug, title = "data-syntax", "The data is not valid RDF"

    def __init__(self, fault: str, line: int | None = None, column: int | None = None) -> None:
        where = "" if line is None else f"line {line}, column {column}: "
        super().__init__(where + fault)
        self.line = line
        self.column = column

    @property
    def members(self) -> dict[str, object]:
        """Line and column, where known."""
        return {} if self.line is None else {"line": self.line, "column": self.column}


class QueryTooDeepError(MalformedRequestError):
    """Brackets nest deeper than the engine can take."""

    slug, title = "query-too-deep", "The query is nested too deeply"

    def __init__(self, limit: int) -> None:
        super().__init__(f"brackets nest deeper than {limit} levels; flatten the query")
        self.limit = limit


class TokenRequiredError(ApiError):
    """A change without the token that allows it, or with another one."""

    status, slug, title = 401, "token-required", "A token is required"

    def __init__(self, *, wrong: bool) -> None:
        fault = "the token is wrong" if wrong else "no token was sent"
        super().__init__(f"{fault}; send it as Authorization: Bearer TOKEN")
        self.wrong = wrong

    @property
    def headers(self) -> dict[str, str]:
        """WWW-Authenticate, as RFC 6750 section 3 words it."""
        error = ', error="invalid_token"' if self.wrong else ""
        return {"WWW-Authenticate": f'Bearer realm="fairpapers"{error}'}


class QueryTooComplexError(MalformedRequestError):
    """The query has longer chains of operators or patterns than the engine can take."""

    slug, title = "query-too-complex", "The query is too complex"

    def __init__(self, limit: int | None = None) -> None:
        many = "too many" if limit is None else f"more than {limit}"
        super().__init__(
            f"{many} terms and operators in a chain or nested in each other; write long lists as "
            "VALUES or with IN (a, b, …), or send several queries"
        )
        self.limit = limit


class QueryForbiddenError(ApiError):
    """The query asks for something that this endpoint never does: SERVICE, LOAD, updates."""

    status, slug, title = 403, "query-forbidden", "The endpoint does not do this"

    def __init__(self, operation: str, reason: str) -> None:
        super().__init__(f"{operation}: {reason}")
        self.operation = operation


class UpdatesDisabledError(ApiError):
    """A change, where the operator has not allowed any."""

    status, slug, title = 403, "updates-disabled", "This server only reads"

    def __init__(self) -> None:
        super().__init__(
            "this server only reads; who runs it can allow updates by starting it with "
            "FAIRPAPERS_UPDATE_TOKEN_FILE set to a file that holds a token"
        )


class GraphNotFoundError(ApiError):
    """A named graph that the store does not have."""

    status, slug, title = 404, "graph-not-found", "There is no such graph"

    def __init__(self, graph: str) -> None:
        super().__init__(f"no graph is named <{graph[:500]}>; ask SELECT ?g {{ GRAPH ?g {{}} }}")
        self.graph = graph


class MethodNotAllowedError(ApiError):
    """A method that the resource does not have."""

    status, slug, title = 405, "method-not-allowed", "The method is not allowed"

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        self.allowed = tuple(allowed)
        super().__init__(f"{method} is not allowed here; use one of {', '.join(self.allowed)}")

    @property
    def headers(self) -> dict[str, str]:
        """Allow, as RFC 9110 section 15.5.6 demands."""
        return {"Allow": ", ".join(self.allowed)}


class NotAcceptableError(ApiError):
    """No format that the client accepts; ``available`` lists the media types there are."""

    status, slug, title = 406, "not-acceptable", "No acceptable format"

    def __init__(self, wanted: str, available: Iterable[str]) -> None:
        self.available = tuple(available)
        super().__init__(f"no format fits {wanted!r}; there are {', '.join(self.available)}")

    @property
    def members(self) -> dict[str, object]:
        """The media types to choose from."""
        return {"available": list(self.available)}


class RequestTimeoutError(ApiError):
    """The body of the request did not arrive in time."""

    status, slug, title = 408, "request-timeout", "The request took too long to arrive"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the body did not arrive within {seconds:g} s")


class GraphConflictError(ApiError):
    """An update creates a graph that is there, or names one that is not."""

    status, slug, title = 409, "graph-conflict", "The update does not fit the graphs"


class ContentTooLargeError(ApiError):
    """The query or its wrapping is longer than allowed; ``limit`` in bytes."""

    status, slug, title = 413, "content-too-large", "The request is too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"the text may have at most {limit} bytes")
        self.limit = limit


class UnsupportedMediaError(ApiError):
    """A Content-Type, or its charset, that the SPARQL 1.1 Protocol does not have."""

    status, slug, title = 415, "unsupported-media-type", "The Content-Type is not supported"

    def __init__(self, content_type: str | None, valid: Iterable[str]) -> None:
        given = "no Content-Type" if content_type is None else f"Content-Type {content_type!r}"
        super().__init__(f"{given}; send one of {', '.join(valid)}, encoded as UTF-8")


class WorkerCrashedError(ApiError):
    """The process that ran the query ended by itself; ``code`` as of `subprocess.Popen`."""

    status, slug, title = 500, "worker-crashed", "The query made its process fail"

    def __init__(self, code: int | None) -> None:
        super().__init__("the process that ran this query ended unexpectedly; others go on")
        self.code = code


class EvaluationError(ApiError):
    """The engine gave up on a valid query; the cause goes to the log, not to the client."""

    status, slug, title = 500, "evaluation-failed", "The query could not be evaluated"

    def __init__(self, cause: str) -> None:
        super().__init__("the engine could not evaluate this query")
        self.cause = cause


class OverloadedError(ApiError):
    """No process was free in time; the client may try again after ``retry_seconds``."""

    status, slug, title = 503, "overloaded", "The server is busy"

    def __init__(self, retry_seconds: float) -> None:
        super().__init__("all query processes are busy and the queue is full; try again later")
        self.retry_seconds = retry_seconds

    @property
    def headers(self) -> dict[str, str]:
        """Retry-After, in whole seconds."""
        return {"Retry-After": str(max(1, math.ceil(self.retry_seconds)))}


class WriterBusyError(ApiError):
    """A change cannot be made now: too many wait, or a build holds the graph directory."""

    status, slug, title = 503, "writer-busy", "The graph is being written"

    def __init__(self, cause: str, retry_seconds: float) -> None:
        super().__init__(f"{cause}; try again later")
        self.retry_seconds = retry_seconds

    @property
    def headers(self) -> dict[str, str]:
        """Retry-After, in whole seconds."""
        return {"Retry-After": str(max(1, math.ceil(self.retry_seconds)))}


class MemoryExceededError(ApiError):
    """The query needed more memory than one query may take."""

    status, slug, title = 503, "memory-exceeded", "The query needs too much memory"

    def __init__(self, limit: int) -> None:
        super().__init__(f"one query may take {limit} bytes of memory; narrow it or add a LIMIT")
        self.limit = limit


class ResultTooLargeError(ApiError):
    """The answer is longer than allowed; ``limit`` in bytes."""

    status, slug, title = 503, "result-too-large", "The answer is too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"an answer may have {limit} bytes; add a LIMIT or ask for less")
        self.limit = limit


class QueryCancelledError(ApiError):
    """An operator stopped the query."""

    status, slug, title = 503, "cancelled", "The query was cancelled"

    def __init__(self) -> None:
        super().__init__(
            "whoever runs this server stopped the query; ask them before you repeat it"
        )


class ShuttingDownError(ApiError):
    """The server stops, and the query was not done when the time for that was over."""

    status, slug, title = 503, "shutting-down", "The server is stopping"

    def __init__(self) -> None:
        super().__init__("the server stopped before the query was done; try again later")

    @property
    def headers(self) -> dict[str, str]:
        """Retry-After, in whole seconds."""
        return {"Retry-After": "10"}


class TooManyRowsError(ApiError):
    """The answer has more rows or triples than allowed."""

    status, slug, title = 503, "too-many-rows", "The answer has too many rows"

    def __init__(self, limit: int) -> None:
        super().__init__(f"an answer may have {limit} rows; add a LIMIT, and OFFSET for the next")
        self.limit = limit


class UrlTooLongError(ApiError):
    """The request line is longer than allowed; ``limit`` in bytes."""

    status, slug, title = 414, "url-too-long", "The address is too long"

    def __init__(self, limit: int) -> None:
        super().__init__(f"the request line may have {limit} bytes; send long queries by POST")
        self.limit = limit


class HeadTooLargeError(ApiError):
    """The header fields are longer than allowed; ``limit`` in bytes."""

    status, slug, title = 431, "headers-too-large", "The header fields are too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"request line and header fields may have {limit} bytes together")
        self.limit = limit


class RateLimitedError(ApiError):
    """A client asks more often than it may; it may try again after ``retry_seconds``."""

    status, slug, title = 429, "rate-limited", "Too many requests"

    def __init__(self, retry_seconds: float) -> None:
        super().__init__("you ask more often than this server lets one client; ask again later")
        self.retry_seconds = retry_seconds

    @property
    def headers(self) -> dict[str, str]:
        """Retry-After, in whole seconds."""
        return {"Retry-After": str(max(1, math.ceil(self.retry_seconds)))}


class StoreFailedError(ApiError):
    """The server that holds the graph did not answer, or with nothing that can be used."""

    status, slug, title = 502, "store-failed", "The store failed"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the server that holds the graph failed: {reason}; try again later")
        self.reason = reason


class StoreCutAnswerError(ApiError):
    """The server that holds the graph gave a part of the answer only."""

    status, slug, title = 503, "store-cut-answer", "The store cut the answer short"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the answer is not whole: {reason}")
        self.reason = reason


class ServiceFailedError(ApiError):
    """A SERVICE clause got no answer that could be used; ``service`` as the query names it."""

    status, slug, title = 502, "service-failed", "Another endpoint failed"

    def __init__(self, service: str, reason: str) -> None:
        super().__init__(f"SERVICE <{service}>: {reason}")
        self.service = service


class ServiceTimeoutError(ApiError):
    """A SERVICE clause was not answered in time."""

    status, slug, title = 504, "service-timeout", "Another endpoint took too long"

    def __init__(self, service: str, seconds: float) -> None:
        super().__init__(f"SERVICE <{service}>: no whole answer within {seconds:.3g} s")
        self.service = service


class DeadlineExceededError(ApiError):
    """The query was stopped at its deadline."""

    status, slug, title = 504, "deadline-exceeded", "The query took too long"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the query was stopped after {seconds:.3g} s; narrow it or add a LIMIT")
        self.seconds = seconds


class AnswerBrokenError(Exception):
    """An answer failed after its first bytes were sent, so the connection must be cut."""

    def __init__(self, error: ApiError) -> None:
        super().__init__(f"answer broken off: {error.slug}")
        self.error = error


class WorkerStartError(Exception):
    """A query process did not come up; ``reason`` is its last line, or what was missing."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"cannot start a query process: {reason}")
        self.reason = reason
