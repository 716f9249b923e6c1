"""``fairpapers add`` and ``fairpapers remove``."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fairpapers.graph.snapshot import building, current_snapshot, records_file

Run = Any
MORE = [
    {"id": "d", "title": "Parsing", "abstract": "We train T5 on the Penn Treebank."},
    {"id": "b", "title": "Questions", "abstract": "RoBERTa reaches an F1 of 91.2% on SQuAD."},
]


def written(path: Path, *papers: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(paper) + "\n" for paper in papers))
    return path


def keys_in(graph: Path) -> list[str]:
    lines = records_file(graph).read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["key"] for line in lines]


def figures(done: Any) -> dict[str, str]:
    return dict(re.findall(r"^\s*(\S[\S ]*?)\s{2,}(\S+)$", done.stdout, re.M))


@pytest.fixture
def graph(run: Run, papers: Path, tmp_path: Path) -> Path:
    directory = tmp_path / "graph"
    assert run("build", papers, "-o", directory, "--rules-only").exit_code == 0
    return directory


def test_adding_gives_the_graph_of_a_build(run: Run, graph: Path, tmp_path: Path) -> None:
    more = written(tmp_path / "more.jsonl", *MORE)
    done = run("add", more, "--graph", graph, "--rules-only")
    assert done.exit_code == 0, done.output
    report = figures(done)
    assert (report["papers"], report["added"], report["as they were"]) == ("4", "1", "1")
    assert report["snapshot"] == current_snapshot(graph).id
    again = run("build", records_file(graph), "-o", tmp_path / "built")
    assert again.exit_code == 0
    assert current_snapshot(tmp_path / "built").id == report["snapshot"]


def test_the_same_again_is_not_even_extracted(run: Run, graph: Path, papers: Path) -> None:
    before = current_snapshot(graph)
    done = run("add", papers, "--graph", graph, "--rules-only")
    assert done.exit_code == 0
    assert figures(done)["as they were"] == "3"
    assert "papers/s" not in done.stderr
    assert current_snapshot(graph) == before


def test_another_model_extracts_what_comes_again(run: Run, graph: Path, tmp_path: Path) -> None:
    """Of the papers in the input only: the texts of the others are not here."""
    done = run("add", written(tmp_path / "more.jsonl", MORE[1]), "--graph", graph)
    assert done.exit_code == 0
    assert figures(done)["changed"] == "1"
    assert "1 paper read" in done.stderr


def test_removing_says_what_is_not_there(run: Run, graph: Path, tmp_path: Path) -> None:
    keys = keys_in(graph)
    base = current_snapshot(graph).base
    listed = tmp_path / "gone.txt"
    listed.write_text(f"{base}/id/paper/{keys[0]}\n\n")
    done = run("remove", keys[1], "title:0000000000000000", "--from", listed, "--graph", graph)
    assert done.exit_code == 3
    assert "the graph has no paper title:0000000000000000" in done.stderr
    assert figures(done)["removed"] == "2"
    assert keys_in(graph) == keys[2:]
    assert run("remove", "--graph", graph).exit_code == 2


def test_two_at_once_are_refused(run: Run, graph: Path, tmp_path: Path) -> None:
    more = written(tmp_path / "more.jsonl", *MORE)
    program = "import sys; from fairpapers.api.cli import main; main(sys.argv[1:])"
    with building(graph):
        done = subprocess.run(
            [sys.executable, "-c", program, "add", more, "--graph", graph, "--rules-only"],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"another build is writing {graph}; wait until it has ended" in done.stderr


def test_a_graph_that_cannot_grow_is_rebuilt_on_demand(
    run: Run, graph: Path, tmp_path: Path
) -> None:
    more = written(tmp_path / "more.jsonl", *MORE)
    (current_snapshot(graph).path / "growth.json").unlink()
    refused = run("add", more, "--graph", graph, "--rules-only")
    assert refused.exit_code == 1
    assert "--rebuild" in refused.stderr
    done = run("add", more, "--graph", graph, "--rules-only", "--rebuild")
    assert done.exit_code == 0
    assert figures(done)["papers"] == "4"
    assert len(keys_in(graph)) == 4
