"""What each recogniser finds, alone and with the rules, how fast, and how large it is.

``python -m fairpapers.extract.comparison GOLD --cnn DIR --encoder DIR`` prints the tables; neither
may have been trained on GOLD.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import click
from spacy.language import Language

from .evaluation import Figures, evaluate, total
from .gold import GoldPaper, load_gold
from .pipeline import extract_records, load_pipeline
from .pipeline.encoder import DOUBTS, Encoder, shipped_encoder
from .pipeline.encoder import FACTORY as ENCODER
from .pipeline.extraction import shipped_model

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
# Without these, mentions are what the recogniser marked.
RULES = (
    "fairpapers_gazetteer",
    "fairpapers_patterns",
    "fairpapers_abbreviations",
    "fairpapers_labels",
    "fairpapers_propagation",
    DOUBTS,
)


class Row(NamedTuple):
    """Figures of one recogniser; ``mention`` without the rules, the others with them."""

    name: str
    mention: Figures
    with_rules: Figures
    overlap: Figures
    entity: Figures
    papers_per_second: float


def compare(papers: Sequence[GoldPaper], nlp: Language) -> Iterator[Row]:
    """Yield the figures of the CNN, of the encoder and of their vote.

    Args:
        papers: annotated.
        nlp: a pipeline with both.
    """
    with nlp.select_pipes(disable=[ENCODER, DOUBTS]):
        yield _row("CNN", papers, nlp)
    with nlp.select_pipes(disable=["ner"]), _distrusting(nlp):
        yield _row("encoder", papers, nlp)
    yield _row("vote", papers, nlp)


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Format figures as the rows of a Markdown table, in percent."""
    yield "| | P | R | F1 | with rules P | R | F1 | overlap F1 | entity F1 | papers/s |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for name, mention, ruled, overlap, entity, speed in rows:
        figures = (
            *(mention.precision, mention.recall, mention.f1),
            *(ruled.precision, ruled.recall, ruled.f1),
            *(overlap.f1, entity.f1),
        )
        cells = " | ".join(f"{100 * figure:.1f}" for figure in figures)
        yield f"| {name} | {cells} | {speed:.1f} |"


@contextmanager
def _distrusting(nlp: Language) -> Iterator[None]:
    """Let the encoder decide alone."""
    component = nlp.get_pipe(ENCODER)
    assert isinstance(component, Encoder)
    kept, component.trust = component.trust, 0.0
    try:
        yield
    finally:
        component.trust = kept


def _row(name: str, papers: Sequence[GoldPaper], nlp: Language) -> Row:
    with nlp.select_pipes(disable=[rule for rule in RULES if rule in nlp.pipe_names]):
        alone, _ = _figures(papers, nlp)
    ruled, speed = _figures(papers, nlp)
    return Row(name, alone[0], *ruled, speed)


def _figures(
    papers: Sequence[GoldPaper], nlp: Language
) -> tuple[tuple[Figures, Figures, Figures], float]:
    before = time.process_time()
    records = list(extract_records((paper.paper() for paper in papers), nlp))
    speed = len(papers) / (time.process_time() - before)
    scores = evaluate(papers, records)
    return (total(scores.mention), total(scores.overlap), total(scores.entity)), speed


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


@click.command()
@click.argument("gold", type=_FILE)
@click.option("--cnn", type=_FOLDER, help="Recogniser  [default: the one that is shipped]")
@click.option("--encoder", type=_FOLDER, help="Encoder  [default: the one that is shipped]")
def main(gold: Path, cnn: Path | None, encoder: Path | None) -> None:
    """Compare a recogniser and an encoder on a GOLD file that neither was trained on."""
    papers = load_gold(gold)
    started = time.perf_counter()
    nlp = load_pipeline(cnn, accurate=encoder or True)
    seconds = time.perf_counter() - started
    for line in table(list(compare(papers, nlp))):
        click.echo(line)
    folders = {"CNN": cnn or shipped_model(), "encoder": encoder or shipped_encoder()}
    sizes = ", ".join(f"{name} {_size(path):.1f} MB" for name, path in folders.items() if path)
    click.echo(f"\n{len(papers)} papers; {sizes}; both load in {seconds:.1f} s")


if __name__ == "__main__":
    main()
