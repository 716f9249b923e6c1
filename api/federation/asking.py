"""One question to one endpoint over HTTP/1.1: no redirects, bounded in time and in bytes."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final
from urllib.parse import urlsplit

import h11

from ..errors import QueryForbiddenError, ServiceFailedError, ServiceTimeoutError
from ..formats import RESULTS_JSON

_PORTS: Final = {"http": 80, "https": 443}
_PIECE: Final = 64 * 1024
# Public endpoints turn away who does not say what it is, and where to complain.
_CLIENT: Final = f"fairpapers/{version('fairpapers')} (https://w3id.org/fairpapers)"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a service is, taken apart once, so that what is checked is what is asked."""

    service: str
    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port, as an allow-list names them; without the port where it is the usual."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (
            host
            if self.port == _PORTS["https" if self.secure else "http"]
            else f"{host}:{self.port}"
        )


def target_of(service: str, allowed: tuple[str, ...]) -> Target:
    """Take apart the address of a service.

    Raises:
        QueryForbiddenError: its host is not allowed, or it is no plain HTTP address.
    """
    try:
        parts = urlsplit(service)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        parts, port = urlsplit(""), 0
    plain = service.isascii() and service.isprintable() and " " not in service
    if not (plain and port and parts.scheme in _PORTS and parts.hostname) or "@" in parts.netloc:
        raise QueryForbiddenError("SERVICE", "the service is no address like http://host/path")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(service, parts.scheme == "https", parts.hostname, port, path)
    if target.authority not in allowed:
        raise QueryForbiddenError(
            "SERVICE", f"{target.authority} is none of the hosts that may be asked from here"
        )
    return target


async def ask(target: Target, query: str, *, seconds: float, max_bytes: int) -> bytes:
    """Send a query by POST and return the body of the answer.

    Raises:
        ServiceFailedError: no connection, no 200, or an answer that is too long.
        ServiceTimeoutError: the answer was not whole in time.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _exchange(target, query.encode(), max_bytes)
    except TimeoutError:
        raise ServiceTimeoutError(target.service, seconds) from None
    except (OSError, UnicodeError, h11.RemoteProtocolError) as error:
        raise ServiceFailedError(target.service, "it cannot be reached") from error


async def _exchange(target: Target, body: bytes, max_bytes: int) -> bytes:
    context = ssl.create_default_context() if target.secure else None
    reader, writer = await asyncio.open_connection(target.host, target.port, ssl=context)
    try:
        connection = h11.Connection(h11.CLIENT)
        request = h11.Request(
            method="POST",
            target=target.path,
            headers=[
                ("Host", target.authority),
                ("Accept", RESULTS_JSON.media_type),
                ("Content-Type", "application/sparql-query"),
                ("Content-Length", str(len(body))),
                ("Connection", "close"),
                ("User-Agent", _CLIENT),
            ],
        )
        for event in (request, h11.Data(data=body), h11.EndOfMessage()):
            writer.write(connection.send(event) or b"")
        await writer.drain()
        return await _receive(target, connection, reader, max_bytes)
    finally:
        writer.transport.abort()


async def _receive(
    target: Target, connection: h11.Connection, reader: asyncio.StreamReader, max_bytes: int
) -> bytes:
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_PIECE))
        elif isinstance(event, h11.Response):
            if event.status_code != 200:
                raise ServiceFailedError(target.service, f"it answered {event.status_code}")
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > max_bytes:
                raise ServiceFailedError(target.service, f"its answer has over {max_bytes} bytes")
        elif isinstance(event, h11.EndOfMessage):
            return bytes(body)
        elif not isinstance(event, h11.InformationalResponse):
            raise ServiceFailedError(target.service, "it closed the connection")
