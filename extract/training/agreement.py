"""How far two annotators of the same papers agree, in the figures of the scorer."""

from __future__ import annotations

from collections.abc import Sequence

from ..evaluation import Scores, evaluate
from ..gold import GoldPaper
from ..records import Entity, Generator, Mention, Record, SourceInfo
from .texts import text_digest


def agreement(first: Sequence[GoldPaper], second: Sequence[GoldPaper]) -> Scores:
    """Score the second annotator against the first on the papers that both annotated."""
    again = {paper.id: paper for paper in second}
    shared = [paper for paper in first if paper.id in again]
    return evaluate(shared, [_as_record(again[paper.id]) for paper in shared])


def _as_record(paper: GoldPaper) -> Record:
    """What a program would have written that found exactly what the annotator marked."""
    mentions = tuple(
        Mention(start, end, paper.text[start:end], label, 1.0, "")
        for start, end, label in sorted(paper.spans())
    )
    entities = tuple(
        Entity(str(number), each.label, each.canonical, each.surfaces, each.role, 1.0)
        for number, each in enumerate(paper.entities)
    )
    return Record(
        id=paper.id,
        key=paper.id,
        title=paper.title,
        source=SourceInfo("gold", None, "jsonl"),
        text_sha256=text_digest(paper.text),
        text_length=len(paper.text),
        mentions=mentions,
        entities=entities,
        results=(),
        generator=Generator("annotator", "", "", ""),
    )
