"""The Atom feeds of arXiv: answers of its query API and daily announcements.

The API's elements: arXiv API User's Manual, section 3.3. Entries of other Atom feeds are read as
far as they have a title and a summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ..papers import normalize_line
from .fields import Raw
from .files import CorpusFile, Report
from .identity import arxiv_page, normalize_arxiv
from .latex import decode_prose
from .xmlrecords import Layout, Start, child_elements, child_text, cut_records, flat_text

_LAYOUT = Layout(records=("entry",), around=("feed",), inside="summary")
_ERRORS = re.compile(r"https?://(?:export\.)?arxiv\.org/api/errors\b")
_ANNOUNCEMENT = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*\S+\s+Abstract:")


def read_atom(file: CorpusFile, report: Report) -> Iterator[Raw]:
    """Yield each entry; one that tells of a failed query is reported.

    Raises:
        CorpusError: the file has no feed, or no tags for too long.
    """
    for part in cut_records(file, report, _LAYOUT):
        if isinstance(part, Start):
            continue
        if _ERRORS.match(child_text(part.element, "id").strip()):
            fault = normalize_line(child_text(part.element, "summary"))
            report(part.line, f"not a paper but an error of arXiv: {fault[:200]}")
        else:
            yield Raw(part.line, _fields(part.element))


def _fields(entry: etree._Element) -> dict[str, object]:
    identifier = child_text(entry, "id")
    arxiv = normalize_arxiv(identifier)
    return {
        "id": arxiv or identifier,
        "title": decode_prose(child_text(entry, "title")),
        "abstract": decode_prose(_ANNOUNCEMENT.sub("", child_text(entry, "summary"), count=1)),
        "authors": _authors(entry),
        "doi": " ".join(child_text(entry, "doi").split()[:1]),
        "arxiv": arxiv,
        "url": arxiv_page(arxiv) if arxiv else _address(entry),
        "year": child_text(entry, "published") or child_text(entry, "updated"),
        "venue": child_text(entry, "journal_ref") or ("arXiv" if arxiv else ""),
    }


def _authors(entry: etree._Element) -> list[str]:
    names = [child_text(author, "name") for author in child_elements(entry, "author")]
    # Announcements name all authors in one element of Dublin Core.
    creators = ",".join(flat_text(creator) for creator in child_elements(entry, "creator"))
    return [name for name in names or creators.split(",") if name.strip()]


def _address(entry: etree._Element) -> str:
    links = child_elements(entry, "link")
    found = (link.get("href", "") for link in links if link.get("rel", "alternate") == "alternate")
    return next(found, "")
