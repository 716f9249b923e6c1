"""Learn the weights of the role model from gold annotations, and measure it.

Softmax regression with an L2 penalty by full-batch gradient descent (Adam), in numpy.
``python -m fairpapers.extract.pipeline.role_training GOLD WEIGHTS`` writes the weights and prints
the cross-validated accuracy.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..gold import GoldPaper, load_gold, occurrences
from ..records import ROLES, Label, Role
from .roles import RoleModel, RoleText

_STEPS = 300
_RATE = 0.05


class RoleExample(NamedTuple):
    """An annotated entity: its label, features and role."""

    label: Label
    features: tuple[str, ...]
    role: Role


def role_examples(papers: Sequence[GoldPaper]) -> list[RoleExample]:
    """Describe every entity of the papers that occurs in their text."""
    examples = []
    for paper in papers:
        text = RoleText(paper.text)
        spans = {(span.start, span.end) for span in paper.spans()}
        for entity in paper.entities:
            found = [o for surface in entity.surfaces for o in occurrences(paper.text, surface)]
            own = sorted(spans.intersection(found))
            if own:
                features = tuple(text.features(entity.label, own))
                examples.append(RoleExample(entity.label, features, entity.role))
    return examples


def train_roles(
    examples: Sequence[RoleExample], *, penalty: float = 8.0, minimum: int = 5
) -> RoleModel:
    """Fit the weights; features seen in fewer than ``minimum`` examples are left out."""
    counts = Counter(feature for example in examples for feature in example.features)
    vocabulary = sorted(feature for feature, count in counts.items() if count >= minimum)
    index = {feature: column for column, feature in enumerate(vocabulary)}
    inputs = np.zeros((len(examples), len(vocabulary)), dtype=np.float32)
    targets = np.zeros((len(examples), len(ROLES)), dtype=np.float32)
    for row, example in enumerate(examples):
        inputs[row, [index[f] for f in example.features if f in index]] = 1.0
        targets[row, ROLES.index(example.role)] = 1.0
    weights = fit_softmax(inputs, targets, penalty)
    return RoleModel({f: tuple(round(float(w), 3) for w in weights[index[f]]) for f in vocabulary})


def cross_validate(
    papers: Sequence[GoldPaper], *, folds: int = 5, penalty: float = 8.0
) -> tuple[float, float]:
    """Accuracy of the model and of the majority role per label, on papers not trained on."""
    right = baseline = total = 0
    for fold in range(folds):
        held_out = role_examples(papers[fold::folds])
        rest = role_examples([p for n, p in enumerate(papers) if n % folds != fold])
        model = train_roles(rest, penalty=penalty)
        majority = majority_roles(rest)
        right += sum(model.decide(e.features)[0] == e.role for e in held_out)
        baseline += sum(majority[e.label] == e.role for e in held_out)
        total += len(held_out)
    return right / total, baseline / total


def majority_roles(examples: Sequence[RoleExample]) -> dict[Label, Role]:
    """Most frequent role of each label."""
    votes: dict[Label, Counter[Role]] = defaultdict(Counter)
    for example in examples:
        votes[example.label][example.role] += 1
    return {label: counter.most_common(1)[0][0] for label, counter in votes.items()}


def fit_softmax(inputs: Any, targets: Any, penalty: float) -> Any:
    """Fit one column of weights a class to rows of features; ``targets`` are one-hot."""
    weights = np.zeros((inputs.shape[1], targets.shape[1]), dtype=np.float32)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        scores = inputs @ weights
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities = odds / odds.sum(axis=1, keepdims=True)
        gradient = (inputs.T @ (probabilities - targets) + penalty * weights) / len(inputs)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        step_size = _RATE * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
        weights -= step_size * first / (np.sqrt(second) + 1e-8)
    return weights


def main(gold: str, weights: str) -> None:
    """Train on a gold file, write the weights, report cross-validated accuracy."""
    papers = load_gold(Path(gold))
    accuracy, baseline = cross_validate(papers)
    model = train_roles(role_examples(papers))
    rows = (f"  {json.dumps(name)}: {json.dumps(w)}" for name, w in model.weights.items() if any(w))
    head = f'"roles": {json.dumps(ROLES)},\n"weights": {{\n'
    Path(weights).write_text("{" + head + ",\n".join(rows) + "\n}}\n", encoding="utf-8")
    sys.stdout.write(f"accuracy {accuracy:.3f}, majority per label {baseline:.3f}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
