"""The application with a short way to the endpoint.

A request to it would pass about twenty layers of the framework, none of which does anything for it
that its own code does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send


class Application(FastAPI):
    """A FastAPI application with others at fixed paths that handle their errors themselves.

    Args:
        outer: middleware for all requests, the outermost first.
        options: for `FastAPI`.
    """

    def __init__(self, *, outer: Sequence[Middleware], **options: Any) -> None:
        super().__init__(middleware=outer, **options)
        self._outer = tuple(outer)
        self._direct: dict[str, ASGIApp] = {}

    def answer_at(self, path: str, app: ASGIApp) -> None:
        """Have another application answer at exactly this path, within the same middleware."""
        for layer, arguments, options in reversed(self._outer):
            app = layer(app, *arguments, **options)
        self._direct[path] = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or take part in the lifespan."""
        direct = self._direct.get(scope["path"]) if scope["type"] == "http" else None
        if direct is None:
            await super().__call__(scope, receive, send)
        else:
            await direct(scope, receive, send)
