"""The HTTP request at work: its id, and what is noted of it for the log and the metrics."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

HEADER: Final = "x-request-id"
# Long enough for UUIDs and the ids of tracing systems; nothing that a log line could choke on.
_WELL_FORMED: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")


@dataclass(slots=True)
class Notes:
    """What is noted while a request is answered.

    Attributes:
        id: as sent by the client, or made here.
        outcome: how its query ended; empty where it asked none.
        digest: of its query text.
        query: the text itself.
        wait_seconds: how long its query waited for a process, all of its queries together.
    """

    id: str
    outcome: str = ""
    digest: str = ""
    query: str = ""
    wait_seconds: float = 0.0


_current: ContextVar[Notes | None] = ContextVar("fairpapers_request", default=None)


def begin(headers: Mapping[bytes, bytes]) -> Notes:
    """Start the notes of the request that this task answers."""
    sent = headers.get(HEADER.encode(), b"")
    identity = sent.decode() if _WELL_FORMED.fullmatch(sent) else token_hex(8)
    notes = Notes(identity)
    _current.set(notes)
    return notes


def current_notes() -> Notes | None:
    """Notes of the request at work; None outside of one."""
    return _current.get()


def current_request_id() -> str:
    """Id of the request at work; empty outside of one."""
    notes = _current.get()
    return "" if notes is None else notes.id
