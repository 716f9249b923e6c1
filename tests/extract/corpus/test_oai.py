"""Answers of OAI-PMH repositories."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fairpapers.extract.corpus import CorpusError

from .conftest import Read, Reading

ROOT = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n'
DC = 'xmlns:d="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:e="http://purl.org/dc/elements/1.1/"'


def record(number: int, metadata: str | None = None) -> str:
    if metadata is None:
        metadata = f"<arXiv><id>2401.0000{number}</id><title>Title {number}</title></arXiv>"
    return (
        f"<record><header><identifier>oai:arXiv.org:2401.0000{number}</identifier></header>"
        f"<metadata>{metadata}</metadata></record>\n"
    )


def answer(*records: str) -> str:
    return f"{ROOT}<ListRecords>\n{''.join(records)}</ListRecords></OAI-PMH>\n"


def test_metadata_of_arxiv(read_sample: Callable[[str], Reading]) -> None:
    result = read_sample("arxiv-oai.xml")
    first, second = result.papers
    assert (first.id, first.key) == ("2403.00001", "arxiv:2403.00001")
    assert first.text == (
        "RiverBank: a corpus of n-grams from gauging stations\n"
        "We present RiverBank, a corpus of ~40 thousand notes written at gauging stations. "
        "A tagger trained on it reaches 91.5% accuracy."
    )
    assert first.authors == ("Ada Example", "Bo Müller Jr", "The Gauge Collaboration")
    assert (first.year, first.venue) == (2023, "arXiv")
    assert first.url == "https://arxiv.org/abs/2403.00001"
    assert (first.source.line, first.source.format) == (6, "oai")
    assert (second.key, second.doi) == ("doi:10.1000/fish.7", "10.1000/fish.7")
    assert (second.year, second.venue) == (2001, "Journal of Samples 7 (2002) 1-9")
    assert result.reasons == [(20, "the repository has deleted this record")]


def test_dublin_core_tells_the_same(read_sample: Callable[[str], Reading]) -> None:
    (paper,) = read_sample("arxiv-oai-dc.xml").papers
    second = read_sample("arxiv-oai.xml").papers[1]
    assert paper.text == second.text
    assert (paper.id, paper.key, paper.doi) == (second.id, second.key, second.doi)
    assert (paper.year, paper.venue, paper.url) == (second.year, second.venue, second.url)
    assert paper.authors == ("Cy Sample", "Bo Müller Jr", "The Gauge Collaboration")


def test_another_repository_and_other_prefixes(read: Read) -> None:
    metadata = (
        f"<d:dc {DC}><e:title>T</e:title><e:description>Words.</e:description>"
        "<e:identifier>https://example.org/7</e:identifier><e:date>2020-02</e:date>"
        "<e:source>River Letters</e:source></d:dc>"
    )
    text = answer(record(1, metadata).replace("oai:arXiv.org:2401.00001", "oai:example.org:7"))
    text = text.replace("<record", "<o:record").replace("</record", "</o:record")
    text = text.replace("<OAI-PMH", '<OAI-PMH xmlns:o="http://www.openarchives.org/OAI/2.0/"')
    result = read(text, "a.xml")
    (paper,) = result.papers
    assert (paper.id, paper.text) == ("oai:example.org:7", "T\nWords.")
    assert (paper.url, paper.year, paper.venue) == ("https://example.org/7", 2020, "River Letters")
    assert paper.key.startswith("title:")
    assert result.skipped == []


def test_the_version_of_an_identifier_is_dropped(read: Read) -> None:
    (paper,) = read(answer(record(1).replace("2401.00001<", "2401.00001v2<")), "a.xml").papers
    assert (paper.id, paper.key) == ("2401.00001", "arxiv:2401.00001")


def test_prefixes_that_the_root_declares_are_known_in_records(read: Read) -> None:
    metadata = "<d:dc><e:title>T</e:title></d:dc>"
    text = answer(record(1, metadata)).replace("<OAI-PMH", f"<OAI-PMH {DC}")
    assert read(text, "a.xml").titles == ["T"]


@pytest.mark.parametrize(
    "broken",
    [
        record(2, "<arXiv><title>A & B</title></arXiv>"),
        record(2, "<arXiv><title>A</titel></arXiv>"),
        record(2).replace("<record>", ""),
        record(2).replace("</record>", ""),
    ],
)
def test_a_fault_costs_its_record_only(read: Read, broken: str) -> None:
    result = read(answer(record(1), broken, record(3), record(4)), "a.xml")
    assert result.titles == ["Title 1", "Title 3", "Title 4"]
    assert len(result.reasons) == 1
    assert result.reasons[0][1].startswith("broken XML: ")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (
            record(2, "<arXivRaw><title>T</title></arXivRaw>"),
            "metadata in the format arXivRaw; those that are read are arXiv and oai_dc",
        ),
        (record(2, ""), "no metadata"),
        (record(2, "<arXiv><id>2401.00002</id></arXiv>"), "no title"),
    ],
)
def test_what_gives_no_paper_is_told(read: Read, written: str, reason: str) -> None:
    result = read(answer(record(1), written, record(3)), "a.xml")
    assert result.titles == ["Title 1", "Title 3"]
    assert result.reasons == [(4, reason)]


def test_an_error_is_told(read: Read) -> None:
    result = read(f"{ROOT}<error code='noRecordsMatch'>None here</error></OAI-PMH>", "a.xml")
    assert result.papers == []
    assert result.reasons == [(2, "not a paper but an error: noRecordsMatch None here")]


def test_what_is_no_answer_is_refused(read: Read) -> None:
    with pytest.raises(CorpusError, match="has no <OAI-PMH> or <ListRecords> or <GetRecord>"):
        read("<html/>", "a.xml", "oai")
