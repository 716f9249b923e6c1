"""The teacher: the encoder, word shapes, and one layer of tag scores for each corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from .encoder import LIMIT, WIDTH, Encoder
from .words import SHAPES, Window, Words, windows

_FIRST, _LAST = 101, 102
_MARGIN = 60
_SHAPE_WIDTH = 48


class Pieces(NamedTuple):
    """A window of a text as the encoder reads it.

    Attributes:
        window: which words.
        pieces: numbers of the pieces, with the marks of begin and end.
        shapes: a number for each piece.
        places: of the first piece of each word.
        words: shape numbers of the words.
    """

    window: Window
    pieces: list[int]
    shapes: list[int]
    places: list[int]
    words: list[int]


class Batch(NamedTuple):
    """Several windows, padded."""

    pieces: Tensor
    shapes: Tensor
    mask: Tensor
    places: Tensor
    words: Tensor


class Tagger(nn.Module):
    """Scores the tags of words."""

    def __init__(self, encoder: Encoder, heads: Mapping[str, int], dropout: float) -> None:
        """Build the layers on top.

        Args:
            encoder: with its weights.
            heads: number of tags by corpus.
            dropout: before the last layers.
        """
        super().__init__()
        self.encoder = encoder
        # The last number is for what belongs to no word. Zero, so that nothing is disturbed.
        self.piece_shapes = nn.Embedding(2 * SHAPES + 1, WIDTH)
        nn.init.zeros_(self.piece_shapes.weight)
        self.word_shapes = nn.Embedding(2 * SHAPES, _SHAPE_WIDTH)
        nn.init.normal_(self.word_shapes.weight, std=0.1)
        self.drop = nn.Dropout(dropout)
        self.heads = nn.ModuleDict(
            {name: nn.Linear(WIDTH + _SHAPE_WIDTH, tags) for name, tags in heads.items()}
        )

    def forward(self, batch: Batch, head: str) -> Tensor:
        """Return scores (texts, words, tags), not normalized."""
        encoded = self.encoder(batch.pieces, self.piece_shapes(batch.shapes), batch.mask)
        index = batch.places[:, :, None].expand(-1, -1, WIDTH)
        words = torch.cat([encoded.gather(1, index), self.word_shapes(batch.words)], dim=-1)
        scores: Tensor = self.heads[head](self.drop(words))
        return scores


def to_pieces(words: Words, tokenizer: Tokenizer) -> list[Pieces]:
    """Cut the words of a text into pieces, and the text into windows where it is long."""
    encodings = tokenizer.encode_batch(list(words.texts), add_special_tokens=False)
    unknown = tokenizer.token_to_id("[UNK]")
    # A name of hundreds of pieces is some formula or address: its beginning is enough.
    cut = [encoding.ids[:40] or [unknown] for encoding in encodings]
    found = []
    for window in windows([len(ids) for ids in cut], LIMIT - 2, _MARGIN):
        pieces, shapes, places = [_FIRST], [2 * SHAPES], []
        for n in range(window.start, window.end):
            places.append(len(pieces))
            pieces.extend(cut[n])
            shapes.extend([words.shapes[n]] * len(cut[n]))
        shown = list(words.shapes[window.start : window.end])
        found.append(Pieces(window, [*pieces, _LAST], [*shapes, 2 * SHAPES], places, shown))
    return found


def to_batch(windows: Sequence[Pieces]) -> Batch:
    """Pad windows to one length."""
    pieces = _padded([w.pieces for w in windows], 0)
    mask = _padded([[1] * len(w.pieces) for w in windows], 0).bool()
    return Batch(
        pieces,
        _padded([w.shapes for w in windows], 2 * SHAPES),
        mask,
        _padded([w.places for w in windows], 0),
        _padded([w.words for w in windows], 0),
    )


def _padded(rows: Sequence[Sequence[int]], value: int) -> Tensor:
    return nn.utils.rnn.pad_sequence(
        [torch.tensor(row) for row in rows], batch_first=True, padding_value=value
    )
