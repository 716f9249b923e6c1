"""Options of an export that add nanopublications."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fairpapers.graph.build import build_graph
from fairpapers.graph.recordfile import read_records

Run = Any


@pytest.fixture
def graph(root: Path, tmp_path: Path) -> Path:
    build_graph(read_records(root / "tests/graph/sample_records.jsonl"), tmp_path / "graph")
    return tmp_path / "graph"


def test_they_are_there_when_asked_for_only(run: Run, graph: Path, tmp_path: Path) -> None:
    some = tmp_path / "some"
    assert run("export", graph, "-o", some, "--nanopubs").exit_code == 0
    assert (some / "nanopublications" / "nanopublications.trig.gz").is_file()
    assert run("export", graph, "-o", tmp_path / "none").exit_code == 0
    assert not (tmp_path / "none" / "nanopublications").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--orcid", "0000-0002-1825-0097"), "go with --nanopubs"),
        (("--nanopubs", "--orcid", "0000-0002-1825-0097"), "go together"),
        (("--nanopubs", "--sign-with", "KEY", "--orcid", "0000-0002-1825-0098"), "check digit"),
    ],
)
def test_options_that_do_not_fit_are_told_before_any_work(
    run: Run, graph: Path, tmp_path: Path, options: tuple[str, ...], told: str
) -> None:
    key = tmp_path / "key"
    key.write_text("no key")
    given = [str(key) if each == "KEY" else each for each in options]
    done = run("export", graph, "-o", tmp_path / "release", *given)
    assert done.exit_code == 2
    assert told in done.stderr
    assert not (tmp_path / "release").exists()
