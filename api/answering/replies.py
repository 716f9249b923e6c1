"""Whole responses by the bytes of the request, for clients that ask the same again and again.

Two requests with the same bytes have the same response, as long as one edition of the store is
served and the application says that nothing else matters. So the second time an answer is found in
the cache, the response is kept as bytes, and from then on sent without parsing the request.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..observing.request import HEADER as REQUEST_ID

# Keys of the ASGI scope: the request's bytes, and the edition that its response was made from.
REQUEST: Final = "fairpapers.request"
REPEATABLE: Final = "fairpapers.repeatable"

LONGEST_REQUEST: Final = 8 * 1024
_LONGEST_BODY: Final = 64 * 1024
_ENTRY_BYTES: Final = 500
_FRESH: Final = (REQUEST_ID.lower().encode(), b"date")
# A request with one of these fields is about more than what it asks for.
_SPECIAL: Final = re.compile(
    rb"\r\n(?:authorization|content-length|cookie|expect|range|te|trailer|transfer-encoding"
    rb"|upgrade|x-request-id)[ \t]*:|\r\nconnection[ \t]*:(?![ \t]*keep-alive[ \t]*\r\n)",
    re.IGNORECASE,
)
_HOST: Final = re.compile(rb"\r\nhost[ \t]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """A response without the fields that are new each time.

    Attributes:
        edition: of the store that it was made from.
        status: of the response.
        query: what was asked, for the log.
        fields: of its header that are the same each time, each with its line end.
        body: as sent.
    """

    edition: str
    status: int
    query: str
    fields: bytes
    body: bytes

    def whole(self, fresh: Sequence[tuple[bytes, bytes]], request_id: str) -> bytes:
        """The response, with fields such as Date and the id of the request."""
        phrase = HTTPStatus(self.status).phrase.encode()
        return b"HTTP/1.1 %d %s\r\n%s%sx-request-id: %s\r\n\r\n%s" % (
            self.status,
            phrase,
            _lines(fresh),
            self.fields,
            request_id.encode(),
            self.body,
        )


class Replies:
    """Responses of at most so many bytes together, the least recently used dropped first.

    Args:
        most_bytes: of all responses and requests.
        edition: tells which edition of the store is served now.
        sent: called for each response that was sent from here, with the id of its request.
    """

    def __init__(
        self, most_bytes: int, edition: Callable[[], str], sent: Callable[[Reply, str], None]
    ) -> None:
        self._most = most_bytes
        self._held = 0
        self._edition = edition
        self._replies: OrderedDict[bytes, Reply] = OrderedDict()
        self.sent = sent

    def __len__(self) -> int:
        return len(self._replies)

    @property
    def held_bytes(self) -> int:
        """What they take now."""
        return self._held

    def get(self, request: bytes) -> Reply | None:
        """The response to a request, if it is still true."""
        found = self._replies.get(request)
        if found is None:
            return None
        if found.edition != self._edition():
            self._drop(request)
            return None
        self._replies.move_to_end(request)
        return found

    def put(self, request: bytes, reply: Reply) -> None:
        """Keep the response to a request, if it is none of the special ones."""
        if len(reply.body) > _LONGEST_BODY or _SPECIAL.search(request):
            return
        if _HOST.search(request) is None:
            # What relative IRIs mean then depends on the connection.
            return
        if request in self._replies:
            self._drop(request)
        self._replies[request] = reply
        self._held += _size(request, reply)
        while self._held > self._most:
            self._drop(next(iter(self._replies)))

    def _drop(self, request: bytes) -> None:
        self._held -= _size(request, self._replies.pop(request))


class Remembering:
    """ASGI middleware, the outermost: keeps the responses that the application calls repeatable."""

    def __init__(self, app: ASGIApp, replies: Replies) -> None:
        self.app = app
        self._replies = replies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and keep its response."""
        request = scope.get(REQUEST)
        if request is None:
            await self.app(scope, receive, send)
            return
        start: Message = {}

        async def remember(message: Message) -> None:
            nonlocal start
            await send(message)
            if message["type"] == "http.response.start":
                start = message
            elif REPEATABLE in scope and not message.get("more_body", False):
                edition, query = scope.pop(REPEATABLE)
                reply = Reply(
                    edition, start["status"], query, _lasting(start), message.get("body", b"")
                )
                self._replies.put(request, reply)

        await self.app(scope, receive, remember)


def is_whole_request(data: bytes) -> bool:
    """Whether these bytes are one GET request to the endpoint, and nothing else."""
    return (
        data.startswith(b"GET /sparql?")
        and len(data) <= LONGEST_REQUEST
        and data.find(b"\r\n\r\n") == len(data) - 4
        and data.find(b" HTTP/1.1\r\n") == data.find(b"\r\n") - 9
    )


def _lines(fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join(b"%s: %s\r\n" % field for field in fields)


def _lasting(start: Message) -> bytes:
    return _lines(field for field in start["headers"] if field[0].lower() not in _FRESH)


def _size(request: bytes, reply: Reply) -> int:
    return _ENTRY_BYTES + len(request) + len(reply.fields) + len(reply.body) + len(reply.query)
