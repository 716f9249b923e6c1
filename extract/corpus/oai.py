"""Answers of an OAI-PMH repository, with metadata in arXiv's own format or in Dublin Core.

OAI-PMH 2.0, sections 2.5 (record), 3.6 (errors) and 5 (oai_dc). In Dublin Core arXiv writes
comments as further descriptions, and journal references and DOIs as further identifiers.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ..papers import normalize_line
from .fields import Raw
from .files import CorpusFile, Report
from .identity import arxiv_page, normalize_arxiv, normalize_doi
from .latex import decode_prose
from .xmlrecords import Layout, Start, child_elements, child_text, cut_records, flat_text

_LAYOUT = Layout(
    records=("record", "error"),
    around=("OAI-PMH", "ListRecords", "GetRecord"),
    inside="metadata",
)


def read_oai(file: CorpusFile, report: Report) -> Iterator[Raw]:
    """Yield each record; deleted ones, other metadata formats and errors are reported.

    Raises:
        CorpusError: the file is no answer of such a repository, or has no tags for too long.
    """
    for part in cut_records(file, report, _LAYOUT):
        if isinstance(part, Start):
            continue
        if part.name == "error":
            fault = f"{part.element.get('code', '')} {flat_text(part.element)}"
            report(part.line, f"not a paper but an error: {normalize_line(fault)[:200]}")
        elif isinstance(found := _fields(part.element), str):
            report(part.line, found)
        else:
            yield Raw(part.line, found)


def _fields(record: etree._Element) -> dict[str, object] | str:
    """Fields of a paper, or why there are none."""
    header = record.find("{*}header")
    if header is not None and header.get("status") == "deleted":
        return "the repository has deleted this record"
    metadata = child_elements(record, "metadata", "*")
    if not metadata:
        return "no metadata"
    identifier = child_text(record, "header", "identifier")
    kind = etree.QName(metadata[0]).localname
    if kind == "arXiv":
        return _from_arxiv(metadata[0], identifier)
    if kind == "dc":
        return _from_dublin_core(metadata[0], identifier)
    return f"metadata in the format {kind}; those that are read are arXiv and oai_dc"


def _from_arxiv(paper: etree._Element, identifier: str) -> dict[str, object]:
    arxiv = normalize_arxiv(child_text(paper, "id")) or normalize_arxiv(identifier)
    return {
        "id": arxiv or identifier,
        "title": decode_prose(child_text(paper, "title")),
        "abstract": decode_prose(child_text(paper, "abstract")),
        "authors": [_name(author) for author in child_elements(paper, "authors", "author")],
        "doi": " ".join(child_text(paper, "doi").split()[:1]),
        "arxiv": arxiv,
        "url": arxiv_page(arxiv) if arxiv else "",
        "year": child_text(paper, "created"),
        "venue": child_text(paper, "journal-ref") or "arXiv",
    }


def _name(author: etree._Element) -> str:
    parts = (child_text(author, part) for part in ("forenames", "keyname", "suffix"))
    return " ".join(part for part in parts if part)


def _from_dublin_core(paper: etree._Element, identifier: str) -> dict[str, object]:
    arxiv = normalize_arxiv(identifier)
    identifiers = _values(paper, "identifier")
    addresses = [each for each in identifiers if each.startswith(("http://", "https://"))]
    dois = [doi for each in identifiers if (doi := normalize_doi(each))]
    references = [each for each in identifiers if each not in addresses and not normalize_doi(each)]
    abstracts = [each for each in _values(paper, "description") if not each.startswith("Comment:")]
    return {
        "id": arxiv or identifier,
        "title": decode_prose(_first(_values(paper, "title"))),
        "abstract": decode_prose(_first(abstracts)),
        "authors": [_in_reading_order(creator) for creator in _values(paper, "creator")],
        "doi": _first(dois),
        "arxiv": arxiv,
        "url": arxiv_page(arxiv) if arxiv else _first(addresses),
        "year": min(_values(paper, "date"), default=""),
        "venue": (_first(references) or "arXiv") if arxiv else _first(_values(paper, "source")),
    }


def _values(paper: etree._Element, name: str) -> list[str]:
    values = (normalize_line(flat_text(each)) for each in child_elements(paper, name))
    return [value for value in values if value]


def _first(values: list[str]) -> str:
    return values[0] if values else ""


def _in_reading_order(name: str) -> str:
    """Put a name written "Last, First" or "Last, First, Jr" in reading order."""
    last, *rest = (part.strip() for part in name.split(","))
    return " ".join([*rest[:1], last, *rest[1:]]).strip()
