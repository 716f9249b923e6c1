"""A federated query answered with what is stored, without asking anybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ...ontology.terms import DEFAULT_BASE
from ..errors import FederatedQueryError
from .clauses import find_clauses
from .fixtures import Fixture

if TYPE_CHECKING:
    from ..query import Query


def hosts(query: Query) -> tuple[str, ...]:
    """The hosts that a query asks besides the graph, as ``FAIRPAPERS_FEDERATION_HOSTS`` names them.

    >>> from fairpapers.queries import load_library
    >>> hosts(load_library()["K01"])
    ('query.wikidata.org',)
    """
    return tuple(dict.fromkeys(map(_host, query.federates)))


def _host(service: str) -> str:
    """Host of an endpoint, with the port where it is not the usual one."""
    parts = urlsplit(service)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return host if parts.port in (None, usual) else f"{host}:{parts.port}"


def replayed(text: str, fixture: Fixture) -> str:
    """A query with the stored rows of each service in the place of its clause.

    The rows are joined with the rest as the service's own would be, so what the graph does not
    have drops out.

    Raises:
        ClauseError: a clause that cannot be asked.
        FixtureError: a service of which no answer is stored.
    """
    found = find_clauses(text)
    blocks = [fixture.answer(clause.service).rows.block() for clause in found.clauses]
    return found.with_answers(blocks)


def stored_text(
    query: Query,
    fixture: Fixture | None,
    values: Mapping[str, str] | None = None,
    *,
    base: str = DEFAULT_BASE,
) -> str:
    """Fill the blanks of a query and put stored rows in the place of its clauses, if it has any.

    Args:
        query: one of a library.
        fixture: its stored answers, see `load_fixture`.
        values: text by parameter name.
        base: base IRI of the graph.

    Raises:
        FederatedQueryError: it asks other endpoints, and no answers are given.
        UnknownParameterError: a value for a parameter that the query does not have.
        ParameterError: a value that its parameter does not take.
        FixtureError: the answer of a service is not among them.
    """
    text = query.bind(values, base=base)
    if not query.federates:
        return text
    if fixture is None:
        raise FederatedQueryError(query.id, hosts(query))
    return replayed(text, fixture)
