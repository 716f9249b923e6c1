"""The HTTP request at work: its id, and what is noted of it for the log and the metrics."""

from __future__ import annotations

import hashlib
import re
from contextvars import ContextVar
from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from .outcomes import Outcome, outcome_of

HEADER: Final = "X-Request-Id"
# Long enough for UUIDs and the ids of tracing systems; nothing that a log line could choke on.
_WELL_FORMED: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_DIGEST_DIGITS: Final = 16


@dataclass(slots=True)
class Notes:
    """What is noted while a request is answered.

    Attributes:
        id: as sent by the client, or made here.
        outcome: how its last query ended, or what went wrong without one.
        query: text of the query that the client sent; None where it sent none.
        counted: its query went to a process, where its end was counted.
    """

    id: str
    outcome: Outcome | None = None
    query: str | None = None
    counted: bool = False


_current: ContextVar[Notes | None] = ContextVar("fairpapers_request", default=None)


def begin_request(sent: bytes | None) -> Notes:
    """Start the notes of the request that this task answers; ``sent`` is the client's id."""
    well_formed = sent is not None and _WELL_FORMED.fullmatch(sent) is not None
    notes = Notes(sent.decode() if sent is not None and well_formed else token_hex(8))
    _current.set(notes)
    return notes


def request_id() -> str:
    """Id of the request at work; empty outside of one."""
    notes = _current.get()
    return "" if notes is None else notes.id


def note_query(text: str) -> None:
    """Note the query that the client sent."""
    notes = _current.get()
    if notes is not None:
        notes.query = text


def note_failure(error: BaseException) -> None:
    """Note what the client is told instead of an answer."""
    notes = _current.get()
    if notes is not None and notes.outcome is None:
        notes.outcome = outcome_of(error)


def note_end(outcome: Outcome) -> None:
    """Note how a query ended that was sent to a process."""
    notes = _current.get()
    if notes is not None:
        notes.outcome, notes.counted = outcome, True


def query_digest(query: str) -> str:
    """What stands for a query where its text must not: digits of its SHA-256."""
    data = query.encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:_DIGEST_DIGITS]
