"""The scorer: how well records agree with gold annotations.

Micro-averaged precision, recall and F1 over all gold papers; a gold paper without a record counts
as one with nothing found, and records of other papers are not looked at.

mention  same start, end and label
overlap  same label and a shared character, each side matched once
entity   same label and a shared name, folded, within one paper
role     share of the matched entities that have the gold role
result   same digits and a shared word of the metric's name, in papers with annotated figures
subject  share of the matched results that name the gold entity as what was measured, or none
dataset  share of the matched results that name the gold entity as the data, or none
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, TypeVar

from .gold import GoldEntity, GoldPaper, LabelledSpan
from .records import LABELS, Entity, Label, Record, Result

_DROPPED = re.compile(r"[\s\-_‐-―]+")
_NOT_DIGITS = re.compile(r"[^0-9.]")
_WORDS = re.compile(r"[a-z0-9@]+")

_G = TypeVar("_G")
_P = TypeVar("_P")


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one task and the ratios that follow from them; a ratio over nothing is 0."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Share of the predictions that are right."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.predicted + self.gold
        return 2 * self.right / total if self.right else 0.0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.right + other.right, self.predicted + other.predicted, self.gold + other.gold
        )

    def to_json(self) -> dict[str, float | int]:
        """Ratios to four decimals and the counts beneath them."""
        return {
            "p": round(self.precision, 4),
            "r": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "gold": self.gold,
            "predicted": self.predicted,
        }


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many of how many are right."""

    right: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        """Right over all; 0 of 0 is 0."""
        return self.right / self.of if self.of else 0.0

    def __add__(self, other: Accuracy) -> Accuracy:
        return Accuracy(self.right + other.right, self.of + other.of)


ByLabel = dict[Label, Figures]


@dataclass(frozen=True, slots=True)
class Scores:
    """All figures; ``result`` is None where no gold paper has annotated figures.

    ``subject`` and ``dataset`` are 0 of 0 where no annotated figure names one.
    """

    papers: int
    mention: ByLabel
    overlap: ByLabel
    entity: ByLabel
    result: Figures | None
    role: Accuracy
    subject: Accuracy = Accuracy()
    dataset: Accuracy = Accuracy()

    def accuracies(self) -> Iterator[tuple[str, str, Accuracy]]:
        """Name, accuracy and what it is a share of, in the order in which they are printed."""
        yield "role", "matched entities", self.role
        yield "subject", "matched results", self.subject
        yield "dataset", "matched results", self.dataset

    def rows(self) -> Iterator[tuple[str, str, Figures]]:
        """Task, label (or ``all``) and figures, in the order in which they are printed."""
        for task, by_label in self._tasks():
            yield task, "all", total(by_label)
            for label, figures in by_label.items():
                yield task, label, figures
        if self.result is not None:
            yield "result", "all", self.result

    def to_json(self) -> dict[str, object]:
        """Nest the figures as ``{task: {label: {p, r, f1, gold, predicted}}}``."""
        nested: dict[str, object] = {"papers": self.papers}
        for task, label, figures in self.rows():
            rows = nested.setdefault(task, {})
            assert isinstance(rows, dict)
            rows[label] = figures.to_json()
        for name, _, accuracy in self.accuracies():
            if accuracy.of:
                nested[name] = {"accuracy": round(accuracy.share, 4), "of": accuracy.of}
        return nested

    def _tasks(self) -> tuple[tuple[str, ByLabel], ...]:
        tasks = (("mention", self.mention), ("overlap", self.overlap), ("entity", self.entity))
        return tuple((name, by_label) for name, by_label in tasks if total(by_label).gold)


def evaluate(gold: Sequence[GoldPaper], records: Iterable[Record]) -> Scores:
    """Compare records with gold papers of the same ``id``; of two records with one id the last."""
    by_id = {record.id: record for record in records}
    mention, overlap, entity = ({label: Figures() for label in LABELS} for _ in range(3))
    results: Figures | None = None
    role = subject = dataset = Accuracy()
    for paper in gold:
        record = by_id.get(paper.id)
        for label, exact, loose in _mention_figures(paper, record):
            mention[label] += exact
            overlap[label] += loose
        entities, roles = _entity_figures(paper.entities, record.entities if record else ())
        for label, figures in entities.items():
            entity[label] += figures
        role += roles
        if paper.results is not None:
            found, *about = _result_figures(paper, record)
            results = found if results is None else results + found
            subject, dataset = subject + about[0], dataset + about[1]
    named = [figure for paper in gold for figure in paper.results or ()]
    return Scores(
        papers=len(gold),
        mention=_present(mention),
        overlap=_present(overlap),
        entity=_present(entity),
        result=results if results and results.gold else None,
        role=role,
        subject=subject if any(figure.subject for figure in named) else Accuracy(),
        dataset=dataset if any(figure.dataset for figure in named) else Accuracy(),
    )


def total(by_label: ByLabel) -> Figures:
    """Micro-average: the figures of all labels added up."""
    return sum(by_label.values(), start=Figures())


def fold(name: str) -> str:
    """Lower-case and drop spaces, hyphens and underscores, so that spellings of a name meet."""
    return _DROPPED.sub("", name.lower())


class Reported(Protocol):
    """A figure that people annotated."""

    @property
    def value(self) -> str:
        """As written in the text."""

    @property
    def metric(self) -> str | None:
        """Name of what was measured."""

    @property
    def subject(self) -> str | None:
        """Name of the entity that the figure is about."""

    @property
    def dataset(self) -> str | None:
        """Name of the data that it was measured on."""


Names: TypeAlias = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class EntityNames:
    """By canonical name, the folded names of annotated entities and of entities found.

    A name that is missing here stands for itself.
    """

    annotated: Names = field(default_factory=dict)
    found: Names = field(default_factory=dict)

    def same(self, one: str | None, other: str | None) -> bool:
        """Tell whether an annotated name and one that was found are of one entity, or both None."""
        if one is None or other is None:
            return one is other
        names = self.found.get(other, {fold(other)})
        return not self.annotated.get(one, {fold(one)}).isdisjoint(names)

    def accuracies(self, pairs: Sequence[tuple[Reported, Result]]) -> tuple[Accuracy, Accuracy]:
        """Count the paired figures with the right subject, and those with the right data set."""
        return (
            Accuracy(sum(self.same(g.subject, p.subject) for g, p in pairs), len(pairs)),
            Accuracy(sum(self.same(g.dataset, p.dataset) for g, p in pairs), len(pairs)),
        )


_R = TypeVar("_R", bound=Reported)


def pair_results(gold: Iterable[_R], predicted: Iterable[Result]) -> list[tuple[_R, Result]]:
    """Pair each annotated figure with the first one found that has its value and metric."""
    return _pairs(gold, predicted, _same_figure)


def _present(by_label: ByLabel) -> ByLabel:
    return {label: f for label, f in by_label.items() if f.gold or f.predicted}


def _mention_figures(
    paper: GoldPaper, record: Record | None
) -> Iterator[tuple[Label, Figures, Figures]]:
    gold = paper.spans()
    mentions = record.mentions if record else ()
    predicted = {LabelledSpan(m.start, m.end, m.label) for m in mentions}
    for label in LABELS:
        wanted = sorted(span for span in gold if span.label == label)
        found = sorted(span for span in predicted if span.label == label)
        counts = (len(found), len(wanted))
        exact = len(set(wanted) & set(found))
        loose = len(_pairs(wanted, found, _share_a_character))
        yield label, Figures(exact, *counts), Figures(loose, *counts)


def match_entities(
    gold: Sequence[GoldEntity], predicted: Sequence[Entity]
) -> list[tuple[GoldEntity, Entity]]:
    """Pair each annotated entity with the first one found that has its label and a name of it."""
    return _pairs(gold, predicted, lambda g, p: g.label == p.label and bool(_names(g) & _names(p)))


def _entity_figures(
    gold: Sequence[GoldEntity], predicted: Sequence[Entity]
) -> tuple[ByLabel, Accuracy]:
    pairs = match_entities(gold, predicted)
    matched = Counter(wanted.label for wanted, _ in pairs)
    found, known = Counter(e.label for e in predicted), Counter(e.label for e in gold)
    figures = {label: Figures(matched[label], found[label], known[label]) for label in LABELS}
    same = sum(wanted.role == found.role for wanted, found in pairs)
    return figures, Accuracy(same, len(pairs))


def _result_figures(paper: GoldPaper, record: Record | None) -> tuple[Figures, Accuracy, Accuracy]:
    gold, predicted = paper.results or (), record.results if record else ()
    pairs = pair_results(gold, predicted)
    names = EntityNames(
        {e.canonical: frozenset(_names(e)) for e in paper.entities},
        {e.canonical: frozenset(_names(e)) for e in (record.entities if record else ())},
    )
    return Figures(len(pairs), len(predicted), len(gold)), *names.accuracies(pairs)


def _pairs(
    gold: Iterable[_G], predicted: Iterable[_P], match: Callable[[_G, _P], bool]
) -> list[tuple[_G, _P]]:
    """Pair each gold item with the first prediction that matches it and is still free."""
    free = list(predicted)
    pairs = []
    for wanted in gold:
        index = next((n for n, item in enumerate(free) if match(wanted, item)), None)
        if index is not None:
            pairs.append((wanted, free.pop(index)))
    return pairs


def _share_a_character(one: LabelledSpan, other: LabelledSpan) -> bool:
    return other.start < one.end and one.start < other.end


def _names(entity: GoldEntity | Entity) -> set[str]:
    return {fold(name) for name in (entity.canonical, *entity.surfaces) if name}


def _same_figure(gold: Reported, predicted: Result) -> bool:
    if _digits(gold.value) != _digits(predicted.value):
        return False
    return bool(_words(gold.metric) & _words(predicted.metric))


def _digits(value: str) -> str:
    return _NOT_DIGITS.sub("", value).strip(".")


def _words(name: str | None) -> set[str]:
    return set(_WORDS.findall((name or "").lower()))
