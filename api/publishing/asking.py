"""Questions of the pages, answered by a store in this process."""

from __future__ import annotations

import io
from collections.abc import Coroutine, Iterator
from itertools import islice
from typing import Any, Final, TypeVar

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from ...graph.store import run_query
from ...ontology.terms import PREFIXES
from .. import entity_queries as ask
from ..asking import Asker
from ..cells import JsonTerm

_T = TypeVar("_T")
_XSD_STRING: Final = PREFIXES["xsd"] + "string"
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")


class StoreAsker(Asker):
    """Answers what page code asks of query processes, at once and on the calling thread.

    Args:
        store: the graph, opened for reading only.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    async def data(self, query: str, media_type: str) -> bytes:
        """Answer in a format that fits the form of the query."""
        found = run_query(self.store, query)
        if isinstance(found, QuerySolutions | QueryBoolean):
            tabular = QueryResultsFormat.from_media_type(media_type)
            return bytes(found.serialize(format=tabular or QueryResultsFormat.JSON) or b"")
        return written(list(found), RdfFormat.from_media_type(media_type) or RdfFormat.TURTLE)

    async def rows(self, question: str, entity: NamedNode) -> tuple[dict[str, JsonTerm], ...]:
        """Rows of a question of `entity_queries`; none of the results of a resource.

        To answer that one the engine goes through all results of the graph, for each resource. The
        pages of papers leave those results instead, see `Building.figures`.
        """
        return () if question == ask.RESOURCE_RESULTS else await super().rows(question, entity)

    def about_paper(self, paper: NamedNode) -> set[Triple]:
        """What `entity_queries.PAPER_GRAPH` gives."""
        found = run_query(self.store, ask.about(ask.PAPER_GRAPH, paper))
        assert isinstance(found, QueryTriples)
        return set(found)

    def values(self, query: str, most: int) -> tuple[tuple[str, ...], list[dict[str, JsonTerm]]]:
        """Columns and the first rows of a SELECT; the rest is not computed."""
        found = run_query(self.store, query)
        assert isinstance(found, QuerySolutions)
        names = tuple(variable.value for variable in found.variables)
        rows = [
            {name: json_term(term) for name, term in zip(names, row, strict=True) if term}
            for row in islice(found, most)
        ]
        return names, rows

    def count(self, query: str) -> int:
        """The number that a SELECT of one number gives."""
        _, rows = self.values(query, 1)
        return int(str(next(iter(rows[0].values()))["value"]))

    def subjects(self, kind: str) -> Iterator[str]:
        """IRIs of the members of a class, in no order; one may come more than once."""
        for quad in self.store.quads_for_pattern(None, _TYPE, NamedNode(kind)):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject.value

    def about(self, node: NamedNode, most: int) -> tuple[set[Triple], bool]:
        """Every statement with a thing as its subject, and the first ones with it as object.

        Returns:
            The statements, and whether some with it as object were left out.
        """
        out = {_triple(quad) for quad in self.store.quads_for_pattern(node, None, None)}
        inbound = self.store.quads_for_pattern(None, None, node)
        out.update(_triple(quad) for quad in islice(inbound, most))
        return out, next(iter(inbound), None) is not None


def drive(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Run page code that awaits nothing but a `StoreAsker` to its end."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        value: _T = stop.value
        return value
    raise RuntimeError("page code awaited something else than the store")


def written(triples: list[Triple], form: RdfFormat) -> bytes:
    """A graph as a file: sorted, so that the same graph gives the same bytes."""
    out = io.BytesIO()
    known = PREFIXES if form == RdfFormat.TURTLE else None
    serialize(sorted(set(triples), key=str), out, format=form, prefixes=known)
    return out.getvalue()


def json_term(term: NamedNode | BlankNode | Literal | Triple) -> JsonTerm:
    """A term as SPARQL 1.1 Query Results JSON writes it, section 3.2.2."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if not isinstance(term, Literal):
        return {"type": "bnode", "value": str(term).removeprefix("_:")}
    made = {"type": "literal", "value": term.value}
    if term.language:
        made["xml:lang"] = term.language
    elif term.datatype.value != _XSD_STRING:
        made["datatype"] = term.datatype.value
    return made


def _triple(quad: Quad) -> Triple:
    return Triple(quad.subject, quad.predicate, quad.object)
