"""Building: what is published, that it is the same every time, and what is refused."""

from __future__ import annotations

import fcntl
import hashlib
import os
import random
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, Store

from fairpapers.extract.records import Record
from fairpapers.graph.build import BuildReport, build_graph
from fairpapers.graph.errors import (
    BuildInProgress,
    DirectoryUnusable,
    GraphInvalid,
    IriError,
    NoSnapshot,
    RecordInvalid,
    SnapshotDamaged,
    Violation,
)
from fairpapers.graph.iris import Iris
from fairpapers.graph.kept import Kept, kept_settings
from fairpapers.graph.licences import CC0, CC_BY
from fairpapers.graph.nquads import sorted_nquads
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.snapshot import current_snapshot, records_file
from fairpapers.graph.store import EmbeddedStore

Records = tuple[Record, ...]


class Built(Protocol):
    directory: Path
    report: BuildReport

    def open(self) -> Store: ...


def dump(directory: Path) -> str:
    return "".join(sorted_nquads(Store.read_only(str(current_snapshot(directory).store))))


def names(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def test_the_report_counts_what_was_built(built: Built) -> None:
    report = built.report
    assert (report.papers, report.duplicates, report.unsupported) == (5, 0, 0)
    assert report.resources == {"Dataset": 6, "Model": 7, "Method": 4, "Metric": 6, "Task": 3}
    assert (report.results, report.skipped) == (18, {})
    assert report.validation.conforms
    assert report.validation.shaped == 5
    counted = Counter(str(quad.graph_name)[1:-1].rpartition("/")[2] for quad in built.open())
    assert report.triples == counted


def test_the_directory_holds_nothing_else(built: Built) -> None:
    assert names(built.directory) == {"records", "snapshots", "current"}
    assert names(built.directory / "snapshots") == {built.report.snapshot}


def test_the_snapshot_is_the_sum_of_its_lines(built: Built) -> None:
    lines = dump(built.directory).splitlines(keepends=True)
    digests = (int(hashlib.sha256(line.encode()).hexdigest(), 16) for line in lines)
    total = f"{sum(digests) % 2**256:064x}"
    assert current_snapshot(built.directory).id == total[:16] == built.report.snapshot


def test_named_graphs_are_disjoint(built: Built) -> None:
    graphs: dict[str, set[object]] = {}
    for quad in built.open():
        graphs.setdefault(str(quad.graph_name), set()).add(quad.triple)
    assert len(set().union(*graphs.values())) == sum(map(len, graphs.values()))


def test_nothing_is_blank_and_nothing_is_outside_the_named_graphs(built: Built, iris: Iris) -> None:
    for quad in built.open():
        assert not isinstance(quad.subject, BlankNode)
        assert not isinstance(quad.object, BlankNode)
        assert str(quad.graph_name).startswith(f"<{iris.base}/graph/")


def test_the_same_records_in_any_order_give_the_same_bytes(
    built: Built, sample: Records, tmp_path: Path
) -> None:
    shuffled = random.Random(1).sample(sample, len(sample))
    report = build_graph([*shuffled, sample[0]], tmp_path / "kg")
    assert report.duplicates == 1
    assert report.snapshot == built.report.snapshot
    assert dump(tmp_path / "kg") == dump(built.directory)
    ours, theirs = (records_file(each).read_bytes() for each in (tmp_path / "kg", built.directory))
    assert ours == theirs


def test_building_again_leaves_the_snapshot_alone(sample: Records, tmp_path: Path) -> None:
    first = build_graph(sample, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "snapshots").rglob("*")}
    second = build_graph(read_records(records_file(tmp_path)), tmp_path)
    assert (first.unchanged, second.unchanged) == (False, True)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "snapshots").rglob("*")} == before


def test_the_snapshot_just_replaced_stays_and_older_ones_go(
    sample: Records, tmp_path: Path
) -> None:
    other = tmp_path / "snapshots" / "mine"
    other.mkdir(parents=True)
    ids = [build_graph(sample[:n], tmp_path).snapshot for n in (1, 2, 3)]
    assert len(set(ids)) == 3
    assert names(tmp_path / "snapshots") == {*ids[1:], "mine"}
    assert current_snapshot(tmp_path).id == ids[2]


def test_readers_of_a_replaced_snapshot_go_on(sample: Records, tmp_path: Path) -> None:
    build_graph(sample[:1], tmp_path)
    reader = Store.read_only(str(current_snapshot(tmp_path).store))
    before = sum(1 for _ in reader)
    build_graph(sample[:2], tmp_path)
    assert sum(1 for _ in reader) == before


def test_no_records_make_an_empty_valid_graph(tmp_path: Path) -> None:
    report = build_graph([], tmp_path)
    assert report.papers == 0
    assert set(report.triples) == {"vocab", "ontology", "meta"}


def test_another_base_is_used_throughout(sample: Records, tmp_path: Path) -> None:
    build_graph(sample, tmp_path, base="http://127.0.0.1:8000/kg/")
    snapshot = current_snapshot(tmp_path)
    assert snapshot.base == "http://127.0.0.1:8000/kg"
    assert "w3id.org/fairpapers/id/" not in dump(tmp_path)


def test_an_invalid_graph_is_not_published(sample: Records, tmp_path: Path) -> None:
    before = build_graph(sample, tmp_path)
    records = records_file(tmp_path).read_bytes()
    with pytest.raises(GraphInvalid) as caught:
        build_graph([replace(sample[0], key="isbn:1")], tmp_path)
    [violation] = caught.value.violations
    assert violation.focus == "https://w3id.org/fairpapers/id/paper/isbn:1"
    assert violation.check == "https://w3id.org/fairpapers/shapes#PaperShape"
    assert "dcterms:identifier" in violation.message
    assert violation.focus in str(caught.value)
    assert current_snapshot(tmp_path).id == before.snapshot
    assert records_file(tmp_path).read_bytes() == records
    assert names(tmp_path) == {"records", "snapshots", "current"}


def test_a_triple_in_two_graphs_is_a_violation(
    sample: Records, tmp_path: Path, built: Built, iris: Iris
) -> None:
    queries = NamedNode(iris.graph("queries"))
    stray = next(quad for quad in built.open() if "/graph/core" in str(quad.graph_name))
    doubled = Quad(stray.subject, stray.predicate, stray.object, queries)
    blank = Quad(BlankNode("b"), stray.predicate, stray.object, queries)
    with pytest.raises(GraphInvalid) as caught:
        build_graph(sample, tmp_path, extra=[doubled, blank])
    found = {each.check: each.focus for each in caught.value.violations}
    assert found["graphs-are-disjoint"] == str(stray.subject).strip("<>")
    assert found["no-blank-nodes"].startswith("_:")


def test_two_builds_at_once_are_refused(sample: Records, tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        with pytest.raises(BuildInProgress, match="wait"):
            build_graph(sample, tmp_path)
    finally:
        os.close(handle)
    build_graph(sample[:1], tmp_path)


def test_a_build_within_a_build_is_refused(sample: Records, tmp_path: Path) -> None:
    def progress(stage: str, done: int, total: int | None) -> None:
        if stage == "map":
            build_graph(sample, tmp_path)

    with pytest.raises(BuildInProgress):
        build_graph(sample, tmp_path, progress=progress)
    with pytest.raises(NoSnapshot):
        current_snapshot(tmp_path)
    assert names(tmp_path) == set()


def test_progress_is_told_stage_by_stage(sample: Records, tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    build_graph(sample, tmp_path, progress=lambda *event: told.append(event))
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == [
        *("read", "resolve", "map", "load", "count"),
        *("digest", "validate", "index", "publish"),
    ]
    assert ("map", 5, 5) in told


def test_what_cannot_be_built_is_named(sample: Records, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(DirectoryUnusable, match="file"):
        build_graph(sample, file)
    with pytest.raises(DirectoryUnusable, match="file"):
        build_graph(sample, file / "below")
    with pytest.raises(IriError, match="base"):
        build_graph(sample, tmp_path / "kg", base="no base")
    with pytest.raises(RecordInvalid, match="text_sha256"):
        build_graph([replace(sample[0], text_sha256="?")], tmp_path / "kg")
    assert not list((tmp_path / "kg").iterdir())


def test_a_damaged_snapshot_is_named_and_built_anew(sample: Records, tmp_path: Path) -> None:
    report = build_graph(sample, tmp_path)
    shutil.rmtree(current_snapshot(tmp_path).store)
    with pytest.raises(SnapshotDamaged, match="store is missing"):
        current_snapshot(tmp_path)
    assert build_graph(sample, tmp_path).snapshot == report.snapshot
    assert current_snapshot(tmp_path).id == report.snapshot
    assert names(tmp_path) == {"records", "snapshots", "current"}


@pytest.mark.parametrize("content", [b"", b"../../etc\n", b"\xff\xfe"])
def test_a_damaged_pointer_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "current").write_bytes(content)
    with pytest.raises(SnapshotDamaged, match="current"):
        current_snapshot(tmp_path)


def test_a_directory_without_graph_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(NoSnapshot, match="no graph"):
            current_snapshot(path)


def test_long_lists_of_violations_are_cut_in_the_message() -> None:
    violations = tuple(Violation("check", f"https://e/{n}", "is wrong") for n in range(12))
    assert str(GraphInvalid(violations)).endswith("and 2 more")


def test_a_graph_states_its_licence_and_keeps_it(tmp_path: Path, sample: Records) -> None:
    for licence in (CC0, CC_BY):
        build_graph(sample, tmp_path, licence=licence, min_confidence=0.5)
        snapshot = current_snapshot(tmp_path)
        with EmbeddedStore(snapshot.store) as store:
            assert kept_settings(store, Iris(snapshot.base)) == Kept(0.5, licence)
