"""A graph of the demo papers, and its release."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

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

Export = Callable[[Path, Iterable[Part]], tuple[ReleaseFile, ...]]


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

    def write(folder: Path, parts: Iterable[Part]) -> tuple[ReleaseFile, ...]:
        snapshot = current_snapshot(demo_graph)
        with EmbeddedStore(snapshot.store) as store:
            release = Release(
                snapshot=snapshot,
                store=store,
                records=records_file(demo_graph),
                folder=folder,
                version="1.0",
                issued=date(2026, 1, 31),
            )
            return export_release(release, (Quads(), *parts))

    return write
