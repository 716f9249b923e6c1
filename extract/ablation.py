"""What each rule is worth: the mention F1 with everything, and with everything but that rule.

``python -m fairpapers.extract.ablation GOLD [MODEL]`` prints the table; without MODEL, the rules
stand alone. A model must not have been trained on GOLD.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language

from .evaluation import Figures, evaluate, total
from .gold import GoldPaper, load_gold
from .pipeline import extract_records, load_pipeline
from .pipeline.patterns import RULES, Patterns

_COMPONENTS = (
    "fairpapers_gazetteer",
    "fairpapers_patterns",
    "fairpapers_abbreviations",
    "fairpapers_propagation",
)


class Effect(NamedTuple):
    """Mention and entity figures without a rule; ``rule`` is None for the whole pipeline."""

    rule: str | None
    mention: Figures
    entity: Figures


def ablate(papers: Sequence[GoldPaper], nlp: Language) -> Iterator[Effect]:
    """Yield the figures of the pipeline, then without all rules, then without each in turn."""
    yield _effect(None, papers, nlp)
    with nlp.select_pipes(disable=[name for name in _COMPONENTS if name in nlp.pipe_names]):
        yield _effect("any", papers, nlp)
    for name in _COMPONENTS:
        if name in nlp.pipe_names:
            with nlp.select_pipes(disable=[name]):
                yield _effect(name, papers, nlp)
    for rule in RULES:
        with _without_pattern(nlp, rule.name):
            yield _effect(rule.name, papers, nlp)


def table(effects: Sequence[Effect]) -> Iterator[str]:
    """Format effects as the rows of a Markdown table; gains are in points of F1."""
    full = effects[0]
    yield "| without | mention P | R | F1 | gain of the rule | entity F1 |"
    yield "|---|---|---|---|---|---|"
    for rule, mention, entity in effects:
        gain = "" if rule is None else f"{100 * (full.mention.f1 - mention.f1):+.1f}"
        cells = (f"{100 * value:.1f}" for value in (mention.precision, mention.recall, mention.f1))
        name = "(nothing)" if rule is None else rule.removeprefix("fairpapers_")
        yield f"| {name} | {' | '.join(cells)} | {gain} | {100 * entity.f1:.1f} |"


@contextmanager
def _without_pattern(nlp: Language, name: str) -> Iterator[None]:
    component = nlp.get_pipe("fairpapers_patterns")
    assert isinstance(component, Patterns)
    kept = component.rules
    component.rules = tuple(rule for rule in kept if rule.name != name)
    try:
        yield
    finally:
        component.rules = kept


def _effect(rule: str | None, papers: Sequence[GoldPaper], nlp: Language) -> Effect:
    scores = evaluate(papers, extract_records((paper.paper() for paper in papers), nlp))
    return Effect(rule, total(scores.mention), total(scores.entity))


def main(gold: str, model: str | None = None) -> None:
    """Print the table for a gold file and, where one is given, a model."""
    nlp = load_pipeline(Path(model) if model else None, rules_only=model is None)
    for line in table(list(ablate(load_gold(Path(gold)), nlp))):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
