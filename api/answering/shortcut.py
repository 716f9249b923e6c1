"""The server's HTTP protocol with a way around the application for requests that are known.

A connection takes it only between two requests, when nothing of the next one has been parsed and
the client reads what it is sent; everything else goes the common way.
"""

from __future__ import annotations

import asyncio
from secrets import token_hex
from typing import Any, cast

from .replies import REQUEST, Replies, is_whole_request


def with_shortcut(protocol: type[Any], replies: Replies) -> type[asyncio.Protocol]:
    """A protocol class for `uvicorn.Config`.

    Args:
        protocol: what `bounded_protocol` made.
        replies: responses by request.
    """

    class Shortcut(protocol):  # type: ignore[misc]
        """Sends known responses at once."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._whole: bytes | None = None

        def data_received(self, data: bytes) -> None:
            if not self._between_requests() or not is_whole_request(data):
                self._whole = None
                super().data_received(data)
                return
            reply = replies.get(data)
            if reply is None:
                self._whole = data
                super().data_received(data)
                return
            self._stop_timer()
            self._unset_keepalive_if_required()
            self.server_state.total_requests += 1
            request_id = token_hex(8)
            self.transport.write(reply.whole(self.server_state.default_headers, request_id))
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
            replies.sent(reply, request_id)

        def on_headers_complete(self) -> None:
            if self._whole is not None:
                self.scope[REQUEST] = self._whole
                self._whole = None
            super().on_headers_complete()

        def _between_requests(self) -> bool:
            return (
                self._in_head
                and not self._head_bytes
                and not self._refused
                and not self.pipeline
                and (self.cycle is None or self.cycle.response_complete)
                and not self.flow.write_paused
                and not self.transport.is_closing()
            )

    return cast(type[asyncio.Protocol], Shortcut)
