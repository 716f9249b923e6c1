"""Pretraining of the embedding on abstracts without labels.

Some words of each text are replaced by others, and the embedding, with a small network on top,
is to tell the word vector of what stood there from what stands around it: the vectors objective
of spaCy's ``pretrain``, on the masked words of Devlin et al. (2019).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import Adam, Linear, Maxout, Model, chain, list2array

from .vectors import Floats

MASKED = 0.2
_HIDDEN = 192


def pretrain(
    nlp: Language,
    embedding: Model[Any, Any],
    texts: Sequence[str],
    words: Sequence[str],
    *,
    steps: int,
    batch_words: int,
    learn_rate: float,
    rng: random.Random,
    report: Callable[[int, float], None],
) -> None:
    """Train ``embedding`` in place.

    Args:
        nlp: its tokenizer splits the texts; its word vectors are the targets.
        embedding: initialized already.
        texts: unlabelled.
        words: stand in for those that are hidden.
        steps: batches.
        batch_words: tokens in a batch.
        learn_rate: of Adam.
        rng: draws texts and words.
        report: called after each batch with its number and its loss, the mean cosine distance.
    """
    width = nlp.vocab.vectors.shape[1]
    model: Model[Any, Any] = chain(
        embedding,
        list2array(),
        Maxout(_HIDDEN, embedding.get_dim("nO"), nP=3, normalize=True),
        Linear(width, _HIDDEN),
    )
    for layer in model.layers[2:]:
        layer.initialize()
    sgd = Adam(learn_rate, grad_clip=1.0)
    stream = _batches(nlp, texts, batch_words, rng)
    for step in range(1, steps + 1):
        docs = next(stream)
        masked = [mask(doc, words, rng) for doc in docs]
        target, wanted = _targets(nlp, docs, [places for _, places in masked])
        predicted, backprop = model.begin_update([doc for doc, _ in masked])
        loss, gradient = cosine_loss(predicted, target, wanted)
        backprop(gradient)
        model.finish_update(sgd)
        report(step, loss)


def mask(doc: Doc, words: Sequence[str], rng: random.Random) -> tuple[Doc, list[bool]]:
    """Replace some words by random ones; tell which words are to be predicted."""
    chosen = [rng.random() < MASKED for _ in doc]
    # One in ten stays, so that the words as they are written remain worth representing.
    shown = [
        rng.choice(words) if hidden and rng.random() < 0.9 else token.text
        for token, hidden in zip(doc, chosen, strict=True)
    ]
    return Doc(doc.vocab, words=shown, spaces=[bool(token.whitespace_) for token in doc]), chosen


def cosine_loss(
    predicted: NDArray[Any], target: NDArray[Any], wanted: NDArray[Any]
) -> tuple[float, Floats]:
    """Return the mean cosine distance over the rows wanted, and its gradient.

    ``target`` has rows of unit length; ``wanted`` is 1 for rows that count and 0 for others.
    """
    length = np.maximum(np.linalg.norm(predicted, axis=1, keepdims=True), 1e-6)
    unit = predicted / length
    cosine = (unit * target).sum(axis=1, keepdims=True)
    total = max(float(wanted.sum()), 1.0)
    gradient = -(target - unit * cosine) / length * wanted[:, None] / total
    loss = float(((1 - cosine[:, 0]) * wanted).sum() / total)
    return loss, np.ascontiguousarray(gradient, dtype=np.float32)


def _targets(
    nlp: Language, docs: Sequence[Doc], places: Sequence[Sequence[bool]]
) -> tuple[Floats, Floats]:
    keys = [token.orth for doc in docs for token in doc]
    rows = nlp.vocab.vectors.find(keys=keys)
    target: Floats = nlp.vocab.vectors.data[rows]
    chosen = np.array([hidden for doc in places for hidden in doc])
    return target, (chosen & (rows >= 0)).astype(np.float32)


def _batches(
    nlp: Language, texts: Sequence[str], words: int, rng: random.Random
) -> Iterator[list[Doc]]:
    batch: list[Doc] = []
    while True:
        batch.append(nlp.make_doc(rng.choice(texts)))
        if sum(map(len, batch)) >= words:
            yield batch
            batch = []
