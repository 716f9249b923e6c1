"""What ``evaluate`` compares with gold, and the table that it prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...extract.calibration import Calibration
    from ...extract.evaluation import Scores
    from ...extract.gold import GoldPaper
    from ...extract.records import Record
    from .recording import Reading

_LAYOUT = "{:<9}{:<9}{:>10}{:>10}{:>10}{:>8}{:>11}"
_CURVE = "{:<10}{:>11}{:>11}{:>10}{:>10}{:>11}"


def extracted(papers: Sequence[GoldPaper], reading: Reading) -> Iterator[Record]:
    """Extract the texts of gold papers."""
    from ...extract.pipeline import extract_records
    from .messages import tracked

    nlp = reading.pipeline()
    return tracked(extract_records((paper.paper() for paper in papers), nlp), len(papers))


def recorded(path: Path) -> Iterator[Record]:
    """Read records that were extracted before.

    Raises:
        RecordError: a line is no record.
    """
    from ...extract.records import Record

    with path.open("rb") as lines:
        for line in lines:
            if line.strip():
                yield Record.from_json(line)


def lines(scores: Scores, judged: Mapping[str, Calibration]) -> Iterator[str]:
    """Lines of the answer: the table, one line a task and label, and what is no precision."""
    yield f"{scores.papers} papers"
    yield _LAYOUT.format("task", "label", "precision", "recall", "F1", "gold", "predicted")
    for task, label, figures in scores.rows():
        ratios = (f"{x:.4f}" for x in (figures.precision, figures.recall, figures.f1))
        yield _LAYOUT.format(task, label, *ratios, figures.gold, figures.predicted)
    for name, of, accuracy in scores.accuracies():
        if accuracy.of:
            yield f"{name} accuracy {accuracy.share:.4f} of {accuracy.of} {of}"
    errors = (
        f"{kind} {items.error:.4f} of {len(items.judged)} (by chance {items.chance:.4f})"
        for kind, items in judged.items()
    )
    yield f"calibration error (ECE): {', '.join(errors)}"


def calibration_tables(judged: Mapping[str, Calibration]) -> Iterator[str]:
    """Lines of two tables for each kind: right by confidence, and the figures by threshold."""
    for kind, items in judged.items():
        yield ""
        yield f"{kind:<10}{'confidence':>11}{'right':>9}{'predicted':>11}"
        for size, confidence, right in items.bins():
            yield f"{'':<10}{confidence:>11.4f}{right:>9.4f}{size:>11}"
        yield ""
        yield _CURVE.format(kind, "threshold", "precision", "recall", "F1", "predicted")
        for threshold, figures in items.curve():
            ratios = (f"{x:.4f}" for x in (figures.precision, figures.recall, figures.f1))
            yield _CURVE.format("", f"{threshold:.2f}", *ratios, figures.predicted)
