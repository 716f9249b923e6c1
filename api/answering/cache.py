"""Complete answers by entity tag, the least recently used of them dropped first."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from .compression import LEAST_BYTES, accepts_gzip, pack, packed_tag

# About what the objects of an entry take beyond its bytes.
_ENTRY_BYTES: Final = 700
# One answer may take this share of the cache.
_LARGEST_SHARE: Final = 8


@dataclass(frozen=True, slots=True)
class Variant:
    """An answer in one encoding.

    Attributes:
        etag: of these bytes.
        body: the bytes.
        encoding: for Content-Encoding; empty where the bytes are as the engine wrote them.
    """

    etag: str
    body: bytes
    encoding: str = ""


class StoredAnswer:
    """A complete answer.

    Attributes:
        etag: entity tag of the plain variant.
        plain: the answer as it was made.
        headers: further fields that it was sent with.
    """

    __slots__ = ("_packing", "_size", "etag", "headers", "packed", "plain")

    def __init__(self, etag: str, body: bytes, headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.etag = etag
        self.plain = Variant(etag, body)
        self.headers = headers
        self.packed: Variant | None = None
        self._packing: asyncio.Task[Variant] | None = None
        self._size = _ENTRY_BYTES + len(body) + sum(len(a) + len(b) for a, b in headers)

    @property
    def size(self) -> int:
        """Bytes that it holds."""
        return self._size + (0 if self.packed is None else len(self.packed.body))

    async def variant(self, accept_encoding: str | None) -> Variant:
        """The variant for a client; the first that wants gzip has it packed, once for all."""
        if not accept_encoding or len(self.plain.body) < LEAST_BYTES:
            return self.plain
        if not accepts_gzip(accept_encoding):
            return self.plain
        if self.packed is not None:
            return self.packed
        if self._packing is None:
            self._packing = asyncio.get_running_loop().create_task(self._pack())
        # A client that leaves must not take the others' answer with it.
        return await asyncio.shield(self._packing)

    async def _pack(self) -> Variant:
        try:
            body = await pack(self.plain.body)
        finally:
            self._packing = None
        self.packed = Variant(packed_tag(self.etag), body, "gzip")
        return self.packed


class AnswerCache:
    """Answers of at most so many bytes together.

    Belongs to one event loop. Only complete answers of status 200 go in; a key that names the
    snapshot makes those of an older one unreachable, and `forget` drops them.

    Attributes:
        hits: answers that were found.
        misses: those that were not.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._held = 0
        self._answers: OrderedDict[str, StoredAnswer] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        return len(self._answers)

    @property
    def held_bytes(self) -> int:
        """What the answers take now, packed variants and bookkeeping included."""
        return self._held

    @property
    def largest(self) -> int:
        """The longest body that is kept."""
        return self._most // _LARGEST_SHARE

    def get(self, etag: str) -> StoredAnswer | None:
        """The answer of a tag."""
        found = self._answers.get(etag)
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._answers.move_to_end(etag)
        return found

    async def variant(self, answer: StoredAnswer, accept_encoding: str | None) -> Variant:
        """The variant of an answer for a client; a packed one that is made now counts from now."""
        made = await answer.variant(accept_encoding)
        if self._answers.get(answer.etag) is answer:
            self._account(answer)
        return made

    def put(
        self, etag: str, body: bytes, headers: tuple[tuple[str, str], ...] = ()
    ) -> StoredAnswer:
        """Keep a complete answer, if it is not too large, and return it for sending."""
        answer = StoredAnswer(etag, body, headers)
        if len(body) <= self.largest:
            self._answers[etag] = answer
            self._answers.move_to_end(etag)
            self._account(answer)
        return answer

    def forget(self) -> None:
        """Drop everything, as when another snapshot is served."""
        self._answers.clear()
        self._sizes.clear()
        self._held = 0

    def _account(self, answer: StoredAnswer) -> None:
        size = answer.size
        self._held += size - self._sizes.get(answer.etag, 0)
        self._sizes[answer.etag] = size
        while self._held > self._most and self._answers:
            dropped, _ = self._answers.popitem(last=False)
            self._held -= self._sizes.pop(dropped)
