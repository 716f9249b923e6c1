"""Word vectors from the abstracts: positive pointwise mutual information, reduced by SVD.

After Levy, Goldberg & Dagan (2015), "Improving Distributional Similarity with Lessons Learned
from Word Embeddings": smoothed contexts, square root of the singular values. The SVD is the
randomized one of Halko, Martinsson & Tropp (2011). Names of models or of metrics stand in like
contexts, which a few hundred annotated abstracts cannot teach.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.vectors import Vectors  # type: ignore[import-not-found]

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class VectorSettings:
    """How vectors are made.

    Attributes:
        width: dimensions.
        words: size of the vocabulary; the most frequent words.
        contexts: how many of the most frequent words count as context.
        window: words to either side that are context.
        min_count: occurrences below which a word gets no vector.
        smoothing: exponent on context frequencies.
    """

    width: int
    words: int
    contexts: int
    window: int
    min_count: int
    smoothing: float


def tokenize(nlp: Language, texts: Iterable[str]) -> list[list[str]]:
    """Split texts into words as the recogniser will see them."""
    return [[token.text for token in nlp.make_doc(text)] for text in texts]


def train_vectors(
    tokens: Sequence[Sequence[str]], settings: VectorSettings, seed: int
) -> tuple[list[str], Floats]:
    """Return the words, most frequent first, and a row of unit length for each."""
    counts = Counter(word for text in tokens for word in text)
    words = [
        word
        for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if count >= settings.min_count and not word.isspace()
    ][: settings.words]
    matrix = _cooccurrence(tokens, words, settings)
    _to_ppmi(matrix, settings.smoothing)
    return words, _reduce(matrix, min(settings.width, *matrix.shape), seed)


def to_table(nlp: Language, words: Sequence[str], rows: Floats) -> Vectors:
    """Make the vector table; a word that is known in lower case only also answers capitalized."""
    table = Vectors(strings=nlp.vocab.strings, shape=rows.shape, name="fairpapers_vectors")
    known = set(words)
    for row, word in enumerate(words):
        table.add(word, vector=rows[row], row=row)
    for row, word in enumerate(words):
        for variant in (word.capitalize(), word.upper()):
            if word.islower() and len(word) > 2 and variant not in known:
                table.add(variant, row=row)
                known.add(variant)
    return table


def _cooccurrence(
    tokens: Sequence[Sequence[str]], words: Sequence[str], settings: VectorSettings
) -> Floats:
    index = {word: row for row, word in enumerate(words)}
    # A gap as wide as the window keeps the texts apart in one long sequence.
    gap = [-1] * settings.window
    ids = np.array(
        [i for text in tokens for i in (*(index.get(word, -1) for word in text), *gap)],
        dtype=np.int64,
    )
    contexts = min(settings.contexts, len(words))
    matrix: Floats = np.zeros((len(words), contexts), dtype=np.float32)
    for distance in range(1, settings.window + 1):
        weight = 1.0 / distance
        for centre, context in (
            (ids[:-distance], ids[distance:]),
            (ids[distance:], ids[:-distance]),
        ):
            kept = (centre >= 0) & (context >= 0) & (context < contexts)
            cells, counts = np.unique(centre[kept] * contexts + context[kept], return_counts=True)
            matrix.reshape(-1)[cells] += (weight * counts).astype(np.float32)
    return matrix


def _to_ppmi(matrix: Floats, smoothing: float) -> None:
    word = matrix.sum(axis=1)
    context = matrix.sum(axis=0) ** smoothing
    context /= max(context.sum(), 1e-9)
    for row in range(len(matrix)):
        expected = word[row] * context
        with np.errstate(divide="ignore", invalid="ignore"):
            matrix[row] = np.log(matrix[row] / expected)
        np.nan_to_num(matrix[row], copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    np.maximum(matrix, 0.0, out=matrix)


def _reduce(matrix: Floats, width: int, seed: int, rounds: int = 3) -> Floats:
    generator = np.random.default_rng(seed)
    size = min(width + 16, *matrix.shape)
    sample: Any = matrix @ generator.standard_normal((matrix.shape[1], size), dtype=np.float32)
    for _ in range(rounds):
        basis, _r = np.linalg.qr(sample)
        sample = matrix @ (matrix.T @ basis)
    basis, _r = np.linalg.qr(sample)
    left, values, _right = np.linalg.svd(basis.T @ matrix, full_matrices=False)
    rows = (basis @ left)[:, :width] * np.sqrt(values[:width])
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return np.ascontiguousarray(rows, dtype=np.float32)
