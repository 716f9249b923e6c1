"""The search index of a snapshot that a change made."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from ...graph.search import build_index, has_index, holds_names, index_file
from ...graph.snapshot import Snapshot
from .changes import Change, Update

# How triples of the unnamed graph are counted.
DEFAULT: Final = "default"
_REMOVING: Final = ("DELETE", "CLEAR", "DROP", "MOVE", "COPY")
_ADDING: Final = ("INSERT", "ADD", "MOVE", "COPY", "LOAD")


def index_snapshot(
    change: Change,
    stores: tuple[ox.Store, ox.Store],
    snapshots: tuple[Snapshot, Snapshot],
    seconds: float,
) -> str:
    """Give a snapshot the index of the one before, or a new one where names may have changed.

    A change is not lost for want of an index: without time or memory for one there is none.

    Args:
        change: what was done.
        stores: before and after it.
        snapshots: the same, of which the later one gets an index.
        seconds: of wall-clock time that indexing may take.

    Returns:
        Why there is no index; empty where there is one.
    """
    before, after = snapshots
    if has_index(before) and not _may_change_names(change, stores, before.base):
        _share(index_file(before.path), index_file(after.path))
        return ""
    end = time.monotonic() + seconds
    try:
        build_index(stores[1], index_file(after.path), stop=lambda: time.monotonic() >= end)
    except (TimeoutError, MemoryError, OSError) as error:
        return str(error) or type(error).__name__
    return ""


def _share(index: Path, other: Path) -> None:
    """Let two snapshots have one file, since nobody ever writes to an index that stands."""
    try:
        os.link(index, other)
    except OSError:
        # A file system without links.
        shutil.copyfile(index, other)


def _may_change_names(change: Change, stores: tuple[ox.Store, ox.Store], base: str) -> bool:
    graphs = changed_graphs(change, stores, base)
    return graphs is None or any(
        holds_names(store, _graph(name, base)) for name in graphs for store in stores
    )


def changed_graphs(change: Change, stores: tuple[ox.Store, ox.Store], base: str) -> set[str] | None:
    """Names of the graphs, as `count_triples` has them, that may differ; None for any of them.

    What only adds, or only removes, leaves alone the graphs whose size it leaves alone.
    """
    if not isinstance(change, Update):
        return {_name(change.graph, base)}
    text = change.text.upper()
    # A keyword may be written with escapes.
    if "\\U" in text or all(any(word in text for word in words) for words in (_REMOVING, _ADDING)):
        return None
    before, after = (count_triples(store, base) for store in stores)
    return {name for name in before | after if before.get(name) != after.get(name)}


def count_triples(store: ox.Store, base: str) -> dict[str, int]:
    """Triples by graph: a name for the graphs of a build, the IRI for others."""
    named = "SELECT ?graph (COUNT(*) AS ?n) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
    counts = {str(row["graph"].value): int(row["n"].value) for row in _rows(store, named)}
    short = {_name(iri, base): count for iri, count in sorted(counts.items())}
    for row in _rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"):
        short[DEFAULT] = int(row["n"].value)
    return {name: count for name, count in short.items() if count}


def _rows(store: ox.Store, query: str) -> Any:
    return store.query(query)


def _name(iri: str | None, base: str) -> str:
    return DEFAULT if iri is None else iri.removeprefix(f"{base}/graph/")


def _graph(name: str, base: str) -> ox.NamedNode | ox.DefaultGraph:
    if name == DEFAULT:
        return ox.DefaultGraph()
    return ox.NamedNode(name if ":" in name else f"{base}/graph/{name}")
