from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language

from fairpapers.extract.training import MaterialError, Progress, train
from fairpapers.extract.training.assembly import WordVectors, new_pipeline, save
from fairpapers.extract.training.crossvalidation import cross_validate, folds
from fairpapers.extract.training.loop import Trainer
from fairpapers.extract.training.material import Material
from fairpapers.extract.training.run import foundation_of
from fairpapers.extract.training.scoring import measure
from fairpapers.extract.training.settings import Recipe, read_recipe
from fairpapers.extract.training.texts import LabelledSpan, LabelledText

NAMES = ("BERT", "GPT-4", "Llama 2", "T5")
TASKS = ("parsing", "image captioning", "translation")


def _text(number: int) -> LabelledText:
    name, task = NAMES[number % len(NAMES)], TASKS[number % len(TASKS)]
    text = f"We train {name} for {task} and report what we see."
    spans = tuple(
        LabelledSpan(text.index(part), text.index(part) + len(part), label)
        for part, label in ((name, "Model"), (task, "Task"))
    )
    return LabelledText(str(number), text, spans)


TEXTS = tuple(_text(number) for number in range(12))
PUBLIC = (LabelledText("x", "The Foo corpus is small", (LabelledSpan(4, 14, "Corpus"),)),)
UNLABELLED = ("We train and report", "They report what they train")
VECTORS = WordVectors(["train", "report"], np.eye(2, 8, dtype=np.float32))


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    """The shipped recipe, narrow and short."""
    model = "components.ner.model.tok2vec"
    training = "fairpapers.training"
    return read_recipe(
        overrides={
            f"{model}.embed.width": 16,
            f"{model}.embed.rows": [200, 100, 100, 100],
            f"{model}.encode.width": 16,
            f"{model}.encode.depth": 2,
            f"{training}.pretrain_steps": 4,
            f"{training}.public_steps": 3,
            f"{training}.steps": 100,
            f"{training}.batch_words": 40,
            f"{training}.learn_rate": 0.01,
            f"{training}.weights": {"small": 1},
        }
    )


@pytest.fixture(scope="module")
def trained(recipe: Recipe) -> tuple[Language, list[Progress]]:
    reports: list[Progress] = []
    nlp = new_pipeline(recipe, VECTORS)
    trainer = Trainer(nlp, TEXTS, {"small": PUBLIC}, recipe.training, reports.append)
    trainer.lay_foundation(UNLABELLED, VECTORS.words)
    trainer.fit()
    return nlp, reports


def test_the_loss_falls_and_every_report_comes(trained: tuple[Language, list[Progress]]) -> None:
    _, reports = trained
    losses = [report.loss or 0 for report in reports if report.stage == "annotations"]
    assert losses[-1] < losses[0] / 2
    assert [(report.stage, report.done) for report in reports] == [
        ("pretraining", 4),
        ("public corpora", 3),
        ("annotations", 50),
        ("annotations", 100),
    ]


def test_only_our_labels_are_predicted(trained: tuple[Language, list[Progress]]) -> None:
    nlp, _ = trained
    assert nlp.pipe_names == ["ner"]
    assert set(nlp.pipe_labels["ner"]) == {"Model", "Task"}


def test_a_saved_pipeline_finds_the_same(
    trained: tuple[Language, list[Progress]], recipe: Recipe, tmp_path: Path
) -> None:
    nlp, _ = trained
    save(nlp, recipe, VECTORS, {"license": "Apache-2.0"}, tmp_path)
    loaded = spacy.load(tmp_path)
    figures = measure(loaded, TEXTS)
    assert figures == measure(nlp, TEXTS)
    assert figures["all"].right > 0
    assert loaded.meta["license"] == "Apache-2.0"


def test_words_of_the_training_texts_are_not_saved(
    trained: tuple[Language, list[Progress]], recipe: Recipe, tmp_path: Path
) -> None:
    nlp, _ = trained
    assert "captioning" in nlp.vocab.strings
    save(nlp, recipe, VECTORS, {}, tmp_path)
    assert "captioning" not in json.loads((tmp_path / "vocab/strings.json").read_text())


def test_a_seed_and_a_foundation_give_the_same_model_again(
    trained: tuple[Language, list[Progress]], recipe: Recipe
) -> None:
    _, reports = trained
    again = new_pipeline(recipe, VECTORS)
    again_reports: list[Progress] = []
    trainer = Trainer(again, TEXTS, {"small": PUBLIC}, recipe.training, again_reports.append)
    foundation = trainer.lay_foundation(UNLABELLED, VECTORS.words)
    trainer.fit()
    assert again_reports == reports

    third = new_pipeline(recipe, VECTORS)
    trainer = Trainer(third, TEXTS, {"small": PUBLIC}, recipe.training, again_reports.append)
    trainer.start_from(foundation)
    trainer.fit()
    assert again_reports[-2:] == reports[-2:]


def test_each_text_is_held_out_once() -> None:
    held = [text.id for _, part in folds(TEXTS, 5) for text in part]
    assert sorted(held) == sorted(text.id for text in TEXTS)
    for used, part in folds(TEXTS, 5):
        assert not set(used) & set(part)


def test_figures_are_of_texts_held_out(recipe: Recipe) -> None:
    material = Material(TEXTS, {"small": PUBLIC}, UNLABELLED)
    foundation = foundation_of(recipe, VECTORS, material, lambda _: None)
    figures = cross_validate(
        recipe, VECTORS, material, foundation, lambda _: None, count=4, first=2
    )
    assert figures["all"].gold == 12
    assert figures["all"].f1 > 0.5
    assert set(figures) == {"all", "Model", "Task"}


def test_a_missing_data_file_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    output = tmp_path / "model"
    with pytest.raises(MaterialError, match=r"acl-abstracts\.jsonl\.gz"):
        train(tmp_path, output)
    assert not output.exists()


def test_a_recipe_with_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MaterialError, match=r"learn_rates"):
        read_recipe(overrides={"fairpapers.training.learn_rates": 1})
    with pytest.raises(MaterialError, match="no such config"):
        read_recipe(tmp_path / "none.cfg")
