from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairpapers.graph.export import Release, ReleaseFile
from fairpapers.graph.export.checksums import Checksums
from fairpapers.graph.export.ontology import OntologyFiles

from .conftest import Export


def test_the_usual_tool_checks_every_file(export: Export, tmp_path: Path) -> None:
    target = tmp_path / "release"
    files = export(target, (OntologyFiles(), Checksums()))
    check = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=target, check=False).returncode == 0
    assert (target / "SHA256SUMS").read_text().count("\n") == len(files) - 1
    with (target / "ontology/vocab.nt").open("ab") as file:
        file.write(b"\n")
    assert subprocess.run(check, cwd=target, check=False, capture_output=True).returncode == 1


class _Forgets:
    name = "forgets"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        release.path("forgotten.txt").write_text("")
        return iter(())


def test_a_file_that_no_part_named_is_noticed(export: Export, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"forgotten\.txt"):
        export(tmp_path / "release", (_Forgets(), Checksums()))
    assert list(tmp_path.iterdir()) == []
