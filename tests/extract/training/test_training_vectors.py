from __future__ import annotations

import numpy as np
import spacy

from fairpapers.extract.training.vectors import VectorSettings, to_table, train_vectors

SETTINGS = VectorSettings(width=4, words=50, contexts=50, window=2, min_count=2, smoothing=0.75)
TOKENS = [
    ["we", "train", name, "on", place, "data"]
    for name in ("BERT", "T5")
    for place in ("SQuAD", "GLUE")
] * 5


def test_words_in_like_contexts_get_like_vectors() -> None:
    words, rows = train_vectors(TOKENS, SETTINGS, seed=0)
    at = {word: rows[index] for index, word in enumerate(words)}
    assert at["BERT"] @ at["T5"] > at["BERT"] @ at["GLUE"]
    assert at["SQuAD"] @ at["GLUE"] > at["SQuAD"] @ at["T5"]


def test_rows_have_unit_length_and_rare_words_none() -> None:
    words, rows = train_vectors([*TOKENS, ["rare"]], SETTINGS, seed=0)
    assert "rare" not in words
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)


def test_a_seed_gives_the_same_vectors_again() -> None:
    assert np.array_equal(
        train_vectors(TOKENS, SETTINGS, seed=1)[1], train_vectors(TOKENS, SETTINGS, seed=1)[1]
    )


def test_a_capitalized_word_shares_the_row_of_its_lower_case() -> None:
    nlp = spacy.blank("en")
    nlp.vocab.vectors = to_table(nlp, ["parsing", "BERT"], np.eye(2, dtype=np.float32))
    assert nlp("Parsing")[0].similarity(nlp("parsing")[0]) == 1
    assert nlp("PARSING")[0].has_vector
    assert not nlp("bert")[0].has_vector
