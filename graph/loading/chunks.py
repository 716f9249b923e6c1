"""The triples of a snapshot's graphs in pieces, always in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pyoxigraph as ox
from pyoxigraph import BlankNode, NamedNode, Triple

from ..errors import LoadRefused


def triples_of(store: ox.Store, graph: str, skip: int = 0) -> Iterator[Triple]:
    """The triples of a named graph in the order of the store's files, which never change.

    Consume this in the thread that calls it.

    Args:
        store: of a snapshot.
        graph: IRI.
        skip: how many to leave out at the beginning.

    Raises:
        LoadRefused: there is a blank node, which would become another one in each piece.
    """
    quads = store.quads_for_pattern(None, None, None, NamedNode(graph))
    for quad in islice(quads, skip, None):
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            raise LoadRefused(
                f"<{graph}> has blank nodes, which would be other ones in each piece; "
                "give them IRIs with an update first"
            )
        yield quad.triple


def chunks(triples: Iterator[Triple], size: int) -> Iterator[tuple[int, bytes]]:
    """Number of triples and their N-Triples, piece by piece."""
    while piece := list(islice(triples, size)):
        yield len(piece), ntriples(piece)


def ntriples(triples: list[Triple]) -> bytes:
    """Triples as N-Triples."""
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return data
