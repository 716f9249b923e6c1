"""Words of a text as the recogniser splits them, with what the lower-cased encoder cannot see."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from spacy.language import Language
from spacy.tokens import Doc

SHAPES = 256

_CLASSES = ((re.compile(r"[^\W\d_]"), "x"), (re.compile(r"\d"), "d"))
_RUNS = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text; white space is none.

    Attributes:
        texts: as written.
        starts: offsets in code points.
        ends: likewise, exclusive.
        shapes: below twice `SHAPES`; a word of the title has another than one of the abstract,
            since a capital tells little in a title.
    """

    texts: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    shapes: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def locate(self, spans: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
        """Turn offsets to word numbers, end exclusive.

        A span is widened to the words that it touches; one whose words belong to the span before
        it is left out, as is one of white space.
        """
        located = []
        free = 0
        for start, end, label in spans:
            touched = [
                n for n in range(free, len(self)) if self.starts[n] < end and self.ends[n] > start
            ]
            if touched and not (free and self.ends[free - 1] > start):
                free = touched[-1] + 1
                located.append((touched[0], free, label))
        return located


def split(nlp: Language, text: str) -> Words:
    """Split a text at the borders of a pipeline's tokenizer; a title ends at a line feed."""
    return words_of(nlp.make_doc(text))


def words_of(doc: Doc) -> Words:
    """Return the words of a document; a title ends at a line feed."""
    tokens = [token for token in doc if not token.is_space]
    title = doc.text.find("\n")
    return Words(
        texts=tuple(token.text for token in tokens),
        starts=tuple(token.idx for token in tokens),
        ends=tuple(token.idx + len(token) for token in tokens),
        shapes=tuple(shape_number(token.text, in_title=token.idx < title) for token in tokens),
    )


def shape(word: str) -> str:
    """Classes of the characters, runs cut to two.

    >>> shape("RoBERTa-large"), shape("GPT-4o")
    ('XxXXx-xx', 'XX-dx')
    """
    classes = "".join(_class(char) for char in word)
    return _RUNS.sub(r"\1\1", classes)


def shape_number(word: str, *, in_title: bool) -> int:
    """Fold the shape into one of `SHAPES` numbers, those of titles after the others."""
    return zlib.crc32(shape(word).encode()) % SHAPES + SHAPES * in_title


@dataclass(frozen=True, slots=True)
class Window:
    """Words that are read together, and those among them whose labels count; ends exclusive."""

    start: int
    end: int
    first: int
    last: int


def windows(pieces: Sequence[int], limit: int, margin: int) -> list[Window]:
    """Cut a text into windows of at most ``limit`` pieces.

    Neighbouring windows share some words, and a label counts in the window in which its word stands
    further from the border. Each word counts once.

    Args:
        pieces: number of pieces of each word, none above half of ``limit``.
        limit: pieces of a window.
        margin: words shared at most; their pieces fill half a window at most.
    """
    found: list[Window] = []
    start = first = end = 0
    while end < len(pieces):
        end = start + _fitting(pieces[start:], limit)
        back = pieces[start:end][::-1][:margin]
        shared = _fitting(back, limit // 2) if end < len(pieces) else 0
        last = end - shared // 2
        found.append(Window(start, end, first, last))
        start, first = end - shared, last
    return found


def _fitting(pieces: Sequence[int], limit: int) -> int:
    return sum(total <= limit for total in accumulate(pieces))


def _class(char: str) -> str:
    for pattern, name in _CLASSES:
        if pattern.match(char):
            return name.upper() if char.isupper() else name
    return char
