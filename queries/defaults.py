"""Whether the defaults have answers on a graph, and which values would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product

from ..graph.store import Store
from ..ontology.terms import DEFAULT_BASE
from .answers import Answer, Table, Triples, Truth
from .federation import load_fixture
from .library import Library
from .query import Query
from .runner import choices, run

_TRIED = 20


def is_empty(answer: Answer) -> bool:
    """Whether an answer has no rows, has no triples, or is no."""
    match answer:
        case Truth(value):
            return not value
        case Table(_, rows):
            return not rows
        case Triples(triples):
            return not triples


def unanswered(
    store: Store, library: Library, *, base: str = DEFAULT_BASE
) -> dict[str, Mapping[str, str] | None]:
    """Queries that have no answer with their defaults, and values with which they would.

    Those whose front matter says what an empty answer means are passed over.

    The values are the first that work among those that the query offers for its parameters, with
    resources as paths below the base; None where none does.
    """
    return {
        query.id: _working_values(store, query, base)
        for query in library.values()
        if not query.empty and is_empty(run(store, query, base=base, stored=load_fixture(query)))
    }


def _working_values(store: Store, query: Query, base: str) -> Mapping[str, str] | None:
    found = (values for values in _offered(store, query, base) if values)
    stored = load_fixture(query)
    return next(
        (each for each in found if not is_empty(run(store, query, each, base=base, stored=stored))),
        None,
    )


def _offered(store: Store, query: Query, base: str) -> Iterator[dict[str, str]]:
    below = f"{base.rstrip('/')}/id/"
    lists = []
    for each in query.parameters:
        offered = islice(choices(store, query, each.name), _TRIED)
        values = [choice.value.removeprefix(below) for choice in offered]
        lists.append([(each.name, value) for value in values or [each.default]])
    return (dict(values) for values in product(*lists))
