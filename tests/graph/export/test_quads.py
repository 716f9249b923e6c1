from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from fairpapers.graph.errors import DirectoryUnusable
from fairpapers.graph.snapshot import current_snapshot

from .conftest import Export


def test_the_quads_are_the_whole_graph_in_the_order_that_its_id_is_made_from(
    demo_graph: Path, export: Export, tmp_path: Path
) -> None:
    (file,) = export(tmp_path / "release", ())
    content = (tmp_path / "release" / file.path).read_bytes()
    lines = gzip.decompress(content)
    snapshot = current_snapshot(demo_graph)
    assert lines.count(b"\n") == sum(snapshot.triples.values())
    assert hashlib.sha256(lines).hexdigest()[:16] == snapshot.id
    assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_the_same_graph_gives_the_same_bytes(export: Export, tmp_path: Path) -> None:
    assert export(tmp_path / "a", ()) == export(tmp_path / "b", ())


def test_a_folder_with_other_files_is_left_alone(export: Export, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(DirectoryUnusable, match="no release"):
        export(tmp_path, ())
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
