"""The pipeline before training, and what of it is kept afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.util import load_model_from_config
from thinc.api import fix_random_seed

from .settings import Recipe
from .tokenizer import customize
from .vectors import Floats, VectorSettings, to_table, tokenize, train_vectors


class WordVectors(NamedTuple):
    """Words and their rows, in the same order."""

    words: list[str]
    rows: Floats


def new_pipeline(recipe: Recipe, vectors: WordVectors) -> Language:
    """Build the pipeline of a recipe, not yet initialized; fixes the random seed."""
    fix_random_seed(recipe.training.seed)
    nlp = load_model_from_config(recipe.config, auto_fill=True, meta={"name": "recognizer"})
    customize(nlp)
    nlp.vocab.vectors = to_table(nlp, vectors.words, vectors.rows)
    return nlp


def vectors_from(
    texts: Iterable[str], settings: VectorSettings, nlp: Language, seed: int
) -> WordVectors:
    """Train word vectors on texts, split as ``nlp`` splits them."""
    return WordVectors(*train_vectors(tokenize(nlp, texts), settings, seed))


def save(
    nlp: Language, recipe: Recipe, vectors: WordVectors, meta: Mapping[str, Any], output: Path
) -> None:
    """Write the trained pipeline without what training left behind.

    The words of the training texts stay in the vocabulary of ``nlp``; what is written comes from
    a fresh pipeline that took over the weights, and knows the words with vectors only.
    """
    fresh = new_pipeline(recipe, vectors)
    trained, clean = nlp.get_pipe("ner"), fresh.get_pipe("ner")
    clean.from_bytes(trained.to_bytes(exclude=["vocab"]), exclude=["vocab"])  # type: ignore[attr-defined]
    fresh.meta.update(meta)
    fresh.to_disk(output)
