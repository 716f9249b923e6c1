"""The saved page that lists papers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fairpapers.extract.corpus import CorpusError, FormatError, read_papers
from fairpapers.extract.corpus.listing import is_prose
from fairpapers.extract.papers import normalize_line

from .conftest import Read

RIVERS = (
    "We collect water levels of forty rivers over twenty years and ask how well they can be told "
    "in advance. A linear model does well in dry months. In wet months a recurrent network is "
    "better, and we publish data and code."
)
SEAS = (
    "Sea ice is hard to see from orbit when clouds are thick. This study joins radar and light, "
    "trains one network on both, and compares it with networks that see one of the two only. "
    "On a held-out winter the joined network errs least."
)


def test_the_page_gives_its_84_papers_in_order(shared: Path) -> None:
    skipped: list[object] = []
    papers = list(read_papers(shared / "corpus/papers-page.txt", skipped=skipped.append))
    records = map(json.loads, (shared / "corpus/demo.jsonl").read_text().splitlines())
    assert [paper.title for paper in papers] == [normalize_line(row["title"]) for row in records]
    assert len(papers) == 84
    assert all(len(paper.abstract) > 1000 for paper in papers)
    assert skipped == []


@pytest.mark.parametrize(
    "header",
    [
        "",
        "new\n\nGet papers by mail!\n\nSubscribe\n\nbyXY and others\n\nMar 11\n\n",
        "Home | Log in\nSearch results\n1,204 hits\n12 September 2024\n",
        "Daily papers\n\n\n\nMonday\n2024-03-11\n",
        "We use cookies to make this page work. Read more in our policy.\nAccept\n",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n \r\n"])
def test_a_header_is_no_paper(read: Read, header: str, gap: str) -> None:
    page = header + gap.join(["Levels of Rivers", RIVERS, "Does radar help?", SEAS]) + "\n"
    result = read(page, "page.txt")
    assert [(paper.title, paper.abstract) for paper in result.papers] == [
        ("Levels of Rivers", RIVERS),
        ("Does radar help?", SEAS),
    ]
    assert result.skipped == []


def test_the_line_of_a_paper_is_its_title(read: Read) -> None:
    (paper,) = read(f"news\n\nLevels of Rivers\n\n{RIVERS}\n", "page.txt").papers
    assert (paper.source.line, paper.source.format) == (3, "listing")
    assert paper.id == paper.key


def test_dates_and_counts_may_stand_anywhere(read: Read) -> None:
    lines = ["One", "Mar 11", "42", RIVERS, "11 Mar 2024", "Two", "March 2024", "·", SEAS, "7"]
    result = read("\n".join(lines), "page.txt")
    assert result.titles == ["One", "Two"]
    assert result.skipped == []


def test_a_title_alone_and_a_footer_are_reported(read: Read) -> None:
    lines = ["One", RIVERS, "A Title Without Abstract", "Two", SEAS, "Back to top"]
    result = read("\n".join(lines), "page.txt")
    assert result.titles == ["One", "Two"]
    assert [line for line, _ in result.reasons] == [3, 6]
    assert "'A Title Without Abstract'" in result.reasons[0][1]


def test_an_abstract_of_two_paragraphs_is_joined(read: Read) -> None:
    (paper,) = read("\n".join(["One", RIVERS, "", SEAS]), "page.txt").papers
    assert paper.abstract == f"{RIVERS} {SEAS}"


def test_an_abstract_without_title_is_reported(read: Read) -> None:
    result = read("\n".join([RIVERS, "Two", SEAS]), "page.txt")
    assert result.titles == ["Two"]
    assert result.reasons == [(1, "an abstract without a title above it")]


def test_an_abstract_beyond_the_limit_costs_its_paper(read: Read) -> None:
    lines = ["One", "word " * 1_000_000, "Two", SEAS]
    result = read("\n".join(lines), "page.txt")
    assert result.titles == ["Two"]
    assert result.reasons == [
        (1, "the abstract has 4,999,999 characters; the limit is 1,000,000"),
    ]


def test_a_bad_byte_costs_its_line(read: Read) -> None:
    page = "\n".join(["One", RIVERS, "Two", SEAS]).encode().replace(b"held-out", b"held\xffout")
    result = read(page, "page.txt")
    assert result.titles == ["One"]
    assert result.reasons[0][0] == 4
    assert result.reasons[0][1].startswith("not UTF-8: byte 0xff")


def test_other_scripts_are_read(read: Read) -> None:
    chinese = "本文收集四十条河流二十年的水位数据，并研究其可预测性。" * 4
    arabic = "نجمع بيانات أربعين نهرا على مدى عشرين عاما وندرس قابليتها للتنبؤ. " * 5
    result = read("\n".join(["河流水位", chinese, "مستويات الأنهار", arabic]), "page.txt")
    assert result.titles == ["河流水位", "مستويات الأنهار"]
    assert result.papers[1].abstract == arabic.strip()


def test_a_page_without_abstracts_holds_no_paper(read: Read) -> None:
    with pytest.raises(CorpusError, match="holds no paper, read as listing"):
        read("One\nTwo\nThree\n", "page.txt")
    with pytest.raises(FormatError, match="not recognised"):
        read("One\nTwo\nThree\n", "page")


@pytest.mark.parametrize(
    ("line", "prose"),
    [
        ("A Long Title: " + "on the Way from Here to There " * 8, False),
        ("word " * 61, True),
        (RIVERS, True),
        (RIVERS[:190] + ".", False),
        ("水" * 99 + "。", True),
        ("水" * 99, False),
    ],
)
def test_prose_is_long_and_ends_as_a_sentence_or_is_very_long(line: str, prose: bool) -> None:
    assert is_prose(line.strip()) is prose
