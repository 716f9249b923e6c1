"""PubMed XML."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fairpapers.extract.corpus import CorpusError

from .conftest import Read, Reading


def article(number: int, inside: str = "", data: str = "") -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article>"
        f"<ArticleTitle>Title {number}</ArticleTitle>{inside}</Article></MedlineCitation>"
        f"<PubmedData>{data}</PubmedData></PubmedArticle>\n"
    )


def articles(*records: str) -> str:
    return f"<PubmedArticleSet>\n{''.join(records)}</PubmedArticleSet>\n"


def test_an_article(read_sample: Callable[[str], Reading]) -> None:
    result = read_sample("pubmed.xml")
    paper = result.papers[0]
    assert (paper.id, paper.key) == ("90000001", "doi:10.1000/sample.1")
    assert paper.title == "Finding E. coli mentions with GaugeBERT: CO2 and beyond."
    assert paper.abstract == (
        "OBJECTIVE: To find names of bacteria in notes. "
        "RESULTS: F1 rose from 80.1 to 84.3 (P < 10-3). Code is free."
    )
    assert paper.authors == ("Ada B Example", "C Sample Jr", "Gauge Study Group")
    assert (paper.year, paper.venue) == (2023, "Journal of sample medicine")
    assert paper.url == "https://pubmed.ncbi.nlm.nih.gov/90000001/"
    assert (paper.source.line, paper.source.format) == (4, "pubmed")
    assert result.skipped == []


def test_without_doi_the_pubmed_identifier_is_the_key(
    read_sample: Callable[[str], Reading],
) -> None:
    paper = read_sample("pubmed.xml").papers[1]
    assert (paper.key, paper.doi) == ("pmid:90000002", None)
    assert paper.text == "Pegel von Hand gelesen.\nLevels were read by hand."
    assert (paper.year, paper.venue) == (1998, "Z Beisp")


def test_a_chapter(read_sample: Callable[[str], Reading]) -> None:
    paper = read_sample("pubmed.xml").papers[2]
    assert (paper.key, paper.text) == ("pmid:90000003", "Reading a Gauge\nHow a gauge is read.")
    assert (paper.authors, paper.year) == (("Wim Writer",), 2019)
    assert paper.venue == "Handbook of Gauges"


def test_a_book_as_a_whole_has_its_own_title(read: Read) -> None:
    text = articles(
        "<PubmedBookArticle><BookDocument><PMID>7</PMID><Book><BookTitle>Gauges</BookTitle>"
        "</Book></BookDocument></PubmedBookArticle>"
    )
    assert read(text, "a.xml").titles == ["Gauges"]


def test_a_doi_from_either_place(read: Read) -> None:
    located = '<ELocationID EIdType="doi">10.1000/a</ELocationID>'
    listed = '<ArticleIdList><ArticleId IdType="doi">10.1000/b</ArticleId></ArticleIdList>'
    text = articles(article(1, located), article(2, data=listed))
    assert [paper.doi for paper in read(text, "a.xml").papers] == ["10.1000/a", "10.1000/b"]


def test_formulas_are_flattened(read: Read) -> None:
    formula = (
        '<Abstract><AbstractText>Here <mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML">'
        "<mml:mi>x</mml:mi><mml:mo>=</mml:mo><mml:mn>3</mml:mn></mml:math> holds."
        "</AbstractText></Abstract>"
    )
    (paper,) = read(articles(article(1, formula)), "a.xml").papers
    assert paper.abstract == "Here x=3 holds."


@pytest.mark.parametrize(
    "broken",
    [
        article(2).replace("</ArticleTitle>", "</ArticleTtle>"),
        article(2, "<Abstract><AbstractText>P < 0.05</AbstractText></Abstract>"),
        article(2, "&alpha;"),
        article(2).replace("<PubmedArticle>", ""),
        article(2).replace("</PubmedArticle>", ""),
        "<PubmedArticle></PubmedArticle>\n",
        "<PubmedArticle/>\n",
        "<PubmedBookArticle></PubmedBookArticle>\n",
    ],
)
def test_a_fault_costs_its_article_only(read: Read, broken: str) -> None:
    result = read(articles(article(1), broken, article(3), article(4)), "a.xml")
    assert result.titles == ["Title 1", "Title 3", "Title 4"]
    assert len(result.reasons) == 1


def test_articles_with_a_prefix(read: Read) -> None:
    text = articles(article(1)).replace("</", "</p:").replace("<P", "<p:P").replace("<A", "<p:A")
    text = text.replace("<M", "<p:M").replace("ArticleSet>", 'ArticleSet xmlns:p="urn:p">', 1)
    assert read(text, "a.xml").titles == ["Title 1"]


def test_what_is_no_set_of_articles_is_refused(read: Read) -> None:
    with pytest.raises(CorpusError, match="has no <PubmedArticleSet>"):
        read(article(1), "a.xml", "pubmed")
