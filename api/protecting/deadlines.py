"""The deadline that a client sets for its own query, never later than the operator's."""

from __future__ import annotations

import re
from typing import Final

from ..errors import MalformedRequestError

HEADER: Final = "timeout"

_DURATION: Final = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(ms|s)?\s*", re.ASCII)


def shortened(seconds: float, *wanted: str | None) -> float:
    """The earliest of the deadline and those wished for, each ``5``, ``2.5s`` or ``800ms``.

    Raises:
        MalformedRequestError: a wish is no positive duration.

    >>> shortened(10, "2.5", None), shortened(10, "60 s"), shortened(10, "800ms")
    (2.5, 10, 0.8)
    """
    for wish in wanted:
        if wish is None:
            continue
        match = _DURATION.fullmatch(wish)
        value = float(match[1]) / (1000 if match[2] == "ms" else 1) if match else 0.0
        if value <= 0:
            raise MalformedRequestError(
                f"timeout {wish[:40]!r} is no duration; write seconds, as 5 or 2.5s, or 800ms"
            )
        seconds = min(seconds, value)
    return seconds
