"""What CHANGES says came and went is the difference of two releases."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.errors import ReleaseUnusable
from fairpapers.graph.export.changes import Changes, differences
from fairpapers.graph.export.release import QUADS_FILE

from .conftest import Export

Graphs = tuple[Path, Path]


def lines(path: Path) -> list[bytes]:
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


@pytest.fixture(scope="module")
def graphs(sample: tuple[Record, ...], tmp_path_factory: pytest.TempPathFactory) -> Graphs:
    """One without the last paper and one without the first."""
    folder = tmp_path_factory.mktemp("changes")
    build_graph(sample[:-1], folder / "graph-1")
    build_graph(sample[1:], folder / "graph-2")
    return folder / "graph-1", folder / "graph-2"


@pytest.fixture
def first(graphs: Graphs, export: Export, tmp_path: Path) -> Path:
    export(tmp_path / "first", (Changes(),), graph=graphs[0])
    (tmp_path / "first" / "datacite.json").write_text(json.dumps({"version": "1.0"}))
    return tmp_path / "first"


def test_the_first_release_says_so(first: Path) -> None:
    count = len(lines(first / QUADS_FILE))
    text = (first / "CHANGES.md").read_text()
    assert text == f"# Changes\n\n1.0 is the first release ({count:,} triples).\n"
    assert not (first / "changes").exists()


def test_what_came_and_went_leads_from_one_release_to_the_next(
    first: Path, graphs: Graphs, export: Export, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    export(second, (Changes(),), graph=graphs[1], previous=first, version="1.1")
    added, removed = (lines(second / f"changes/{name}.nq.gz") for name in ("added", "removed"))
    assert added
    assert removed
    before = set(lines(first / QUADS_FILE))
    assert set(removed) <= before
    assert not before & set(added)
    assert sorted(before - set(removed) | set(added)) == lines(second / QUADS_FILE)
    text = (second / "CHANGES.md").read_text()
    assert f"From 1.0 to 1.1: {len(added):,} triples came, {len(removed):,} went" in text
    papers = (
        b"<https://w3id.org/fairpapers/ontology#Paper> <https://w3id.org/fairpapers/graph/core>"
    )
    came, went = (sum(papers in line for line in side) for side in (added, removed))
    assert (came, went) == (1, 1)
    assert f"| `fp:Paper` | {came} | {went} |" in text
    uses = b" <https://w3id.org/fairpapers/ontology#uses> "
    came, went = (
        sum(line.split(b" ", 1)[1].startswith(uses[1:]) for line in side)
        for side in (added, removed)
    )
    assert f"| `fp:uses` | {came} | {went} |" in text


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda path: path.unlink(), "it has no data/graph.nq.gz"),
        (lambda path: path.write_bytes(b"no gzip"), "cannot be read"),
        (lambda path: path.write_bytes(path.read_bytes()[:2000]), "cannot be read"),
        (lambda path: path.write_bytes(gzip.compress(b"b\n")), "is no quad"),
        (lambda path: path.write_bytes(gzip.compress(b"".join(lines(path)[::-1]))), "not sorted"),
        (lambda path: (path.parents[1] / "datacite.json").unlink(), "its version cannot be read"),
    ],
)
def test_a_damaged_release_before_is_refused(
    spoil: object,
    fault: str,
    first: Path,
    graphs: Graphs,
    export: Export,
    tmp_path: Path,
) -> None:
    assert callable(spoil)
    spoil(first / QUADS_FILE)
    with pytest.raises(ReleaseUnusable, match=fault):
        export(tmp_path / "second", (Changes(),), graph=graphs[1], previous=first, version="1.1")
    assert not (tmp_path / "second").exists()


SORTED = st.sets(st.binary(max_size=3)).map(sorted)


@given(SORTED, SORTED)
def test_the_merge_is_the_difference_of_sets(old: list[bytes], new: list[bytes]) -> None:
    merged = list(differences(old, new))
    assert [gone for gone, come in merged if come is None] == sorted(set(old) - set(new))
    assert [come for gone, come in merged if gone is None] == sorted(set(new) - set(old))
    assert [gone for gone, come in merged if gone == come] == sorted(set(old) & set(new))
