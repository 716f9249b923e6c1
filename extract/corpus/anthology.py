"""The XML of the ACL Anthology, both its present form and the one of before 2020.

Present: ``collection/volume/paper``, identifiers made of the three. Earlier: ``volume/paper``
with four-digit paper numbers, of which those that end a volume's front matter in zeros are none.
Entities are never expanded and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from ..errors import CorpusError
from .fields import Raw
from .files import CorpusFile, Report
from .identity import old_anthology_id

PAGE: Final = "https://aclanthology.org/"
MAX_FAULTS: Final = 100
"""Faults in the XML after which the file is given up: libxml2 tells of no more than these."""

_WATCHED = ("collection", "volume", "meta", "paper")
# Of tags that do not match, libxml2 names the line of the one that was opened.
_OPENED = re.compile(r" line (\d+)\b")
_OLD_COLLECTION = re.compile(r"[A-Z]\d{2}")


def read_anthology(file: CorpusFile, report: Report) -> Iterator[Raw]:
    """Yield each paper of a collection.

    XML that is not well formed costs the paper in which the fault stands; where two papers share
    its line, both.

    Raises:
        CorpusError: the root is no collection or volume, or there are too many faults.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        tag=_WATCHED,
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    reader = _Reader(file, report, parser)
    for block in file.blocks():
        reader.feed(block)
        yield from reader.take()
    yield from reader.finish()


@dataclass(slots=True)
class _Volume:
    """What the papers of one volume share."""

    collection: str
    name: str
    shared: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class _Paper:
    """A paper whose start was seen; ``fields`` is None until its end, or where it is damaged."""

    line: int
    fields: dict[str, object] | None = None


class _Reader:
    """Turns parser events into records, one paper behind, so that faults are known in time."""

    def __init__(self, file: CorpusFile, report: Report, parser: etree.XMLPullParser) -> None:
        self._file = file
        self._report = report
        self._parser = parser
        self._collection = ""
        self._volume = _Volume("", "")
        self._open: list[_Paper] = []
        self._finished: _Paper | None = None
        self._told_until = 0
        self._complete = False
        self._faults: list[tuple[int, str]] = []

    def feed(self, block: bytes) -> None:
        """Parse the next block.

        Raises:
            CorpusError: the parser cannot go on.
        """
        try:
            self._parser.feed(block)
        except etree.XMLSyntaxError as error:
            raise CorpusError(self._file.path, f"broken XML: {error.msg}") from error

    def take(self) -> Iterator[Raw]:
        """Yield the papers that are complete so far."""
        self._collect_faults()
        for event, element in self._parser.read_events():
            if not isinstance(element, etree._Element):
                continue
            line = _line(element)
            if event == "start" and element.tag == "paper":
                yield from self._flush(line)
                self._start_paper(line)
            elif event == "start":
                self._start(element)
            elif element.tag == "paper":
                self._end_paper(element)
            elif element.tag == "meta":
                self._volume.shared = _shared(element)
            else:
                self._complete = element.getparent() is None

    def finish(self) -> Iterator[Raw]:
        """Yield what is left, after the end of the file.

        Raises:
            CorpusError: there was no collection.
        """
        with suppress(etree.XMLSyntaxError):  # what is wrong is in the error log as well
            self._parser.close()
        yield from self.take()
        if not self._collection:
            fault = f": {self._faults[0][1]}" if self._faults else ""
            raise CorpusError(self._file.path, f"has no <collection> or <volume>{fault}")
        yield from self._flush(None)
        for paper in self._open:
            self._report(paper.line or None, "broken XML: the file ends within this paper")
        if self._faults and not self._complete and not self._open:
            self._report(None, f"broken XML: nothing more could be read: {self._faults[-1][1]}")

    def _start(self, element: etree._Element) -> None:
        name = element.get("id", "")
        parent = element.getparent()
        if element.tag == "collection":
            self._collection = name
        elif element.tag == "volume":
            self._collection = self._collection if parent is not None else name
            self._volume = _Volume(self._collection, name if parent is not None else "")

    def _start_paper(self, line: int) -> None:
        if self._open and self._open[-1].line:
            self._report(self._open[-1].line, f"broken XML: not closed before line {line}")
            self._open[-1].line = 0
        self._open.append(_Paper(line))

    def _end_paper(self, element: etree._Element) -> None:
        paper = self._open.pop()
        if paper.line and not _is_front_matter(self._volume, element.get("id", "")):
            paper.fields = _fields(element, self._volume)
            self._finished = paper
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]

    def _flush(self, next_line: int | None) -> Iterator[Raw]:
        """Yield the finished paper, unless a fault stands between it and the next one."""
        paper, self._finished = self._finished, None
        if paper is None or paper.fields is None:
            return
        if len(self._faults) >= MAX_FAULTS and paper.line >= self._told_until:
            fault = f"has {MAX_FAULTS} faults in its XML by line {paper.line}; mend it first"
            raise CorpusError(self._file.path, fault)
        within = [
            fault
            for line, fault in self._faults
            if paper.line <= line and (next_line is None or line < max(next_line, paper.line + 1))
        ]
        if within:
            self._report(paper.line, f"broken XML: {within[0]}")
        else:
            yield Raw(paper.line, paper.fields)

    def _collect_faults(self) -> None:
        log = list(self._parser.feed_error_log)
        for entry in log[len(self._faults) : MAX_FAULTS]:
            opened = _OPENED.search(entry.message)
            line = int(opened[1]) if opened else entry.line
            self._faults.append((line, f"{entry.message} (line {entry.line})"))
            self._told_until = entry.line


def _shared(meta: etree._Element) -> dict[str, object]:
    venue = _child(meta, "booktitle") or _child(meta, "journal-title") or _child(meta, "venue")
    return {"year": _child(meta, "year"), "venue": venue}


def _fields(paper: etree._Element, volume: _Volume) -> dict[str, object]:
    identifier = _identifier(volume, paper.get("id", ""))
    authors = [_author(author) for author in paper.iterchildren("author")]
    own = {
        "id": identifier,
        "title": _child(paper, "title"),
        "abstract": _child(paper, "abstract"),
        "authors": [name for name in authors if name],
        "doi": _child(paper, "doi"),
        "url": f"{PAGE}{identifier}" if identifier else "",
        "year": _child(paper, "year"),
        "venue": _child(paper, "booktitle") or _child(paper, "journal"),
    }
    return {**volume.shared, **{name: value for name, value in own.items() if value}}


def _is_front_matter(volume: _Volume, paper: str) -> bool:
    zeros = "00" if volume.collection.startswith("W") else "000"
    return paper == "0" or (not volume.name and len(paper) == 4 and paper.endswith(zeros))


def _identifier(volume: _Volume, paper: str) -> str:
    if not paper or not volume.collection:
        return ""
    if not volume.name:
        return f"{volume.collection}-{paper}"
    old = _OLD_COLLECTION.fullmatch(volume.collection)
    if old and volume.name.isdecimal() and paper.isdecimal():
        joined = old_anthology_id(volume.collection, int(volume.name), int(paper))
        if joined:
            return joined
    return f"{volume.collection}-{volume.name}.{paper}"


def _author(author: etree._Element) -> str:
    parts = [_child(author, "first"), _child(author, "last")]
    return " ".join(part for part in parts if part) or _flat(author)


def _child(element: etree._Element, tag: str) -> str:
    child = element.find(tag)
    return "" if child is None else _flat(child)


def _line(element: etree._Element) -> int:
    line: Any = element.sourceline
    return int(line or 0)


def _flat(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())
