from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairpapers.graph.errors import DirectoryUnusable
from fairpapers.graph.export import Release, ReleaseFile
from fairpapers.graph.snapshot import current_snapshot

from .conftest import Export


def test_the_quads_are_the_whole_graph_sorted_and_add_up_to_its_id(
    demo_graph: Path, export: Export, tmp_path: Path
) -> None:
    (file,) = export(tmp_path / "release", ())
    content = (tmp_path / "release" / file.path).read_bytes()
    lines = gzip.decompress(content)
    snapshot = current_snapshot(demo_graph)
    assert lines.count(b"\n") == sum(snapshot.triples.values())
    each = lines.splitlines(keepends=True)
    assert each == sorted(each)
    total = sum(int(hashlib.sha256(line).hexdigest(), 16) for line in each)
    assert f"{total % 2**256:064x}"[:16] == snapshot.id
    assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_the_same_graph_gives_the_same_bytes(export: Export, tmp_path: Path) -> None:
    assert export(tmp_path / "a", ()) == export(tmp_path / "b", ())


def test_a_folder_with_other_files_is_left_alone(export: Export, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(DirectoryUnusable, match="cannot hold a release"):
        export(tmp_path, ())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


class _Fails:
    name = "fails"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        release.path("half.txt").write_text("half")
        raise KeyboardInterrupt
        yield


class _Checksums:
    name = "sums"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        release.path("SHA256SUMS").write_text("")
        yield ReleaseFile("SHA256SUMS", "Digests", "text/plain", release.licence)


def test_an_interrupted_export_leaves_the_earlier_release(export: Export, tmp_path: Path) -> None:
    target = tmp_path / "release"
    export(target, (_Checksums(),))
    before = {path: path.read_bytes() for path in target.rglob("*") if path.is_file()}
    with pytest.raises(KeyboardInterrupt):
        export(target, (_Checksums(), _Fails()))
    assert {path: path.read_bytes() for path in target.rglob("*") if path.is_file()} == before
    assert list(tmp_path.iterdir()) == [target]


def test_what_was_killed_while_it_took_its_place_is_put_right(
    export: Export, tmp_path: Path
) -> None:
    target = tmp_path / "release"
    export(target, (_Checksums(),))
    target.rename(tmp_path / ".release.replaced")
    with pytest.raises(KeyboardInterrupt):
        export(target, (_Fails(),))
    assert (target / "SHA256SUMS").is_file()
    assert list(tmp_path.iterdir()) == [target]
