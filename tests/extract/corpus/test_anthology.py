"""The XML of the ACL Anthology."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fairpapers.extract.corpus import CorpusError, Skipped, read_papers

from .conftest import Read

NEW = """<?xml version='1.0' encoding='UTF-8'?>
<collection id="2021.emnlp">
  <volume id="main" ingest-date="2021-10-01">
    <meta><booktitle>Proceedings of the <fixed-case>R</fixed-case>iver Days</booktitle>
      <year>2021</year><venue>emnlp</venue></meta>
    <frontmatter><url>2021.emnlp-main.0</url></frontmatter>
    <paper id="1">
      <title>Reading <fixed-case>B</fixed-case>ooks with <tex-math>k=3</tex-math></title>
      <author><first>Ada</first><last>Example</last></author>
      <author id="bo"><last>Bo</last></author>
      <editor><first>No</first><last>Author</last></editor>
      <abstract>See <url>https://example.org</url> for <i>all</i><!-- not this --> &amp;
        more.</abstract>
      <doi>10.18653/v1/2021.emnlp-main.1</doi>
    </paper>
    <paper id="2"><title>Second</title></paper>
  </volume>
  <volume id="demos"><meta><year>2022</year></meta>
    <paper id="7"><title>Third</title></paper>
  </volume>
</collection>
"""


VOLUME = '<collection id="P19"><volume id="1"><meta/>'


def volume(*papers: str) -> str:
    body = "\n".join(papers)
    return f"{VOLUME}\n{body}\n</volume></collection>\n"


def paper(number: int, inside: str = "") -> str:
    return f'<paper id="{number}"><title>Title {number}</title>{inside}</paper>'


def test_the_present_form(read: Read) -> None:
    result = read(NEW, "2021.emnlp.xml")
    first, second, third = result.papers
    assert first.id == "2021.emnlp-main.1"
    assert first.key == "doi:10.18653/v1/2021.emnlp-main.1"
    assert first.text == "Reading Books with k=3\nSee https://example.org for all & more."
    assert first.authors == ("Ada Example", "Bo")
    assert (first.venue, first.year) == ("Proceedings of the River Days", 2021)
    assert first.url == "https://aclanthology.org/2021.emnlp-main.1"
    assert (first.source.line, first.source.format) == (7, "anthology")
    assert second.key == "acl:2021.emnlp-main.2"
    assert (third.key, third.year, third.venue) == ("acl:2021.emnlp-demos.7", 2022, None)
    assert result.skipped == []


@pytest.mark.parametrize(
    ("collection", "number", "identifier"),
    [("P19", "1", "P19-1005"), ("W19", "36", "W19-3605"), ("D19", "60", "D19-6005")],
)
def test_identifiers_of_before_2020(
    read: Read, collection: str, number: str, identifier: str
) -> None:
    text = f'<collection id="{collection}"><volume id="{number}">{paper(5)}</volume></collection>'
    (found,) = read(text, "old.xml").papers
    assert (found.id, found.key) == (identifier, f"acl:{identifier}")


def test_the_form_of_before_2020(read: Read) -> None:
    text = (
        '<volume id="W05"><paper id="0100"><title>Front Matter</title></paper>\n'
        '<paper id="0101"><title>First</title><booktitle>River Days</booktitle>'
        "<year>2005</year></paper></volume>"
    )
    result = read(text, "W05.xml")
    assert [(found.id, found.title) for found in result.papers] == [("W05-0101", "First")]
    assert (result.papers[0].venue, result.papers[0].year) == ("River Days", 2005)


def test_a_paper_without_title_is_reported(read: Read) -> None:
    result = read(volume(paper(1), '<paper id="2"><abstract>A</abstract></paper>'), "a.xml")
    assert result.titles == ["Title 1"]
    assert result.reasons == [(3, "no title")]


@pytest.mark.parametrize(
    "broken",
    [
        '<paper id="2"><title>A & B</title></paper>',
        '<paper id="2"><title>A <b>B</title></paper>',
        '<paper id="2"><title>A</title>',
        '<paper id="2"><title>A \x01 B</title></paper>',
        '<paper id="2"><title>A &#1; B</title></paper>',
        '<paper id="2"><title a="1" a="2">A</title></paper>',
        '<paper id="2"><title>A &unknown; B</title></paper>',
    ],
)
def test_a_fault_costs_its_paper_only(read: Read, broken: str) -> None:
    result = read(volume(paper(1), broken, paper(3), paper(4)), "a.xml")
    assert result.titles == ["Title 1", "Title 3", "Title 4"]
    assert [line for line, _ in result.reasons] == [3]
    assert result.reasons[0][1].startswith("broken XML: ")


def test_a_bad_byte_costs_its_paper(read: Read) -> None:
    text = volume(paper(1), paper(2), paper(3)).encode().replace(b"Title 2", b"Titl\xff 2")
    result = read(text, "a.xml")
    assert result.titles == ["Title 1", "Title 3"]
    assert [line for line, _ in result.reasons] == [3]


def test_a_file_that_breaks_off_keeps_what_was_complete(read: Read) -> None:
    text = volume(paper(1), paper(2), paper(3))
    result = read(text[: text.index("Title 3")], "a.xml")
    assert result.titles == ["Title 1", "Title 2"]
    assert [line for line, _ in result.reasons] == [4]


def test_entities_are_neither_expanded_nor_fetched(read: Read) -> None:
    grow = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12))
    file = '<!ENTITY file SYSTEM "file:///etc/hostname">'
    text = f'<!DOCTYPE collection [<!ENTITY e0 "ha">{grow}{file}]>\n' + volume(
        paper(1),
        '<paper id="2"><title>A &e11; B</title></paper>',
        '<paper id="3"><title>C &file; D</title></paper>',
        paper(4),
    )
    result = read(text, "a.xml")
    assert result.titles == ["Title 1", "Title 4"]
    assert result.reasons == [
        (4, "broken XML: Entity 'e11' not defined (line 4)"),
        (5, "broken XML: Entity 'file' not defined (line 5)"),
    ]


def test_a_long_volume_is_read_in_blocks(read: Read) -> None:
    filler = f"<abstract>{'word ' * 40}</abstract>"
    result = read(volume(*(paper(number, filler) for number in range(1, 1001))), "a.xml")
    assert len(result.papers) == 1000
    assert result.papers[-1].id == "P19-1.1000"
    assert result.papers[-1].source.line == 1001
    assert result.papers[998].key == "acl:P19-1999"


def test_an_abstract_of_5_million_characters_costs_its_paper(read: Read) -> None:
    long = paper(2, f"<abstract>{'x' * 5_000_000}</abstract>")
    result = read(volume(paper(1), long, paper(3)), "a.xml")
    assert result.titles == ["Title 1", "Title 3"]
    assert result.reasons == [
        (3, "the abstract has 5,000,000 characters; the limit is 1,000,000"),
    ]


@pytest.mark.parametrize(
    "text", ["<html><body><p>Hi</p></body></html>", "no markup", "<collection", "<!-- -->"]
)
def test_what_is_no_collection_is_refused(read: Read, text: str) -> None:
    with pytest.raises(CorpusError, match="has no <collection> or <volume>"):
        read(text, "a.xml", "anthology")


def test_many_faults_cost_as_many_papers(read: Read) -> None:
    faulty = [f'<paper id="{number}"><title>&</title></paper>' for number in range(2, 500)]
    result = read(volume(paper(1), *faulty, paper(500)), "a.xml")
    assert result.titles == ["Title 1", "Title 500"]
    assert [line for line, _ in result.reasons] == list(range(3, 501))


def test_papers_in_comments_are_none(read: Read) -> None:
    text = volume(paper(1), f"<!-- {paper(2)}\n{paper(3)} -->", paper(4))
    result = read(text, "a.xml")
    assert result.titles == ["Title 1", "Title 4"]
    assert result.papers[1].source.line == 5
    assert result.skipped == []


def test_what_a_block_ends_in_is_found_all_the_same(read: Read) -> None:
    # Comments and papers of odd lengths, so that blocks end anywhere in both.
    parts = [
        f"{paper(number)}<!-- {paper(0)} {'x' * (number % 97)} -->" for number in range(1, 5001)
    ]
    result = read(volume(*parts), "a.xml")
    assert result.titles == [f"Title {number}" for number in range(1, 5001)]
    assert [paper.source.line for paper in result.papers] == list(range(2, 5002))
    assert result.skipped == []


def test_an_open_comment_is_reported_and_the_rest_read(read: Read) -> None:
    result = read(volume(paper(1), "<!-- open", paper(2)), "a.xml")
    assert result.titles == ["Title 1", "Title 2"]
    assert result.reasons == [(3, "broken XML: a comment is not closed")]


def test_another_encoding_is_read_as_declared(read: Read) -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + volume(
        '<paper id="1"><title>Flüsse</title></paper>'
    )
    assert read(text.encode("latin-1"), "a.xml").titles == ["Flüsse"]


def test_text_without_tags_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(volume(paper(1)) + "x" * (17 * 2**20))
    papers = read_papers(path, skipped=lambda _: None)
    assert next(papers).title == "Title 1"
    with pytest.raises(CorpusError, match="has no tag of a paper in the 16,777,216 bytes"):
        next(papers)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=3))
def test_damage_to_one_paper_leaves_the_others(place: int, junk: bytes) -> None:
    start, hurt, end = (
        "\n".join([VOLUME, paper(1), ""]).encode(),
        bytearray(paper(2, "<abstract>A.</abstract>").encode()),
        "\n".join(["", paper(3), paper(4), "</volume></collection>"]).encode(),
    )
    place %= len(hurt) - 1
    hurt[place : place + len(junk)] = junk
    titles, skipped = titles_of(start + bytes(hurt) + end)
    assume(b"<!--" not in hurt)
    assert {"Title 1", "Title 3", "Title 4"} <= set(titles)
    assert len(titles) + len(skipped) >= 4


def test_a_paper_that_lost_both_its_tags_is_reported(read: Read) -> None:
    lost = paper(2).replace("<paper", "<papr").replace("</paper", "</papr")
    result = read(volume(paper(1), lost, paper(3)), "a.xml")
    assert result.titles == ["Title 1", "Title 3"]
    assert result.reasons == [(4, "broken XML: above this tag a <paper> has no start")]


def titles_of(data: bytes) -> tuple[list[str], list[Skipped]]:
    skipped: list[Skipped] = []
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.xml")
        path.write_bytes(data)
        return [paper.title for paper in read_papers(path, skipped=skipped.append)], skipped
