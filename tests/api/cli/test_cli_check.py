"""Scoring and training on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fairpapers.extract.training.loop import Progress

Run = Any
GOLD = [
    {
        "id": "g1",
        "title": "Tagging with BERT",
        "abstract": "We use BERT on CoNLL-2003 and report F1.",
        "entities": [
            {"label": "Model", "canonical": "BERT", "surfaces": ["BERT"], "role": "used"},
            {
                "label": "Dataset",
                "canonical": "CoNLL-2003",
                "surfaces": ["CoNLL-2003"],
                "role": "used",
            },
        ],
    }
]


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(paper) + "\n" for paper in GOLD))
    return path


def test_scores_are_a_table_for_people(run: Run, gold: Path) -> None:
    done = run("evaluate", gold, "--rules-only")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "1 papers"
    assert lines[1].split() == ["task", "label", "precision", "recall", "F1", "gold", "predicted"]
    (model,) = (line.split() for line in lines if line.startswith("mention  Model"))
    assert model[2:] == ["1.0000", "1.0000", "1.0000", "2", "2"]


def test_scores_are_json_for_programs(run: Run, gold: Path) -> None:
    scores = json.loads(run("evaluate", gold, "--rules-only", "--json").stdout)
    assert scores["mention"]["Dataset"]["r"] == 1.0
    assert scores["entity"]["all"]["gold"] == 2


def test_the_calibration_error_is_always_told(run: Run, gold: Path) -> None:
    (line,) = (
        line
        for line in run("evaluate", gold, "--rules-only").stdout.splitlines()
        if line.startswith("calibration error (ECE): mention ")
    )
    assert ", entity " in line
    assert json.loads(run("evaluate", gold, "--rules-only", "--json").stdout)["calibration"][
        "mention"
    ]["bins"]


def test_figures_by_threshold_are_shown_on_request(run: Run, gold: Path) -> None:
    plain = run("evaluate", gold, "--rules-only").stdout
    shown = run("evaluate", gold, "--rules-only", "--calibration").stdout
    assert shown.startswith(plain)
    heads = [line.split()[:2] for line in shown.splitlines() if "predicted" in line][1:]
    assert heads == [
        ["mention", "confidence"],
        ["mention", "threshold"],
        ["entity", "confidence"],
        ["entity", "threshold"],
    ]
    found = [line.split() for line in shown.splitlines() if line.strip().startswith("0.00 ")]
    assert [row[0] for row in found] == ["0.00", "0.00"]


def test_what_is_less_sure_than_the_threshold_is_not_scored(
    run: Run, gold: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def predicted(*options: object) -> int:
        scores = json.loads(run("evaluate", gold, "--rules-only", "--json", *options).stdout)
        return sum(scores[task]["all"]["predicted"] for task in ("mention", "entity"))

    assert predicted("--min-confidence", 0) > predicted("--min-confidence", 1) == 0
    monkeypatch.setenv("FAIRPAPERS_MIN_CONFIDENCE", "1")
    assert predicted() == 0
    done = run("evaluate", gold, "--min-confidence", 1.5)
    assert done.exit_code == 2
    assert "0.0<=x<=1.0" in done.stderr


def test_records_that_are_there_are_scored_as_they_are(
    run: Run, gold: Path, papers: Path, tmp_path: Path
) -> None:
    records = tmp_path / "records.jsonl"
    assert run("extract", papers, "-o", records, "--rules-only").exit_code == 0
    scores = json.loads(run("evaluate", gold, "--records", records, "--json").stdout)
    # None of them is about the gold paper, which counts as found with nothing in it.
    assert scores["mention"]["all"] == {
        "p": 0.0,
        "r": 0.0,
        "f1": 0.0,
        "gold": 4 - 1,
        "predicted": 0,
    }


@pytest.mark.parametrize(
    ("content", "words"), [(b'{"id": 1}\n', ":1: "), (b"\xff\xfe\n", "not UTF-8")]
)
def test_gold_that_is_none_is_told(run: Run, tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    done = run("evaluate", path)
    assert done.exit_code == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_training_reports_and_prints_the_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def train(data: Path, output: Path, *, config: Path, silver: Path, report: Any) -> None:
        asked.update(data=data, output=output, config=config, silver=silver)
        report(Progress("recogniser", 100, 200, 12.5))

    monkeypatch.setattr("fairpapers.extract.training.train", train)
    silver = tmp_path / "silver.jsonl"
    silver.touch()
    done = run("train", "--data", tmp_path, "-o", tmp_path / "model", "--silver", silver)
    assert done.exit_code == 0
    assert done.stdout == f"{tmp_path / 'model'}\n"
    assert done.stderr == "recogniser: 100 of 200, loss 12.5\n"
    assert asked["data"] == tmp_path
    assert asked["config"].name == "recognizer.cfg"
    assert asked["silver"] == silver


def test_training_without_material_is_told(run: Run, tmp_path: Path) -> None:
    done = run("train", "--data", tmp_path, "-o", tmp_path / "model")
    assert done.exit_code == 1
    assert str(tmp_path) in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "model").exists()
