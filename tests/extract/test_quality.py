"""The figures that the graph carries are those that the scorer prints, of the model that ships."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from fairpapers.extract.calibration import calibrations
from fairpapers.extract.evaluation import evaluate, total
from fairpapers.extract.gold import load_gold
from fairpapers.extract.pipeline import extract_records, generator, load_pipeline
from fairpapers.extract.pipeline.extraction import shipped_model
from fairpapers.extract.quality import Quality, load_quality, main
from fairpapers.ontology.terms import QUALITY_METRICS

GOLD = {
    "id": "p1",
    "title": "Understanding",
    "abstract": "We evaluate GPT-4 on GLUE. GPT-4 reaches 91% accuracy.",
    "entities": [
        {"label": "Model", "canonical": "GPT-4", "role": "used", "surfaces": ["GPT-4"]},
        {"label": "Dataset", "canonical": "GLUE", "role": "used", "surfaces": ["GLUE"]},
    ],
    "results": [{"value": "91", "metric": "accuracy", "subject": "GPT-4", "dataset": None}],
}
pytestmark = pytest.mark.skipif(shipped_model() is None, reason="no model is shipped")


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("quality") / "gold.jsonl"
    path.write_text(json.dumps(GOLD) + "\n")
    return path


@pytest.fixture(scope="module")
def written(gold: Path) -> Quality:
    output = gold.parent / "quality.json"
    done = CliRunner().invoke(main, [str(gold), str(output)], catch_exceptions=False)
    assert "figures of" in done.output
    return load_quality(output)


def test_the_figures_are_those_of_the_scorer(gold: Path, written: Quality) -> None:
    papers, nlp = load_gold(gold), load_pipeline()
    records = list(extract_records((paper.paper() for paper in papers), nlp))
    scores, judged = evaluate(papers, records), calibrations(papers, records)
    by_name = {(figure.metric, figure.label): figure.value for figure in written.figures}
    assert len(by_name) == len(written.figures)
    assert by_name["mention-f1", None] == round(total(scores.mention).f1, 4)
    assert by_name["entity-recall", "Model"] == round(scores.entity["Model"].recall, 4)
    assert by_name["role-accuracy", None] == round(scores.role.share, 4)
    assert by_name["subject-accuracy", None] == round(scores.subject.share, 4)
    error = round(judged["mention"].error, 4)
    assert by_name["mention-calibration-error", None] == error
    assert "dataset-accuracy" not in {figure.metric for figure in written.figures}


def test_it_is_told_what_was_measured_on_what(gold: Path, written: Quality) -> None:
    assert written.model == generator()
    assert (written.gold, written.papers) == ("gold.jsonl", 1)
    assert len(written.gold_sha256) == 64


def test_every_figure_has_its_measure_in_the_vocabulary(written: Quality) -> None:
    for quality in (written, load_quality()):
        assert {figure.metric for figure in quality.figures} <= QUALITY_METRICS.keys()
        assert all(0.0 <= figure.value <= 1.0 for figure in quality.figures)


def test_shipped_figures_are_of_the_shipped_model() -> None:
    # After training: python -m fairpapers.extract.quality GOLD extract/quality.json
    quality = load_quality()
    assert quality.model.model_sha256 == generator().model_sha256
    labels = {figure.label for figure in quality.figures if figure.metric == "mention-f1"}
    assert labels == {None, "Dataset", "Model", "Method", "Metric", "Task"}
    names = {figure.metric for figure in quality.figures}
    assert {"mention-precision", "mention-recall", "mention-calibration-error"} <= names
