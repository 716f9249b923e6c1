"""Reading any file: what holds for every paper of every format."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairpapers.extract import Paper
from fairpapers.extract.corpus import (
    FORMATS,
    CorpusError,
    Skipped,
    demo_corpus,
    paper_key,
    read_papers,
)
from fairpapers.extract.papers import normalize_line

from .conftest import Read

# Pieces from which hypothesis builds files that are nearly well formed.
PIECES = {
    "anthology": [
        '<collection id="P19">',
        '<volume id="1">',
        '<paper id="3">',
        "<title>",
        "T & <b>x</b>",
        "</title>",
        "</paper>",
        "</volume>",
        "</collection>",
        "<meta><year>2019</year></meta>",
        "<abstract>A.</abstract>",
        "<!--",
        "<![CDATA[",
        "&e;",
    ],
    "atom": [
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:a="urn:a">',
        "<entry>",
        "<entry/>",
        "<id>http://arxiv.org/abs/2401.00001v1</id>",
        "<title>T $x_{1}$ \\'e</title>",
        "<summary>",
        "</summary>",
        "<a:doi>10.1000/a</a:doi>",
        "<b:doi/>",
        "</entry>",
        "</feed>",
        "<!--",
        "{",
        "\\",
    ],
    "bibtex": ["@misc{k,", "title", "=", "{T}", ",", "}", '"', "\\'e", "#", "@string{", "\n@a(b,"],
    "csv": ["title,abstract\n", '"', ",", "T", "\n", "\r", ";", '""'],
    "jsonl": ['{"title": "T"}\n', "{", '"title"', ":", "[", "]", "}", "1e999", "NaN", "\n", "\\u"],
    "listing": ["Title\n", "Words go on and on. " * 20 + "\n", "Mar 11\n", "\n", "\r", "\u2028"],
    "oai": [
        "<OAI-PMH>",
        "<ListRecords xmlns:dc='urn:dc'>",
        "<record>",
        "<header status='deleted'/>",
        "<header><identifier>oai:arXiv.org:2401.00001</identifier></header>",
        "<metadata>",
        "<arXiv><title>T</title>",
        "</arXiv>",
        "<dc><dc:title>T</dc:title><dc:creator>A, B, C, D</dc:creator></dc>",
        "</metadata>",
        "</record>",
        "<error code='noRecordsMatch'/>",
        "</OAI-PMH>",
    ],
    "openalex": [
        '{"meta": {}, "results": [',
        '{"id": "https://openalex.org/W1", ',
        '"title": "T <i>&amp;lt;</i>"',
        '"abstract_inverted_index": {"a": [1, 0]}',
        '"abstract_inverted_index": {"a": ["b"]}',
        '"authorships": [{"author": null}, 1]',
        '"locations": [{"landing_page_url": "https://arxiv.org/abs/2401.00001"}]',
        ", ",
        "}",
        "]",
        "\n",
        "{",
        '"',
    ],
    "pubmed": [
        "<PubmedArticleSet>",
        "<PubmedArticle>",
        "<MedlineCitation><PMID>1</PMID>",
        "<Article><ArticleTitle>T</ArticleTitle>",
        "<Abstract><AbstractText Label='A'>",
        "<i>x</i> &lt; &e;",
        "</AbstractText></Abstract>",
        "</Article></MedlineCitation>",
        "</PubmedArticle>",
        "<PubmedBookArticle><BookDocument><ArticleTitle>T</ArticleTitle>",
        "</BookDocument></PubmedBookArticle>",
        "</PubmedArticleSet>",
    ],
    "tsv": ["title\tabstract\n", "\t", '"', "T", "\n"],
}


def read_bytes(data: bytes, format_name: str | None) -> tuple[list[Paper], list[Skipped]]:
    skipped: list[Skipped] = []
    papers: list[Paper] = []
    with TemporaryDirectory() as folder:
        path = Path(folder, "list")
        path.write_bytes(data)
        # Papers before a fault that ends the reading count too.
        with suppress(CorpusError):
            papers.extend(read_papers(path, format=format_name, skipped=skipped.append))
    return papers, skipped


def check(papers: list[Paper], skipped: list[Skipped]) -> None:
    assert len({paper.key for paper in papers}) == len(papers)
    for paper in papers:
        assert paper.title
        assert normalize_line(paper.title) == paper.title
        assert normalize_line(paper.abstract) == paper.abstract
        assert paper.text[len(paper.title)] == "\n"
        assert paper.text[len(paper.title) + 1 :] == paper.abstract
        assert paper.source.line is None or paper.source.line >= 1
        assert len(paper.text_sha256) == 64
    for skip in skipped:
        assert skip.reason
        str(skip).encode(errors="surrogateescape")


def nearly(name: str) -> st.SearchStrategy[bytes]:
    piece = st.sampled_from(PIECES[name]) | st.text(max_size=5)
    text = st.lists(piece, max_size=30).map("".join)
    return text.map(lambda text: text.encode("utf-8", "replace"))


@pytest.mark.parametrize("name", [*sorted(FORMATS), None])
@settings(deadline=None)
@given(data=st.binary() | st.text().map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(name: str | None, data: bytes) -> None:
    check(*read_bytes(data, name))


@pytest.mark.parametrize("name", sorted(FORMATS))
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_nearly_good_files_are_read_or_refused(name: str, data: st.DataObject) -> None:
    check(*read_bytes(data.draw(nearly(name)), name))


@settings(deadline=None)
@given(st.binary().map(lambda data: gzip.compress(data, mtime=0)), st.integers(0, 40))
def test_any_gzip_is_read_or_refused(data: bytes, cut: int) -> None:
    check(*read_bytes(data[: len(data) - cut], "jsonl"))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from(
    ["id", "Title", "abstract", "summary", "year", "authors", "venue", "doi", "url", "arxiv"]
)


@settings(deadline=None)
@given(st.lists(st.dictionaries(names, values), min_size=1, max_size=4))
def test_any_values_in_json_lines_are_read_or_refused(records: list[dict[str, object]]) -> None:
    data = "".join(json.dumps(record) + "\n" for record in records).encode()
    papers, skipped = read_bytes(data, "jsonl")
    check(papers, skipped)
    whole = [skip for skip in skipped if skip.field is None]
    assert len(papers) + len(whole) == len(records)


titles = st.text(st.characters(codec="utf-8"), min_size=1).filter(normalize_line)


@settings(deadline=None)
@given(titles, st.text(st.characters(codec="utf-8")))
def test_what_is_written_as_json_is_read_back(title: str, abstract: str) -> None:
    ((paper,), _) = read_bytes(json.dumps({"title": title, "abstract": abstract}).encode(), "jsonl")
    assert (paper.title, paper.abstract) == (normalize_line(title), normalize_line(abstract))
    assert paper.key == paper_key(title=title)


def test_the_demo_corpus_is_read_whole() -> None:
    skipped: list[Skipped] = []
    papers = list(read_papers(demo_corpus(), skipped=skipped.append))
    assert len(papers) == 84
    assert skipped == []
    assert papers[0].source.file == "papers.jsonl"


def test_a_paper_is_one_over_several_files(tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.csv"
    one.write_text('{"title": "First"}\n{"title": "Shared"}\n')
    two.write_text("title\nSHARED\nLast\n")
    skipped: list[Skipped] = []
    seen: dict[str, tuple[str, int | None]] = {}
    papers = [
        paper.title
        for path in (one, two, one)
        for paper in read_papers(path, skipped=skipped.append, seen=seen)
    ]
    assert papers == ["First", "Shared", "Last"]
    assert [(Path(skip.file).name, skip.line) for skip in skipped] == [
        ("two.csv", 2),
        ("one.jsonl", 1),
        ("one.jsonl", 2),
    ]
    assert f"same paper as {one}, line 2" in skipped[0].reason


def test_the_first_of_two_equal_papers_is_kept(read: Read) -> None:
    text = (
        '{"title": "T", "doi": "10.1000/a", "abstract": "First."}\n'
        '{"title": "Other", "doi": "https://doi.org/10.1000/A", "abstract": "Second."}\n'
    )
    result = read(text, "list.jsonl")
    assert [paper.abstract for paper in result.papers] == ["First."]
    assert result.reasons == [(2, "same paper as line 1 (doi:10.1000/a)")]


def test_skipped_reads_as_place_and_reason() -> None:
    assert str(Skipped("a/list.csv", 3, "no title")) == "a/list.csv:3: no title"
    assert str(Skipped("a/list.csv", None, "no title")) == "a/list.csv: no title"


def test_papers_come_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    record = json.dumps({"title": "Title {}", "abstract": "word " * 1000})
    with path.open("w") as file:
        for number in range(1000):
            file.write(record.replace("{}", str(number)) + "\n")
    papers = read_papers(path, skipped=lambda _: None)
    tracemalloc.start()
    try:
        count = sum(1 for _ in papers)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 1000
    assert path.stat().st_size > 5_000_000
    assert peak < 1_500_000
