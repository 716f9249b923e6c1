"""The ASGI side of an answer: headers, CORS, what happens when the client leaves."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import quote

from starlette.types import Receive, Scope, Send

from .answering.replies import REPEATABLE
from .errors import ContentTooLargeError, RequestTimeoutError
from .observing.request import note_failure
from .problems import problem
from .protocol import METHODS
from .settings import Settings

_HOST: Final = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_PREFLIGHT_SECONDS: Final = 86_400
_WATCH_AFTER_SECONDS: Final = 0.02


class ClientGoneError(Exception):
    """The client closed the connection; there is nobody to answer."""


class Exchange:
    """One HTTP request and its answer.

    Attributes:
        method: upper-case.
        started: the status line is out, so that no other answer can be given.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, settings: Settings) -> None:
        self.method: str = scope["method"]
        self.query_string: bytes = scope["query_string"]
        self.started = False
        self._scope = scope
        self._receive = receive
        self._send = send
        self._settings = settings
        self._headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            known = self._headers.get(name)
            self._headers[name] = value if known is None else known + b", " + value

    def header(self, name: str) -> str | None:
        """A header field of the request; several of a name are joined by commas."""
        value = self._headers.get(name.encode())
        return None if value is None else value.decode("latin-1")

    @property
    def url(self) -> str:
        """The address of the request without its query, as an absolute IRI."""
        path = quote(self._scope["path"])
        if self._settings.public_url is not None:
            return self._settings.public_url + path
        host = self.header("host") or ""
        if _HOST.fullmatch(host) is None:
            server = self._scope.get("server") or ("localhost", None)
            host = server[0] if not server[1] else f"{server[0]}:{server[1]}"
        return f"{self._scope.get('scheme', 'http')}://{host}{path}"

    async def body(self, limit: int, seconds: float, *, shown: int | None = None) -> bytes:
        """Receive the body.

        Args:
            limit: most bytes.
            seconds: most time.
            shown: the limit that the client is told, where the body only wraps what is limited.

        Raises:
            ContentTooLargeError: it is longer than ``limit`` bytes.
            RequestTimeoutError: it was not complete in time.
            ClientGoneError: it will never be complete.
        """
        announced = self.header("content-length") or ""
        if announced.isdecimal() and int(announced) > limit:
            raise ContentTooLargeError(shown or limit)
        try:
            async with asyncio.timeout(seconds):
                return await self._receive_body(limit, shown or limit)
        except TimeoutError:
            raise RequestTimeoutError(seconds) from None

    async def _receive_body(self, limit: int, shown: int) -> bytes:
        data = bytearray()
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            data += message.get("body", b"")
            if len(data) > limit:
                raise ContentTooLargeError(shown)
            if not message.get("more_body", False):
                return bytes(data)

    def note_repeatable(self, edition: str, query: str) -> None:
        """Say that the same request has the same response, while that edition is served."""
        self._scope[REPEATABLE] = edition, query

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        """Send status and headers, with those of CORS."""
        fields = {**headers, **self._cors()}
        if self._settings.cors_origins not in ((), ("*",)):
            fields["Vary"] = ", ".join(filter(None, (fields.get("Vary"), "Origin")))
        self.started = True
        encoded = [
            (name.lower().encode(), value.encode("latin-1")) for name, value in fields.items()
        ]
        await self._send({"type": "http.response.start", "status": status, "headers": encoded})

    async def send(self, data: bytes | bytearray, *, more: bool) -> None:
        """Send a piece of the body; waits while the client does not read on."""
        await self._send({"type": "http.response.body", "body": bytes(data), "more_body": more})

    async def whole(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        """Send a complete answer with its length."""
        length = {} if status in (204, 304) else {"Content-Length": str(len(body))}
        await self.start(status, {**headers, **length})
        await self.send(b"" if self.method == "HEAD" else body, more=False)

    async def fail(self, error: Exception) -> None:
        """Answer with the problem document of an error."""
        found = problem(error)
        note_failure(error)
        await self.whole(found.status, found.headers, found.body)

    async def preflight(self, methods: Iterable[str] = METHODS) -> None:
        """Answer OPTIONS, the question of browsers before they send what is not simple."""
        allowed = ", ".join(methods)
        headers = {"Allow": allowed}
        if self._cors():
            headers |= {
                "Access-Control-Allow-Methods": allowed,
                "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
                "Access-Control-Max-Age": str(_PREFLIGHT_SECONDS),
            }
        await self.whole(204, headers)

    @asynccontextmanager
    async def while_connected(self) -> AsyncIterator[None]:
        """Run the block only as long as the client is there.

        Raises:
            ClientGoneError: it left; the block was cancelled.
        """
        task = asyncio.current_task()
        assert task is not None
        gone = False

        async def watch() -> None:
            nonlocal gone
            while (await self._receive())["type"] != "http.disconnect":
                pass
            gone = True
            task.cancel()

        loop = asyncio.get_running_loop()
        watcher: asyncio.Task[None] | None = None

        def begin() -> None:
            nonlocal watcher
            watcher = loop.create_task(watch())

        # Most answers come sooner, and need no task.
        waiting = loop.call_later(_WATCH_AFTER_SECONDS, begin)
        try:
            try:
                yield
            finally:
                if gone:
                    # The cancellation may be on its way still: it must end here, nowhere else.
                    await asyncio.sleep(0)
        except asyncio.CancelledError:
            if not gone or task.uncancel() > 0:
                raise
            raise ClientGoneError from None
        finally:
            waiting.cancel()
            if watcher is not None:
                watcher.cancel()

    def _cors(self) -> dict[str, str]:
        origins = self._settings.cors_origins
        origin = self.header("origin")
        if "*" in origins:
            allowed = "*"
        elif origin is not None and origin in origins:
            allowed = origin
        else:
            return {}
        return {
            "Access-Control-Allow-Origin": allowed,
            "Access-Control-Expose-Headers": "ETag, Retry-After, Allow",
        }


def matches_etag(header: str | None, etag: str) -> bool:
    """Whether If-None-Match names the entity tag, compared weakly (RFC 9110 section 13.1.2)."""
    if header is None:
        return False
    return header.strip() == "*" or etag in _opaque_tags(header)


def _opaque_tags(header: str) -> Iterable[str]:
    return re.findall(r'(?:W/)?("[^"]*")', header)
