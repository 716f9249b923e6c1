"""Word pieces of a text, in windows, as the encoder reads them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from .encoder_words import SHAPES, Window, Words, windows

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Pieces that the encoder has places for.
LIMIT = 512
_MARGIN = 60
# A name of hundreds of pieces is some formula or address: its beginning is enough.
_LONGEST = 40
_KEPT = 1 << 16


class Pieces(NamedTuple):
    """A window of a text as the encoder reads it.

    Attributes:
        window: which words.
        pieces: numbers of the pieces, with the marks of begin and end.
        shapes: a number for each piece; the last number there is for what belongs to no word.
        places: of the first piece of each word.
        words: shape numbers of the words.
    """

    window: Window
    pieces: list[int]
    shapes: list[int]
    places: list[int]
    words: list[int]


class PieceMaker:
    """Cuts words into pieces, and remembers what it has cut."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Take a tokenizer with the pieces ``[CLS]``, ``[SEP]`` and ``[UNK]``.

        Raises:
            ValueError: it lacks one of them.
        """
        self._first, self._last, unknown = (
            _number(tokenizer, piece) for piece in ("[CLS]", "[SEP]", "[UNK]")
        )

        def cut(word: str) -> tuple[int, ...]:
            return tuple(tokenizer.encode(word, add_special_tokens=False).ids[:_LONGEST]) or (
                unknown,
            )

        self.cut: Callable[[str], tuple[int, ...]] = lru_cache(_KEPT)(cut)

    def __call__(self, words: Words) -> list[Pieces]:
        """Cut the words of a text into pieces, and the text into windows where it is long."""
        cut = [self.cut(word) for word in words.texts]
        found = []
        for window in windows([len(ids) for ids in cut], LIMIT - 2, _MARGIN):
            pieces, shapes, places = [self._first], [2 * SHAPES], []
            for n in range(window.start, window.end):
                places.append(len(pieces))
                pieces.extend(cut[n])
                shapes.extend([words.shapes[n]] * len(cut[n]))
            shown = list(words.shapes[window.start : window.end])
            found.append(
                Pieces(window, [*pieces, self._last], [*shapes, 2 * SHAPES], places, shown)
            )
        return found


def _number(tokenizer: Tokenizer, piece: str) -> int:
    number = tokenizer.token_to_id(piece)
    if number is None:
        raise ValueError(f"the vocabulary has no piece {piece}")
    return number
