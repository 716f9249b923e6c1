"""What ``evaluate`` compares with gold, and the table that it prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...extract.evaluation import Scores
    from ...extract.gold import GoldPaper
    from ...extract.records import Record
    from .recording import Reading

_LAYOUT = "{:<9}{:<9}{:>10}{:>10}{:>10}{:>8}{:>11}"


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


def table(scores: Scores) -> Iterator[str]:
    """Lines of the table, one a task and label."""
    yield _LAYOUT.format("task", "label", "precision", "recall", "F1", "gold", "predicted")
    for task, label, figures in scores.rows():
        ratios = (f"{x:.4f}" for x in (figures.precision, figures.recall, figures.f1))
        yield _LAYOUT.format(task, label, *ratios, figures.gold, figures.predicted)
    if scores.role.of:
        yield f"role accuracy {scores.role.share:.4f} of {scores.role.of} matched entities"
