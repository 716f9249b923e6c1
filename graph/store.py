"""Asking a graph: one small interface, and the embedded store of a snapshot behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeAlias

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Triple,
    Variable,
)

from .errors import QueryFailed, QueryFormError, QuerySyntaxError, SnapshotDamaged
from .lexer import tokens

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
BoundTerm: TypeAlias = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class SelectResult:
    """All rows of a SELECT query, in memory and free of the store, so any thread may use it.

    Attributes:
        variables: names without question mark, in the order of the projection.
        rows: one term or None a variable.
    """

    variables: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]

    def __len__(self) -> int:
        return len(self.rows)


class Store(Protocol):
    """What can be asked. The default graph of a query is the union of all named graphs.

    Each method raises `QuerySyntaxError`, `QueryFormError` or `QueryFailed`.
    """

    def select(self, query: str) -> SelectResult:
        """Answer a SELECT query."""
        ...

    def ask(self, query: str) -> bool:
        """Answer an ASK query."""
        ...

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query."""
        ...

    def close(self) -> None:
        """Give up the files; no query can be asked after that."""
        ...


class OpenStore:
    """A store of the engine, asked on this thread; use as ``with`` or `close` it.

    The engine's own results abort the process when another thread touches them, so every method
    takes them whole on the calling thread and none hands one out. There is no way to stop a query:
    ask what a user typed in a process that can be killed.

    Args:
        store: given up on `close`.
    """

    def __init__(self, store: pyoxigraph.Store) -> None:
        self._store: pyoxigraph.Store | None = store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def select(self, query: str, bindings: Mapping[str, BoundTerm] | None = None) -> SelectResult:
        """Answer a SELECT query.

        Args:
            query: the query.
            bindings: term by name of a variable that the query projects; it stands for the
                variable wherever that occurs, and never becomes part of the query's text.
        """
        found = self._query(query, bindings)
        if not isinstance(found, QuerySolutions):
            raise QueryFormError("SELECT")
        variables = tuple(variable.value for variable in found.variables)
        try:
            return SelectResult(variables, [tuple(solution) for solution in found])
        except (OSError, RuntimeError) as error:
            raise QueryFailed(str(error)) from error

    def ask(self, query: str) -> bool:
        """Answer an ASK query."""
        found = self._query(query)
        if not isinstance(found, QueryBoolean):
            raise QueryFormError("ASK")
        return bool(found)

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query; no triple comes twice."""
        found = self._query(query)
        if not isinstance(found, QueryTriples):
            raise QueryFormError("CONSTRUCT or DESCRIBE")
        try:
            return list(found)
        except (OSError, RuntimeError) as error:
            raise QueryFailed(str(error)) from error

    def close(self) -> None:
        """Give up the files; no query can be asked after that."""
        self._store = None

    def _query(
        self, query: str, bindings: Mapping[str, BoundTerm] | None = None
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        return run_query(self._open(), query, bindings)

    def _open(self) -> pyoxigraph.Store:
        if self._store is None:
            raise QueryFailed("the store is closed")
        return self._store


class EmbeddedStore(OpenStore):
    """The store of a snapshot, opened for reading only.

    Args:
        path: directory of the store.

    Raises:
        SnapshotDamaged: there is no store that opens.

    Example:
        >>> with EmbeddedStore(snapshot.store) as store:  # doctest: +SKIP
        ...     store.ask("ASK { ?paper a fp:Paper }")
    """

    def __init__(self, path: Path) -> None:
        try:
            super().__init__(pyoxigraph.Store.read_only(str(path)))
        except OSError as error:
            raise SnapshotDamaged(path, f"its store does not open ({error})") from error


def _names_dataset(query: str) -> bool:
    return "FROM" in query.upper() and any(
        token.kind == "word" and token.text.upper().startswith("FROM") for token in tokens(query)
    )


_POSITION = re.compile(r"error at ([0-9]+):([0-9]+)")


def run_query(
    store: pyoxigraph.Store,
    query: str,
    bindings: Mapping[str, BoundTerm] | None = None,
    *,
    prefixes: Mapping[str, str] | None = None,
) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Ask a bare store; use and drop the result on this thread.

    The default graph is the union of all named graphs unless the query says FROM what. The
    bindings are of variables that the query projects, the prefixes those that it need not declare.

    Raises:
        QuerySyntaxError: no SPARQL.
        QueryFailed: the store could not answer.
    """
    # With the union on, the engine would ignore FROM.
    union = not _names_dataset(query)
    bound: dict[Variable, Term] = {Variable(name): term for name, term in (bindings or {}).items()}
    try:
        return store.query(
            query,
            use_default_graph_as_union=union,
            substitutions=bound,
            prefixes=dict(prefixes or {}),
        )
    except SyntaxError as error:
        at = _POSITION.search(str(error))
        line, column = (int(at[1]), int(at[2])) if at else (None, None)
        raise QuerySyntaxError(str(error), line, column) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryFailed(str(error)) from error
