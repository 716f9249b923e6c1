"""What must hold of a query that asks other endpoints, checked when it is loaded."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Store

from ...graph.lexer import line_of
from ..errors import Fault
from ..parsing import QueryFile
from .clauses import ClauseError, Federated, find_clauses
from .fixtures import FixtureError, fixture_path, read_fixture
from .tables import NOTHING_KNOWN

_BASE = "https://example.org/"


def bare(text: str) -> str:
    """A query without its SERVICE clauses, which the engine would ask.

    Raises:
        ClauseError: a clause that cannot be asked.
    """
    found = find_clauses(text)
    return found.with_answers([NOTHING_KNOWN] * len(found.clauses))


def federation_faults(file: QueryFile) -> Iterator[Fault]:
    """Whether ``federates`` names what the clauses ask, each can be asked, and answers are stored."""
    query = file.query
    try:
        found = find_clauses(query.bind())
    except ClauseError as error:
        yield file.in_text(1, f"SERVICE: {error}")
        return
    services = tuple(dict.fromkeys(clause.service for clause in found.clauses))
    if services != query.federates:
        message = f"federates is {_listed(query.federates)}, the query asks {_listed(services)}"
        yield file.in_front_matter(("federates",), message)
    yield from _syntax(file, found)
    yield from _stored(file, services)


def _syntax(file: QueryFile, found: Federated) -> Iterator[Fault]:
    for clause in found.clauses:
        try:
            Store().query(found.question(clause, _BASE))
        except SyntaxError as error:
            line = line_of(found.query, clause.start)
            yield file.in_text(line, f"in this SERVICE: {' '.join(str(error).split())[:200]}")


def _stored(file: QueryFile, services: tuple[str, ...]) -> Iterator[Fault]:
    name = file.query.fixture
    if name is None:
        if services:
            yield file.in_front_matter(("federates",), "fixture: this field is missing")
        return
    location = ("fixture",)
    if not services:
        yield file.in_front_matter(location, "fixture: the query asks nobody else")
        return
    try:
        fixture = read_fixture(fixture_path(name, file.path))
        if fixture.query != file.query.id:
            raise FixtureError(f"fixture {name} is of query {fixture.query}")
        for service in services:
            fixture.answer(service)
    except FixtureError as error:
        yield file.in_front_matter(location, str(error))


def _listed(services: tuple[str, ...]) -> str:
    return ", ".join(services) or "empty"
