"""What the endpoint says about itself: SPARQL 1.1 Service Description.

Specification: https://www.w3.org/TR/sparql11-service-description/.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from ..ontology.terms import PREFIXES
from .formats import GRAPHS, TABULAR

_SD: Final = PREFIXES["sd"]
_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_USED_PREFIXES: Final = {name: PREFIXES[name] for name in ("rdf", "sd")}

# Oxigraph answers this in the time of listing its graphs.
GRAPHS_QUERY: Final = "SELECT ?graph { GRAPH ?graph {} }"


def describe(endpoint: str, graphs: Iterable[str], media_type: str) -> bytes:
    """Write the description in one of the formats of `formats.GRAPHS`.

    Args:
        endpoint: IRI at which queries are answered; the service itself is a blank node's stand-in
            ``<endpoint>#service``, so that the description can be merged with others.
        graphs: IRIs of the named graphs.
        media_type: of the result.
    """
    format_ = ox.RdfFormat.from_media_type(media_type)
    data = ox.serialize(_triples(endpoint, graphs), format=format_, prefixes=_USED_PREFIXES)
    assert data is not None
    return data


def _triples(endpoint: str, graphs: Iterable[str]) -> Iterator[ox.Triple]:
    service = ox.NamedNode(f"{endpoint}#service")
    dataset = ox.NamedNode(f"{endpoint}#dataset")
    default = ox.NamedNode(f"{endpoint}#default-graph")
    yield ox.Triple(service, _TYPE, _sd("Service"))
    yield ox.Triple(service, _sd("endpoint"), ox.NamedNode(endpoint))
    yield ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield ox.Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    for offer in (*TABULAR, *GRAPHS):
        yield ox.Triple(service, _sd("resultFormat"), ox.NamedNode(_format_iri(offer.media_type)))
    yield ox.Triple(service, _sd("defaultDataset"), dataset)
    yield ox.Triple(dataset, _TYPE, _sd("Dataset"))
    yield ox.Triple(dataset, _sd("defaultGraph"), default)
    yield ox.Triple(default, _TYPE, _sd("Graph"))
    for number, graph in enumerate(sorted(graphs), 1):
        named = ox.NamedNode(f"{endpoint}#named-graph-{number}")
        yield ox.Triple(dataset, _sd("namedGraph"), named)
        yield ox.Triple(named, _TYPE, _sd("NamedGraph"))
        yield ox.Triple(named, _sd("name"), ox.NamedNode(graph))


def _format_iri(media_type: str) -> str:
    found = ox.QueryResultsFormat.from_media_type(media_type) or ox.RdfFormat.from_media_type(
        media_type
    )
    assert found is not None
    return found.iri


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)
