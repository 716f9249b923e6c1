"""Fine-tuning of the teacher on our annotations and, through heads of their own, public corpora."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from spacy.language import Language
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from ...pipeline.encoder_pieces import PieceMaker, Pieces
from ...pipeline.encoder_tags import Tags
from ...pipeline.encoder_words import split
from ..loop import GOLD, Progress, Report
from ..texts import LabelledText
from .settings import TeacherSettings
from .tagger import Tagger, to_batch

_IGNORED = -100
REPORT_EVERY = 20


@dataclass(frozen=True, slots=True)
class Exercise:
    """A window and the tags of its words."""

    pieces: Pieces
    tags: list[int]


def exercises(
    nlp: Language, tokenizer: Tokenizer, texts: Sequence[LabelledText], tags: Tags
) -> list[Exercise]:
    """Cut labelled texts into windows with their tags."""
    found, to_pieces = [], PieceMaker(tokenizer)
    for text in texts:
        words = split(nlp, text.text)
        if not len(words):
            continue
        numbers = tags.encode(len(words), words.locate(text.spans)).tolist()
        for pieces in to_pieces(words):
            window = pieces.window
            found.append(Exercise(pieces, numbers[window.start : window.end]))
    return found


def fine_tune(
    tagger: Tagger,
    corpora: Mapping[str, Sequence[Exercise]],
    settings: TeacherSettings,
    report: Report,
) -> None:
    """Train ``tagger`` in place.

    Args:
        tagger: with a head for each corpus.
        corpora: exercises by corpus, ours under the name `GOLD`.
        settings: how to train.
        report: called now and then with the mean loss.
    """
    rng = random.Random(settings.seed)  # noqa: S311 - a seeded draw is wanted
    plan = _plan(corpora, settings, rng)
    optimizer = _optimizer(tagger, settings)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: _rate(step, len(plan), settings.warm_up)
    )
    tagger.train()
    losses: list[float] = []
    for step, (name, batch) in enumerate(plan, start=1):
        loss = _loss(tagger, name, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if step % REPORT_EVERY == 0 or step == len(plan):
            report(Progress("teacher", step, len(plan), 100 * sum(losses) / len(losses)))
            losses.clear()
    tagger.eval()


def _plan(
    corpora: Mapping[str, Sequence[Exercise]], settings: TeacherSettings, rng: random.Random
) -> list[tuple[str, list[Exercise]]]:
    """Lay out all batches: public ones lie among the first of ours, the last epoch is ours only."""
    ours = [
        (GOLD, batch)
        for _ in range(settings.epochs)
        for batch in batches(corpora[GOLD], settings.batch_pieces, rng)
    ]
    public = [
        (name, batch)
        for name, limit in settings.public_texts.items()
        for batch in batches(
            rng.sample(corpora[name], min(limit, len(corpora[name]))), settings.batch_pieces, rng
        )
    ]
    early = len(ours) * (settings.epochs - 1) // settings.epochs
    mixed = [*ours[:early], *public]
    rng.shuffle(mixed)
    return [*mixed, *ours[early:]]


def batches(
    exercises: Sequence[Exercise], pieces: int, rng: random.Random
) -> Iterator[list[Exercise]]:
    """Yield every exercise once, in batches of like length that hold ``pieces`` or less padded."""
    ordered = sorted(exercises, key=lambda e: len(e.pieces.pieces) * rng.uniform(0.9, 1.1))
    found: list[list[Exercise]] = [[]]
    for exercise in ordered:
        longest = max(len(e.pieces.pieces) for e in [*found[-1], exercise])
        if found[-1] and longest * (len(found[-1]) + 1) > pieces:
            found.append([])
        found[-1].append(exercise)
    rng.shuffle(found)
    yield from (batch for batch in found if batch)


def _loss(tagger: Tagger, head: str, batch: Sequence[Exercise]) -> Tensor:
    scores = tagger(to_batch([e.pieces for e in batch]), head)
    tags = torch.nn.utils.rnn.pad_sequence(
        [torch.tensor(e.tags) for e in batch], batch_first=True, padding_value=_IGNORED
    )
    return functional.cross_entropy(scores.flatten(0, 1), tags.flatten(), ignore_index=_IGNORED)


def _optimizer(tagger: Tagger, settings: TeacherSettings) -> torch.optim.Optimizer:
    # A thousand abstracts hold a few of the vocabulary's words; moving those alone would part them
    # from their neighbours.
    tagger.encoder.words.weight.requires_grad_(False)
    body = [p for p in tagger.encoder.parameters() if p.requires_grad]
    known = {id(p) for p in tagger.encoder.parameters()}
    top = [p for p in tagger.parameters() if id(p) not in known]
    return torch.optim.AdamW(
        [
            {"params": body, "lr": settings.learn_rate},
            {"params": top, "lr": settings.head_learn_rate},
        ],
        weight_decay=0.01,
    )


def _rate(step: int, total: int, warm_up: float) -> float:
    rising = (step + 1) / max(1.0, warm_up * total)
    falling = (total - step) / max(1.0, (1 - warm_up) * total)
    return min(rising, falling)
