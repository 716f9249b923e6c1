"""Errors on their way out: a page for browsers, problem+json for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from .errors import ApiError, MethodNotAllowedError
from .formats import HTML, PROBLEM
from .negotiation import choose
from .observing.request import HEADER, note_failure, request_id
from .page_errors import PageNotFoundError, QueryNotFoundError, UnknownEntityError
from .problems import problem
from .templating import Pages

_METHODS = ("GET", "HEAD")


def install(app: FastAPI, pages: Pages) -> None:
    """Answer every error of the application in one shape."""

    def answer(request: Request, error: Exception) -> Response:
        return failure(request, error, pages)

    def translate(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return failure(request, _own(request, error), pages)

    app.add_exception_handler(ApiError, answer)
    app.add_exception_handler(HTTPException, translate)
    app.add_exception_handler(Exception, answer)


def failure(request: Request, error: Exception, pages: Pages) -> Response:
    """Build the answer to an error in the format that the client likes better."""
    made = problem(error)
    note_failure(error)
    # An unexpected error is answered outside of all middleware.
    headers = made.headers | {"Vary": "Accept", HEADER: request_id()}
    if choose(request.headers.get("accept"), (PROBLEM, HTML)) is not HTML:
        return Response(made.body, made.status, headers)
    del headers["Content-Type"]
    return pages.render(
        "error.html",
        made.status,
        headers,
        heading=json.loads(made.body)["title"],
        problem=json.loads(made.body),
        near=_near(error),
    )


def _own(request: Request, error: HTTPException) -> Exception:
    """Turn what the router raises into an error of ours."""
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        return MethodNotAllowedError(request.method, allowed.split(", ") if allowed else _METHODS)
    if error.status_code == 404:
        return PageNotFoundError(request.url.path)
    return error


def _near(error: Exception) -> Sequence[tuple[str, str]]:
    if isinstance(error, QueryNotFoundError):
        return [(name, f"/queries/{name}") for name in error.near]
    if isinstance(error, PageNotFoundError):
        return error.near
    if isinstance(error, UnknownEntityError) and error.see:
        return [("what has such a name", error.see)]
    return []
