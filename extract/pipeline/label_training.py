"""Learn the weights of the label model from gold annotations, and measure it.

``python -m fairpapers.extract.pipeline.label_training GOLD WEIGHTS --model DIR`` writes the weights
and prints the cross-validated share of right labels, of mentions with right borders. The recogniser
in DIR must not have been trained on GOLD: its votes would be trusted more than they deserve.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
from spacy.language import Language

from ..gold import GoldPaper, load_gold
from ..records import LABELS, Label
from .abbreviations import read_abbreviations
from .extraction import load_pipeline
from .labels import LabelModel, by_name, label_features
from .mentions import read_mentions
from .role_training import fit_softmax

FOLDS = 5
_PENALTY = 4.0
_MINIMUM = 4
# What comes after the labels are decided.
_LATER = (
    "fairpapers_labels",
    "fairpapers_propagation",
    "fairpapers_entities",
    "fairpapers_confidence",
    "fairpapers_roles",
    "fairpapers_results",
    "fairpapers_sizes",
)


class NameExample(NamedTuple):
    """A name in a paper: its features, the right label, and how often it was found."""

    features: tuple[str, ...]
    label: Label
    votes: Label
    mentions: int


def name_examples(papers: Sequence[GoldPaper], nlp: Language) -> list[list[NameExample]]:
    """Describe, paper by paper, each name that was found with annotated borders."""
    with nlp.select_pipes(disable=[name for name in _LATER if name in nlp.pipe_names]):
        docs = list(nlp.pipe(paper.text for paper in papers))
    examples = []
    for paper, doc in zip(papers, docs, strict=True):
        gold = {(span.start, span.end): span.label for span in paper.spans()}
        own = []
        for mentions in by_name(paper.text, read_mentions(doc), read_abbreviations(doc)):
            right = Counter(gold[m.start, m.end] for m in mentions if (m.start, m.end) in gold)
            if right:
                votes: Counter[Label] = Counter()
                for m in mentions:
                    votes[m.label] += round(1000 * m.confidence)
                own.append(
                    NameExample(
                        tuple(label_features(paper.text, mentions)),
                        right.most_common(1)[0][0],
                        votes.most_common(1)[0][0],
                        right.total(),
                    )
                )
        examples.append(own)
    return examples


def train_labels(examples: Sequence[NameExample], *, minimum: int = _MINIMUM) -> LabelModel:
    """Fit the weights; features seen in fewer than ``minimum`` examples are left out."""
    counts = Counter(feature for example in examples for feature in example.features)
    vocabulary = sorted(feature for feature, count in counts.items() if count >= minimum)
    index = {feature: column for column, feature in enumerate(vocabulary)}
    inputs = np.zeros((len(examples), len(vocabulary)), dtype=np.float32)
    targets = np.zeros((len(examples), len(LABELS)), dtype=np.float32)
    for row, example in enumerate(examples):
        inputs[row, [index[f] for f in example.features if f in index]] = 1.0
        targets[row, LABELS.index(example.label)] = 1.0
    weights = fit_softmax(inputs, targets, _PENALTY)
    return LabelModel({f: tuple(round(float(w), 2) for w in weights[index[f]]) for f in vocabulary})


def cross_validate(
    examples: Sequence[Sequence[NameExample]], folds: int = FOLDS
) -> tuple[float, float]:
    """Share of mentions with the right label, by the model and by the votes alone."""
    right = before = total = 0
    for fold in range(folds):
        rest = [e for n, own in enumerate(examples) if n % folds != fold for e in own]
        model = train_labels(rest)
        for example in (e for own in examples[fold::folds] for e in own):
            right += example.mentions * (model.decide(example.features) == example.label)
            before += example.mentions * (example.votes == example.label)
            total += example.mentions
    return right / total, before / total


def _rows(model: LabelModel) -> Iterator[str]:
    for name, weights in model.weights.items():
        if any(weights):
            yield f"  {json.dumps(name)}: {json.dumps(weights)}"


@click.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("weights", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--model",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="A recogniser that was not trained on GOLD.",
)
def main(gold: Path, weights: Path, model: Path) -> None:
    """Train on GOLD, write WEIGHTS, report cross-validated accuracy."""
    examples = name_examples(load_gold(gold), load_pipeline(model))
    learnt = train_labels([example for own in examples for example in own])
    head = f'"labels": {json.dumps(LABELS)},\n"weights": {{\n'
    weights.write_text("{" + head + ",\n".join(_rows(learnt)) + "\n}}\n", encoding="utf-8")
    accuracy, before = cross_validate(examples)
    click.echo(f"right labels {accuracy:.3f}, by votes alone {before:.3f}")


if __name__ == "__main__":
    main()
