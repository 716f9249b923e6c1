"""What the teacher sees in texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
import torch
from spacy.language import Language
from tokenizers import Tokenizer
from torch import nn

from ...pipeline.encoder_pieces import PieceMaker, Pieces
from ...pipeline.encoder_tags import Floats
from ...pipeline.encoder_words import Words, split
from ..loop import GOLD
from .tagger import Tagger, to_batch

_TEXTS = 256
_BATCH_PIECES = 4000


class Reading(NamedTuple):
    """The words of a text, and the logarithms of the probabilities of their tags."""

    words: Words
    scores: Floats


def read_texts(
    tagger: Tagger, tokenizer: Tokenizer, nlp: Language, texts: Iterable[str]
) -> Iterator[Reading]:
    """Score the tags of our labels for each text, in order."""
    stream, to_pieces = iter(texts), PieceMaker(tokenizer)
    while chunk := list(islice(stream, _TEXTS)):
        words = [split(nlp, text) for text in chunk]
        places = [(n, pieces) for n, each in enumerate(words) for pieces in to_pieces(each)]
        tags = tagger.heads[GOLD].out_features
        scores: list[Floats] = [np.zeros((len(each), tags), dtype=np.float32) for each in words]
        for group in _groups(places):
            found = _scores(tagger, [pieces for _, pieces in group])
            for (n, pieces), rows in zip(group, found, strict=True):
                window = pieces.window
                kept = slice(window.first - window.start, window.last - window.start)
                scores[n][window.first : window.last] = rows[kept]
        yield from (Reading(*pair) for pair in zip(words, scores, strict=True))


def smaller(tagger: Tagger) -> Tagger:
    """Return a copy whose products are of eight-bit numbers, for labelling at twice the pace."""
    # One scale for a whole matrix rounds too coarsely.
    scales = torch.ao.quantization.per_channel_dynamic_qconfig
    quantized: Tagger = torch.ao.quantization.quantize_dynamic(tagger, {nn.Linear: scales})
    return quantized


def _groups(places: list[tuple[int, Pieces]]) -> Iterator[list[tuple[int, Pieces]]]:
    group: list[tuple[int, Pieces]] = []
    for place in sorted(places, key=lambda place: len(place[1].pieces)):
        if group and len(place[1].pieces) * (len(group) + 1) > _BATCH_PIECES:
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def _scores(tagger: Tagger, windows: Sequence[Pieces]) -> list[Floats]:
    with torch.inference_mode():
        found = torch.log_softmax(tagger(to_batch(windows), GOLD), dim=-1).numpy()
    return [rows[: len(w.places)] for rows, w in zip(found, windows, strict=True)]
