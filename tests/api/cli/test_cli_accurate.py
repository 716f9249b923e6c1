"""The accurate backend on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from fairpapers.extract.pipeline.encoder import shipped_encoder
from fairpapers.extract.pipeline.encoder_session import ABOUT
from fairpapers.extract.records import Record

from ...toy_encoder import write_toy_encoder

Run = Any


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_encoder(tmp_path_factory.mktemp("encoder"), {"zebrafish": "Method"}, 0.9999)


@pytest.fixture
def one_paper(tmp_path: Path) -> Path:
    path = tmp_path / "one.jsonl"
    row = {"id": "z", "title": "A zebrafish", "abstract": "They swim with a zebrafish."}
    path.write_text(json.dumps(row))
    return path


def extracted(run: Run, papers: Path, output: Path, *options: str | Path) -> Record:
    done = run("extract", papers, "-o", output, *options)
    assert done.exit_code == 0, done.stderr
    return Record.from_json(output.read_bytes().splitlines()[0])


def test_the_encoder_of_a_folder_takes_part(
    run: Run, one_paper: Path, tmp_path: Path, toy: Path
) -> None:
    plain = extracted(run, one_paper, tmp_path / "plain.jsonl")
    both = extracted(run, one_paper, tmp_path / "both.jsonl", "--accurate", toy)
    assert "zebrafish" not in {mention.text for mention in plain.mentions}
    assert [mention.text for mention in both.mentions] == ["zebrafish"] * 2
    assert both.generator.model == f"{plain.generator.model}+encoder"


def test_workers_take_it_too(run: Run, one_paper: Path, tmp_path: Path, toy: Path) -> None:
    one = extracted(run, one_paper, tmp_path / "1.jsonl", "--accurate", toy)
    two = extracted(run, one_paper, tmp_path / "2.jsonl", "--accurate", toy, "--workers", "2")
    assert one == two


def test_gold_is_scored_and_papers_are_shown_with_it(
    run: Run, one_paper: Path, tmp_path: Path, toy: Path
) -> None:
    gold = tmp_path / "gold.jsonl"
    entity = {"label": "Method", "canonical": "z", "role": "used", "surfaces": ["zebrafish"]}
    gold.write_text(json.dumps({**json.loads(one_paper.read_text()), "entities": [entity]}))
    scored = json.loads(run("evaluate", gold, "--json", "--accurate", toy).stdout)
    assert scored["mention"]["Method"]["f1"] == 1
    assert "zebrafish|Method" in run("show", one_paper, "--accurate", toy).stdout


def test_it_excludes_rules_alone(run: Run, one_paper: Path, tmp_path: Path) -> None:
    done = run("extract", one_paper, "-o", tmp_path / "r.jsonl", "--rules-only", "--accurate")
    assert done.exit_code == 2
    assert "give one of them" in done.stderr


def test_a_folder_that_is_not_there_is_wrong_use(run: Run, one_paper: Path, tmp_path: Path) -> None:
    missing = tmp_path / "none"
    done = run("extract", one_paper, "-o", tmp_path / "r.jsonl", "--accurate", missing)
    assert done.exit_code == 2
    assert str(missing) in done.stderr


def test_a_folder_without_an_encoder_is_named(run: Run, one_paper: Path, tmp_path: Path) -> None:
    done = run("extract", one_paper, "-o", tmp_path / "r.jsonl", "--accurate", tmp_path)
    assert done.exit_code == 1
    assert f"{tmp_path}: no encoder can be loaded" in done.stderr
    assert "teacher export" in done.stderr


def test_without_a_folder_the_shipped_one_is_meant(
    run: Run, one_paper: Path, tmp_path: Path
) -> None:
    output = tmp_path / "r.jsonl"
    done = run("extract", one_paper, "-o", output, "--accurate")
    if (shipped_encoder() / ABOUT).is_file():
        assert Record.from_json(output.read_bytes()).generator.model.endswith("+encoder")
    else:
        assert str(shipped_encoder()) in done.stderr


def test_a_missing_package_is_named_with_its_remedy(
    run: Run, one_paper: Path, tmp_path: Path, toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    done = run("extract", one_paper, "-o", tmp_path / "r.jsonl", "--accurate", toy)
    assert done.exit_code == 1
    assert "pip install 'fairpapers[accurate]'" in done.stderr
