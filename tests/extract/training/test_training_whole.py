"""A whole run on a data folder of hand-written sentences."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from fairpapers.extract.gold import GoldEntity, GoldPaper
from fairpapers.extract.training import MaterialError, stand_off, train
from fairpapers.extract.training.__main__ import main
from fairpapers.extract.training.abstracts import CORPUS, EXCLUDED
from fairpapers.extract.training.annotations import Offsets
from fairpapers.extract.training.material import CHECKING, load_material
from fairpapers.extract.training.settings import read_recipe
from fairpapers.extract.training.silver import Silver, recipe_file
from fairpapers.extract.training.texts import sha256, text_digest

MODEL = "components.ner.model.tok2vec"
OVERRIDES = {
    f"{MODEL}.embed.width": 16,
    f"{MODEL}.embed.rows": [200, 100, 100, 100],
    f"{MODEL}.encode.width": 16,
    f"{MODEL}.encode.depth": 2,
    "fairpapers.vectors.width": 4,
    "fairpapers.vectors.min_count": 1,
    "fairpapers.training.pretrain_steps": 2,
    "fairpapers.training.public_steps": 2,
    "fairpapers.training.steps": 60,
    "fairpapers.training.silver_steps": 20,
    "fairpapers.training.batch_words": 40,
    "fairpapers.training.learn_rate": 0.01,
    "fairpapers.training.weights": {"tdmsci": 1},
}


def _paper(number: int) -> GoldPaper:
    name = ("BERT", "T5", "GPT-4")[number % 3]
    abstract = f"We train {name} and report what we see."
    entities = (GoldEntity("Model", name, "used", (name,)),)
    return GoldPaper(f"p{number}", f"Study number {number}", abstract, entities)


@dataclass(frozen=True)
class Run:
    data: Path
    annotations: Path
    held_out: Path
    config: Path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    data = tmp_path_factory.mktemp("data")
    papers = [_paper(number) for number in range(8)]
    rows = [
        {"id": paper.id, "year": 2020, "title": paper.title, "abstract": paper.abstract}
        for paper in papers
    ]
    rows += [
        {"id": "free", "year": 2021, "title": "Free", "abstract": "We train and report a lot."},
        {"id": "kept", "year": 2021, "title": "Kept", "abstract": "Keep this away."},
        {"id": "twin", "year": 2021, "title": "Seed paper", "abstract": "Keep this away too."},
    ]
    for file in (CORPUS, EXCLUDED, CHECKING, "gold/public/tdmsci/train.jsonl"):
        (data / file).parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (data / CORPUS).write_bytes(gzip.compress(lines.encode(), mtime=0))
    (data / EXCLUDED).write_text("kept\n")
    (data / CHECKING).write_text('{"title": "Seed Paper"}\n')
    (data / "gold/public/tdmsci/train.jsonl").write_text(
        '{"id": "1", "text": "Parsing is a task", '
        '"spans": [{"start": 0, "end": 7, "label": "TASK"}]}\n'
    )
    annotations = data / "annotations.jsonl"
    annotations.write_text("".join(stand_off(paper).to_json() + "\n" for paper in papers))
    held_out = data / "held-out.txt"
    held_out.write_text("p6\np7\n")
    config = data / "small.cfg"
    read_recipe(overrides=OVERRIDES).config.to_disk(config)
    return Run(data, annotations, held_out, config)


def test_a_model_is_trained_saved_and_described(run: Run, tmp_path: Path) -> None:
    stages: list[str] = []
    nlp = train(
        run.data,
        tmp_path / "model",
        config=run.config,
        annotations=run.annotations,
        held_out=run.held_out,
        report=lambda progress: stages.append(progress.stage),
    )
    assert [ent.text for ent in nlp("Study\nWe train BERT and report what we see.").ents] == [
        "BERT"
    ]
    described = nlp.meta["training"]
    assert described["digests"][CORPUS] == sha256(run.data / CORPUS)
    assert described["digests"]["recipe"] == sha256(run.config)
    assert (described["annotated_papers"], described["annotated_mentions"]) == (6, 6)
    figures = nlp.meta["performance"]["held_out"]
    assert (figures["papers"], figures["mention"]["all"]["gold"]) == (2, 2)
    assert figures["mention"]["all"]["f1"] == 1
    assert list(dict.fromkeys(stages)) == [
        "reading",
        "word vectors",
        "pretraining",
        "public corpora",
        "annotations",
    ]


def test_a_model_learns_from_silver_labels_too(run: Run, tmp_path: Path) -> None:
    (text,) = load_material(run.data, public=[], annotations=run.annotations).unlabelled
    silver = tmp_path / "silver.jsonl"
    silver.write_text(Silver(text_digest(text), (), (Offsets(5, 7),)).to_json() + "\n")
    recipe_file(silver).write_text('{"sure": 0.5}')
    stages: list[str] = []
    nlp = train(
        run.data,
        tmp_path / "model",
        config=run.config,
        annotations=run.annotations,
        silver=silver,
        report=lambda progress: stages.append(progress.stage),
    )
    assert stages[-1] == "silver labels"
    described = nlp.meta["training"]
    assert described["digests"]["silver"] == sha256(silver)
    assert (described["silver_papers"], described["silver"]) == (1, {"sure": 0.5})


def test_silver_labels_of_a_paper_kept_for_checking_are_refused(run: Run, tmp_path: Path) -> None:
    silver = tmp_path / "silver.jsonl"
    silver.write_text(Silver(text_digest("Kept\nKeep this away."), (), ()).to_json())
    with pytest.raises(MaterialError, match="of no text that may be trained on"):
        load_material(run.data, public=[], annotations=run.annotations, silver=silver)


def test_papers_kept_for_checking_are_no_material(run: Run) -> None:
    material = load_material(run.data, public=[], annotations=run.annotations)
    assert material.unlabelled == ("Free\nWe train and report a lot.",)


def test_annotations_of_a_paper_kept_for_checking_are_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "annotations.jsonl"
    file.write_text(stand_off(GoldPaper("kept", "Kept", "Keep this away.", ())).to_json())
    with pytest.raises(MaterialError, match="kept for checking: kept"):
        load_material(run.data, public=[], annotations=file)


def test_the_command_scores_a_model_on_a_gold_file(run: Run, tmp_path: Path) -> None:
    train(run.data, tmp_path / "model", config=run.config, annotations=run.annotations)
    gold = tmp_path / "gold.jsonl"
    entity = {"label": "Model", "canonical": "T5", "role": "used", "surfaces": ["T5"]}
    abstract = "We train T5 and report what we see."
    gold.write_text(
        json.dumps({"id": "x", "title": "Study", "abstract": abstract, "entities": [entity]})
    )
    result = CliRunner().invoke(main, ["score", str(tmp_path / "model"), str(gold)])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.output)
    assert figures["mention"]["Model"]["gold"] == 1
    assert figures["digests"] == {"gold.jsonl": sha256(gold)}

    marks = CliRunner().invoke(main, ["stand-off", str(gold)])
    assert json.loads(marks.output)["entities"][0]["mentions"] == [[15, 17]]
