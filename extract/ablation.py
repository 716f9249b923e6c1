"""What each rule is worth: the mention F1 with everything, and with everything but that rule.

``python -m fairpapers.extract.ablation GOLD [MODEL]`` prints the table, and a second one of the gains
by label; without MODEL, the rules stand alone. A model must not have been trained on GOLD.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language

from .evaluation import ByLabel, Figures, evaluate, total
from .gold import GoldPaper, load_gold
from .pipeline import extract_records, load_pipeline
from .pipeline.patterns import RULES, Patterns
from .records import LABELS

_COMPONENTS = (
    "fairpapers_gazetteer",
    "fairpapers_patterns",
    "fairpapers_abbreviations",
    "fairpapers_labels",
    "fairpapers_propagation",
)

_LATER = ("fairpapers_confidence", "fairpapers_roles", "fairpapers_results", "fairpapers_sizes")


class Effect(NamedTuple):
    """Mention and entity figures without a rule; ``rule`` is None for the whole pipeline."""

    rule: str | None
    mention: Figures
    entity: Figures
    by_label: ByLabel


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
    for rule, mention, entity, _ in effects:
        gain = "" if rule is None else f"{100 * (full.mention.f1 - mention.f1):+.1f}"
        cells = (f"{100 * value:.1f}" for value in (mention.precision, mention.recall, mention.f1))
        yield f"| {_name(rule)} | {' | '.join(cells)} | {gain} | {100 * entity.f1:.1f} |"


def gains(effects: Sequence[Effect]) -> Iterator[str]:
    """Format what each rule adds to the mention F1 of each label, in points, as a Markdown table.

    The first row has the F1 themselves, of the whole pipeline.
    """
    whole = effects[0].by_label
    yield f"| rule | {' | '.join(LABELS)} |"
    yield f"|---|{'---|' * len(LABELS)}"
    for rule, _, _, without in effects:
        cells = []
        for label in LABELS:
            full = 100 * whole.get(label, Figures()).f1
            gain = full - 100 * without.get(label, Figures()).f1
            cells.append(f"{full:.1f}" if rule is None else f"{gain:+.1f}")
        yield f"| {'(F1)' if rule is None else _name(rule)} | {' | '.join(cells)} |"


def _name(rule: str | None) -> str:
    return "(nothing)" if rule is None else rule.removeprefix("fairpapers_")


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
    return Effect(rule, total(scores.mention), total(scores.entity), scores.mention)


def main(gold: str, model: str | None = None) -> None:
    """Print the tables for a gold file and, where one is given, a model."""
    nlp = load_pipeline(Path(model) if model else None, rules_only=model is None)
    # Entities are the last that a rule changes here; what follows only costs time.
    with nlp.select_pipes(disable=[name for name in _LATER if name in nlp.pipe_names]):
        effects = list(ablate(load_gold(Path(gold)), nlp))
    for line in (*table(effects), "", *gains(effects)):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
