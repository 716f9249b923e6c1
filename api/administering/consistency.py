"""Pages that ask several queries, each page answered from one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any, Final, Generic, TypeVar

from fastapi import Request, Response
from fastapi.routing import APIRoute

from ..errors import ApiError, OverloadedError

# Each attempt begins on the newest snapshot, so only a stream of publications uses them up.
_ATTEMPTS: Final = 5

Key = TypeVar("Key")
Value = TypeVar("Value")

_answered: ContextVar[set[str] | None] = ContextVar("fairpapers_answered_from", default=None)


def note_store(store_id: str) -> None:
    """Take down which store answered a query of the request at work."""
    seen = _answered.get()
    if seen is not None:
        seen.add(store_id)


def one_snapshot(current: Callable[[], str]) -> type[APIRoute]:
    """Make the class of routes that are done again when the snapshot changed under them.

    Args:
        current: the id of the snapshot that is served now, which pages show.
    """

    class OneSnapshot(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handler = super().get_route_handler()

            async def handle(request: Request) -> Response:
                for _ in range(_ATTEMPTS):
                    seen: set[str] = set()
                    token = _answered.set(seen)
                    try:
                        response = await handler(request)
                    except ApiError:
                        if seen <= {current()}:
                            raise
                    else:
                        if seen <= {current()}:
                            return response
                    finally:
                        _answered.reset(token)
                raise OverloadedError(1)

            return handle

    return OneSnapshot


class Memory(Generic[Key, Value]):
    """What was worked out from a snapshot and stays true as long as that one is served.

    Take `now` before asking and write to that, so that an answer of the snapshot before, which
    comes in late, is forgotten with it.
    """

    def __init__(self) -> None:
        self.now: dict[Key, Value] = {}

    def forget(self) -> None:
        """Begin anew, for another snapshot."""
        self.now = {}
