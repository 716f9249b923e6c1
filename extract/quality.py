"""How good the shipped model is, as data that a graph can carry.

``python -m fairpapers.extract.quality GOLD extract/quality.json`` measures the shipped pipeline on
annotated papers that it has not seen and writes the figures down, with the digests of the model and
of the papers, so that nobody takes them for those of another model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import click
from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from .calibration import Calibration, calibrations
from .evaluation import Scores, evaluate
from .gold import load_gold
from .records import LABELS, Generator, Label

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=_STRICT)
class QualityFigure:
    """One figure from 0 to 1.

    ``metric`` is the name of a concept of the vocabulary, such as ``mention-f1``; ``label`` is None
    for all labels together.
    """

    metric: str
    label: Label | None
    value: float


@dataclass(frozen=True, slots=True, config=_STRICT)
class Quality:
    """What was measured of which model on which papers.

    Attributes:
        model: program, model, and SHA-256 of the model's files, as records name them.
        gold: name of the file of annotated papers.
        gold_sha256: SHA-256 of that file.
        papers: number of papers in it.
        figures: by metric, then all labels together, then each.
    """

    model: Generator
    gold: str
    gold_sha256: str
    papers: int
    figures: tuple[QualityFigure, ...]


def measure(gold: Path, model: Path | None = None) -> Quality:
    """Run the shipped pipeline, or that with another recogniser, over annotated papers.

    Raises:
        GoldError: a line of ``gold`` is no annotated paper.
        ModelError: ``model`` is no folder with a spaCy pipeline.
    """
    # Whoever only reads the figures must not wait for spaCy.
    from .pipeline import extract_records, generator, load_pipeline

    papers = load_gold(gold)
    nlp = load_pipeline(model)
    records = list(extract_records((paper.paper() for paper in papers), nlp))
    figures = _figures(evaluate(papers, records), calibrations(papers, records))
    return Quality(
        model=generator(nlp),
        gold=gold.name,
        gold_sha256=hashlib.sha256(gold.read_bytes()).hexdigest(),
        papers=len(papers),
        figures=tuple(figures),
    )


def _figures(scores: Scores, judged: Mapping[str, Calibration]) -> Iterator[QualityFigure]:
    for task, label, found in scores.rows():
        of = next((each for each in LABELS if each == label), None)
        ratios = {"precision": found.precision, "recall": found.recall, "f1": found.f1}
        for name, value in ratios.items():
            yield QualityFigure(f"{task}-{name}", of, round(value, 4))
    for name, _, accuracy in scores.accuracies():
        if accuracy.of:
            yield QualityFigure(f"{name}-accuracy", None, round(accuracy.share, 4))
    for kind, items in judged.items():
        yield QualityFigure(f"{kind}-calibration-error", None, round(items.error, 4))


def load_quality(path: Path | None = None) -> Quality:
    """Read figures from ``path``, or those of the shipped model."""
    file = path or files(__package__) / "quality.json"
    return _QUALITY.validate_json(file.read_text(encoding="utf-8"))


def write_quality(path: Path, quality: Quality) -> None:
    """Write figures as `load_quality` reads them."""
    path.write_bytes(_QUALITY.dump_json(quality, indent=1) + b"\n")


_QUALITY = TypeAdapter(Quality)


@click.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("output", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--model",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Another recogniser than the shipped one.",
)
def main(gold: Path, output: Path, model: Path | None) -> None:
    """Measure the shipped model on GOLD, which it must not have seen, and write OUTPUT."""
    quality = measure(gold, model)
    write_quality(output, quality)
    click.echo(f"{output}: {len(quality.figures)} figures of {quality.model.model}")


if __name__ == "__main__":
    main()
