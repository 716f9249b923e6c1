"""An index of names for a graph that changed a little: the old index with other entries.

The order of entries is in their ids, between which there is room. An entry that comes gets an id
halfway between those of its neighbours, found by bisection; where there is no room left, the index
is to be written anew.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import NamedNode, Store

from .search import GAP_BITS, add_functions, build_index, entries_of

_Rank: TypeAlias = tuple[int, bool, str, str, str]


def amend_index(before: Path, path: Path, store: Store, things: Iterable[str]) -> None:
    """Write the index of a store from the index of the store before.

    Args:
        before: index of the store before; where it is missing, the new one is written from scratch.
        path: file to make.
        store: to index.
        things: IRIs of all whose names, kinds or papers differ, or that came or went.
    """
    if before.exists():
        shutil.copyfile(before, path)
        try:
            with closing(sqlite3.connect(path)) as index:
                _amend(index, store, sorted(set(things)))
            return
        except _Full:
            path.unlink()
    build_index(store, path)


class _Full(Exception):  # noqa: N818
    """There is no room between two entries."""


def _amend(index: sqlite3.Connection, store: Store, things: list[str]) -> None:
    index.execute("PRAGMA journal_mode = OFF")
    index.execute("PRAGMA synchronous = OFF")
    add_functions(index)
    index.execute("CREATE TEMP TABLE gone (iri TEXT PRIMARY KEY)")
    index.executemany("INSERT INTO gone VALUES (?)", ((iri,) for iri in things))
    # The words have no content of their own, so SQLite must be told what to take out.
    index.execute(
        "INSERT INTO words (words, rowid, name, joined, kind) "
        "SELECT 'delete', id, spelled(name), joined(name), kind FROM entries "
        "WHERE iri IN (SELECT iri FROM gone)"
    )
    index.execute("DELETE FROM entries WHERE iri IN (SELECT iri FROM gone)")
    fresh = [entry for iri in things for entry in entries_of(store, NamedNode(iri))]
    for entry in fresh:
        place = _place(index, _rank(*entry))
        index.execute(
            "INSERT INTO entries (id, name, iri, kind, label, papers, folded) "
            "VALUES (?, ?, ?, ?, ?, ?, folded(?))",
            (place, *entry, entry[0]),
        )
        index.execute(
            "INSERT INTO words (rowid, name, joined, kind) "
            "SELECT id, spelled(name), joined(name), kind FROM entries WHERE id = ?",
            (place,),
        )
    index.commit()


def _rank(name: str, iri: str, kind: str, label: str, papers: int) -> _Rank:
    """What `search.build_index` sorts by; SQLite compares text by its UTF-8 bytes, which is by code points."""
    del label
    return -papers, kind == "paper", name, iri, kind


def _place(index: sqlite3.Connection, rank: _Rank) -> int:
    """An id between the entries before and after.

    Raises:
        _Full: they are neighbours.
    """
    (highest,) = index.execute("SELECT MAX(id) FROM entries").fetchone()
    low, high = 0, (highest or 0) + 1
    # What stands before ``low`` comes before, and what stands from ``high`` on comes after.
    while low < high:
        middle = (low + high) // 2
        found = _at(index, middle)
        if found is not None and _rank(*found[1:]) < rank:
            low = found[0] + 1
        else:
            high = middle
    (before,) = index.execute("SELECT MAX(id) FROM entries WHERE id < ?", (low,)).fetchone()
    after = _at(index, low)
    return _halfway(before or 0, after[0] if after else (before or 0) + (2 << GAP_BITS))


def _at(index: sqlite3.Connection, place: int) -> tuple[int, str, str, str, str, int] | None:
    """The entry that stands there, or the next one."""
    found: tuple[int, str, str, str, str, int] | None = index.execute(
        "SELECT id, name, iri, kind, label, papers FROM entries WHERE id >= ? ORDER BY id LIMIT 1",
        (place,),
    ).fetchone()
    return found


def _halfway(low: int, high: int) -> int:
    if high - low < 2:
        raise _Full
    return (low + high) // 2
