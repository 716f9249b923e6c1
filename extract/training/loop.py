"""The training loop.

Public corpora first, then our annotations with a share of them, then silver labels with a share of
annotations.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.training import Example
from thinc.api import Adam, Optimizer, fix_random_seed

from .heads import Heads
from .pretraining import pretrain
from .settings import TrainingSettings
from .texts import LabelledText, to_example

GOLD = "gold"
SILVER = "silver"
REPORT_EVERY = 50


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands.

    Attributes:
        stage: what is being done.
        done: steps done in this stage.
        total: steps of this stage.
        loss: mean loss a step since the last report, if any.
    """

    stage: str
    done: int
    total: int
    loss: float | None = None


Report = Callable[[Progress], None]


# Weights after pretraining and the public corpora: of the embedding, and of each public head.
Foundation = Mapping[str, bytes]


class Trainer:
    """Trains the component ``ner`` of a pipeline.

    First a foundation, which needs no annotations of ours: `lay_foundation`, or `start_from` one
    laid before. Then `fit`.
    """

    def __init__(
        self,
        nlp: Language,
        gold: Sequence[LabelledText],
        public: Mapping[str, Sequence[LabelledText]],
        settings: TrainingSettings,
        report: Report,
        silver: Sequence[LabelledText] = (),
    ) -> None:
        """Align the texts to tokens and initialize all weights.

        Args:
            nlp: as `new_pipeline` makes it.
            gold: our annotated texts.
            public: texts of the public corpora by name.
            settings: how to train.
            report: called now and then, and at the end of each stage.
            silver: texts with the labels of a teacher.
        """
        rng = _rng(settings)
        self._nlp, self._settings, self._report = nlp, settings, report
        self._examples = {GOLD: [to_example(nlp, text) for text in gold]}
        for name in settings.weights:
            texts = sample(public[name], settings.public_texts, rng)
            self._examples[name] = [to_example(nlp, text) for text in texts]
        if silver:
            self._examples[SILVER] = [to_example(nlp, text) for text in silver]
        self._heads = Heads(nlp, self._examples, (GOLD, SILVER))

    def lay_foundation(self, unlabelled: Sequence[str], words: Sequence[str]) -> Foundation:
        """Train on unlabelled texts, then on the public corpora.

        Args:
            unlabelled: texts to pretrain on.
            words: stand in for words that are hidden in them.
        """
        settings = self._settings
        pretrain(
            self._nlp,
            self._heads.embedding,
            unlabelled,
            words,
            steps=settings.pretrain_steps,
            batch_words=settings.pretrain_words,
            learn_rate=settings.learn_rate,
            rng=_rng(settings),
            report=self._reporter("pretraining", settings.pretrain_steps),
        )
        if settings.weights:
            self._run("public corpora", settings.public_steps, settings.weights, 1.0)
        return self._heads.foundation()

    def start_from(self, foundation: Foundation) -> None:
        """Take over weights that another trainer with the same settings laid."""
        self._heads.start_from(foundation)

    def fit(self) -> None:
        """Train on our annotations, then on silver labels; ``ner`` keeps averaged weights."""
        settings = self._settings
        share = settings.public_share if settings.weights else 0.0
        sgd = self._run("annotations", settings.steps, settings.weights, share)
        self._heads.keep_averages(sgd)
        if SILVER in self._examples:
            sgd = self._run(
                "silver labels", settings.silver_steps, {SILVER: 1.0}, settings.silver_share
            )
            self._heads.keep_averages(sgd)

    def _run(self, stage: str, steps: int, others: Mapping[str, float], share: float) -> Optimizer:
        """Take steps; ``share`` is the chance that a batch comes from others than annotations."""
        settings, rng = self._settings, _rng(self._settings)
        sgd: Optimizer = Adam(settings.learn_rate, L2=0.01, grad_clip=1.0, use_averages=True)
        streams = {
            name: batches(examples, settings.batch_words, rng)
            for name, examples in self._examples.items()
        }
        report = self._reporter(stage, steps)
        names, weights = list(others), list(others.values())
        for step in range(1, steps + 1):
            name = rng.choices(names, weights)[0] if rng.random() < share else GOLD
            report(step, self._heads.update(name, next(streams[name]), settings.dropout, sgd))
        return sgd

    def _reporter(self, stage: str, total: int) -> Callable[[int, float], None]:
        losses: list[float] = []

        def report(step: int, loss: float) -> None:
            losses.append(loss)
            if step % REPORT_EVERY == 0 or step == total:
                self._report(Progress(stage, step, total, sum(losses) / len(losses)))
                losses.clear()

        return report


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


def _rng(settings: TrainingSettings) -> random.Random:
    """Start each stage alike, so that a foundation laid elsewhere changes nothing."""
    fix_random_seed(settings.seed)
    return random.Random(settings.seed)  # noqa: S311 - a seeded draw is wanted
