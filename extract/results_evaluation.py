"""How well figures and sizes are found: ``python -m fairpapers.extract.results_evaluation``.

Two settings: with the entities that people annotated, which measures the step alone, and with what
the whole pipeline recognises. For the first the papers are split by the hash of their id: rules are
written with the errors on ``tune`` at hand, and checked on ``held-out``. The second is measured on the
papers that no recogniser learns from (``training/held-out.txt``); some of them are in ``tune``.

A figure is found where the scorer says so (`evaluation.py`): same digits, a shared word of the
metric's name. Subject and data set are right where both sides name the same entity, or none. A size
is found where number and entity are those that people annotated, the entity none where theirs is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import click
from spacy.language import Language

from .evaluation import Accuracy, EntityNames, Figures, Names, fold, pair_results
from .papers import Paper, Source
from .pipeline import extract_records, load_pipeline
from .pipeline.counts import parse_count
from .pipeline.grouping import singular
from .pipeline.mentions import Candidate, add_free
from .pipeline.results import find_results
from .pipeline.results_about import Named
from .pipeline.results_metrics import COMPARATIVE_METRICS, missing_metrics
from .pipeline.sizes import find_sizes
from .records import Result, Size
from .training import read_annotations
from .training.abstracts import CORPUS, identifiers, read_abstracts
from .training.material import ANNOTATIONS, HELD_OUT
from .training.reported import ReportedFigure, ReportedText, join_reported, read_reported
from .training.reported import Size as AnnotatedSize

Part = Literal["tune", "held-out"]
PARTS: tuple[Part, ...] = ("tune", "held-out")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class ResultScores:
    """Figures found, and of the found ones those with the right subject and data set; sizes."""

    result: Figures
    subject: Accuracy
    dataset: Accuracy
    size: Figures = field(default_factory=Figures)

    def __add__(self, other: ResultScores) -> ResultScores:
        return ResultScores(
            self.result + other.result,
            self.subject + other.subject,
            self.dataset + other.dataset,
            self.size + other.size,
        )

    def to_json(self) -> dict[str, object]:
        """Ratios to four decimals and the counts beneath them."""
        return self.result.to_json() | {
            "subject": round(self.subject.share, 4),
            "dataset": round(self.dataset.share, 4),
            "matched": self.subject.of,
            "sizes": self.size.to_json(),
        }


def part_of(paper_id: str) -> Part:
    """Tell which part a paper belongs to: a third is held out, by the hash of its id.

    >>> part_of("W19-3630"), part_of("2020.acl-main.1")
    ('tune', 'held-out')
    """
    digest = hashlib.sha256(paper_id.encode()).digest()
    return "tune" if int.from_bytes(digest[:8]) % 3 else "held-out"


def results_on_gold(paper: ReportedText) -> list[Result]:
    """Find figures with the annotated entities; only metrics that they show are added."""
    return find_results(paper.text, _names_on_gold(paper))


def sizes_on_gold(paper: ReportedText) -> list[Size]:
    """Find sizes with the annotated entities."""
    return find_sizes(paper.text, _names_on_gold(paper))


def _names_on_gold(paper: ReportedText) -> list[Named]:
    gold = [
        Candidate(start, end, entity.label, 1.0, "gold")
        for entity in paper.entities
        for start, end in entity.mentions
    ]
    entities = {(start, end): e for e in paper.entities for start, end in e.mentions}
    names = []
    for start, end, label, *_ in add_free(sorted(gold), missing_metrics(paper.text, sorted(gold))):
        entity = entities.get((start, end))
        name = entity.canonical if entity else singular(paper.text[start:end])
        role = entity.role if entity else "used"
        names.append(Named(start, end, label, COMPARATIVE_METRICS.get(name, name), role))
    return names


def compare(
    gold: Sequence[ReportedFigure], found: Sequence[Result], names: EntityNames
) -> ResultScores:
    """Score the figures of one paper."""
    pairs = pair_results(gold, found)
    return ResultScores(Figures(len(pairs), len(found), len(gold)), *names.accuracies(pairs))


def compare_sizes(
    gold: Sequence[AnnotatedSize], found: Sequence[Size], names: EntityNames
) -> Figures:
    """Score the sizes of one paper; each one found stands for one annotated size."""
    free = list(found)
    for wanted in gold:
        number = parse_count(wanted.value.lstrip("~≈"))
        match = next(
            (
                size
                for size in free
                if number is not None
                and number == parse_count(size.value)
                and names.same(wanted.entity, size.entity)
            ),
            None,
        )
        if match:
            free.remove(match)
    return Figures(len(found) - len(free), len(found), len(gold))


def score(papers: Iterable[ReportedText], nlp: Language | None) -> ResultScores:
    """Score papers: with annotated entities, or, with ``nlp``, with those that it recognises."""
    papers = list(papers)
    scores = ResultScores(Figures(), Accuracy(), Accuracy())
    if nlp is None:
        for paper in papers:
            annotated = _annotated_names(paper)
            names = EntityNames(annotated, annotated)
            scores += _score(paper, results_on_gold(paper), sizes_on_gold(paper), names)
        return scores
    for paper, record in zip(
        papers, extract_records((_paper(p) for p in papers), nlp), strict=True
    ):
        found = {
            e.canonical: frozenset(map(fold, (e.canonical, *e.surfaces))) for e in record.entities
        }
        names = EntityNames(_annotated_names(paper), found)
        scores += _score(paper, record.results, record.sizes, names)
    return scores


def _score(
    paper: ReportedText, results: Sequence[Result], sizes: Sequence[Size], names: EntityNames
) -> ResultScores:
    scores = compare(paper.reported.results, results, names)
    return replace(scores, size=compare_sizes(paper.reported.sizes, sizes, names))


def read_papers(data: Path) -> tuple[ReportedText, ...]:
    """Join the annotated figures with the texts in the folder ``data``."""
    corpus = read_abstracts(data / CORPUS)
    return tuple(join_reported(read_reported(), read_annotations(ANNOTATIONS), corpus))


def _annotated_names(paper: ReportedText) -> Names:
    return {
        e.canonical: frozenset(
            {fold(e.canonical), *(fold(paper.text[start:end]) for start, end in e.mentions)}
        )
        for e in paper.entities
    }


def _paper(paper: ReportedText) -> Paper:
    source = Source("results.jsonl", None, "jsonl")
    return Paper(paper.id, paper.id, paper.title, paper.abstract, source)


@click.command()
@click.option("--data", type=_FOLDER, required=True, help="Folder with the corpus of abstracts.")
@click.option("--model", type=_FOLDER, help="Another recogniser than the shipped one.")
@click.option("--rules-only", is_flag=True, help="Leave the recogniser out.")
def main(data: Path, model: Path | None, rules_only: bool) -> None:
    """Print how well reported figures and sizes are found, as JSON."""
    papers = read_papers(data)
    unseen = identifiers(HELD_OUT)
    table = {
        "annotated entities": {
            part: score((p for p in papers if part_of(p.id) == part), None).to_json()
            for part in PARTS
        },
        "recognised entities": score(
            (p for p in papers if p.id in unseen), load_pipeline(model, rules_only=rules_only)
        ).to_json(),
    }
    click.echo(json.dumps(table, indent=2))


if __name__ == "__main__":
    main()
