from __future__ import annotations

import random

import numpy as np
import pytest
import spacy
from spacy.ml.models.tok2vec import MaxoutWindowEncoder, MultiHashEmbed, build_Tok2Vec_model

from fairpapers.extract.training.pretraining import cosine_loss, mask, pretrain
from fairpapers.extract.training.vectors import to_table

WORDS = ["we", "train", "BERT", "on", "GLUE"]


def test_the_gradient_is_that_of_the_loss() -> None:
    rng = np.random.default_rng(0)
    target = rng.normal(size=(3, 4))
    target /= np.linalg.norm(target, axis=1, keepdims=True)
    predicted = rng.normal(size=(3, 4))
    wanted = np.array([1.0, 0.0, 1.0])
    _, gradient = cosine_loss(predicted, target, wanted)
    for place in np.ndindex(predicted.shape):
        moved = predicted.copy()
        moved[place] += 1e-5
        change = cosine_loss(moved, target, wanted)[0] - cosine_loss(predicted, target, wanted)[0]
        assert change / 1e-5 == pytest.approx(gradient[place], abs=1e-4)


def test_no_wanted_row_gives_no_loss() -> None:
    loss, gradient = cosine_loss(np.ones((2, 3)), np.ones((2, 3)), np.zeros(2))
    assert loss == 0
    assert not gradient.any()


def test_masking_keeps_the_length_and_the_words_not_chosen() -> None:
    doc = spacy.blank("en")("we train BERT on GLUE " * 20)
    masked, chosen = mask(doc, ["other"], random.Random(0))
    assert len(masked) == len(doc)
    assert 5 < sum(chosen) < 40
    for before, after, hidden in zip(doc, masked, chosen, strict=True):
        assert hidden or before.text == after.text
    assert "other" in {token.text for token in masked}


def test_the_loss_falls() -> None:
    nlp = spacy.blank("en")
    nlp.vocab.vectors = to_table(nlp, WORDS, np.eye(5, dtype=np.float32))
    embedding = build_Tok2Vec_model(
        MultiHashEmbed(16, ["NORM", "SHAPE"], [100, 100], include_static_vectors=False),
        MaxoutWindowEncoder(16, window_size=1, maxout_pieces=2, depth=2),
    )
    embedding.initialize(X=[nlp("we train BERT")])
    losses: list[float] = []
    pretrain(
        nlp,
        embedding,
        [" ".join(WORDS)],
        WORDS,
        steps=80,
        batch_words=50,
        learn_rate=0.01,
        rng=random.Random(0),
        report=lambda step, loss: losses.append(loss),
    )
    assert len(losses) == 80
    assert np.mean(losses[-10:]) < np.mean(losses[:10]) * 0.8
