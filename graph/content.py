"""What a store holds, as one number that does not depend on order and follows each change.

The number is the sum of the SHA-256 of all lines of N-Quads, modulo 2 to the power of 256 (an
additive hash of a set, Bellare and Micciancio, EUROCRYPT 1997). A quad is added or taken away in
constant time, so a graph that grew has its id without a look at all the rest, and the id is that of
a graph built at once. Whoever can choose quads freely can make two sets with one sum with effort;
the id tells versions of a graph apart and is no seal on it: releases have digests of their files.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np
from pyoxigraph import BlankNode, Quad, Store

from .errors import Violation
from .nquads import nquad

_MODULUS: Final = 1 << 256


class Content:
    """The sum over a set of quads.

    Args:
        value: what an earlier sum came to.
    """

    def __init__(self, value: int = 0) -> None:
        self.value = value

    def add(self, quads: Iterable[Quad]) -> None:
        """Take in quads, none of which is in the set."""
        self.value = (self.value + _sum(map(nquad, quads))) % _MODULUS

    def remove(self, quads: Iterable[Quad]) -> None:
        """Take out quads, each of which is in the set."""
        self.value = (self.value - _sum(map(nquad, quads))) % _MODULUS

    @property
    def snapshot_id(self) -> str:
        """First 16 of the 64 hexadecimal digits."""
        return f"{self.value:064x}"[:16]


def look_at(
    store: Store, watch: Callable[[Quad, str], None] | None = None
) -> tuple[Content, list[Violation]]:
    """Sum up a store, and find the faults that only a look at every quad shows.

    Memory is eight bytes a quad. Call this in the thread that made the store.

    Args:
        store: with every graph loaded.
        watch: is shown each quad and its line; None where nobody looks.

    Returns:
        The content, and a fault for each triple that is in two graphs or has a blank node.
    """
    content, faults = Content(), []
    # Equal for equal triples, in this process.
    triples = array("q")

    def lines() -> Iterator[str]:
        for quad in store:
            triple = f"{quad.subject} {quad.predicate} {quad.object}"
            triples.append(hash(triple))
            if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
                faults.append(blank(quad))
            line = f"{triple} {quad.graph_name} .\n"
            if watch is not None:
                watch(quad, line)
            yield line

    content.value = _sum(lines()) % _MODULUS
    faults += _in_two_graphs(store, triples)
    return content, sorted(faults, key=lambda fault: (fault.check, fault.focus))


def blank(quad: Quad) -> Violation:
    """The fault of a quad with a blank node."""
    return Violation("no-blank-nodes", str(quad.subject).strip("<>"), "has or is a blank node")


def repeated(quad: Quad) -> Violation:
    """The fault of a triple that another graph has too."""
    return Violation("graphs-are-disjoint", str(quad.subject).strip("<>"), "is in two graphs")


def _in_two_graphs(store: Store, hashes: array[int]) -> Iterator[Violation]:
    """Find equal triples by their hashes, and look at the triples where two are equal."""
    ordered = np.sort(np.frombuffer(hashes, dtype=np.int64))
    twice = set(ordered[1:][ordered[1:] == ordered[:-1]].tolist())
    if not twice:
        return
    met: set[str] = set()
    for quad in store:
        triple = f"{quad.subject} {quad.predicate} {quad.object}"
        if hash(triple) in twice:
            if triple in met:
                yield repeated(quad)
            met.add(triple)


def _sum(lines: Iterable[str]) -> int:
    return sum(int.from_bytes(hashlib.sha256(line.encode()).digest()) for line in lines)
