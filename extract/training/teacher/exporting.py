"""A teacher as a small ONNX file that onnxruntime reads without torch.

Embeddings are kept as eight-bit numbers with a scale for each row; the matrices of the layers are
rounded by onnxruntime, with a scale for each column, and what is multiplied by them as it comes
(Jacob et al. 2018, "Quantization and training of neural networks").
"""

from __future__ import annotations

import copy
import json
import warnings
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn

from ...pipeline.encoder_session import ABOUT, FORMAT, GRAPH, PIECES, Session
from ...pipeline.encoder_words import SHAPES
from ..loop import GOLD
from ..texts import sha256
from .labelling import read_texts
from .tagger import Tagger
from .teaching import OURS, Reader

OPSET = 17
INPUTS = ("pieces", "shapes", "places", "words")


class RoundedEmbedding(nn.Module):
    """An embedding in eight-bit numbers, each row with a scale of its own."""

    rounded: Tensor
    scales: Tensor

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scales = weight.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / 127
        self.register_buffer("scales", scales)
        self.register_buffer("rounded", torch.round(weight / scales).to(torch.int8))

    def forward(self, numbers: Tensor) -> Tensor:
        """Look up rows."""
        return self.rounded[numbers].float() * self.scales[numbers]


class OneWindow(nn.Module):
    """The teacher for a window at a time: no padding, and no neighbour changes a result."""

    def __init__(self, tagger: Tagger, rows: Sequence[int]) -> None:
        """Take the rows of the embedding of pieces that the vocabulary kept."""
        super().__init__()
        self.tagger = copy.deepcopy(tagger).eval()
        with torch.no_grad():
            encoder = self.tagger.encoder
            encoder.words = RoundedEmbedding(encoder.words.weight[list(rows)])
            encoder.places = RoundedEmbedding(encoder.places.weight)
            self.tagger.piece_shapes = RoundedEmbedding(self.tagger.piece_shapes.weight)

    def forward(self, pieces: Tensor, shapes: Tensor, places: Tensor, words: Tensor) -> Tensor:
        """Return logarithms of the probabilities of tags, a row for each word.

        The arguments are those fields of `Pieces`, as vectors.
        """
        tagger = self.tagger
        encoded = tagger.encoder(pieces[None], tagger.piece_shapes(shapes[None]), None)[0]
        seen = torch.cat([encoded[places], tagger.word_shapes(words)], dim=-1)
        scores: Tensor = torch.log_softmax(tagger.heads[GOLD](seen), dim=-1)
        return scores


def export_folder(
    tagger: Tagger,
    tokenizer: Tokenizer,
    rows: Sequence[int],
    about: Mapping[str, Any],
    folder: Path,
) -> None:
    """Write the folder that `Session` reads.

    Args:
        tagger: a teacher.
        tokenizer: with the pieces that are kept.
        rows: their numbers before, in their new order.
        about: kept in the folder's description.
        folder: made where it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / PIECES), pretty=False)
    export(tagger, rows, folder / GRAPH)
    files = [folder / name for name in (GRAPH, PIECES)]
    meta = {
        "format": FORMAT,
        "labels": list(OURS.labels),
        "shapes": SHAPES,
        "pieces": len(rows),
        "opset": OPSET,
        "digests": {path.name: sha256(path) for path in files},
        "bytes": {path.name: path.stat().st_size for path in files},
        "made_with": {name: version(name) for name in ("torch", "onnx", "onnxruntime")},
        **about,
    }
    (folder / ABOUT).write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")


def agreement(tagger: Tagger, reader: Reader, folder: Path, texts: Sequence[str]) -> float:
    """Share of the words of some texts to which teacher and exported folder give the same tag."""
    session = Session(folder)
    same = [
        OURS.best(scores) == OURS.best(session.scores(words))
        for words, scores in read_texts(tagger, reader.tokenizer, reader.nlp, texts)
    ]
    return float(np.concatenate(same).mean())


def export(tagger: Tagger, rows: Sequence[int], path: Path) -> None:
    """Write the teacher to an ONNX file, rounded.

    Args:
        tagger: a teacher.
        rows: numbers of the pieces that the vocabulary kept, in their new order.
        path: file to write.
    """
    with TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        with warnings.catch_warnings():
            # The exporter that traces is the one that needs no further library.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                OneWindow(tagger, rows),
                tuple(torch.zeros(size, dtype=torch.int64) for size in (9, 9, 7, 7)),
                str(whole),
                input_names=list(INPUTS),
                output_names=["scores"],
                dynamic_axes={
                    "pieces": {0: "pieces"},
                    "shapes": {0: "pieces"},
                    "places": {0: "words"},
                    "words": {0: "words"},
                    "scores": {0: "words"},
                },
                opset_version=OPSET,
                dynamo=False,
            )
        # Seven bits: with eight, processors without VNNI instructions overflow in sums of two.
        quantize_dynamic(
            whole,
            path,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
