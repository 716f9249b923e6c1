"""The Atom feeds of arXiv."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fairpapers.extract.corpus import CorpusError

from .conftest import Read, Reading

FEED = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">\n'


def entry(number: int, inside: str = "") -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/2401.0000{number}v1</id><title>Title {number}</title>"
        f"<summary>Words.</summary>{inside}</entry>\n"
    )


def feed(*entries: str) -> str:
    return FEED + "".join(entries) + "</feed>\n"


def test_an_answer_of_the_api(read_sample: Callable[[str], Reading]) -> None:
    result = read_sample("arxiv-api.xml")
    first, second = result.papers
    assert (first.id, first.key) == ("2403.00001", "arxiv:2403.00001")
    assert first.title == "RiverBank: a corpus of n-grams from gauging stations"
    assert first.abstract == (
        "We present RiverBank, a corpus of ~40 thousand notes written at gauging stations. "
        "A tagger trained on it reaches 91.5% accuracy, while the rule of Gödel & Sons "
        "stays at p < 80."
    )
    assert first.authors == ("Ada Example", "Bo Müller")
    assert (first.year, first.venue) == (2023, "arXiv")
    assert first.url == "https://arxiv.org/abs/2403.00001"
    assert (first.source.line, first.source.format) == (10, "atom")
    assert (second.id, second.key, second.doi) == (
        "cs/0112017",
        "doi:10.1000/fish.7",
        "10.1000/fish.7",
    )
    assert second.venue == "Journal of Samples 7 (2002) 1-9"
    assert result.skipped == []


def test_any_prefix_will_do(read: Read) -> None:
    text = (
        "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\" xmlns:x='http://arxiv.org/schemas/atom'>"
        "<a:entry><a:id>http://arxiv.org/abs/2401.00001v3</a:id><a:title>T</a:title>"
        "<a:summary>S.</a:summary><x:doi>10.1000/a</x:doi></a:entry></a:feed>"
    )
    result = read(text, "a.xml")
    assert [(found.text, found.key) for found in result.papers] == [("T\nS.", "doi:10.1000/a")]
    assert result.skipped == []


def test_a_fault_costs_its_entry_only(read: Read) -> None:
    broken = entry(2).replace("</title>", "</titel>")
    result = read(feed(entry(1), broken, entry(3)), "a.xml")
    assert result.titles == ["Title 1", "Title 3"]
    assert [line for line, _ in result.reasons] == [3]
    assert result.reasons[0][1].startswith("broken XML: Opening and ending tag mismatch")


def test_an_undeclared_prefix_costs_its_entry(read: Read) -> None:
    result = read(feed(entry(1), entry(2, "<no:doi>10.1000/a</no:doi>"), entry(3)), "a.xml")
    assert result.titles == ["Title 1", "Title 3"]
    assert result.reasons == [
        (3, "broken XML: Namespace prefix no on doi is not defined (line 3)"),
    ]


@pytest.mark.parametrize("tag", ["<entry>", "</entry>"])
def test_a_lost_tag_is_told(read: Read, tag: str) -> None:
    result = read(feed(entry(1), entry(2).replace(tag, ""), entry(3)), "a.xml")
    assert result.titles == ["Title 1", "Title 3"]
    assert len(result.reasons) == 1


def test_prefixes_hold_for_the_feed_that_declares_them(read: Read) -> None:
    doi = "<arxiv:doi>10.1000/{}</arxiv:doi>"
    text = feed(entry(1, doi.format("a"))) + "<feed>" + entry(2, doi.format("b")) + "</feed>"
    result = read(text, "a.xml")
    assert [paper.doi for paper in result.papers] == ["10.1000/a"]
    assert "Namespace prefix arxiv" in result.reasons[0][1]


def test_a_failed_query_is_told_and_no_paper(read: Read) -> None:
    text = feed(
        "<entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_1</id>"
        "<title>Error</title><summary>incorrect id format for 1</summary></entry>"
    )
    result = read(text, "a.xml")
    assert result.papers == []
    assert result.reasons == [
        (2, "not a paper but an error of arXiv: incorrect id format for 1"),
    ]


def test_a_daily_announcement(read: Read) -> None:
    text = feed(
        '<entry xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<id>oai:arXiv.org:2401.00001v1</id><title>T</title>"
        "<summary>arXiv:2401.00001v1 Announce Type: new \nAbstract: Words.</summary>"
        "<dc:creator>Ada Example, Bo Sample</dc:creator></entry>"
    )
    (paper,) = read(text, "a.xml").papers
    assert (paper.key, paper.abstract) == ("arxiv:2401.00001", "Words.")
    assert paper.authors == ("Ada Example", "Bo Sample")


def test_another_feed_is_read_as_far_as_it_goes(read: Read) -> None:
    text = feed(
        "<entry><id>urn:uuid:1</id><title>T</title><summary>S.</summary>"
        '<link rel="self" href="https://example.org/1.xml"/><link href="https://example.org/1"/>'
        "<updated>2020-01-01T00:00:00Z</updated></entry>"
    )
    (paper,) = read(text, "a.xml").papers
    assert (paper.id, paper.url, paper.year) == ("urn:uuid:1", "https://example.org/1", 2020)
    assert paper.key.startswith("title:")
    assert paper.venue is None


def test_a_feed_without_entries_holds_no_paper(read: Read) -> None:
    with pytest.raises(CorpusError, match="holds no paper, read as atom"):
        read(feed(), "a.xml")


def test_what_is_no_feed_is_refused(read: Read) -> None:
    with pytest.raises(CorpusError, match="has no <feed>"):
        read(entry(1), "a.xml", "atom")
