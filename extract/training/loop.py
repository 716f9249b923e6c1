"""The training loop: public corpora first, then our annotations with a share of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.training import Example
from thinc.api import Adam

from .heads import Heads
from .settings import TrainingSettings
from .texts import LabelledText, to_example

GOLD = "gold"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands.

    Attributes:
        stage: what is being done.
        done: steps done in this stage.
        total: steps of this stage.
        loss: mean loss a step on our annotations since the last report, if any.
    """

    stage: str
    done: int
    total: int
    loss: float | None = None


Report = Callable[[Progress], None]


def fit(
    nlp: Language,
    gold: Sequence[LabelledText],
    public: Mapping[str, Sequence[LabelledText]],
    settings: TrainingSettings,
    report: Report,
    every: int = 100,
) -> None:
    """Train the component ``ner`` of ``nlp``; it ends with the averaged weights.

    Args:
        nlp: as `new_pipeline` makes it.
        gold: our annotated texts.
        public: texts of the public corpora by name.
        settings: how to train.
        report: called after every ``every`` steps and after the last.
        every: steps between reports.
    """
    rng = random.Random(settings.seed)  # noqa: S311 - a seeded draw is wanted
    examples = {GOLD: [to_example(nlp, text) for text in gold]}
    for name in settings.weights:
        texts = sample(public[name], settings.public_texts, rng)
        examples[name] = [to_example(nlp, text) for text in texts]
    heads = Heads(nlp, examples, GOLD)
    sgd = Adam(settings.learn_rate, L2=0.01, grad_clip=1.0, use_averages=True)
    streams = {name: batches(items, settings.batch_words, rng) for name, items in examples.items()}
    losses: list[float] = []
    for step, name in enumerate(schedule(settings, rng), start=1):
        loss = heads.update(name, next(streams[name]), settings.dropout, sgd)
        if name == GOLD:
            losses.append(loss)
        if step % every == 0 or step == settings.total_steps:
            mean = sum(losses) / len(losses) if losses else None
            report(Progress("training", step, settings.total_steps, mean))
            losses.clear()
    heads.keep_averages(sgd)


def schedule(settings: TrainingSettings, rng: random.Random) -> Iterator[str]:
    """Name the corpus of each step."""
    names, weights = list(settings.weights), list(settings.weights.values())
    for step in range(settings.total_steps):
        share = 1.0 if step < settings.public_steps else settings.public_share
        if names and rng.random() < share:
            yield rng.choices(names, weights)[0]
        else:
            yield GOLD


def batches(examples: Sequence[Example], words: int, rng: random.Random) -> Iterator[list[Example]]:
    """Yield shuffled batches of at least ``words`` tokens without end."""
    batch: list[Example] = []
    size = 0
    while True:
        for example in rng.sample(examples, len(examples)):
            batch.append(example)
            size += len(example)
            if size >= words:
                yield batch
                batch, size = [], 0


def sample(texts: Sequence[LabelledText], limit: int, rng: random.Random) -> Sequence[LabelledText]:
    """Draw texts where there are more than ``limit``; those with spans come first."""
    if len(texts) <= limit:
        return texts
    drawn = rng.sample(texts, len(texts))
    drawn.sort(key=lambda text: not text.spans)
    return drawn[:limit]
