"""Answers on their way to a client: from the cache, or from a process and then into the cache.

The first 64 KiB of an answer are held back, so that a query that fails early gets its real status
and a small answer its Content-Length. Only an answer that came to its end is kept.
"""

from __future__ import annotations

from typing import Final

from ..negotiation import Offer
from ..responding import Exchange, matches_etag
from ..workers.backend import AnswerStream, Edition, QueryPool
from ..workers.pool import QueryRequest
from .cache import AnswerCache, StoredAnswer
from .compression import packed_tag
from .keys import entity_tag

_HELD_BYTES: Final = 64 * 1024
FIELDS: Final = {"Vary": "Accept, Accept-Encoding", "Cache-Control": "no-cache"}
# Each of these answers is another one.
_VOLATILE: Final = {**FIELDS, "Cache-Control": "no-store"}


class Delivery:
    """Answers queries of one pool.

    Args:
        pool: runs what is not known yet.
        cache: complete answers of the stores of that pool.
    """

    def __init__(self, pool: QueryPool, cache: AnswerCache) -> None:
        self._pool = pool
        self._cache = cache

    async def deliver(
        self, exchange: Exchange, query: QueryRequest, offer: Offer, *, volatile: bool
    ) -> None:
        """Answer a query in a format; ``volatile`` are answers that differ each time.

        Raises:
            ApiError: whatever ended the query.
        """
        if volatile:
            await self._run(exchange, query, offer, None)
            return
        store = self._pool.store
        etag = entity_tag(store.edition, query)
        asked = exchange.header("if-none-match")
        if asked is not None:
            for tag in (etag, packed_tag(etag)):
                if matches_etag(asked, tag):
                    exchange.note_repeatable(store.edition, query.query)
                    await exchange.whole(304, {**FIELDS, "ETag": tag})
                    return
        known = self._cache.get(etag)
        if known is None:
            await self._run(exchange, query, offer, (store, etag))
        else:
            exchange.note_repeatable(store.edition, query.query)
            await self._send(exchange, known)

    async def _run(
        self,
        exchange: Exchange,
        query: QueryRequest,
        offer: Offer,
        expected: tuple[Edition, str] | None,
    ) -> None:
        """Have a process answer; ``expected`` is None where the next answer may differ."""
        fields = _VOLATILE if expected is None else FIELDS
        headers = {**fields, "Content-Type": offer.content_type}
        etag = ""
        async with exchange.while_connected(), self._pool.query(query) as answer:
            if expected is not None:
                store, etag = expected
                if answer.store is not store:
                    # It was swapped since the tag was made.
                    etag = entity_tag(answer.store.edition, query)
                headers["ETag"] = etag
            body = await self._stream(exchange, answer, headers)
        known = None
        if etag and body is not None:
            known = self._cache.put(etag, body, (("Content-Type", offer.content_type),))
        if exchange.started:
            await exchange.send(b"", more=False)
        elif known is not None:
            await self._send(exchange, known)
        else:
            await exchange.whole(200, headers, body or b"")

    async def _send(self, exchange: Exchange, known: StoredAnswer) -> None:
        """Send a complete answer, packed to those who take that."""
        variant = await self._cache.variant(known, exchange.header("accept-encoding"))
        headers = {**FIELDS, **dict(known.headers), "ETag": variant.etag}
        if variant.encoding:
            headers["Content-Encoding"] = variant.encoding
        await exchange.whole(200, headers, variant.body)

    async def _stream(
        self, exchange: Exchange, answer: AnswerStream, headers: dict[str, str]
    ) -> bytes | None:
        """Send an answer on as it comes; one that is small is left unsent.

        Returns:
            All of it; None where it is too long to be kept, or was not read to its end.
        """
        kept: bytearray | None = bytearray()
        most = max(_HELD_BYTES, self._cache.largest)
        async for chunk in answer:
            if kept is not None:
                kept += chunk
            if exchange.started:
                await exchange.send(chunk, more=True)
            elif kept is not None and len(kept) > _HELD_BYTES:
                await exchange.start(200, headers)
                if exchange.method == "HEAD":
                    return None
                await exchange.send(kept, more=True)
            if kept is not None and len(kept) > most:
                kept = None
        return None if kept is None else bytes(kept)
