"""Run a query of the library against a store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from ..graph.store import Store
from ..ontology.terms import DEFAULT_BASE
from .answers import Answer, Table, Triples, Truth
from .federation import Fixture, stored_text
from .query import Query


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a form offers for a parameter, and what it shows for it."""

    value: str
    label: str


def run(
    store: Store,
    query: Query,
    values: Mapping[str, str] | None = None,
    *,
    base: str = DEFAULT_BASE,
    stored: Fixture | None = None,
) -> Answer:
    """Answer a query with these values of its parameters, else with their defaults.

    Nobody but the store is asked: the engine would ask whatever a SERVICE clause names.

    Args:
        store: the graph.
        query: one of the library.
        values: text by parameter name.
        base: base IRI of the graph, for short forms of resources.
        stored: answers of other endpoints, for a query that asks them (`federation.fixtures`).

    Raises:
        FederatedQueryError: it asks other endpoints, and their answers are not given.
        FixtureError: the answer of one is not among them.
        UnknownParameterError: a value for a parameter that the query does not have.
        ParameterError: a value that its parameter does not take.
        QueryError: the store could not answer (`fairpapers.graph`).
    """
    text = stored_text(query, stored, values, base=base)
    match query.form:
        case "SELECT":
            result = store.select(text)
            return Table(tuple(result.variables), tuple(result.rows))
        case "ASK":
            return Truth(store.ask(text))
        case "CONSTRUCT" | "DESCRIBE":
            return Triples(tuple(sorted(store.construct(text), key=str)))


def choices(store: Store, query: Query, parameter: str) -> list[Choice]:
    """Values that a form can offer for a parameter, in order; none where any text may be valid.

    Raises:
        UnknownParameterError: the query has no such parameter.
        QueryError: the store could not answer.
    """
    listed = query.parameter(parameter).values
    if isinstance(listed, tuple):
        return [Choice(value, value) for value in listed]
    select = query.choices_query(parameter)
    rows = store.select(select).rows if select else ()
    return [
        Choice(value.value, label.value if isinstance(label, Literal | NamedNode) else value.value)
        for value, label in rows
        if isinstance(value, Literal | NamedNode)
    ]
