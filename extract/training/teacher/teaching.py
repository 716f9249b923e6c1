"""One teacher from its material, on disk and back."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import spacy
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from spacy.language import Language
from tokenizers import Tokenizer

from ...pipeline.encoder_tags import Tags
from ...records import LABELS
from ..errors import MaterialError
from ..loop import GOLD, Report, sample
from ..material import Material
from ..texts import LabelledText
from ..tokenizer import customize
from .encoder import Encoder, load_encoder
from .fine_tuning import exercises, fine_tune
from .settings import TeacherSettings
from .tagger import Tagger
from .weights import Pretrained

OURS = Tags(LABELS)


class Reader(NamedTuple):
    """What splits texts into words and pieces."""

    nlp: Language
    tokenizer: Tokenizer


def new_reader(files: Pretrained) -> Reader:
    """Read the vocabulary; words are those of the student."""
    nlp = spacy.blank("en")
    customize(nlp)
    tokenizer = Tokenizer.from_file(str(files.tokenizer))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return Reader(nlp, tokenizer)


def teach(
    files: Pretrained,
    gold: Sequence[LabelledText],
    material: Material,
    settings: TeacherSettings,
    report: Report,
) -> Tagger:
    """Fine-tune a teacher on ``gold`` and on the public corpora of the material."""
    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)  # noqa: S311 - a seeded draw is wanted
    nlp, tokenizer = new_reader(files)
    texts: dict[str, Sequence[LabelledText]] = {GOLD: gold}
    for name, limit in settings.public_texts.items():
        texts[name] = sample(material.public[name], limit, rng)
    tags = {name: OURS if name == GOLD else _tags(each) for name, each in texts.items()}
    heads = {name: len(each) for name, each in tags.items()}
    tagger = Tagger(load_encoder(files.model, settings.dropout), heads, settings.dropout)
    corpora = {name: exercises(nlp, tokenizer, each, tags[name]) for name, each in texts.items()}
    fine_tune(tagger, corpora, settings, report)
    return tagger


def save_teacher(tagger: Tagger, path: Path) -> None:
    """Write the encoder and our head."""
    state = {
        name: value.contiguous()
        for name, value in tagger.state_dict().items()
        if not name.startswith("heads.") or name.startswith(f"heads.{GOLD}.")
    }
    save_file(state, path, metadata={"labels": ",".join(OURS.labels)})


def load_teacher(path: Path) -> Tagger:
    """Read what `save_teacher` wrote.

    Raises:
        MaterialError: the file is missing or of a teacher with other labels.
    """
    if not path.is_file():
        raise MaterialError(path, "no such teacher")
    with safe_open(path, framework="pt") as stored:
        state = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 - no dict
        labels = stored.metadata().get("labels")
    if labels != ",".join(OURS.labels):
        raise MaterialError(path, f"a teacher of other labels: {labels}")
    encoder = Encoder(len(state["encoder.words.weight"]), dropout=0.0)
    tagger = Tagger(encoder, {GOLD: len(OURS)}, dropout=0.0)
    tagger.load_state_dict(state)
    tagger.eval()
    return tagger


def _tags(texts: Sequence[LabelledText]) -> Tags:
    return Tags(tuple(sorted({span.label for text in texts for span in text.spans})))
