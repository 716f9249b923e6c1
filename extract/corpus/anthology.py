"""The XML of the ACL Anthology, both its present form and the one of before 2020.

Present: ``collection/volume/paper``, identifiers made of the three. Earlier: ``volume/paper``
with four-digit paper numbers, of which those that end a volume's front matter in zeros are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from .fields import Raw
from .files import CorpusFile, Report
from .identity import old_anthology_id
from .xmlrecords import Layout, Start, child_elements, child_text, cut_records, flat_text

PAGE: Final = "https://aclanthology.org/"

_LAYOUT = Layout(records=("paper", "meta"), around=("collection", "volume"), inside="title")
_OLD_COLLECTION = re.compile(r"[A-Z]\d{2}")


def read_anthology(file: CorpusFile, report: Report) -> Iterator[Raw]:
    """Yield each paper of a collection.

    XML that is not well formed, undefined entities included, costs the paper in which it stands.

    Raises:
        CorpusError: the file has no collection or volume, or no tags for too long.
    """
    collection: str | None = None
    volume = _Volume("", "")
    for part in cut_records(file, report, _LAYOUT):
        if isinstance(part, Start):
            name = part.attributes.get("id", "")
            if part.name == "collection":
                collection = name
            elif collection is None:
                collection, volume = name, _Volume(name, "")
            else:
                volume = _Volume(collection, name)
        elif part.name == "meta":
            volume.shared = _shared(part.element)
        elif not _is_front_matter(volume, part.element.get("id", "")):
            yield Raw(part.line, _fields(part.element, volume))


@dataclass(slots=True)
class _Volume:
    """What the papers of one volume share; ``name`` is empty in the earlier form."""

    collection: str
    name: str
    shared: dict[str, object] = field(default_factory=dict)


def _shared(meta: etree._Element) -> dict[str, object]:
    venue = (
        child_text(meta, "booktitle")
        or child_text(meta, "journal-title")
        or child_text(meta, "venue")
    )
    return {"year": child_text(meta, "year"), "venue": venue}


def _fields(paper: etree._Element, volume: _Volume) -> dict[str, object]:
    identifier = _identifier(volume, paper.get("id", ""))
    authors = [_author(author) for author in child_elements(paper, "author")]
    own = {
        "id": identifier,
        "title": child_text(paper, "title"),
        "abstract": child_text(paper, "abstract"),
        "authors": [name for name in authors if name],
        "doi": child_text(paper, "doi"),
        "url": f"{PAGE}{identifier}" if identifier else "",
        "year": child_text(paper, "year"),
        "venue": child_text(paper, "booktitle") or child_text(paper, "journal"),
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
    parts = [child_text(author, "first"), child_text(author, "last")]
    return " ".join(part for part in parts if part) or flat_text(author)
