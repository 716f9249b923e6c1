"""The rate limit as plain ASGI, before anything else of a request is looked at."""

from __future__ import annotations

import ipaddress
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from ..errors import RateLimitedError
from ..responding import Exchange
from ..settings import Settings
from .clients import RateLimit, client_of

# What a page loads, and what watches the server, is no question.
_FREE: Final = ("/static/", "/health", "/favicon.ico", "/robots.txt")


class RateLimiting:
    """Middleware that answers 429 to clients who ask too often.

    Without a rate in the settings it passes everything on.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._settings = settings
        self._trusted = [ipaddress.ip_network(each) for each in settings.trusted_proxies]
        rate = settings.rate_limit_per_second
        self._limit = RateLimit(rate, settings.rate_limit_burst) if rate else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if (
            self._limit is None
            or scope["type"] != "http"
            or scope["path"].startswith(_FREE)
            or not (wait := self._limit.take(self._client(scope)))
        ):
            await self.app(scope, receive, send)
            return
        await Exchange(scope, receive, send, self._settings).fail(RateLimitedError(wait))

    def _client(self, scope: Scope) -> str:
        peer = scope.get("client")
        forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        joined = b",".join(forwarded).decode("latin-1") if forwarded else None
        return client_of(peer[0] if peer else None, joined, self._trusted)
