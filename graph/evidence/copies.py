"""Sentences from the user's own copy of the papers: the graph holds no text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from ...extract.corpus import Skipped, read_papers
from ...extract.papers import Paper
from .chain import PaperInfo, Span

How: TypeAlias = Literal["by position", "by words", "not found"]
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Copy:
    """The user's copy of one paper.

    Attributes:
        text: title, line feed and abstract, normalized as for extraction.
        same: whether it is the text that was read, by its SHA-256.
        sha256: of the copy.
    """

    text: str
    same: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence, and where in it the words are; empty where they are not in the copy.

    Attributes:
        sentence: of the copy; of several that hold the words the first.
        start: of the words in the sentence, code points.
        end: behind them.
        how: by position where the copy is the text that was read, else by words.
    """

    sentence: str
    start: int
    end: int
    how: How


def find_copies(
    path: Path,
    papers: Collection[PaperInfo],
    *,
    papers_format: str | None = None,
    skipped: Callable[[Skipped], None],
) -> dict[str, Copy]:
    """Find papers in a file of papers by their keys; reading stops at the last one.

    Args:
        path: in any format that extraction reads.
        papers: which to look for.
        papers_format: name of the format; by default the file tells.
        skipped: told of each record that cannot be read.

    Returns:
        Copy by key of the paper; what the file does not have is not in it.

    Raises:
        CorpusError: the file cannot be read.
    """
    wanted = {paper.key: paper.text_sha256 for paper in papers}
    found: dict[str, Copy] = {}
    for paper in read_papers(path, format=papers_format, skipped=skipped):
        if paper.key in wanted:
            found[paper.key] = _copy(paper, wanted[paper.key])
            if len(found) == len(wanted):
                break
    return found


def _copy(paper: Paper, digest: str) -> Copy:
    return Copy(paper.text, paper.text_sha256 == digest, paper.text_sha256)


def quote(copy: Copy, span: Span) -> Quote:
    """Find the sentence of a span: by its position in the same text, by its words in another."""
    from ...extract.pipeline.sentences import sentence_spans

    place = (span.start, span.end) if copy.same else _search(copy.text, span.words)
    if place is None:
        return Quote("", 0, 0, "not found")
    start, end = place
    spans = [(s, e) for s, e in sentence_spans(copy.text) if s < end and start < e]
    first, last = spans[0][0], spans[-1][1]
    raw = copy.text[first:last]
    sentence = raw.rstrip()
    how: How = "by position" if copy.same else "by words"
    return Quote(sentence, start - first, min(end - first, len(sentence)), how)


def _search(text: str, words: str | None) -> tuple[int, int] | None:
    """First place of the words as whole words, capitals as written where there is such a place.

    A surface form is cut at 80 characters, so a long one need not end at the end of a word.
    """
    if not words:
        return None
    behind = "" if len(words) >= _LONGEST else r"(?!\w)"
    for flags in (0, re.IGNORECASE):
        found = re.search(rf"(?<!\w){re.escape(words)}{behind}", text, flags)
        if found:
            return found.span()
    return None
