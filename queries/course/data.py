"""The data that lessons and exercises ask: small enough for memory, shipped as Turtle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import pyoxigraph
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, RdfFormat

from ...graph.errors import QueryFailed
from ...graph.lexer import tokens
from ...graph.store import BoundTerm, OpenStore, run_query
from ...ontology.terms import DEFAULT_BASE, PREFIXES
from ..answers import Answer, Table, Triples, Truth
from ..query import query_form

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


class CourseStore(OpenStore):
    """A data set of the course, or any Turtle, asked as a graph is; never over a network.

    Args:
        turtle: the triples.

    Raises:
        SyntaxError: no Turtle.
    """

    def __init__(self, turtle: str) -> None:
        store = pyoxigraph.Store()
        store.load(turtle.encode(), format=RdfFormat.TURTLE)
        super().__init__(store)

    @classmethod
    def of(cls, data: Data) -> CourseStore:
        """Load a data set that is shipped."""
        return cls(data_text(data))

    def __len__(self) -> int:
        return len(self._open())

    def answer(self, query: str) -> Answer:
        """Answer a query of any form.

        Raises:
            QueryError: it is none, or could not be answered.
        """
        match query_form(query):
            case "ASK":
                return Truth(self.ask(query))
            case "CONSTRUCT" | "DESCRIBE":
                return Triples(tuple(sorted(self.construct(query), key=str)))
            case _:
                found = self.select(query)
                return Table(found.variables, tuple(found.rows))

    def _query(
        self, query: str, bindings: Mapping[str, BoundTerm] | None = None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        if any(token.kind == "word" and token.text.upper() == "SERVICE" for token in tokens(query)):
            raise QueryFailed("SERVICE asks another server; lessons stay on this machine")
        return run_query(self._open(), query, bindings, prefixes=COURSE_PREFIXES)
