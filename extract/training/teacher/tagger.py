"""The teacher: the encoder, word shapes, and one layer of tag scores for each corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ...pipeline.encoder_pieces import Pieces
from ...pipeline.encoder_words import SHAPES
from .encoder import WIDTH, Encoder

_SHAPE_WIDTH = 48


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
