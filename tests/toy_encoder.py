"""A folder like that of the encoder, whose graph looks the scores of a word up in a table.

The graph is written as the wire format of ONNX (https://onnx.ai/onnx/repo-docs/IR.html) directly,
since the library that writes such files is not needed otherwise.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fairpapers.extract.pipeline.encoder_tags import Tags
from fairpapers.extract.pipeline.encoder_words import SHAPES
from fairpapers.extract.records import LABELS

INT64, FLOAT = 7, 1
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
TAGS = Tags(LABELS)


def write_toy_encoder(folder: Path, words: Mapping[str, str], probability: float = 0.9) -> Path:
    """Write an encoder that knows some words in lower case.

    Args:
        folder: made where it is missing.
        words: the label that each word begins with that probability; other words are outside.
        probability: of the tag of each word; the other tags share the rest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pieces = [*SPECIAL, *words]
    rest = (1 - probability) / (len(TAGS) - 1)
    table = np.full((len(pieces), len(TAGS)), rest, dtype=np.float32)
    for row, piece in enumerate(pieces):
        tag = 1 + 2 * LABELS.index(words[piece]) if piece in words else 0
        table[row, tag] = probability
    (folder / "encoder.onnx").write_bytes(_model(np.log(table)))
    (folder / "tokenizer.json").write_text(json.dumps(_tokenizer(pieces)))
    describe(folder)
    return folder


def describe(folder: Path, **changed: object) -> None:
    """Write the description of the files that are in the folder."""
    names = ("encoder.onnx", "tokenizer.json")
    meta = {
        "format": 1,
        "labels": list(LABELS),
        "shapes": SHAPES,
        "digests": {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in names},
    }
    (folder / "meta.json").write_text(json.dumps({**meta, **changed}))


def _tokenizer(pieces: Sequence[str]) -> dict[str, object]:
    return {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {piece: number for number, piece in enumerate(pieces)},
        },
    }


def _model(table: NDArray[np.float32]) -> bytes:
    """Gather the pieces at the places of the words, then their rows of the table."""
    graph = b"".join(
        [
            _field(1, _node("Gather", ["pieces", "places"], "first")),
            _field(1, _node("Gather", ["table", "first"], "scores")),
            _field(2, b"toy"),
            _field(5, _tensor("table", table)),
            *(_field(11, _value(name, INT64, [b"n_" + name.encode()])) for name in _INPUTS),
            _field(12, _value("scores", FLOAT, [b"n_words", table.shape[1]])),
        ]
    )
    return _number(1, 8) + _field(7, graph) + _field(8, _number(2, 17))


_INPUTS = ("pieces", "shapes", "places", "words")


def _node(kind: str, inputs: Sequence[str], output: str) -> bytes:
    given = b"".join(_field(1, name.encode()) for name in inputs)
    return given + _field(2, output.encode()) + _field(4, kind.encode())


def _tensor(name: str, values: NDArray[np.float32]) -> bytes:
    sizes = b"".join(_number(1, size) for size in values.shape)
    raw = values.astype("<f4").tobytes()
    return sizes + _number(2, FLOAT) + _field(8, name.encode()) + _field(9, raw)


def _value(name: str, kind: int, sizes: Sequence[int | bytes]) -> bytes:
    shape = b"".join(
        _field(1, _number(1, size) if isinstance(size, int) else _field(2, size)) for size in sizes
    )
    return _field(1, name.encode()) + _field(2, _field(1, _number(1, kind) + _field(2, shape)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
