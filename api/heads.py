"""HEAD for every page: what GET would answer, without the body (RFC 9110 section 9.3.2)."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# These answer HEAD themselves, and need not make the body for it.
_OWN: Final = ("/sparql", "/store", "/graph/")


class HeadAsGet:
    """ASGI middleware that asks for the page and drops its body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, HEAD as GET."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"].startswith(_OWN):
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, without_body)
