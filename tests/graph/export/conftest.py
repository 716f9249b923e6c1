"""A graph of the demo papers, and its release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pytest

from fairpapers.graph.build import build_graph
from fairpapers.graph.export import Part, Release, ReleaseFile, export_release
from fairpapers.graph.export.quads import Quads
from fairpapers.graph.iris import Iris
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.snapshot import current_snapshot, records_file
from fairpapers.graph.store import EmbeddedStore
from fairpapers.ontology.terms import DEFAULT_BASE
from fairpapers.queries import library_quads, load_library


class Export(Protocol):
    def __call__(
        self, folder: Path, parts: Iterable[Part], *, graph: Path | None = None, **release: Any
    ) -> tuple[ReleaseFile, ...]:
        """Write a release of a graph: its quads, then the given parts.

        Args:
            folder: where to.
            parts: beside the quads.
            graph: its directory; that of the demo papers by default.
            release: fields of the `Release` that shall be others.
        """
        ...


@pytest.fixture(scope="session")
def demo_graph(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph directory with the records of the demo papers."""
    directory = tmp_path_factory.mktemp("export") / "graph"
    records = read_records(root / "tests" / "queries" / "demo_records.jsonl")
    library = library_quads(load_library(), Iris(DEFAULT_BASE))
    build_graph(records, directory, extra=library)
    return directory


@pytest.fixture(scope="session")
def export(demo_graph: Path) -> Export:
    """Write a release of the demo graph: its quads, then the given parts."""

    def write(
        folder: Path, parts: Iterable[Part], *, graph: Path | None = None, **release: Any
    ) -> tuple[ReleaseFile, ...]:
        graph = graph or demo_graph
        snapshot = current_snapshot(graph)
        with EmbeddedStore(snapshot.store) as store:
            given = Release(
                snapshot=snapshot,
                store=store,
                records=records_file(graph),
                folder=folder,
                version="1.0",
                issued=date(2026, 1, 31),
            )
            return export_release(replace(given, **release), (Quads(), *parts))

    return write


@pytest.fixture(scope="session")
def validator(root: Path) -> Path:
    """Folder of the programs that validate a release, which have an environment of their own."""
    folder = root / ".validators" / "bin"
    if not (folder / "python").exists():
        pytest.skip("needs the validators: make .validators/bin/python")
    return folder
