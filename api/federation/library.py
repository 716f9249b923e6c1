"""Queries of the library that ask other endpoints too, on a server that may or may not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ...queries import Query
from ...queries.federation import hosts
from ..errors import QueryForbiddenError
from ..settings import Settings
from .service import Federation

SETTING = "FAIRPAPERS_FEDERATION_HOSTS"


def not_allowed(query: Query, settings: Settings) -> tuple[str, ...]:
    """Hosts that a query asks and the operator has not allowed; of most queries none."""
    return tuple(host for host in hosts(query) if host not in settings.federation_hosts)


def refusal(query: Query, missing: tuple[str, ...], settings: Settings) -> str:
    """Why a query is not asked, and how the operator allows it."""
    wanted = ",".join(dict.fromkeys((*settings.federation_hosts, *missing)))
    return (
        f"query {query.id} asks {', '.join(missing)}, which may not be asked from here; "
        f"whoever runs this can allow it by {SETTING}={wanted}"
    )


async def with_answers(
    query: Query,
    text: str,
    *,
    settings: Settings,
    federation: Federation | None,
    base_iri: str,
    local: Callable[[str], Awaitable[bytes]],
) -> str:
    """The text of a query with the rows of other endpoints in it; of most queries as it is.

    Args:
        query: one of the library.
        text: its text, with blanks filled.
        settings: hosts that are allowed.
        federation: asks them; None where nobody ever is.
        base_iri: of the query.
        local: answers a SELECT on the graph, as SPARQL JSON.

    Raises:
        QueryForbiddenError: it asks a host that the operator has not allowed.
        ServiceFailedError: an endpoint failed, and its clause is not SILENT.
        ServiceTimeoutError: an endpoint took too long, and its clause is not SILENT.
    """
    if not query.federates:
        return text
    missing = hosts(query) if federation is None else not_allowed(query, settings)
    if federation is None or missing:
        raise QueryForbiddenError("SERVICE", refusal(query, missing, settings))
    return await federation.resolve(text, base_iri, local)
