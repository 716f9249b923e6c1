"""The library in a release: files that load again, answers that are those of the graph."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyoxigraph
import pytest

from fairpapers.graph.export import Release, ReleaseFile, export_release
from fairpapers.graph.export.checksums import Checksums
from fairpapers.graph.export.quads import Quads
from fairpapers.graph.snapshot import Snapshot
from fairpapers.graph.store import EmbeddedStore, Store
from fairpapers.ontology.terms import DEFAULT_BASE
from fairpapers.queries import Library, load_library
from fairpapers.queries.export import QueryLibrary, answered
from fairpapers.queries.golden import golden_text

Written = tuple[Path, tuple[ReleaseFile, ...]]


def write(snapshot: Snapshot, folder: Path, part: QueryLibrary) -> tuple[ReleaseFile, ...]:
    with EmbeddedStore(snapshot.store) as store:
        release = Release(
            snapshot=snapshot,
            store=store,
            records=snapshot.path,
            folder=folder,
            version="1",
            issued=date(2026, 1, 31),
        )
        return export_release(release, (Quads(), part, Checksums()))


@pytest.fixture(scope="module")
def released(sample: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("release") / "release"
    return folder, write(sample, folder, QueryLibrary())


def test_the_files_are_the_library(released: Written, library: Library) -> None:
    folder, _ = released
    loaded = load_library(folder / "queries")
    assert list(loaded.values()) == list(library.values())


def test_each_answer_is_that_of_the_graph(
    released: Written, library: Library, store: Store
) -> None:
    folder, files = released
    for query in library.values():
        if query.federates:
            # No answer of this graph, since nobody was asked; the index says so.
            assert not list((folder / "queries" / "results").glob(f"{query.id}.*"))
            assert (folder / "queries" / "fixtures" / f"{query.id}.json").is_file()
            continue
        (path,) = (folder / "queries" / "results").glob(f"{query.id}.*")
        golden = golden_text(store, query, base=DEFAULT_BASE)
        written = path.read_text()
        assert written == golden or (query.sampled and golden.startswith(written))
    assert {file.path for file in files} >= {"queries/library.ttl", "queries/README.md"}


def test_the_rdf_is_the_library_with_its_prefixes(released: Written, library: Library) -> None:
    folder, _ = released
    store = pyoxigraph.Store()
    store.load(path=str(folder / "queries" / "library.ttl"), format=pyoxigraph.RdfFormat.TURTLE)
    found = store.query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?query WHERE {"
        " ?query a sh:SPARQLExecutable FILTER EXISTS { ?query sh:prefixes/sh:declare ?any } }"
    )
    assert isinstance(found, pyoxigraph.QuerySolutions)
    assert len(list(found)) == len(library)


def test_a_long_answer_is_cut_and_the_index_says_so(sample: Snapshot, tmp_path: Path) -> None:
    write(sample, tmp_path / "release", QueryLibrary(most_rows=2))
    folder = tmp_path / "release" / "queries"
    index = (folder / "README.md").read_text()
    assert "| A04 | the first 2 rows |" in index
    assert len((folder / "results" / "A04.tsv").read_text().splitlines()) == 3
    # Without an order nobody knows which triples the engine would give.
    assert "| L07 | the first 2 triples, any of the graph |" in index or "| L07 | 0" in index


def test_a_query_that_fails_is_named_in_the_index(
    library: Library, few: Callable[[str], Store]
) -> None:
    broken = library["A04"].model_copy(update={"text": "SELECT * WHERE {"})
    outcome = answered(few(""), broken, DEFAULT_BASE, 10)
    assert outcome.text is None
    assert outcome.note.startswith("not run: ")


def test_the_same_graph_gives_the_same_bytes(
    released: Written, sample: Snapshot, tmp_path: Path
) -> None:
    _, files = released
    assert write(sample, tmp_path / "again", QueryLibrary()) == files
