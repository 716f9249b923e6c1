"""Whether a client takes gzip, and how an answer is packed."""

from __future__ import annotations

import asyncio
import gzip
import re
from typing import Final

# Below this, the frame of gzip and another header cost more than what is saved.
LEAST_BYTES: Final = 1024
# Level 6 of zlib takes about a second for 20 MB: only short ones are packed on the loop.
_INLINE_BYTES: Final = 16 * 1024
_LEVEL: Final = 6
_CODING: Final = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*q=([0-9.]+)\s*)?", re.I)
_MOST_CODINGS: Final = 50
_NAMES: Final = ("gzip", "x-gzip")


def accepts_gzip(header: str | None) -> bool:
    """Whether Accept-Encoding prefers gzip to the answer as it is (RFC 9110 section 12.5.3).

    >>> accepts_gzip("gzip;q=0.5, identity;q=0.2"), accepts_gzip("gzip;q=0, *"), accepts_gzip(None)
    (True, False, False)
    """
    if not header:
        return False
    if header in ("gzip", "gzip, deflate", "gzip, deflate, br", "gzip, deflate, br, zstd"):
        return True
    qualities: dict[str, float] = {}
    for piece in header.split(",")[:_MOST_CODINGS]:
        match = _CODING.fullmatch(piece)
        if match is not None:
            qualities.setdefault(match[1].lower(), _quality(match[2]))
    rest = qualities.get("*", 0.0)
    packed = max((qualities[name] for name in _NAMES if name in qualities), default=rest)
    # Not named, identity is acceptable but not asked for.
    return packed > 0 and packed >= qualities.get("identity", 0.0)


async def pack(body: bytes) -> bytes:
    """The body as gzip, the same bytes each time."""
    if len(body) <= _INLINE_BYTES:
        return gzip.compress(body, _LEVEL, mtime=0)
    return await asyncio.to_thread(gzip.compress, body, _LEVEL, mtime=0)


def packed_tag(etag: str) -> str:
    """The entity tag of the packed variant, which has other bytes and so another tag.

    >>> packed_tag('"abc"')
    '"abc.gzip"'
    """
    return f'{etag[:-1]}.gzip"'


def plain_tag(etag: str) -> str:
    """The tag of the answer as it is, from that of any variant."""
    return etag.removesuffix('.gzip"') + '"' if etag.endswith('.gzip"') else etag


def _quality(text: str | None) -> float:
    try:
        return 1.0 if text is None else float(text)
    except ValueError:
        return 0.0
