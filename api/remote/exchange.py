"""One query to the server of the operator over HTTP/1.1: no redirects; closing it is stopping."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import h11

from ...graph.remote import FORM, Endpoint, Login
from ..errors import StoreFailedError

_PIECE: Final = 64 * 1024
_CONNECT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Response:
    """Status and headers (names in lower case) of an answer, and its body as it comes in."""

    status: int
    headers: Mapping[str, str]
    body: AsyncIterator[bytes]


class Asking:
    """Asks one server.

    Args:
        endpoint: where it answers queries; no other host is ever asked.
        login: a token, or name and password for Basic; Digest is for loading only.
    """

    def __init__(self, endpoint: Endpoint, login: Login | None = None) -> None:
        self._endpoint = endpoint
        self._context = ssl.create_default_context() if endpoint.secure else None
        self._authorization: str | None = None
        if login is not None:
            answer = login.answer("Basic", "POST", endpoint.path)
            self._authorization = answer or login.first()

    @asynccontextmanager
    async def post(self, form: bytes, accept: str) -> AsyncIterator[Response]:
        """Send a form and enter the block when status and headers are there.

        Leaving the block closes the connection, which tells the server that nobody waits.

        Raises:
            StoreFailedError: no connection, or it broke; while the body is read, too.
        """
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                reader, writer = await asyncio.open_connection(
                    self._endpoint.host, self._endpoint.port, ssl=self._context
                )
        except (OSError, TimeoutError) as error:
            raise StoreFailedError("it cannot be reached") from error
        try:
            connection = h11.Connection(h11.CLIENT)
            for event in (self._request(form, accept), h11.Data(data=form), h11.EndOfMessage()):
                writer.write(connection.send(event) or b"")
            await writer.drain()
            incoming = _Incoming(reader, connection)
            status, headers = await incoming.head()
            yield Response(status, headers, incoming.body())
        except (OSError, h11.RemoteProtocolError) as error:
            raise StoreFailedError("it broke the connection") from error
        finally:
            writer.transport.abort()

    def _request(self, form: bytes, accept: str) -> h11.Request:
        fields = [
            ("Host", self._endpoint.authority),
            ("Accept", accept),
            ("Content-Type", FORM),
            ("Content-Length", str(len(form))),
            ("Connection", "close"),
            ("User-Agent", "fairpapers"),
        ]
        if self._authorization is not None:
            fields.append(("Authorization", self._authorization))
        return h11.Request(method="POST", target=self._endpoint.path, headers=fields)


class _Incoming:
    def __init__(self, reader: asyncio.StreamReader, connection: h11.Connection) -> None:
        self._reader = reader
        self._connection = connection

    async def _next(self) -> object:
        while True:
            event = self._connection.next_event()
            if event is not h11.NEED_DATA:
                return event
            self._connection.receive_data(await self._reader.read(_PIECE))

    async def head(self) -> tuple[int, dict[str, str]]:
        while True:
            event = await self._next()
            if isinstance(event, h11.Response):
                fields = {name.decode(): value.decode("latin-1") for name, value in event.headers}
                return event.status_code, fields
            if not isinstance(event, h11.InformationalResponse):
                raise StoreFailedError("it broke the connection")

    async def body(self) -> AsyncIterator[bytes]:
        try:
            while True:
                event = await self._next()
                if isinstance(event, h11.EndOfMessage):
                    return
                if not isinstance(event, h11.Data):
                    raise StoreFailedError("it broke the connection")
                yield bytes(event.data)
        except (OSError, h11.RemoteProtocolError) as error:
            raise StoreFailedError("it broke the connection") from error
