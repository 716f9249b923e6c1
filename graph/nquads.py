"""A store as sorted N-Quads: the form in which graphs are compared, digested and exported."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice

from pyoxigraph import Quad, Store

_CHUNK = 500_000


def nquad(quad: Quad) -> str:
    """One line of N-Quads with its line feed, escaped as canonical N-Quads ask."""
    return f"{quad.subject} {quad.predicate} {quad.object} {quad.graph_name} .\n"


def sorted_nquads(store: Store, *, chunk: int = _CHUNK) -> Iterator[str]:
    """Every quad of a store as a line with its line feed, in the order of code points.

    Two stores hold the same quads if and only if these lines are equal, blank nodes apart, of
    which our graphs have none. Stores of more than ``chunk`` quads are sorted in temporary files.

    Consume this in the thread that calls it: the store's iterator aborts the process elsewhere.
    """
    lines = map(nquad, store)
    with ExitStack() as stack:
        sorted_chunks: list[Iterable[str]] = []
        while part := sorted(islice(lines, chunk)):
            if len(part) < chunk:
                sorted_chunks.append(part)
                break
            file = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n"))
            file.writelines(part)
            file.seek(0)
            sorted_chunks.append(file)
        yield from heapq.merge(*sorted_chunks)
