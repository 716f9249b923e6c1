"""Measure recogniser and annotations: ``python -m fairpapers.extract.training --help``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import spacy

from ..evaluation import Figures
from ..gold import GoldPaper, load_gold
from .abstracts import CORPUS, read_abstracts
from .agreement import agreement
from .annotations import join_gold, read_annotations, stand_off
from .crossvalidation import cross_validate
from .loop import Progress
from .material import ANNOTATIONS, SECOND, load_material
from .run import digests_of, foundation_of, word_vectors
from .scoring import measure
from .settings import RECIPE, read_recipe
from .texts import LabelledSpan, LabelledText, sha256

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def main() -> None:
    """Measure the span recogniser."""


@main.command("cross-validate")
@click.option("--data", type=_FOLDER, required=True, help="Folder with corpus/ and gold/.")
@click.option("--config", type=_FILE, default=RECIPE, show_default=True, help="The recipe.")
@click.option("--folds", "count", default=5, show_default=True, help="Number of folds.")
@click.option("--first", type=int, help="Measure this many folds only.")
@click.option("--silver", type=_FILE, help="Labels of a teacher that has not seen these folds.")
@click.option("--set", "pairs", multiple=True, metavar="NAME=JSON", help="Override a setting.")
def cross_validation(
    data: Path,
    config: Path,
    count: int,
    first: int | None,
    silver: Path | None,
    pairs: tuple[str, ...],
) -> None:
    """Print figures on held-out folds of the annotations, as JSON."""
    overrides = {name: json.loads(value) for name, _, value in (p.partition("=") for p in pairs)}
    recipe = read_recipe(config, overrides)
    material = load_material(data, public=recipe.training.weights, silver=silver)
    vectors = word_vectors(recipe, material, _report)
    foundation = foundation_of(recipe, vectors, material, _report)
    figures = cross_validate(
        recipe, vectors, material, foundation, _report, count=count, first=first
    )
    _print(
        {
            "command": "cross-validate",
            "overrides": overrides,
            "folds": f"{first or count} of {count}",
            "digests": digests_of(material, config),
            "mention": _rows(figures),
        }
    )


@main.command()
@click.argument("model", type=_FOLDER)
@click.argument("gold", type=_FILE)
def score(model: Path, gold: Path) -> None:
    """Print figures of a trained MODEL alone, without rules, on a GOLD file, as JSON."""
    papers = load_gold(gold)
    texts = [
        LabelledText(p.id, p.text, tuple(LabelledSpan(*span) for span in sorted(p.spans())))
        for p in papers
    ]
    figures = measure(spacy.load(model), texts)
    _print({"command": "score", "digests": {gold.name: sha256(gold)}, "mention": _rows(figures)})


@main.command("stand-off")
@click.argument("gold", type=_FILE)
def stand_off_annotations(gold: Path) -> None:
    """Print the stand-off form of a GOLD file: offsets and labels, no texts."""
    for paper in load_gold(gold):
        click.echo(stand_off(paper).to_json())


@main.command("gold")
@click.option("--data", type=_FOLDER, required=True, help="Folder with corpus/.")
@click.argument("annotations", type=_FILE, default=ANNOTATIONS)
def gold_file(data: Path, annotations: Path) -> None:
    """Print stand-off ANNOTATIONS with their texts, as a gold file for other commands."""
    for paper in _gold(annotations, data):
        click.echo(json.dumps(asdict(paper), ensure_ascii=False))


@main.command("agreement")
@click.option("--data", type=_FOLDER, required=True, help="Folder with corpus/.")
@click.argument("second", type=_FILE, default=SECOND)
def agreement_of_two(data: Path, second: Path) -> None:
    """Print how far the SECOND annotations agree with the first, as JSON."""
    _print(agreement(_gold(ANNOTATIONS, data), _gold(second, data)).to_json())


def _gold(annotations: Path, data: Path) -> list[GoldPaper]:
    return list(join_gold(read_annotations(annotations), read_abstracts(data / CORPUS)))


def _rows(figures: Mapping[str, Figures]) -> dict[str, Any]:
    return {label: row.to_json() for label, row in figures.items()}


def _print(value: Mapping[str, Any]) -> None:
    click.echo(json.dumps(value, indent=2))


def _report(progress: Progress) -> None:
    loss = "" if progress.loss is None else f", loss {progress.loss:.1f}"
    click.echo(f"{progress.stage}: {progress.done} of {progress.total}{loss}", err=True)


if __name__ == "__main__":
    main()
