"""A graph of the demo papers, and its release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import pytest

from fairpapers.api.cli.export import release_parts
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
def awkward_graph(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of papers with all that a source can say, in characters that files must escape."""
    directory = tmp_path_factory.mktemp("awkward") / "graph"
    records = islice(read_records(root / "tests" / "queries" / "demo_records.jsonl"), 5)
    names = ('Ada "A." Łovelace', "Hopper, Grace", "Two\nLines", "=1+1", "\\ {}%&$#_<>")
    build_graph(
        [
            replace(
                record,
                title=f'{record.title}, "{n}"',
                source=replace(
                    record.source,
                    authors=(*names, f"Nr. {n}"),
                    venue="Proc. of A, B\r\nand C",
                    doi=f"10.1000/a(b){n}",
                    url=f"https://example.org/{n}?a=b,c",
                    year=900 + n,
                ),
            )
            for n, record in enumerate(records)
        ],
        directory,
    )
    return directory


@pytest.fixture(scope="session")
def validator(root: Path) -> Path:
    """Folder of the programs that validate a release, which have an environment of their own."""
    folder = root / ".validators" / "bin"
    if not (folder / "python").exists():
        pytest.skip("needs the validators: make .validators/bin/python")
    return folder


@pytest.fixture(scope="session")
def whole(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of the demo graph that the command writes, with every part."""
    folder = tmp_path_factory.mktemp("whole") / "release"
    export(folder, release_parts()[1:])
    return folder
