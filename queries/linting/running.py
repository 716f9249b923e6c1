"""Run the checks over files, each fault with the file, the line and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ...graph.store import Store
from ...ontology.terms import DEFAULT_BASE
from ..errors import Fault, LibraryError
from ..library import query_files, read_files
from ..linking import across
from ..parsing import QueryFile, read_query
from ..query import Query
from .answers import answer_faults
from .catalog import CHECKS
from .texts import query_faults, text_faults

# With one of these a query has no meaning that further checks could judge.
_UNREAD: Final = frozenset(("parameters", "syntax"))


@dataclass(frozen=True, slots=True)
class Linted:
    """How many files were checked, and their faults by file and line."""

    files: int
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> int:
        """How many faults keep a query from being used."""
        return sum(not fault.warning for fault in self.faults)

    @property
    def warnings(self) -> int:
        """How many faults do not."""
        return len(self.faults) - self.errors


def lint(
    paths: Iterable[Path],
    beside: Mapping[str, Query],
    *,
    store: Store | None = None,
    base: str = DEFAULT_BASE,
) -> Linted:
    """Check query files.

    Args:
        paths: files, and folders whose ``.rq`` files are meant. A file may link to those that
            stand beside it in its folder.
        beside: the library that they will be added to, by id.
        store: a graph on which each query without errors is asked too, with its defaults.
        base: base IRI of that graph.

    Raises:
        QueryFailed: the graph can no longer be read (`fairpapers.graph`).
    """
    found: list[Fault] = []
    chosen: dict[Path, None] = {}
    for path in paths:
        try:
            chosen.update(dict.fromkeys(query_files(path) if path.is_dir() else [path]))
        except LibraryError as error:
            found += error.faults
    files, own = read_files(chosen)
    found += own
    together = across([*files, *_neighbours(chosen)], beside)
    found += [fault for fault in together if fault.path in chosen]
    for file in files:
        found += text_faults(file)
        if not _faulty(found, file, _UNREAD):
            found += query_faults(file)
        if store is not None and not _faulty(found, file):
            found += answer_faults(file, store, base=base)
    graded = (replace(fault, warning=CHECKS[fault.check].warning) for fault in found)
    return Linted(len(chosen), tuple(sorted(graded, key=lambda each: (str(each.path), each.line))))


def _faulty(found: Iterable[Fault], file: QueryFile, checks: Iterable[str] = CHECKS) -> bool:
    """Whether one of these checks found an error in the file."""
    return any(
        fault.path == file.path and fault.check in checks and not CHECKS[fault.check].warning
        for fault in found
    )


def _neighbours(chosen: Mapping[Path, None]) -> Iterator[QueryFile]:
    for folder in sorted({path.parent for path in chosen}):
        for path in sorted(folder.glob("*.rq")):
            if path not in chosen:
                try:
                    yield read_query(path)
                except LibraryError:
                    # It was not asked for; whoever names it will be told.
                    continue
