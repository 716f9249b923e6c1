"""PubMed XML: articles and books of a ``PubmedArticleSet``.

Elements: NLM, "PubMed DTD", https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/240101/.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from ..papers import normalize_line
from .fields import Raw
from .files import CorpusFile, Report
from .xmlrecords import Layout, Start, child_elements, child_text, cut_records, flat_text

PAGE: Final = "https://pubmed.ncbi.nlm.nih.gov/"

_LAYOUT = Layout(
    records=("PubmedArticle", "PubmedBookArticle"),
    around=("PubmedArticleSet",),
    inside="ArticleTitle",
)
_NO_LABEL = {"", "unlabelled", "unassigned"}
_NO_TITLE = "[not available]"


def read_pubmed(file: CorpusFile, report: Report) -> Iterator[Raw]:
    """Yield each article, book and chapter.

    Raises:
        CorpusError: the file has no set of articles, or no tags for too long.
    """
    for part in cut_records(file, report, _LAYOUT):
        if not isinstance(part, Start):
            is_book = part.name == "PubmedBookArticle"
            yield Raw(part.line, (_book if is_book else _article)(part.element))


def _article(record: etree._Element) -> dict[str, object]:
    citation = ("MedlineCitation", "Article")
    article = record.find("{*}MedlineCitation/{*}Article")
    if article is None:
        return {}
    issue = ("Journal", "JournalIssue", "PubDate")
    return {
        **_identity(record, child_text(record, citation[0], "PMID"), article, "PubmedData"),
        "title": _title(article),
        "abstract": _abstract(article),
        "authors": _authors(article),
        "year": child_text(article, *issue, "Year")
        or child_text(article, *issue, "MedlineDate")
        or child_text(article, "ArticleDate", "Year"),
        "venue": child_text(article, "Journal", "Title")
        or child_text(article, "Journal", "ISOAbbreviation"),
    }


def _book(record: etree._Element) -> dict[str, object]:
    document = record.find("{*}BookDocument")
    if document is None:
        return {}
    return {
        **_identity(record, child_text(document, "PMID"), document, "PubmedBookData"),
        "title": _title(document) or child_text(document, "Book", "BookTitle"),
        "abstract": _abstract(document),
        "authors": _authors(document),
        "year": child_text(document, "Book", "PubDate", "Year"),
        "venue": child_text(document, "Book", "BookTitle"),
    }


def _identity(
    record: etree._Element, pmid: str, document: etree._Element, data: str
) -> dict[str, object]:
    pmid = normalize_line(pmid)
    # Articles of the list of references have identifiers too, deeper down.
    listed = child_elements(record, data, "ArticleIdList", "ArticleId")
    listed += child_elements(document, "ArticleIdList", "ArticleId")
    dois = [flat_text(each) for each in listed if each.get("IdType") == "doi"]
    dois += [
        flat_text(each)
        for each in child_elements(document, "ELocationID")
        if each.get("EIdType") == "doi" and each.get("ValidYN", "Y") == "Y"
    ]
    page = f"{PAGE}{pmid}/" if pmid else ""
    return {"id": pmid, "pmid": pmid, "doi": next(iter(dois), ""), "url": page}


def _title(document: etree._Element) -> str:
    title = normalize_line(child_text(document, "ArticleTitle"))
    is_none = title.rstrip(".").lower() in ("", _NO_TITLE)
    return child_text(document, "VernacularTitle") if is_none else title


def _abstract(document: etree._Element) -> str:
    """Join the parts of an abstract, each behind its label where it has one."""
    parts = []
    for part in child_elements(document, "Abstract", "AbstractText"):
        label, text = part.get("Label", "").strip(" :"), flat_text(part)
        parts.append(text if label.lower() in _NO_LABEL else f"{label}: {text}")
    return " ".join(parts)


def _authors(document: etree._Element) -> list[str]:
    lists = child_elements(document, "AuthorList")
    authors = [each for each in lists if each.get("Type", "authors") == "authors"]
    names = [_name(author) for each in authors for author in child_elements(each, "Author")]
    return [name for name in names if name]


def _name(author: etree._Element) -> str:
    given = child_text(author, "ForeName") or child_text(author, "Initials")
    parts = (given, child_text(author, "LastName"), child_text(author, "Suffix"))
    return " ".join(part for part in parts if part) or child_text(author, "CollectiveName")
