"""Golden results: what every query answered when a person last looked at it.

One file a query, ``<id>.tsv``, with the default values of its parameters: the rows in the order of
the query, the truth of an ASK, or the triples of a DESCRIBE or CONSTRUCT. Other endpoints that a
query asks are not asked: what is stored of them is joined (`federation.replay`). Of a query that leaves
open which rows it gives, only their number is kept.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..graph.store import Store
from ..ontology.terms import DEFAULT_BASE
from .answers import Table, Truth
from .federation import load_fixture
from .library import Library
from .query import Query
from .rendering import render
from .runner import run


@dataclass(frozen=True, slots=True)
class Difference:
    """A query whose answer is not the golden one; ``diff`` is a unified diff of the two."""

    query: str
    diff: str


def golden_folder() -> Path:
    """The folder of the golden results that are shipped, which are those of the demo graph."""
    return Path(__file__).resolve().parent / "golden"


def golden_text(store: Store, query: Query, *, base: str = DEFAULT_BASE) -> str:
    """What the golden file of a query holds for this graph."""
    answer = run(store, query, base=base, stored=load_fixture(query))
    if isinstance(answer, Truth):
        return f"{str(answer.value).lower()}\n"
    table = answer if isinstance(answer, Table) else answer.table()
    if query.sampled:
        header = render(Table(table.variables, ()), "tsv")
        return f"{header}# {len(table.rows)} rows, any of the graph\n"
    return render(table, "tsv")


def compare(
    store: Store, library: Library, folder: Path, *, base: str = DEFAULT_BASE
) -> list[Difference]:
    """Find the queries whose answer differs from the golden one, or that have none."""
    return list(_differences(store, library, folder, base))


def regenerate(
    store: Store, library: Library, folder: Path, *, base: str = DEFAULT_BASE
) -> list[Difference]:
    """Write the golden file of every query and remove those of queries that are gone.

    Returns:
        What changed, for a person to look at.
    """
    folder.mkdir(parents=True, exist_ok=True)
    changed = compare(store, library, folder, base=base)
    for difference in changed:
        path = folder / f"{difference.query}.tsv"
        if difference.query in library:
            text = golden_text(store, library[difference.query], base=base)
            path.write_text(text, "utf-8", newline="\n")
        else:
            path.unlink()
    return changed


def _differences(store: Store, library: Library, folder: Path, base: str) -> Iterator[Difference]:
    kept = {path.stem: path.read_text("utf-8") for path in folder.glob("*.tsv")}
    for id_ in sorted({*library, *kept}):
        old = kept.get(id_, "")
        new = golden_text(store, library[id_], base=base) if id_ in library else ""
        if old != new or id_ not in kept:
            lines = difflib.unified_diff(
                old.splitlines(), new.splitlines(), "golden", "answer", lineterm="", n=1
            )
            yield Difference(id_, "\n".join(lines))
