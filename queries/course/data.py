"""The data that lessons and exercises ask: small enough for memory, shipped as Turtle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import pyoxigraph
from pyoxigraph import QueryBoolean, QuerySolutions, RdfFormat, Triple

from ...graph.errors import QueryFailed, QueryFormError
from ...graph.lexer import tokens
from ...graph.store import SelectResult, run_query
from ...ontology.terms import DEFAULT_BASE, PREFIXES
from ..answers import Answer, Table, Triples, Truth

Data = Literal["sample", "faults"]

_KINDS: Final = ("dataset", "method", "metric", "model", "paper", "task")
# A lesson's query need not declare these.
COURSE_PREFIXES: Final[Mapping[str, str]] = {
    **PREFIXES,
    **{kind: f"{DEFAULT_BASE}/id/{kind}/" for kind in _KINDS},
}


def course_folder() -> Path:
    """Folder of the units, the answer key and the data."""
    return Path(__file__).resolve().parent


def data_text(data: Data) -> str:
    """A data set as the Turtle that is shipped."""
    return (course_folder() / f"{data}.ttl").read_text("utf-8")


class CourseStore:
    """A data set of the course, or any Turtle, asked as a graph is; never over a network.

    Args:
        turtle: the triples.

    Raises:
        SyntaxError: no Turtle.
    """

    def __init__(self, turtle: str) -> None:
        self._store: pyoxigraph.Store | None = pyoxigraph.Store()
        self._store.load(turtle.encode(), format=RdfFormat.TURTLE)

    @classmethod
    def of(cls, data: Data) -> CourseStore:
        """Load a data set that is shipped."""
        return cls(data_text(data))

    def __len__(self) -> int:
        return len(self._open())

    def select(self, query: str) -> SelectResult:
        """Answer a SELECT query.

        Raises:
            QueryError: it is none, or could not be answered.
        """
        found = self._query(query)
        if not isinstance(found, QuerySolutions):
            raise QueryFormError("SELECT")
        names = tuple(variable.value for variable in found.variables)
        try:
            return SelectResult(names, [tuple(row) for row in found])
        except (OSError, RuntimeError) as error:
            raise QueryFailed(str(error)) from error

    def ask(self, query: str) -> bool:
        """Answer an ASK query; see `select`."""
        found = self._query(query)
        if not isinstance(found, QueryBoolean):
            raise QueryFormError("ASK")
        return bool(found)

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query; see `select`."""
        found = self._query(query)
        if isinstance(found, QuerySolutions | QueryBoolean):
            raise QueryFormError("CONSTRUCT or DESCRIBE")
        try:
            return list(found)
        except (OSError, RuntimeError) as error:
            raise QueryFailed(str(error)) from error

    def answer(self, query: str) -> Answer:
        """Answer a query of any form; see `select`."""
        found = self._query(query)
        if isinstance(found, QueryBoolean):
            return Truth(bool(found))
        try:
            if isinstance(found, QuerySolutions):
                names = tuple(variable.value for variable in found.variables)
                return Table(names, tuple(tuple(row) for row in found))
            return Triples(tuple(sorted(found, key=str)))
        except (OSError, RuntimeError) as error:
            raise QueryFailed(str(error)) from error

    def close(self) -> None:
        """Forget the triples."""
        self._store = None

    def _open(self) -> pyoxigraph.Store:
        if self._store is None:
            raise QueryFailed("the store is closed")
        return self._store

    def _query(self, query: str) -> QuerySolutions | QueryBoolean | pyoxigraph.QueryTriples:
        if any(token.kind == "word" and token.text.upper() == "SERVICE" for token in tokens(query)):
            raise QueryFailed("SERVICE asks another server; lessons stay on this machine")
        return run_query(self._open(), query, prefixes=COURSE_PREFIXES)
