"""The XML of the ACL Anthology, both its present form and the one of before 2020.

Present: ``collection/volume/paper``, identifiers made of the three. Earlier: ``volume/paper``
with four-digit paper numbers, of which those that end a volume's front matter in zeros are none.

The file is cut at the tags of its papers and each is parsed by itself. Memory is thus bounded by
one paper, a fault ends with the paper in which it stands, and as no document type is ever read,
no entity can be expanded or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lxml import etree

from ..errors import CorpusError
from .fields import Raw
from .files import MAX_LINE, CorpusFile, Report
from .identity import old_anthology_id

PAGE: Final = "https://aclanthology.org/"

_TAG = rb"<(?P<close>/?)(?P<name>collection|volume|meta|paper)(?=[\s>/])[^<>]*>"
_INSIDE = re.compile(_TAG)
_OUTSIDE = re.compile(rb"<!--|" + _TAG)
_ID = re.compile(rb"""\sid\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']""")
_PLACE = re.compile(r", line \d+, column \d+.*$", re.DOTALL)
_OLD_COLLECTION = re.compile(r"[A-Z]\d{2}")


def read_anthology(file: CorpusFile, report: Report) -> Iterator[Raw]:
    """Yield each paper of a collection.

    XML that is not well formed, undefined entities included, costs the paper in which it stands.

    Raises:
        CorpusError: the file has no collection or volume, or no tags for too long.
    """
    reader = _Reader(file, report)
    for tag in _Tags(file, report, reader):
        if raw := reader.take(tag):
            yield raw
    reader.finish()


class _Tag(NamedTuple):
    """A tag, the line on which it starts, and the text between the one before and it."""

    line: int
    before: bytes
    text: bytes
    name: str
    closes: bool

    @property
    def id(self) -> str:
        found = _ID.search(self.text)
        return (found[1] or found[2] or b"").decode("utf-8", "replace") if found else ""

    @property
    def is_empty(self) -> bool:
        return self.text.endswith(b"/>")


@dataclass(slots=True)
class _Volume:
    """What the papers of one volume share; ``name`` is empty in the earlier form."""

    collection: str
    name: str
    shared: dict[str, object] = field(default_factory=dict)


class _Reader:
    """Puts together what stands between the tags of a paper, and parses it."""

    def __init__(self, file: CorpusFile, report: Report) -> None:
        self._file = file
        self._report = report
        encoding = _ENCODING.match(file.head)
        name = encoding[1] if encoding else b"UTF-8"
        self._declaration = b'<?xml version="1.0" encoding="' + name + b'"?>'
        self._collection: str | None = None
        self._volume = _Volume("", "")
        self._open: _Tag | None = None

    @property
    def is_inside(self) -> bool:
        """Whether the last tag opened a paper or the description of a volume."""
        return self._open is not None

    def take(self, tag: _Tag) -> Raw | None:
        """Go on by one tag; return the paper that it completes, if any."""
        opened, self._open = self._open, None
        if opened and tag.closes and tag.name == opened.name:
            return self._complete(opened, tag.before + tag.text)
        if opened:
            self._report(opened.line, f"broken XML: not closed before line {tag.line}")
        elif b"</title>" in tag.before or (tag.closes and tag.name == "paper"):
            self._report(tag.line, "broken XML: above this tag stands a paper without a start")
        if tag.closes:
            return None
        if tag.name == "collection":
            self._collection = tag.id
        elif tag.name == "volume":
            self._start_volume(tag.id)
        elif tag.is_empty:
            return self._complete(tag, b"")
        else:
            self._open = tag
        return None

    def finish(self) -> None:
        """Check how the file ended.

        Raises:
            CorpusError: there was no collection.
        """
        if self._collection is None:
            raise CorpusError(self._file.path, "has no <collection> or <volume>")
        if self._open:
            self._report(self._open.line, f"broken XML: the file ends in this {self._open.name}")

    def _start_volume(self, name: str) -> None:
        if self._collection is None:
            self._collection, self._volume = name, _Volume(name, "")
        else:
            self._volume = _Volume(self._collection, name)

    def _complete(self, opened: _Tag, rest: bytes) -> Raw | None:
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            element = etree.fromstring(self._declaration + opened.text + rest, parser)
        except etree.XMLSyntaxError as error:
            line = opened.line + (error.lineno or 1) - 1
            self._report(opened.line, f"broken XML: {_PLACE.sub('', error.msg)} (line {line})")
            return None
        if opened.name == "meta":
            self._volume.shared = _shared(element)
            return None
        if _is_front_matter(self._volume, element.get("id", "")):
            return None
        return Raw(opened.line, _fields(element, self._volume))


class _Tags:
    """The tags that matter, in a file that is read block by block.

    Comments are passed over where they stand between papers; within one the parser does it.
    """

    def __init__(self, file: CorpusFile, report: Report, reader: _Reader) -> None:
        self._file = file
        self._report = report
        self._reader = reader
        self._text = bytearray()
        self._line = 1
        self._searched = 0
        self._searched_close = 0

    def __iter__(self) -> Iterator[_Tag]:
        for block in self._file.blocks():
            self._text += block
            yield from self._found(at_end=False)
            if len(self._text) > MAX_LINE:
                fault = f"has no tag of a paper in the {MAX_LINE:,} bytes from line {self._line}"
                raise CorpusError(self._file.path, fault)
        yield from self._found(at_end=True)

    def _found(self, *, at_end: bool) -> Iterator[_Tag]:
        while match := self._pattern().search(self._text, self._searched):
            start, end, name = match.start(), match.end(), match["name"]
            text, closes = match[0], bool(match["close"])
            del match  # it holds the buffer, which could not shrink
            if name is None:
                if not self._drop_comment(start, at_end=at_end):
                    return
                continue
            line = self._line_at(start)
            tag = _Tag(line, bytes(self._text[:start]), text, name.decode(), closes)
            self._line = line + text.count(b"\n")
            del self._text[:end]
            self._searched = 0
            yield tag
        cut = self._text.rfind(b"<", self._searched)
        is_cut = cut >= 0 and self._text.find(b">", cut) < 0
        self._searched = cut if is_cut else len(self._text)

    def _drop_comment(self, start: int, *, at_end: bool) -> bool:
        """Take a comment out of the text; False where its end has not been read yet."""
        close = self._text.find(b"-->", max(start + 4, self._searched_close))
        if close >= 0:
            self._line += self._text.count(b"\n", start, close)
            del self._text[start : close + 3]
            self._searched, self._searched_close = start, 0
        elif not at_end:
            self._searched, self._searched_close = start, len(self._text) - 2
            return False
        else:
            if self._searched_close < len(self._text):
                self._report(self._line_at(start), "broken XML: a comment is not closed")
            self._searched, self._searched_close = start + 4, len(self._text)
        return True

    def _line_at(self, place: int) -> int:
        return self._line + self._text.count(b"\n", 0, place)

    def _pattern(self) -> re.Pattern[bytes]:
        return _INSIDE if self._reader.is_inside else _OUTSIDE


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


def _flat(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())
