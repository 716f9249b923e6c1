"""How queries end, in the few words that metrics and logs count by."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Final

from .. import errors


class Outcome(Enum):
    """How a query ended. CACHED and NOT_MODIFIED needed no process."""

    OK = "ok"
    CACHED = "cached"
    NOT_MODIFIED = "not_modified"
    SYNTAX_ERROR = "syntax_error"
    REJECTED = "rejected"
    REFUSED = "refused"
    OVERLOADED = "overloaded"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    TOO_LARGE = "too_large"
    WORKER_DIED = "worker_died"
    CLIENT_LEFT = "client_left"
    CANCELLED = "cancelled"
    SHUTTING_DOWN = "shutting_down"
    FAILED = "failed"


# The first class that an error is of decides.
_BY_ERROR: Final[tuple[tuple[type[BaseException], Outcome], ...]] = (
    (errors.QuerySyntaxError, Outcome.SYNTAX_ERROR),
    (errors.QueryForbiddenError, Outcome.REFUSED),
    (errors.OverloadedError, Outcome.OVERLOADED),
    (errors.DeadlineExceededError, Outcome.TIMEOUT),
    (errors.MemoryExceededError, Outcome.MEMORY),
    (errors.ResultTooLargeError, Outcome.TOO_LARGE),
    (errors.WorkerCrashedError, Outcome.WORKER_DIED),
    (errors.QueryCancelledError, Outcome.CANCELLED),
    (errors.ShuttingDownError, Outcome.SHUTTING_DOWN),
    (asyncio.CancelledError, Outcome.CLIENT_LEFT),
    (GeneratorExit, Outcome.CLIENT_LEFT),
)


def outcome_of(error: BaseException) -> Outcome:
    """The outcome of a query that ended with an error.

    >>> outcome_of(errors.DeadlineExceededError(10)).value
    'timeout'
    """
    for kind, outcome in _BY_ERROR:
        if isinstance(error, kind):
            return outcome
    if isinstance(error, errors.ApiError):
        if error.status in (401, 403):
            return Outcome.REFUSED
        if error.status < 500:
            return Outcome.REJECTED
    return Outcome.FAILED
