"""The update operation of the SPARQL Protocol, behind the check of its token."""

from __future__ import annotations

from ..protocol import UpdateRequest
from ..responding import Exchange
from ..settings import Settings
from .access import UpdateAccess
from .changes import Change, Update
from .writer import Writer, Written


class Updates:
    """What the routes that write share: who may, how much, and the writer.

    Args:
        access: checks tokens.
        writer: makes the changes; None only where ``access`` lets nobody through.
        settings: limits.
    """

    def __init__(self, access: UpdateAccess, writer: Writer | None, settings: Settings) -> None:
        self._access = access
        self._writer = writer
        self._settings = settings

    @property
    def enabled(self) -> bool:
        """Whether anybody may write."""
        return self._access.enabled

    def check(self, exchange: Exchange) -> None:
        """Let a request through that may write.

        Raises:
            UpdatesDisabledError: nobody may.
            TokenRequiredError: the token is missing or another.
        """
        self._access.check(exchange.header("authorization"))

    def most(self, exchange: Exchange) -> tuple[int, float]:
        """Bytes of the longest text that is read from this client, and seconds to send it in.

        Who does not hold the token sends no more than queries; a token for something else, such
        as a proxy, is no fault.
        """
        settings = self._settings
        if not self._access.allows(exchange.header("authorization")):
            return settings.max_query_bytes, settings.deadline_seconds
        return (
            max(settings.max_update_bytes, settings.max_query_bytes),
            max(settings.update_deadline_seconds, settings.deadline_seconds),
        )

    async def write(self, exchange: Exchange, change: Change) -> Written:
        """Make a change for a client; one that leaves before it is applied takes it back.

        Raises:
            ApiError: it may not, or the change failed and nothing is changed.
            ClientGoneError: the client left.
        """
        self.check(exchange)
        assert self._writer is not None
        async with exchange.while_connected():
            return await self._writer.write(change)

    async def respond(self, exchange: Exchange, request: UpdateRequest) -> None:
        """Answer an update request with 204 once it is published and served."""
        change = Update(
            text=request.update,
            base_iri=exchange.url,
            default_graphs=request.default_graphs,
            named_graphs=request.named_graphs,
        )
        await self.write(exchange, change)
        await exchange.whole(204, {"Cache-Control": "no-store"})


def no_updates(settings: Settings) -> Updates:
    """Routes that refuse every change."""
    return Updates(UpdateAccess(None), None, settings)
