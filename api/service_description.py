"""What the endpoint says about itself: SPARQL 1.1 Service Description, with the figures of VoID.

Specifications: https://www.w3.org/TR/sparql11-service-description/ and
https://www.w3.org/TR/void/ section 4.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from ..ontology.terms import PREFIXES
from .errors import ApiError
from .formats import GRAPHS, RESULTS_JSON, TABULAR
from .workers.backend import QueryPool
from .workers.lanes import Lane
from .workers.pool import QueryRequest

_SD: Final = PREFIXES["sd"]
_VOID: Final = PREFIXES["void"]
_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_INTEGER: Final = ox.NamedNode(PREFIXES["xsd"] + "integer")
_USED_PREFIXES: Final = {name: PREFIXES[name] for name in ("rdf", "sd", "void", "xsd")}

# Oxigraph answers this in the time of listing its graphs, empty ones too.
_NAMES: Final = "SELECT ?graph { GRAPH ?graph {} }"
_COUNTS: Final = "SELECT ?graph (COUNT(*) AS ?n) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
_TOTAL: Final = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs of a store.

    Attributes:
        triples: number of triples of each named graph; None where it could not be counted in time.
        total: number of triples that a query without GRAPH sees; None as above.
    """

    triples: Mapping[str, int | None] = field(default_factory=dict)
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the operator has allowed beyond reading."""

    updates: bool = False
    federation: bool = False


class Catalogue:
    """Counts the graphs of the store that is served, once for each store.

    Args:
        pool: answers from it.
        names: IRIs of its graphs; None asks for them.
    """

    def __init__(self, pool: QueryPool, names: Callable[[], Iterable[str]] | None = None) -> None:
        self._pool = pool
        self._names = names
        self._known: tuple[str, Dataset] | None = None

    async def dataset(self) -> Dataset:
        """The graphs that are served now.

        Raises:
            ApiError: not even their names can be asked for.
        """
        store = self._pool.store.id
        if self._known is None or self._known[0] != store:
            if self._names is None:
                names = [row["graph"] for row in await self._rows(_NAMES)]
            else:
                names = list(self._names())
            try:
                counts = {row["graph"]: int(row["n"]) for row in await self._rows(_COUNTS)}
                (total,) = await self._rows(_TOTAL)
            except ApiError:
                # Counting a large graph may take longer than the deadline; asked again next time.
                return Dataset(dict.fromkeys(names))
            found = {name: counts.get(name, 0) for name in names}
            self._known = store, Dataset(found, int(total["n"]))
        return self._known[1]

    async def _rows(self, query: str) -> list[dict[str, str]]:
        request = QueryRequest(query=query, media_type=RESULTS_JSON.media_type)
        answer = json.loads(await self._pool.fetch(request, Lane.LIBRARY))
        return [
            {name: term["value"] for name, term in row.items()}
            for row in answer["results"]["bindings"]
        ]


def describe(endpoint: str, dataset: Dataset, abilities: Abilities, media_type: str) -> bytes:
    """Write the description in one of the formats of `formats.GRAPHS`.

    Args:
        endpoint: IRI at which queries are answered; the service itself is a blank node's stand-in
            ``<endpoint>#service``, so that the description can be merged with others.
        dataset: the graphs that are served.
        abilities: what the operator allowed.
        media_type: of the result.
    """
    format_ = ox.RdfFormat.from_media_type(media_type)
    triples = _triples(endpoint, dataset, abilities)
    data = ox.serialize(triples, format=format_, prefixes=_USED_PREFIXES)
    assert data is not None
    return data


def _triples(endpoint: str, dataset: Dataset, abilities: Abilities) -> Iterator[ox.Triple]:
    service = ox.NamedNode(f"{endpoint}#service")
    yield ox.Triple(service, _TYPE, _sd("Service"))
    yield ox.Triple(service, _sd("endpoint"), ox.NamedNode(endpoint))
    for offer in (*TABULAR, *GRAPHS):
        yield ox.Triple(service, _sd("resultFormat"), _format(offer.media_type))
    for predicate, name in _allowed(abilities):
        yield ox.Triple(service, _sd(predicate), _sd(name))
    if abilities.updates:
        for offer in GRAPHS:
            yield ox.Triple(service, _sd("inputFormat"), _format(offer.media_type))
    yield ox.Triple(service, _sd("defaultDataset"), ox.NamedNode(f"{endpoint}#dataset"))
    yield from _graphs(endpoint, dataset)


def _allowed(abilities: Abilities) -> Iterator[tuple[str, str]]:
    yield "supportedLanguage", "SPARQL11Query"
    yield "feature", "UnionDefaultGraph"
    yield "feature", "EmptyGraphs"
    if abilities.updates:
        yield "supportedLanguage", "SPARQL11Update"
    if abilities.federation:
        yield "feature", "BasicFederatedQuery"


def _graphs(endpoint: str, dataset: Dataset) -> Iterator[ox.Triple]:
    whole = ox.NamedNode(f"{endpoint}#dataset")
    default = ox.NamedNode(f"{endpoint}#default-graph")
    for kind in (_sd("Dataset"), _void("Dataset")):
        yield ox.Triple(whole, _TYPE, kind)
    yield ox.Triple(whole, _void("sparqlEndpoint"), ox.NamedNode(endpoint))
    yield ox.Triple(whole, _sd("defaultGraph"), default)
    yield ox.Triple(default, _TYPE, _sd("Graph"))
    yield from _count(default, dataset.total)
    for number, (name, count) in enumerate(sorted(dataset.triples.items()), 1):
        named = ox.NamedNode(f"{endpoint}#named-graph-{number}")
        graph = ox.NamedNode(f"{endpoint}#graph-{number}")
        yield ox.Triple(whole, _sd("namedGraph"), named)
        yield ox.Triple(named, _TYPE, _sd("NamedGraph"))
        yield ox.Triple(named, _sd("name"), ox.NamedNode(name))
        yield ox.Triple(named, _sd("graph"), graph)
        yield ox.Triple(graph, _TYPE, _sd("Graph"))
        yield from _count(graph, count)


def _count(graph: ox.NamedNode, triples: int | None) -> Iterator[ox.Triple]:
    if triples is not None:
        yield ox.Triple(graph, _TYPE, _void("Dataset"))
        yield ox.Triple(graph, _void("triples"), ox.Literal(str(triples), datatype=_INTEGER))


def _format(media_type: str) -> ox.NamedNode:
    found = ox.QueryResultsFormat.from_media_type(media_type) or ox.RdfFormat.from_media_type(
        media_type
    )
    assert found is not None
    return ox.NamedNode(found.iri)


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)


def _void(name: str) -> ox.NamedNode:
    return ox.NamedNode(_VOID + name)
