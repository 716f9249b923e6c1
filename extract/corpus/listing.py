"""A saved page that lists papers: a line with the title, below it a line with the abstract.

Nothing marks the two, and around them stands what a page has besides: navigation, dates, counts.
What tells an abstract from all of that is that it is prose: a line long enough to hold several
sentences, which also ends as a sentence does, or one longer than any title. The title is the
line above it. A line above which or below which no abstract stands is therefore no paper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..papers import normalize_line
from .fields import MAX_ABSTRACT, Raw
from .files import CorpusFile, Report, bad_byte

PROSE: Final = 200
"""Least width of an abstract that ends with a full stop; East Asian characters count two."""
LONG: Final = 300
"""Width from which a line is an abstract whatever its end."""

_SENTENCE_END = re.compile(r"[.!?…。！？।؟۔][\"'”’»)\]]*$")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATE_OR_COUNT = re.compile(
    rf"(?:{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH})(?:,?\s+\d{{4}})?|{_MONTH}\s+\d{{4}}|[\W\d_]+",
    re.IGNORECASE,
)


def read_listing(file: CorpusFile, report: Report) -> Iterator[Raw]:
    """Yield title and abstract of each paper on the page.

    Blank lines and lines with a date or a count only are passed over wherever they stand. Prose
    right below an abstract continues it. Other lines without abstract are navigation: those
    above the first paper are passed over in silence, later ones are reported, for they may be
    titles.
    """
    page = _Page(report)
    for number, line in file.lines(report):
        if fault := bad_byte(line):
            report(number, fault)
            continue
        text = normalize_line(line)
        if not text or _DATE_OR_COUNT.fullmatch(text):
            continue
        if is_prose(text):
            page.add_prose(number, text)
        elif paper := page.add_title(number, text):
            yield paper
    if paper := page.finish():
        yield paper


def is_prose(line: str) -> bool:
    """Tell an abstract from a title or navigation, for a normalized line.

    >>> is_prose("Does your data spark joy?")
    False
    """
    if len(line) > LONG:
        return True
    width = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)
    return width >= LONG or (width >= PROSE and _SENTENCE_END.search(line) is not None)


@dataclass(slots=True)
class _Open:
    line: int
    title: str
    abstract: list[str]
    length: int = 0


class _Page:
    """The paper that is being read; at most one is held."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._open: _Open | None = None
        self._met_paper = False

    def add_title(self, number: int, text: str) -> Raw | None:
        finished = self.finish()
        self._open = _Open(number, text, [])
        return finished

    def add_prose(self, number: int, text: str) -> None:
        if self._open is None:
            self._report(number, "an abstract without a title above it")
            return
        self._met_paper = True
        # One part beyond the limit is kept, so that the record is refused for its length.
        if self._open.length <= MAX_ABSTRACT:
            self._open.abstract.append(text)
            self._open.length += len(text)

    def finish(self) -> Raw | None:
        paper, self._open = self._open, None
        if paper and paper.abstract:
            fields = {"title": paper.title, "abstract": " ".join(paper.abstract)}
            return Raw(paper.line, fields)
        if paper and self._met_paper:
            fault = "no abstract below this line, so it is taken for navigation"
            self._report(paper.line, f"{fault}: {paper.title[:60]!r}")
        return None
