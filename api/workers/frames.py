"""The frames between the front and a query process: kind (1 byte), length (4 bytes), payload.

A query process sends READY once. For each QUERY it sends any number of DATA and then END, or at
any point FAULT, which is the last frame of that answer. Nothing here imports more than `struct`.
"""

from __future__ import annotations

from struct import Struct
from typing import Final

HEADER: Final = Struct("!BI")
DATA_BYTES: Final = 64 * 1024

READY: Final = 1
QUERY: Final = 2
DATA: Final = 3
END: Final = 4
FAULT: Final = 5


def frame(kind: int, payload: bytes | bytearray = b"") -> bytes:
    """Put a payload into a frame."""
    return HEADER.pack(kind, len(payload)) + payload
