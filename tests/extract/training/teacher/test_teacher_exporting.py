"""The exported teacher against the teacher; where its libraries are missing, this is skipped."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import spacy

from fairpapers.extract.pipeline.encoder_session import Session
from fairpapers.extract.training.loop import GOLD

torch = pytest.importorskip("torch", reason="development of the teacher needs torch")
tokenizers = pytest.importorskip("tokenizers")
pytest.importorskip("onnx")

from fairpapers.extract.training.teacher import exporting, labelling, teaching  # noqa: E402
from fairpapers.extract.training.teacher.encoder import Encoder  # noqa: E402
from fairpapers.extract.training.teacher.tagger import Tagger  # noqa: E402
from fairpapers.extract.training.teacher.vocabulary import prune  # noqa: E402

PIECES = ["[PAD]", "zoo", "[UNK]", "[CLS]", "[SEP]", "we", "train", "bert", "a", "##b"]
TEXTS = ["We train BERT", "a train\nWe train BERT ab zoo", "train BERT " * 400]


@pytest.fixture(scope="module")
def reader() -> teaching.Reader:
    vocabulary = {piece: number for number, piece in enumerate(PIECES)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = tokenizers.normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    return teaching.Reader(spacy.blank("en"), tokenizer)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_exported_teacher_says_nearly_the_same(reader: teaching.Reader, tmp_path: Path) -> None:
    torch.manual_seed(0)
    tagger = Tagger(Encoder(len(PIECES), 0.0), {GOLD: len(teaching.OURS)}, 0.0).eval()
    torch.nn.init.normal_(tagger.piece_shapes.weight, std=0.1)
    pruned = prune(reader.tokenizer, TEXTS[:1], 1)
    assert len(pruned.rows) < len(PIECES)
    exporting.export_folder(tagger, *pruned, {"teacher": "toy"}, tmp_path)
    meta = json.loads((tmp_path / "meta.json").read_text())
    assert meta["teacher"] == "toy"
    assert meta["bytes"]["encoder.onnx"] == (tmp_path / "encoder.onnx").stat().st_size
    session = Session(tmp_path)
    same = teaching.Reader(reader.nlp, pruned.tokenizer)
    rows = tuple(pruned.rows)
    tagger.encoder.words = torch.nn.Embedding.from_pretrained(
        tagger.encoder.words.weight[list(rows)].detach()
    )
    for reading in labelling.read_texts(tagger, same.tokenizer, same.nlp, TEXTS):
        found = np.exp(session.scores(reading.words))
        np.testing.assert_allclose(found, np.exp(reading.scores), atol=0.02)
    assert exporting.agreement(tagger, same, tmp_path, TEXTS) > 0.9
