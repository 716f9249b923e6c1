"""Figures on texts that a model was not trained on."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from ..evaluation import Figures
from .assembly import WordVectors
from .loop import Foundation, Report
from .material import Material
from .run import fitted
from .scoring import measure
from .settings import Recipe
from .texts import LabelledText

# The split must not move with the seed of the training.
_SPLIT_SEED = 0


def folds(
    texts: Sequence[LabelledText], count: int
) -> Iterator[tuple[tuple[LabelledText, ...], tuple[LabelledText, ...]]]:
    """Yield ``count`` times the texts to train on and the texts held out, each held out once."""
    mixed = list(texts)
    random.Random(_SPLIT_SEED).shuffle(mixed)  # noqa: S311 - a seeded draw is wanted
    for fold in range(count):
        yield (
            tuple(text for n, text in enumerate(mixed) if n % count != fold),
            tuple(text for n, text in enumerate(mixed) if n % count == fold),
        )


def cross_validate(
    recipe: Recipe,
    vectors: WordVectors,
    material: Material,
    foundation: Foundation,
    report: Report,
    *,
    count: int = 5,
    first: int | None = None,
) -> dict[str, Figures]:
    """Train on each choice of folds, measure on the fold left out, and add up.

    Silver labels must come from a teacher that has not seen the folds that are measured.

    The foundation has seen none of our annotations and is laid once.

    Args:
        recipe: how to train.
        vectors: as `word_vectors` makes them; they have not seen any annotated text.
        material: what to train on.
        foundation: as `foundation_of` lays it, likewise.
        report: called as each run goes on.
        count: number of folds.
        first: measure this many folds only; None for all.
    """
    sums: dict[str, Figures] = {}
    for fold, (train, held_out) in enumerate(folds(material.gold, count)):
        if first is not None and fold >= first:
            break
        nlp = fitted(recipe, vectors, train, material, foundation, report)
        for label, figures in measure(nlp, held_out).items():
            sums[label] = sums.get(label, Figures()) + figures
    return sums
