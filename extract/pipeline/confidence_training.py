"""Learn the weights of the confidence model from gold annotations, and measure them.

``python -m fairpapers.extract.pipeline.confidence_training GOLD WEIGHTS --model DIR`` writes the
weights and prints the cross-validated calibration. The recogniser in DIR must not have been trained
on GOLD: on what it has seen it is right far more often, and every probability would be too high.

Logistic regression with an L2 penalty by Newton's method, in numpy; nothing is drawn at random.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
from spacy.language import Language

from ..calibration import Judged, expected_calibration_error
from ..evaluation import match_entities
from ..gold import GoldPaper, load_gold
from ..records import Entity
from .abbreviations import read_abbreviations
from .components import read_entities
from .confidence import (
    SETTINGS,
    ConfidenceModel,
    Logistic,
    MentionText,
    Setting,
    entity_features,
    read_recognised,
)
from .extraction import load_pipeline
from .mentions import Candidate, read_mentions

FOLDS = 5
_PENALTY = 10.0
_MINIMUM = 5
_STEPS = 25
_CLOSE = 1e-6


class Example(NamedTuple):
    """What is known of a mention or an entity, and whether it is right."""

    features: Mapping[str, float]
    right: bool


@dataclass(frozen=True, slots=True)
class JudgedPaper:
    """Everything found in one annotated paper, beside what is right.

    Attributes:
        mentions: one example for each of ``candidates``.
        candidates: the final mentions.
        entities: what they were grouped into, and whether the scorer counts it as found.
        text: that the offsets count in.
    """

    text: str
    candidates: tuple[Candidate, ...]
    mentions: tuple[Example, ...]
    entities: tuple[tuple[Entity, bool], ...]

    def entity_examples(self, confidences: Sequence[float]) -> Iterator[Example]:
        """Describe the entities by the confidences of ``candidates``, in their order."""
        for entity, right in self.entities:
            own = [
                confidence
                for m, confidence in zip(self.candidates, confidences, strict=True)
                if m.label == entity.label and self.text[m.start : m.end] in entity.surfaces
            ]
            yield Example(entity_features(own), right)


def judge(papers: Sequence[GoldPaper], nlp: Language) -> list[JudgedPaper]:
    """Run the pipeline over annotated papers and tell what of it is right."""
    judged = []
    for paper, doc in zip(papers, nlp.pipe(paper.text for paper in papers), strict=True):
        spans = paper.spans()
        mentions = read_mentions(doc)
        text = MentionText(doc.text, mentions, read_recognised(doc), read_abbreviations(doc))
        entities = read_entities(doc)
        found = {entity.id for _, entity in match_entities(paper.entities, entities)}
        judged.append(
            JudgedPaper(
                doc.text,
                tuple(mentions),
                tuple(Example(text.features(m), m[:3] in spans) for m in mentions),
                tuple((entity, entity.id in found) for entity in entities),
            )
        )
    return judged


def fit(
    examples: Sequence[Example], *, penalty: float = _PENALTY, minimum: int = _MINIMUM
) -> Logistic:
    """Fit the weights; features seen in fewer than ``minimum`` examples are left out.

    The penalty is half the squared weight times ``penalty``, on all weights but the bias.
    """
    counts = Counter(name for example in examples for name in example.features)
    names = sorted(name for name, count in counts.items() if count >= minimum)
    index = {name: column for column, name in enumerate(names)}
    inputs = np.zeros((len(examples), len(names)))
    for row, example in enumerate(examples):
        for name, value in example.features.items():
            if name in index:
                inputs[row, index[name]] = value
    targets = np.array([float(example.right) for example in examples])
    penalties = np.array([0.0 if name == "bias" else penalty for name in names])
    weights = _newton(inputs, targets, penalties)
    rounded = {name: round(float(w), 3) for name, w in zip(names, weights, strict=True)}
    return Logistic({name: weight for name, weight in rounded.items() if weight})


def _newton(inputs: Any, targets: Any, penalties: Any) -> Any:
    weights = np.zeros(inputs.shape[1])
    ridge = np.diag(penalties + 1e-6)
    for _ in range(_STEPS):
        odds = 1.0 / (1.0 + np.exp(-(inputs @ weights)))
        gradient = inputs.T @ (odds - targets) + penalties * weights
        curvature = (inputs.T * (odds * (1.0 - odds))) @ inputs + ridge
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if np.abs(step).max() < _CLOSE:
            break
    return weights


def train(papers: Sequence[JudgedPaper]) -> ConfidenceModel:
    """Fit the weights of mentions, and those of entities on confidences not fitted to them."""
    confidences = out_of_fold(papers)
    entities = [
        e for p, own in zip(papers, confidences, strict=True) for e in p.entity_examples(own)
    ]
    return ConfidenceModel(
        mention=fit([example for paper in papers for example in paper.mentions]),
        entity=fit(entities, penalty=0.0),
    )


def out_of_fold(papers: Sequence[JudgedPaper], *, folds: int = FOLDS) -> list[list[float]]:
    """Confidence of each mention by weights fitted without its paper, paper by paper."""
    confidences: list[list[float]] = [[] for _ in papers]
    for fold in range(folds):
        rest = [e for n, p in enumerate(papers) if n % folds != fold for e in p.mentions]
        model = fit(rest)
        for n in range(fold, len(papers), folds):
            confidences[n] = [model.probability(e.features) for e in papers[n].mentions]
    return confidences


def cross_validate(
    papers: Sequence[JudgedPaper], *, folds: int = FOLDS
) -> tuple[list[Judged], list[Judged]]:
    """Judge the confidences of mentions and of entities, each by weights fitted without its paper."""
    mentions, entities = [], []
    for fold in range(folds):
        model = train([p for n, p in enumerate(papers) if n % folds != fold])
        for paper in papers[fold::folds]:
            own = [model.mention.probability(e.features) for e in paper.mentions]
            mentions += [Judged(c, e.right) for c, e in zip(own, paper.mentions, strict=True)]
            entities += [
                Judged(model.entity.probability(e.features), e.right)
                for e in paper.entity_examples(own)
            ]
    return mentions, entities


def write_models(path: Path, models: Mapping[Setting, ConfidenceModel]) -> None:
    """Write weights as `load_confidence_models` reads them, one a line."""
    content = {
        setting: {"mention": model.mention.weights, "entity": model.entity.weights}
        for setting, model in models.items()
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@click.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("weights", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--model",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Recogniser that was not trained on GOLD.",
)
def main(gold: Path, weights: Path, model: Path) -> None:
    """Fit the confidences on GOLD, write WEIGHTS, print the cross-validated calibration."""
    papers = load_gold(gold)
    models: dict[Setting, ConfidenceModel] = {}
    for setting in SETTINGS:
        judged = judge(papers, load_pipeline(model, rules_only=setting == "rules"))
        models[setting] = train(judged)
        for kind, items in zip(("mentions", "entities"), cross_validate(judged), strict=True):
            error = expected_calibration_error(items)
            share = sum(item.right for item in items) / max(len(items), 1)
            click.echo(f"{setting} {kind}: {len(items)}, right {share:.3f}, ECE {error:.3f}")
    write_models(weights, models)


if __name__ == "__main__":
    main()
