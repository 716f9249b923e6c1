"""The teacher itself; where its libraries are missing, these tests are skipped."""

from __future__ import annotations

import random
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import spacy
from spacy.pipeline import EntityRuler

from fairpapers.extract.training.loop import GOLD, Progress
from fairpapers.extract.training.teacher.settings import TeacherSettings
from fairpapers.extract.training.texts import LabelledSpan, LabelledText

torch = pytest.importorskip("torch", reason="development of the teacher needs torch")
tokenizers = pytest.importorskip("tokenizers")
pytest.importorskip("safetensors")

from fairpapers.extract.training.teacher import fine_tuning, labelling, teaching  # noqa: E402
from fairpapers.extract.training.teacher.encoder import Encoder  # noqa: E402
from fairpapers.extract.training.teacher.sifting import spans_of  # noqa: E402
from fairpapers.extract.training.teacher.tagger import Tagger  # noqa: E402
from fairpapers.extract.training.teacher.voting import Voters  # noqa: E402

NAMES = ("BERT", "Llama", "Whisper", "Falcon")
SETTINGS = TeacherSettings(
    seed=0,
    epochs=6,
    batch_pieces=60,
    learn_rate=2e-4,
    head_learn_rate=1e-2,
    warm_up=0.1,
    dropout=0.0,
    public_texts={},
)


def _text(name: str) -> LabelledText:
    text = f"We train {name} today"
    return LabelledText(name, text, (LabelledSpan(9, 9 + len(name), "Model"),))


@pytest.fixture(scope="module")
def reader() -> teaching.Reader:
    words = ["[UNK]", "[CLS]", "[SEP]", "we", "train", "today", *(name.lower() for name in NAMES)]
    vocabulary = {word: number for number, word in enumerate(words)}
    model = tokenizers.models.WordPiece(vocabulary, unk_token="[UNK]")
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.normalizer = tokenizers.normalizers.Lowercase()
    return teaching.Reader(spacy.blank("en"), tokenizer)


@pytest.fixture(scope="module")
def taught(reader: teaching.Reader) -> tuple[Tagger, list[Progress]]:
    torch.manual_seed(0)
    tagger = Tagger(Encoder(120, 0.0), {GOLD: len(teaching.OURS)}, 0.0)
    texts = [_text(name) for name in NAMES for _ in range(4)]
    found = fine_tuning.exercises(reader.nlp, reader.tokenizer, texts, teaching.OURS)
    reports: list[Progress] = []
    fine_tuning.fine_tune(tagger, {GOLD: found}, SETTINGS, reports.append)
    return tagger, reports


def test_every_step_is_reported(taught: tuple[Tagger, list[Progress]]) -> None:
    _, reports = taught
    assert [report.total for report in reports] == [reports[-1].done] * len(reports)
    assert len(reports) == -(-reports[-1].done // fine_tuning.REPORT_EVERY)


def test_it_finds_what_it_learnt(
    taught: tuple[Tagger, list[Progress]], reader: teaching.Reader
) -> None:
    tagger, _ = taught
    texts = [_text("Falcon").text, "", "\n"]
    known, *empty = labelling.read_texts(tagger, reader.tokenizer, reader.nlp, texts)
    assert spans_of(*known, teaching.OURS) == {LabelledSpan(9, 15, "Model")}
    assert [len(reading.words) for reading in empty] == [0, 0]


def test_a_text_beyond_one_window_is_read_to_its_end(
    taught: tuple[Tagger, list[Progress]], reader: teaching.Reader
) -> None:
    text = "We train BERT today " * 300
    (reading,) = labelling.read_texts(taught[0], reader.tokenizer, reader.nlp, [text])
    assert np.exp(reading.scores).sum(axis=1) == pytest.approx(np.ones(1200), abs=1e-3)


def test_a_saved_teacher_scores_alike(
    taught: tuple[Tagger, list[Progress]], reader: teaching.Reader, tmp_path: Path
) -> None:
    tagger, _ = taught
    teaching.save_teacher(tagger, tmp_path / "teacher.safetensors")
    loaded = teaching.load_teacher(tmp_path / "teacher.safetensors")
    texts = [_text(name).text for name in NAMES]
    for one, other in zip(
        labelling.read_texts(tagger, reader.tokenizer, reader.nlp, texts),
        labelling.read_texts(loaded, reader.tokenizer, reader.nlp, texts),
        strict=True,
    ):
        np.testing.assert_allclose(one.scores, other.scores, atol=1e-5)


def test_each_exercise_is_in_one_batch(reader: teaching.Reader) -> None:
    texts = [_text(name) for name in NAMES]
    found = fine_tuning.exercises(reader.nlp, reader.tokenizer, texts, teaching.OURS)
    drawn = list(fine_tuning.batches(found, 12, random.Random(0)))
    assert sorted(e.pieces.pieces for batch in drawn for e in batch) == sorted(
        e.pieces.pieces for e in found
    )
    assert all(len(batch) <= 2 for batch in drawn)


def test_a_student_is_heard_where_the_teacher_is_not_sure(
    taught: tuple[Tagger, list[Progress]], reader: teaching.Reader
) -> None:
    student = spacy.blank("en")
    ruler = cast(EntityRuler, student.add_pipe("entity_ruler"))
    ruler.add_patterns([{"label": "Task", "pattern": "today"}])
    undecided = Tagger(Encoder(120, 0.0), {GOLD: len(teaching.OURS)}, 0.0).eval()
    torch.nn.init.zeros_(undecided.heads[GOLD].weight)
    torch.nn.init.zeros_(undecided.heads[GOLD].bias)
    text = _text("BERT").text
    (alone,) = Voters((undecided,), reader).read([text])
    (together,) = Voters((undecided,), reader, student).read([text])
    assert np.exp(alone.scores) == pytest.approx(1 / len(teaching.OURS))
    assert spans_of(*together, teaching.OURS) == {LabelledSpan(14, 19, "Task")}
