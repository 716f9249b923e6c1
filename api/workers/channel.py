"""The front's end of the socket to a query process, as an asyncio protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, cast

from . import frames

# Reading stops beyond this, and with it the query process: nobody buffers a whole answer.
_MOST_BUFFERED: Final = 4 * frames.DATA_BYTES


class FrameChannel(asyncio.Protocol):
    """Reads frames one at a time; ``lost`` is called once when the process is gone."""

    def __init__(self, lost: Callable[[], None]) -> None:
        self._lost = lost
        self._closed = False
        self._paused = False
        self._buffer = bytearray()
        self._waiter: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Take bytes in, and stop reading while enough are waiting."""
        self._buffer += data
        if len(self._buffer) > _MOST_BUFFERED and not self._paused and self._transport:
            self._transport.pause_reading()
            self._paused = True
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        """Tell the reader and the owner."""
        self._closed = True
        self._wake()
        self._lost()

    @property
    def connected(self) -> bool:
        """Whether the socket was handed over; the transport closes it then."""
        return self._transport is not None

    @property
    def closed(self) -> bool:
        """Whether nothing more will come."""
        return self._closed

    def send(self, kind: int, payload: bytes) -> None:
        """Send a frame."""
        if self._transport is not None:
            self._transport.write(frames.frame(kind, payload))

    def abort(self) -> None:
        """Drop the connection; what was not read is gone."""
        self._buffer.clear()
        if self._transport is not None:
            self._transport.abort()

    async def read(self) -> tuple[int, bytes] | None:
        """Return the next frame, or None where the process is gone."""
        while (found := self._next_frame()) is None:
            if self._closed:
                return None
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._paused and len(self._buffer) <= _MOST_BUFFERED // 2 and not self._closed:
            self._paused = False
            cast(asyncio.Transport, self._transport).resume_reading()
        return found

    def _next_frame(self) -> tuple[int, bytes] | None:
        start = frames.HEADER.size
        if len(self._buffer) < start:
            return None
        kind, length = frames.HEADER.unpack_from(self._buffer)
        if len(self._buffer) < start + length:
            return None
        payload = bytes(self._buffer[start : start + length])
        del self._buffer[: start + length]
        return kind, payload

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
