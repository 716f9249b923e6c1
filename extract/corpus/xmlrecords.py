"""XML cut at the tags of its records, each of which is parsed by itself.

Memory is thus bounded by one record, a fault ends with the record in which it stands, and as no
document type is ever read, no entity can be expanded or fetched. Names are compared without
namespace, so that any prefix will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from lxml import etree

from ..errors import CorpusError
from .files import BLOCK, MAX_LINE, CorpusFile, Report

_PREFIX = rb"(?:[\w.-]+:)?"
_ATTRIBUTE = re.compile(rb"""\s(?:[\w.-]+:)?([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NAMESPACE = re.compile(rb"""\s(xmlns(?::[\w.-]+)?)\s*=\s*("[^"<]*"|'[^'<]*')""")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']""")
_PLACE = re.compile(r", line \d+, column \d+.*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a format's XML is made of; all names without prefix.

    Attributes:
        records: elements that are cut out and parsed; the first is a paper's.
        around: elements in which records stand, outermost first, one of which a file must have.
        inside: an element of every paper and of nothing else, whose end tag between two records
            shows that a paper has lost its start tag.
    """

    records: tuple[str, ...]
    around: tuple[str, ...]
    inside: str


class Start(NamedTuple):
    """The start tag of an element around records; attributes by name without prefix."""

    line: int
    name: str
    attributes: Mapping[str, str]


class Record(NamedTuple):
    """One record and the line on which it starts."""

    line: int
    name: str
    element: etree._Element


Part: TypeAlias = Start | Record


def cut_records(file: CorpusFile, report: Report, layout: Layout) -> Iterator[Part]:
    """Yield records and what stands around them, in the order of the file.

    XML that is not well formed, undefined entities included, costs the record in which it stands.

    Raises:
        CorpusError: the file has none of the elements around records, or no tags for too long.
    """
    cutter = _Cutter(file, report, layout)
    for tag in _Tags(file, report, layout, cutter):
        if part := cutter.take(tag):
            yield part
    cutter.finish()


def child_text(element: etree._Element, *path: str) -> str:
    """Text of the first element down a path of names, all markup in it dropped; else empty."""
    child = element.find("/".join(f"{{*}}{name}" for name in path))
    return "" if child is None else flat_text(child)


def child_elements(element: etree._Element, *path: str) -> list[etree._Element]:
    """Every element down a path of names, whatever their namespaces."""
    return element.findall("/".join(f"{{*}}{name}" for name in path))


def flat_text(element: etree._Element) -> str:
    """Text of an element, all markup in it dropped."""
    return "".join(str(part) for part in element.itertext())


class _Tag(NamedTuple):
    """A tag, the line on which it starts, and the text between the one before and it."""

    line: int
    before: bytes
    text: bytes
    name: str
    closes: bool

    @property
    def is_empty(self) -> bool:
        return self.text.endswith(b"/>")

    def attributes(self) -> dict[str, str]:
        found = _ATTRIBUTE.findall(self.text[:BLOCK])
        return {name.decode(): (a or b).decode("utf-8", "replace") for name, a, b in found}


class _Cutter:
    """Puts together what stands between the tags of a record, and parses it."""

    def __init__(self, file: CorpusFile, report: Report, layout: Layout) -> None:
        self._file = file
        self._report = report
        self._layout = layout
        encoding = _ENCODING.match(file.head)
        name = encoding[1] if encoding else b"UTF-8"
        self._declaration = b'<?xml version="1.0" encoding="' + name + b'"?>'
        self._inside = re.compile(rb"</" + _PREFIX + layout.inside.encode() + rb"\s*>")
        # By the element that declares them, so that they do not pile up in a long file.
        self._namespaces: dict[str, dict[bytes, bytes]] = {}
        self._open: _Tag | None = None

    @property
    def is_inside(self) -> bool:
        """Whether the last tag opened a record."""
        return self._open is not None

    def take(self, tag: _Tag) -> Part | None:
        """Go on by one tag; return what it completes, if anything."""
        opened, self._open = self._open, None
        if opened and tag.closes and tag.name == opened.name:
            return self._parse(opened, tag.before + tag.text)
        paper = self._layout.records[0]
        if opened:
            self._report(opened.line, f"broken XML: not closed before line {tag.line}")
        elif self._inside.search(tag.before) or (tag.closes and tag.name == paper):
            self._report(tag.line, f"broken XML: above this tag a <{paper}> has no start")
        if tag.closes:
            return None
        if tag.name in self._layout.around:
            self._namespaces[tag.name] = dict(_NAMESPACE.findall(tag.text[:BLOCK]))
            return Start(tag.line, tag.name, tag.attributes())
        if tag.is_empty:
            return self._parse(tag, b"")
        self._open = tag
        return None

    def finish(self) -> None:
        """Check how the file ended.

        Raises:
            CorpusError: there was no element around records.
        """
        if not self._namespaces:
            names = " or ".join(f"<{name}>" for name in self._layout.around)
            raise CorpusError(self._file.path, f"has no {names}")
        if self._open:
            self._report(self._open.line, f"broken XML: the file ends in this {self._open.name}")

    def _parse(self, opened: _Tag, rest: bytes) -> Record | None:
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        document = self._declaration + self._wrapper() + opened.text + rest + b"</records>"
        try:
            element = etree.fromstring(document, parser)[0]
        except etree.XMLSyntaxError as error:
            line = opened.line + (error.lineno or 1) - 1
            self._report(opened.line, f"broken XML: {_PLACE.sub('', error.msg)} (line {line})")
            return None
        return Record(opened.line, opened.name, element)

    def _wrapper(self) -> bytes:
        """Start tag of an element that declares the prefixes which hold where a record stands."""
        declared: dict[bytes, bytes] = {}
        for name in self._layout.around:
            declared |= self._namespaces.get(name, {})
        return b" ".join([b"<records", *map(b"=".join, declared.items())]) + b">"


class _Tags:
    """The tags that matter, in a file that is read block by block.

    Comments are passed over where they stand between records; within one the parser does it.
    """

    def __init__(self, file: CorpusFile, report: Report, layout: Layout, cutter: _Cutter) -> None:
        self._file = file
        self._report = report
        self._cutter = cutter
        self._text = bytearray()
        self._line = 1
        self._searched = 0
        self._searched_close = 0
        names = "|".join(layout.records + layout.around).encode()
        tag = rb"<(?P<close>/?)" + _PREFIX + rb"(?P<name>" + names + rb")(?=[\s>/])[^<>]*>"
        self._when_inside: Final = re.compile(tag)
        self._when_outside: Final = re.compile(rb"<!--|" + tag)

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
        return self._when_inside if self._cutter.is_inside else self._when_outside
