"""One training run from files to a pipeline on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

from ..pipeline.products import numpy_products
from .assembly import WordVectors, new_pipeline, save, vectors_from
from .loop import Foundation, Progress, Report, Trainer
from .material import ANNOTATIONS, HELD_OUT, Material, load_material
from .public import CORPORA
from .scoring import measure
from .settings import RECIPE, Recipe, read_recipe
from .texts import LabelledText, aligned_share, sha256
from .tokenizer import customize

TERMS = (
    "Trained on annotations by the project (CC BY 4.0) of titles and abstracts from the ACL "
    "Anthology, 2016 and later (CC BY 4.0)"
)

TEACHER = "labels by a teacher fine-tuned from all-MiniLM-L6-v2 (Apache-2.0)"


def train(
    data: Path,
    output: Path,
    *,
    config: Path = RECIPE,
    annotations: Path = ANNOTATIONS,
    held_out: Path = HELD_OUT,
    silver: Path | None = None,
    report: Report = lambda _: None,
) -> Language:
    """Train the recogniser with the settings of a config file and write it to a folder.

    The figures in the pipeline's metadata are those of the recogniser on the papers held out.

    Args:
        data: folder with ``corpus/`` and ``gold/``, as described in README.md beside this module.
        output: folder for the pipeline; made where it is missing.
        config: a spaCy config with the section ``fairpapers``.
        annotations: stand-off annotations of papers of the corpus.
        held_out: identifiers of annotated papers that are not trained on.
        silver: labels of a teacher, as `Silver` describes them.
        report: called as the run goes on.

    Returns:
        The trained pipeline.

    Raises:
        MaterialError: a file is missing or unfit; nothing is written.
        AnnotationError: the annotations are not of the texts in the corpus.
    """
    recipe = read_recipe(config)
    report(Progress("reading", 0, 1))
    material = load_material(
        data,
        public=recipe.training.weights,
        annotations=annotations,
        held_out=held_out,
        silver=silver,
    )
    report(Progress("reading", 1, 1))
    vectors = word_vectors(recipe, material, report)
    foundation = foundation_of(recipe, vectors, material, report)
    nlp = fitted(recipe, vectors, material.gold, material, foundation, report)
    digests = digests_of(material, config)
    meta = describe(nlp, recipe, material, digests, figures_of(nlp, material))
    save(nlp, recipe, vectors, meta, output)
    return spacy.load(output)


def word_vectors(recipe: Recipe, material: Material, report: Report) -> WordVectors:
    """Train the word vectors of a recipe."""
    report(Progress("word vectors", 0, 1))
    blank = spacy.blank("en")
    customize(blank)
    vectors = vectors_from(material.unlabelled, recipe.vectors, blank, recipe.training.seed)
    report(Progress("word vectors", 1, 1))
    return vectors


def foundation_of(
    recipe: Recipe, vectors: WordVectors, material: Material, report: Report
) -> Foundation:
    """Lay the foundation of a recipe; it depends on no annotation of ours."""
    with numpy_products():
        nlp = new_pipeline(recipe, vectors)
        trainer = Trainer(nlp, material.gold, material.public, recipe.training, report)
        return trainer.lay_foundation(material.unlabelled, vectors.words)


def fitted(
    recipe: Recipe,
    vectors: WordVectors,
    gold: tuple[LabelledText, ...],
    material: Material,
    foundation: Foundation,
    report: Report,
) -> Language:
    """Build a pipeline, and train it on ``gold`` from a foundation."""
    with numpy_products():
        nlp = new_pipeline(recipe, vectors)
        trainer = Trainer(nlp, gold, material.public, recipe.training, report, material.silver)
        trainer.start_from(foundation)
        trainer.fit()
    return nlp


def digests_of(material: Material, config: Path) -> dict[str, str]:
    """SHA-256 of every file that a run depends on, the recipe too."""
    return {**material.digests, "recipe": sha256(config)}


def describe(
    nlp: Language,
    recipe: Recipe,
    material: Material,
    digests: Mapping[str, str],
    figures: Mapping[str, Any],
) -> dict[str, Any]:
    """Say in the pipeline's metadata what it was made of, how, and how well it does."""
    used = [corpus for corpus in CORPORA if corpus.name in recipe.training.weights]
    sources = "; ".join(
        [
            *(f"{corpus.name} ({corpus.licence})" for corpus in used),
            *([TEACHER] * bool(material.silver)),
        ]
    )
    return {
        "name": "recognizer",
        "version": version("fairpapers"),
        "description": "Spans of datasets, models, methods, metrics and tasks in paper abstracts",
        "author": "The fairpapers authors",
        "license": "Apache-2.0",
        "notes": f"{TERMS}; {sources}." if sources else f"{TERMS}.",
        "training": {
            "digests": dict(digests),
            "settings": asdict(recipe.training),
            "vectors": asdict(recipe.vectors),
            "annotated_papers": len(material.gold),
            "annotated_mentions": sum(len(text.spans) for text in material.gold),
            "aligned_share": round(aligned_share(nlp, material.gold), 4),
            "unlabelled_papers": len(material.unlabelled),
            "silver_papers": len(material.silver),
            "silver": dict(material.silver_recipe),
        },
        "performance": dict(figures),
    }


def figures_of(nlp: Language, material: Material) -> dict[str, Any]:
    """Measure a pipeline on the annotated texts that were held out."""
    rows = measure(nlp, material.held_out)
    return {
        "held_out": {
            "papers": len(material.held_out),
            "mention": {label: row.to_json() for label, row in rows.items()},
        }
    }
