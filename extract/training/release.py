"""The run behind a release: cross-validate, then train on everything, from one foundation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .assembly import save
from .crossvalidation import cross_validate
from .loop import Report
from .material import load_material
from .run import describe, digests_of, fitted, foundation_of, word_vectors
from .settings import RECIPE, read_recipe


def release(
    data: Path,
    output: Path,
    figures_file: Path,
    *,
    folds: int,
    first: int | None,
    report: Report,
    silver: Path | None = None,
) -> dict[str, Any]:
    """Measure the shipped recipe, write down the figures, and train the model that carries them.

    Args:
        data: as for `train`.
        output: folder for the pipeline.
        figures_file: where the figures go; for the shipped model ``extract/training/figures.json``
            of a checkout.
        folds: number of folds.
        first: measure this many of them only; None for all.
        report: called as the run goes on.
        silver: labels of a teacher that has not seen the folds that are measured.

    Returns:
        The figures.
    """
    recipe = read_recipe()
    material = load_material(data, public=recipe.training.weights, silver=silver)
    vectors = word_vectors(recipe, material, report)
    foundation = foundation_of(recipe, vectors, material, report)
    mention = cross_validate(
        recipe, vectors, material, foundation, report, count=folds, first=first
    )
    digests = digests_of(material, RECIPE)
    figures = {
        "digests": digests,
        "cross-validation": {
            "folds": f"{first or folds} of {folds}",
            "mention": {label: row.to_json() for label, row in mention.items()},
        },
    }
    figures_file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    nlp = fitted(recipe, vectors, material.gold, material, foundation, report)
    save(nlp, recipe, vectors, describe(nlp, recipe, material, digests, figures), output)
    return figures
