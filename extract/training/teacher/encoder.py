"""The encoder: six layers of self-attention over word pieces (Devlin et al. 2019; Wang et al. 2020).

The weights are those of all-MiniLM-L6-v2; their names in the file are mapped onto ours.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from ...pipeline.encoder_pieces import LIMIT

WIDTH = 384
_LAYERS, _HEADS, _INNER, _EPSILON = 6, 12, 1536, 1e-12


class Layer(nn.Module):
    """Self-attention and a feed-forward network, each with a residual and a norm after it."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.attend = nn.Linear(WIDTH, 3 * WIDTH)
        self.mix = nn.Linear(WIDTH, WIDTH)
        self.attended = nn.LayerNorm(WIDTH, _EPSILON)
        self.widen = nn.Linear(WIDTH, _INNER)
        self.narrow = nn.Linear(_INNER, WIDTH)
        self.transformed = nn.LayerNorm(WIDTH, _EPSILON)
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Transform (texts, pieces, width); ``mask`` is true where there is a piece."""
        texts, pieces, _ = x.shape
        heads = self.attend(x).view(texts, pieces, 3, _HEADS, WIDTH // _HEADS)
        query, key, value = heads.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=None if mask is None else mask[:, None, None, :]
        )
        mixed = self.mix(seen.transpose(1, 2).reshape(texts, pieces, WIDTH))
        x = self.attended(x + self._drop(mixed))
        inner = self.narrow(functional.gelu(self.widen(x)))
        transformed: Tensor = self.transformed(x + self._drop(inner))
        return transformed

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.dropout, self.training)


class Encoder(nn.Module):
    """Pieces to vectors."""

    def __init__(self, vocabulary: int, dropout: float) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.places = nn.Embedding(LIMIT, WIDTH)
        self.kinds = nn.Embedding(2, WIDTH)
        self.embedded = nn.LayerNorm(WIDTH, _EPSILON)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(_LAYERS))
        self.dropout = dropout

    def forward(self, pieces: Tensor, extra: Tensor, mask: Tensor | None) -> Tensor:
        """Return (texts, pieces, width).

        Args:
            pieces: numbers of the pieces.
            extra: added to the embeddings, of the shape of the result.
            mask: true where there is a piece; None where all texts are of one length.
        """
        places = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.words(pieces) + self.places(places) + self.kinds.weight[0]
        x = functional.dropout(self.embedded(x) + extra, self.dropout, self.training)
        for layer in self.layers:
            x = layer(x, mask)
        return x


def load_encoder(path: Path, dropout: float) -> Encoder:
    """Build the encoder with the weights of a ``model.safetensors``."""
    stored = load_file(path)
    encoder = Encoder(len(stored["embeddings.word_embeddings.weight"]), dropout)
    encoder.load_state_dict(_renamed(stored))
    return encoder


def _renamed(stored: dict[str, Tensor]) -> dict[str, Tensor]:
    state = {
        "words.weight": stored["embeddings.word_embeddings.weight"],
        "places.weight": stored["embeddings.position_embeddings.weight"],
        "kinds.weight": stored["embeddings.token_type_embeddings.weight"],
    }
    for kind in ("weight", "bias"):
        state[f"embedded.{kind}"] = stored[f"embeddings.LayerNorm.{kind}"]
        for n in range(_LAYERS):
            theirs, ours = f"encoder.layer.{n}", f"layers.{n}"
            parts = [stored[f"{theirs}.attention.self.{p}.{kind}"] for p in _PROJECTIONS]
            state[f"{ours}.attend.{kind}"] = torch.cat(parts)
            for name, path in _PARTS.items():
                state[f"{ours}.{name}.{kind}"] = stored[f"{theirs}.{path}.{kind}"]
    return state


_PROJECTIONS = ("query", "key", "value")
_PARTS = {
    "mix": "attention.output.dense",
    "attended": "attention.output.LayerNorm",
    "widen": "intermediate.dense",
    "narrow": "output.dense",
    "transformed": "output.LayerNorm",
}
