"""The HTTP protocol of the server with bounds on what comes before the application sees it.

uvicorn's fast parser takes a request line and header fields of any length and waits for them
forever; here both are bounded.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ..errors import HeadTooLargeError, UrlTooLongError
from ..problems import problem
from ..settings import Settings


def bounded_protocol(settings: Settings) -> type[asyncio.Protocol]:
    """The protocol class for `uvicorn.Config`, with the bounds of the settings."""

    class Bounded(HttpToolsProtocol):
        """Answers 414 or 431 to heads that are too long, and cuts those that never end."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._in_head = True
            self._head_bytes = 0
            self._head_timer: asyncio.TimerHandle | None = None
            self._refused = False

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._await_head()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_timer()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._refused:
                return
            if self._in_head:
                self._head_bytes += len(data)
                if self._head_timer is None:
                    self._await_head()
            super().data_received(data)
            if self._in_head and self._head_bytes > settings.max_head_bytes:
                self._refuse()

        def on_message_begin(self) -> None:
            self._in_head = True
            super().on_message_begin()

        def on_headers_complete(self) -> None:
            self._in_head = False
            self._stop_timer()
            size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
            if size > settings.max_head_bytes:
                self._refuse()
            else:
                super().on_headers_complete()

        def on_body(self, body: bytes) -> None:
            if not self._refused:
                super().on_body(body)

        def on_message_complete(self) -> None:
            if not self._refused:
                super().on_message_complete()
            self._in_head, self._head_bytes = True, 0

        @property
        def _fields_came(self) -> bool:
            return bool(self.headers) and len(self.url) <= settings.max_head_bytes

        def _await_head(self) -> None:
            self._head_timer = self.loop.call_later(settings.head_seconds, self._give_up)

        def _stop_timer(self) -> None:
            if self._head_timer is not None:
                self._head_timer.cancel()
                self._head_timer = None

        def _give_up(self) -> None:
            if not self.transport.is_closing():
                self.transport.abort()

        def _refuse(self) -> None:
            if self._refused or self.transport.is_closing():
                return
            self._refused = True
            limit = settings.max_head_bytes
            found = problem(
                HeadTooLargeError(limit) if self._fields_came else UrlTooLongError(limit)
            )
            fields = found.headers | {
                "Content-Length": str(len(found.body)),
                "Connection": "close",
            }
            phrase = HTTPStatus(found.status).phrase
            lines = [
                f"HTTP/1.1 {found.status} {phrase}",
                *(f"{key}: {fields[key]}" for key in fields),
            ]
            self.transport.write("\r\n".join((*lines, "", "")).encode() + found.body)
            self.transport.close()

    return cast(type[asyncio.Protocol], Bounded)
