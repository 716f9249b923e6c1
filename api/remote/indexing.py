"""The index of names for the search, made from what the server says, in a folder of ours."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

from ...graph.remote import RemoteStore
from ...graph.search import INDEXED, build_index, index_file
from ...graph.snapshot import Snapshot
from ...graph.terms import node, term
from ...ontology.terms import FP
from .source import Source

_NAMES: Final = ("skos:prefLabel", "skos:altLabel", "dcterms:title")


def make_index(source: Source, snapshot: Snapshot) -> Path:
    """Make the index of a snapshot unless it is there; those of other snapshots go.

    Blocks for as long as the server takes to list all names. The file gets its name when it is
    whole, so that of two servers that make one at once either wins.

    Raises:
        QueryError: the server did not give all names.
        OSError: the folder cannot be written.
    """
    file = index_file(snapshot.path)
    if not file.is_file():
        snapshot.path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=snapshot.path.parent, prefix=".index-") as work:
            store = ox.Store(str(Path(work) / "store"))
            with source.store(source.graphs(snapshot)) as asked:
                store.bulk_extend(_quads(asked))
            fresh = Path(work) / file.name
            build_index(store, fresh)
            del store
            fresh.replace(file)
    for other in snapshot.path.parent.iterdir():
        if other != snapshot.path and not other.name.startswith("."):
            shutil.rmtree(other, ignore_errors=True)
    return file


def _quads(asked: RemoteStore) -> Iterator[Quad]:
    """What the index is made of, property by property."""
    classes = " ".join(str(node(class_)) for class_ in INDEXED)
    kind = term("rdf:type")
    yield from _rows(asked, f"VALUES ?o {{ {classes} }} ?s {kind} ?o", kind)
    named = f"VALUES ?class {{ {classes} }} ?s {kind} ?class"
    for name in (*map(term, _NAMES), node(FP.paperCount)):
        yield from _rows(asked, f"{named} . ?s {name} ?o", name)


def _rows(asked: RemoteStore, pattern: str, name: NamedNode) -> Iterator[Quad]:
    for thing, value in asked.each(f"SELECT DISTINCT ?s ?o WHERE {{ {pattern} }}"):
        if isinstance(thing, NamedNode) and value is not None:
            yield Quad(thing, name, value)
