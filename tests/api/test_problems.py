"""The one shape of errors."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

from fairpapers.api import errors
from fairpapers.api.problems import problem, syntax_problem

EVERY_ERROR = [
    errors.MalformedRequestError("two queries"),
    errors.QuerySyntaxError("expected GRAPH", 2, 8),
    errors.QueryTooDeepError(200),
    errors.QueryForbiddenError("SERVICE", "never"),
    errors.MethodNotAllowedError("PUT", ("GET", "POST")),
    errors.NotAcceptableError("text/html", ["text/csv"]),
    errors.RequestTimeoutError(10),
    errors.ContentTooLargeError(1024),
    errors.UnsupportedMediaError(None, ["text/csv"]),
    errors.WorkerCrashedError(-6),
    errors.EvaluationError("/secret/path"),
    errors.OverloadedError(4.2),
    errors.MemoryExceededError(1024),
    errors.ResultTooLargeError(1024),
    errors.DeadlineExceededError(1.5),
    errors.DataSyntaxError("expected a literal", 2, 8),
    errors.TokenRequiredError(wrong=True),
    errors.QueryTooComplexError(20_000),
    errors.UpdatesDisabledError(),
    errors.GraphNotFoundError("urn:g"),
    errors.GraphConflictError("urn:g is there"),
    errors.WriterBusyError("ten updates wait", 2),
    errors.QueryCancelledError(),
    errors.ShuttingDownError(),
    errors.TooManyRowsError(10),
    errors.UrlTooLongError(10),
    errors.HeadTooLargeError(10),
    errors.RateLimitedError(0.5),
    errors.StoreFailedError("it cannot be reached"),
    errors.StoreCutAnswerError("the server cuts answers after 10000 rows"),
    errors.ServiceFailedError("http://localhost/sparql", "it answered 500"),
    errors.ServiceTimeoutError("http://localhost/sparql", 2),
]


def concrete(base: type[errors.ApiError]) -> set[type[errors.ApiError]]:
    found = {each for each in base.__subclasses__() if each.__module__ == errors.__name__}
    return found.union(*(concrete(each) for each in found))


def test_the_list_above_is_complete() -> None:
    assert {type(each) for each in EVERY_ERROR} == concrete(errors.ApiError)


@pytest.mark.parametrize("error", EVERY_ERROR, ids=lambda each: type(each).__name__)
def test_every_error_has_the_shape(error: errors.ApiError) -> None:
    made = problem(error)
    document = json.loads(made.body)
    assert made.status == error.status == document["status"]
    assert made.headers["Content-Type"] == "application/problem+json"
    assert document["type"].endswith(f"/problems/{error.slug}")
    assert document["title"]
    assert document["detail"] == str(error)
    assert document.items() >= error.members.items()


def test_slugs_are_unique() -> None:
    assert len({each.slug for each in EVERY_ERROR}) == len(EVERY_ERROR)


def test_retry_after_is_in_whole_seconds() -> None:
    assert problem(errors.OverloadedError(4.2)).headers["Retry-After"] == "5"
    assert problem(errors.OverloadedError(0)).headers["Retry-After"] == "1"


def test_allowed_methods_are_listed() -> None:
    made = problem(errors.MethodNotAllowedError("PUT", ("GET", "POST")))
    assert made.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize("error", [ValueError("/secret/path"), EVERY_ERROR[10]], ids=str)
def test_causes_of_internal_errors_stay_inside(error: Exception) -> None:
    made = problem(error)
    assert made.status == 500
    assert b"secret" not in made.body


def engine_message(query: str) -> str:
    with pytest.raises(SyntaxError) as caught:
        ox.Store().query(query)
    return str(caught.value)


@pytest.mark.parametrize(
    ("query", "line", "column", "fault"),
    [
        ("SELECT *\n {?s ?p", 2, 8, 'expected one of "$"'),
        ("ASK { ?s ex:a ?o }", 1, 15, "the prefix ex: is used and not declared"),
        ("", 1, 1, "this is not expected here"),
    ],
)
def test_the_place_of_a_syntax_error_is_told(
    query: str, line: int, column: int, fault: str
) -> None:
    error = syntax_problem(engine_message(query), query)
    assert (error.line, error.column) == (line, column)
    assert fault in error.fault
    assert error.detail.startswith(f"line {line}, column {column}: ")


def test_character_classes_are_left_out() -> None:
    error = syntax_problem(engine_message("SELECT *\n {?s ?p"))
    assert "u{" not in error.fault
    assert ".." not in error.fault


def test_a_message_of_another_shape_is_kept_without_a_place() -> None:
    error = syntax_problem("something else\nwith more")
    assert (error.line, error.fault) == (None, "something else")
    assert error.members == {}
