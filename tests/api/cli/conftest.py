"""Commands run in this process, on small files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fairpapers.api.cli import main
from fairpapers.graph.build import build_graph
from fairpapers.graph.recordfile import read_records

Run = Callable[..., Result]
PAPERS: list[dict[str, Any]] = [
    {"id": "a", "title": "Tagging with BERT", "abstract": "We use BERT on CoNLL-2003."},
    {"id": "b", "title": "Questions", "abstract": "RoBERTa reaches an F1 of 91.2% on SQuAD."},
    {"id": "c", "title": "Understanding", "abstract": "We evaluate GPT-4 on GLUE."},
]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command; defects keep their traceback instead of an exit code."""
    for name in ("FAIRPAPERS_GRAPH", "FAIRPAPERS_LIBRARY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def invoke(*arguments: object, **options: Any) -> Result:
        return CliRunner().invoke(main, [*map(str, arguments)], **options)

    return invoke


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    path = tmp_path / "papers.jsonl"
    path.write_text("".join(json.dumps(paper) + "\n" for paper in PAPERS))
    return path


@pytest.fixture(scope="session")
def graph_directory(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five sample papers as a graph."""
    directory = tmp_path_factory.mktemp("cli") / "graph"
    build_graph(read_records(root / "tests/graph/sample_records.jsonl"), directory)
    return directory
