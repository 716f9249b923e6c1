"""``fairpapers search``: what it prints, and what it says where it cannot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fairpapers.graph.build import build_graph
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.search import index_file
from fairpapers.graph.snapshot import current_snapshot

Run = Any


@pytest.fixture
def graph(root: Path, tmp_path: Path) -> Path:
    directory = tmp_path / "graph"
    build_graph(read_records(root / "tests/graph/sample_records.jsonl"), directory)
    return directory


def test_a_table_has_the_short_form_that_parameters_take(run: Run, graph: Path) -> None:
    done = run("search", "conll", "--graph", str(graph))
    assert done.exit_code == 0
    assert "dataset/conll-2003" in done.stdout
    asked = run("query", "A07", "--param", "dataset=dataset/conll-2003", "--graph", str(graph))
    assert "yes" in asked.stdout


def test_json_has_all_that_is_known(run: Run, graph: Path) -> None:
    done = run("search", "bert", "--kind", "model", "--format", "json", "--graph", str(graph))
    (found,) = json.loads(done.stdout)
    assert (found["label"], found["kind"], found["papers"]) == ("BERT", "model", 4)
    assert json.loads(run("search", "?!", "--format", "json", "--graph", str(graph)).stdout) == []


def test_a_graph_without_an_index_is_told(run: Run, graph: Path) -> None:
    index_file(current_snapshot(graph).path).unlink()
    done = run("search", "bert", "--graph", str(graph))
    assert done.exit_code == 1
    assert "build it again" in done.stderr
