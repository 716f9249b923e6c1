"""Entity tags for entities, statistics and library answers, and the cache for them.

What such a page holds is decided by the graph, the program and the request, so its tag is known
before anything is asked of the graph. Pages that show what they could get, and leave out the rest,
are not among them: HTML of the library, and a profile of which a panel failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..responding import matches_etag
from .cache import AnswerCache, StoredAnswer
from .compression import packed_tag
from .keys import digest_tag

_ENTITIES: Final = ("/id/", "/doc/", "/agent/", "/ontology", "/vocab/", "/shapes", "/statistics")
_LIBRARY: Final = "/queries"
_OWN: Final = (b"content-length", b"vary", b"cache-control", b"etag")
_FIELDS: Final = [(b"vary", b"Accept, Accept-Encoding"), (b"cache-control", b"no-cache")]

Fields = Iterable[tuple[bytes, bytes]]


class KeptPages:
    """ASGI middleware that answers 304, and from the cache, for entities and library answers.

    Args:
        app: makes the pages.
        cache: keeps them.
        edition: tells what the pages of this moment are made from, the program included.
    """

    def __init__(self, app: ASGIApp, cache: AnswerCache, edition: Callable[[], str]) -> None:
        self.app = app
        self._cache = cache
        self._edition = edition

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on and keep what comes."""
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or not scope["path"].startswith((*_ENTITIES, _LIBRARY))
        ):
            await self.app(scope, receive, send)
            return
        asked = dict(scope["headers"])
        edition = self._edition()
        etag = _tag(edition, scope, asked)
        for tag in (etag, packed_tag(etag)):
            if matches_etag(_specific(asked.get(b"if-none-match")), tag):
                await _send(send, 304, [*_FIELDS, (b"etag", tag.encode())], b"")
                return
        known = self._cache.get(etag)
        if known is not None:
            await self._send_known(known, asked, send)
            return
        started: Message = {}

        async def keep(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = message
                return
            whole = not message.get("more_body", False)
            if started and whole and self._edition() == edition and _is_lasting(scope, started):
                fields = [each for each in started["headers"] if each[0].lower() not in _OWN]
                body = message.get("body", b"")
                await self._send_known(self._cache.put(etag, body, _texts(fields)), asked, send)
                return
            if started:
                await send(started)
                started = {}
            await send(message)

        await self.app(scope, receive, keep)

    async def _send_known(self, known: StoredAnswer, asked: dict[bytes, bytes], send: Send) -> None:
        encodings = asked.get(b"accept-encoding", b"").decode("latin-1")
        variant = await self._cache.variant(known, encodings)
        fields = [(name.encode(), value.encode("latin-1")) for name, value in known.headers]
        fields += [*_FIELDS, (b"etag", variant.etag.encode())]
        fields.append((b"content-length", str(len(variant.body)).encode()))
        if variant.encoding:
            fields.append((b"content-encoding", variant.encoding.encode()))
        await _send(send, 200, fields, variant.body)


def program_digest(folder: Path, version: str) -> str:
    """What changes where the program would make other pages: its version and its templates."""
    digest = blake2b(version.encode(), digest_size=8)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _tag(edition: str, scope: Scope, asked: dict[bytes, bytes]) -> str:
    raw = scope.get("raw_path") or scope["path"].encode()
    parts = (raw, scope["query_string"], asked.get(b"host", b""), asked.get(b"accept", b""))
    return digest_tag((edition, scope["scheme"], *(part.decode("latin-1") for part in parts)))


def _specific(header: bytes | None) -> str | None:
    """If-None-Match, unless it is ``*``, since nobody knows yet whether there is a page."""
    text = None if header is None else header.decode("latin-1")
    return None if text is not None and text.strip() == "*" else text


def _is_lasting(scope: Scope, start: Message) -> bool:
    fields = {name.lower(): value for name, value in start["headers"]}
    is_html = fields.get(b"content-type", b"").startswith(b"text/html")
    return (
        start["status"] == 200
        and b"no-store" not in fields.get(b"cache-control", b"")
        and (not is_html or scope["path"].startswith(_ENTITIES))
    )


def _texts(fields: Fields) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in fields)


async def _send(send: Send, status: int, fields: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
