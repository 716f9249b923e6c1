"""The folder of an encoder, as the teacher's `export` writes it, and what onnxruntime reads in it."""

from __future__ import annotations

import hashlib
import json
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from ..errors import EncoderError, MissingExtraError
from ..records import LABELS
from .encoder_pieces import PieceMaker, Pieces
from .encoder_tags import Floats, Tags
from .encoder_words import SHAPES, Words

GRAPH, PIECES, ABOUT = "encoder.onnx", "tokenizer.json", "meta.json"
FORMAT = 1

_Meta: TypeAlias = dict[str, Any]


class Session:
    """Reads texts with the encoder of a folder.

    A window of a text is read by itself. The scales of the rounded products depend on all that is
    read at once, so that in a batch a text would change with its neighbours; and one thread has
    enough to do with one window.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Load a folder.

        Args:
            folder: with the files `GRAPH`, `PIECES` and `ABOUT`.
            threads: processor threads that read a window.

        Raises:
            MissingExtraError: onnxruntime or tokenizers is not installed.
            EncoderError: the folder does not hold an encoder that fits this version.
        """
        self.tags = Tags(LABELS)
        self.meta = read_about(folder)
        onnxruntime, tokenizers = _extra("onnxruntime"), _extra("tokenizers")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        try:
            self._pieces = PieceMaker(tokenizers.Tokenizer.from_file(str(folder / PIECES)))
            self._session = onnxruntime.InferenceSession(
                str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
            )
        # Both libraries raise plain exceptions of their own.
        except Exception as error:
            raise EncoderError(folder, str(error).splitlines()[0]) from error

    def scores(self, words: Words) -> Floats:
        """Return logarithms of the probabilities of tags, a row for each word."""
        scores: Floats = np.zeros((len(words), len(self.tags)), dtype=np.float32)
        for pieces in self._pieces(words):
            window = pieces.window
            rows = self._read(pieces)
            kept = slice(window.first - window.start, window.last - window.start)
            scores[window.first : window.last] = rows[kept]
        return scores

    def _read(self, pieces: Pieces) -> Floats:
        given = {
            name: np.array(getattr(pieces, name), dtype=np.int64)
            for name in ("pieces", "shapes", "places", "words")
        }
        (rows,) = self._session.run(None, given)
        found: Floats = rows
        return found


def read_about(folder: Path) -> _Meta:
    """Read what a folder says of itself, and check that its files are those.

    Raises:
        EncoderError: a file is missing or another, or it is of another version of fairpapers.
    """
    try:
        meta: _Meta = json.loads((folder / ABOUT).read_bytes())
        digests = {name: _sha256(folder / name) for name in (GRAPH, PIECES)}
    except FileNotFoundError as error:
        raise EncoderError(folder, f"{Path(error.filename).name} is not there") from error
    except ValueError as error:
        raise EncoderError(folder, f"{ABOUT} is no JSON: {error}") from error
    fits = {"format": FORMAT, "labels": list(LABELS), "shapes": SHAPES}
    for name, wanted in fits.items():
        if meta.get(name) != wanted:
            raise EncoderError(
                folder, f"{ABOUT} has {name} {meta.get(name)!r}, and this version reads {wanted!r}"
            )
    for name, digest in digests.items():
        if meta.get("digests", {}).get(name) != digest:
            raise EncoderError(folder, f"{name} is not the file that {ABOUT} describes")
    return meta


def _extra(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtraError("accurate", name) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
