"""Reported figures: which metric a number is a value of, how, and of what.

Within one sentence, each number is tied to a metric, which must be named there (`results_metrics`
finds those that no recogniser did). What kind of figure it is shows in the words before and after;
`results_about` chooses what was measured and on what.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..records import Label, Result, ValueKind
from .quantities import Quantity, find_quantities, is_listed
from .results_about import Named, Setting, nearest, setting_of, subject_of
from .sentences import sentence_spans

_GAIN_BEFORE = re.compile(
    r"\b(?:by|improv\w+|gains?|increas\w+|boosts?|reduc\w+|decreas\w+|drops?|degradation|margins?|difference)"
    r"(?:\s(?:of|by|about|around|over|up|to|an?|the|average|averaged?|absolute|relative|more|than|at|least|nearly|almost|as|much|approximately|roughly|between|from|overall|significant|margin|in|maximum|further)){0,6}\s?[~≈∼+(]?\s?$",
    re.IGNORECASE,
)
_GAIN_AFTER = re.compile(
    r"[^.;,]{0,40}?\b(?:improvements?|gains?|increases?|higher|lower|better|worse|reductions?|drops?|boosts?|faster|slower|decreases?|less|fewer|smaller|more)\b"
)
_FROM_TO = re.compile(r"\bfrom\s(?:about |around |roughly |an? )?$", re.IGNORECASE)
_TO = re.compile(r"\bto\s(?:about |around |over |nearly |an? )?$", re.IGNORECASE)
_RELATIVE = re.compile(r"\brelative(?:ly)?\b", re.IGNORECASE)
_SPENT = re.compile(
    r"(?:latenc|time|memory|footprint|size|cost|speed|throughput|error|perplexity|parameters|toxicity|bias|rate\b|wer\b)",
    re.IGNORECASE,
)
_QUALITY = re.compile(r"\b(?:accurac|precision|recall|F-?1|BLEU|ROUGE)", re.IGNORECASE)
_FAR = 140
_ADJACENT = 15
_NEAR = 60
_WINDOW = 400


def find_results(text: str, names: Sequence[Named]) -> list[Result]:
    """Find the reported figures of a text whose ``names`` are known."""
    results: list[Result] = []
    setting = setting_of(names, text.find("\n"))
    quantities = find_quantities(text, [(n.start, n.end) for n in names])
    for start, end in sentence_spans(text)[1:] if "\n" in text else sentence_spans(text):
        here = [q for q in quantities if start <= q.start < end]
        inside = [n for n in names if start <= n.start < end]
        if here and any(n.label == "Metric" for n in inside):
            sentence = _Sentence(text, start, end, tuple(inside), tuple(here), setting)
            results += sentence.results()
    return results


def _fits(quantity: Quantity, metric: Named) -> bool:
    """Tell whether the number can be a value of the metric at all."""
    if quantity.unit not in (None, "%", "points", "x"):
        return _SPENT.search(metric.canonical) is not None
    if quantity.unit == "x" and (
        _gap(quantity, metric) > _NEAR or _QUALITY.search(metric.canonical)
    ):
        return False
    # A whole number without a unit is mostly a count or a setting.
    bare = quantity.unit is None and "." not in quantity.value
    if bare and len(quantity.value) > 2 and quantity.value != "100":
        return _SPENT.search(metric.canonical) is not None
    return not bare or _gap(quantity, metric) <= _ADJACENT


def _is_share(quantity: Quantity, near: Sequence[Named]) -> bool:
    """Tell whether a percentage says how much of a data set was taken: "on 1% SQuAD"."""
    return quantity.unit == "%" and any(
        n.label == "Dataset" and 0 <= n.start - quantity.unit_end < 2 for n in near
    )


def _gap(quantity: Quantity, metric: Named) -> int:
    return max(metric.start - quantity.unit_end, quantity.start - metric.end, 0)


class _Sentence(NamedTuple):
    """One sentence with its names and numbers; offsets are those of the whole text."""

    text: str
    start: int
    end: int
    names: tuple[Named, ...]
    quantities: tuple[Quantity, ...]
    setting: Setting

    def results(self) -> Iterator[Result]:
        for run in self._runs():
            metrics = self._spread(run, "Metric")
            datasets = self._spread(run, "Dataset")
            tasks = self._spread(run, "Task")
            subjects = self._spread(run, "Model") or self._spread(run, "Method")
            kind: ValueKind | None = None
            for n, quantity in enumerate(run):
                metric = metrics[n] if metrics else self._metric(run, quantity)
                near = self._near(quantity)
                if metric is None or not _fits(quantity, metric) or _is_share(quantity, near):
                    continue
                kind = kind or self._kind(run, quantity, metric)
                dataset = datasets[n] if datasets else nearest(self.text, near, quantity, "Dataset")
                task = tasks[n] if tasks else nearest(self.text, near, quantity, "Task")
                yield Result(
                    metric=metric.canonical,
                    value=quantity.value,
                    unit=quantity.unit,
                    kind=kind,
                    comparator=run[0].comparator
                    if n and quantity.comparator == "="
                    else quantity.comparator,
                    subject=subjects[n].canonical
                    if subjects
                    else subject_of(self.text, self.start, near, quantity, self.setting),
                    dataset=dataset.canonical if dataset else self.setting.dataset,
                    task=task.canonical if task else None,
                    start=quantity.start,
                    end=quantity.end,
                    confidence=self._confidence(quantity, metric),
                )

    def _runs(self) -> Iterator[list[Quantity]]:
        """Yield the enumerations of numbers; a number alone is one of length one."""
        run: list[Quantity] = []
        for quantity in self.quantities:
            if run and not is_listed(self.text, run[-1], quantity):
                yield run
                run = []
            run.append(quantity)
        if run:
            yield run

    def _spread(self, run: Sequence[Quantity], label: Label) -> list[Named]:
        """Find the enumeration of names with one name for each number of the run."""
        if len(run) < 2:
            return []
        lists: list[list[Named]] = []
        for name in (n for n in self.names if n.label == label):
            between = self.text[lists[-1][-1].end : name.start] if lists else ""
            if lists and re.fullmatch(
                r"[^.;]{0,12}?(?:,|and|,\sand|&|/)\s?(?:the\s|on\s|for\s)?", between
            ):
                lists[-1].append(name)
            else:
                lists.append([name])
        return next((names for names in lists if len(names) == len(run)), [])

    def _metric(self, run: Sequence[Quantity], quantity: Quantity) -> Named | None:
        """Choose the metric that a number is a value of, by how close the two stand."""
        metrics = [n for n in self._near(quantity) if n.label == "Metric"]
        scored = []
        for name in metrics:
            if name.start >= quantity.unit_end:
                gap = self.text[quantity.unit_end : name.start]
                distance = len(gap) - (
                    20 if re.fullmatch(r"\s?(?:\w+\s){0,1}(?:in\s|of\s)?", gap) else 0
                )
            else:
                gap = self.text[name.end : min(run[0].start, quantity.start)]
                distance = len(gap) + 4
                distance -= 50 if re.fullmatch(r"\s?[:=]\s?", gap) else 0
            distance += 25 * len(re.findall(r"[,;:(]|\b(?:and|while|but|with)\b", gap))
            scored.append((distance, name))
        # One metric that the sentence has named before is meant however far off it is.
        sole = len(metrics) == 1 and metrics[0].end <= quantity.start
        scored = [pair for pair in scored if pair[0] < _FAR or sole]
        return min(scored, key=lambda pair: pair[0])[1] if scored else None

    def _near(self, quantity: Quantity) -> list[Named]:
        """Return the names close enough to be tied to a number, however long the sentence is."""
        first = bisect_left(self.names, quantity.start - _WINDOW, key=lambda n: n.start)
        last = bisect_left(self.names, quantity.end + _WINDOW, key=lambda n: n.start)
        return list(self.names[first:last])

    def _kind(self, run: Sequence[Quantity], quantity: Quantity, metric: Named) -> ValueKind:
        before = self.text[max(self.start, run[0].start - 70) : run[0].start]
        after = self.text[run[-1].unit_end : min(self.end, run[-1].unit_end + 50)]
        if quantity.ranged:
            return "range"
        if quantity.unit == "x":
            return "ratio"
        if _FROM_TO.search(before) or (_TO.search(before) and not re.search(r"up to\s?$", before)):
            return "absolute"
        gain = bool(_GAIN_BEFORE.search(before)) or quantity.signed
        gain = gain or (
            bool(_GAIN_AFTER.match(after)) and not re.search(r"\b(?:of|an?)\s?$", before)
        )
        gain = gain or (
            quantity.unit == "points"
            and bool(re.search(r"improv|gain|outperform|increas|reduc|better|higher", before))
        )
        if gain:
            near = before[-30:] + after[:25]
            relative = bool(_RELATIVE.search(near)) or (
                quantity.unit == "%" and bool(_SPENT.search(metric.canonical))
            )
            return "relative-improvement" if relative else "improvement"
        return "absolute" if quantity.comparator in ("=", "≈") else "bound"

    def _confidence(self, quantity: Quantity, metric: Named) -> float:
        return round(0.9 - 0.5 * min(_gap(quantity, metric), _FAR) / _FAR, 2)
