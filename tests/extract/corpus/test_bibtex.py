"""BibTeX."""

from __future__ import annotations

import pytest

from fairpapers.extract.corpus import CorpusError

from .conftest import Read

GOOD = "@article{%s,\n  title = {Title %s},\n  abstract = {An abstract.}\n}\n"


def good(key: str) -> str:
    return GOOD % (key, key)


def test_every_field_is_read(read: Read) -> None:
    text = r"""
This is a comment with mail@example.org in it.
@string{water = "Journal of " # "Water"}
@Article{doe2020,
  title    = "{BERT} for {G}{\"o}del: 50\% of $\alpha$",
  author   = {Doe, Jane and {The River, Inc.} and Max M{\"u}ller and Roe, Jr., Sam and others},
  abstract = {Two rivers, % counted
              one corpus.},
  journal  = water,
  year     = 2020,
  month    = jan,
  doi      = {10.1000/a\_B},
  url      = {https://example.org/a\_b},
}
"""
    result = read(text, "list.bib")
    (paper,) = result.papers
    assert paper.id == "doe2020"
    assert paper.text == "BERT for Gödel: 50% of α\nTwo rivers, % counted one corpus."
    assert paper.authors == ("Jane Doe", "The River, Inc.", "Max Müller", "Sam Roe Jr.")
    assert (paper.venue, paper.year) == ("Journal of Water", 2020)
    assert paper.key == "doi:10.1000/a_b"
    assert paper.url == "https://example.org/a_b"
    assert paper.source.line == 4
    assert result.skipped == []


def test_an_entry_in_parentheses_and_upper_case(read: Read) -> None:
    (paper,) = read('@MISC(k, TITLE = "T", eprint = "2401.00001")', "list.bib").papers
    assert (paper.id, paper.title, paper.key) == ("k", "T", "arxiv:2401.00001")


def test_an_eprint_of_another_archive_is_no_arxiv_paper(read: Read) -> None:
    text = "@misc{k, title={T}, eprint={2401.00001}, archiveprefix={hal}}"
    (paper,) = read(text, "list.bib").papers
    assert paper.key.startswith("title:")


def test_without_abstract_an_entry_is_a_title_alone(read: Read) -> None:
    result = read("@book{k, title = {Only a Title}}", "list.bib")
    assert [paper.text for paper in result.papers] == ["Only a Title\n"]
    assert result.skipped == []


def test_without_title_an_entry_is_skipped(read: Read) -> None:
    result = read(good("one") + "@misc{two, abstract = {A.}}\n" + good("three"), "list.bib")
    assert result.titles == ["Title one", "Title three"]
    assert result.reasons == [(5, "no title")]


@pytest.mark.parametrize(
    "broken",
    [
        "@article{two,\n  title = {Never closed,\n  year = 2020\n",
        '@article{two,\n  title = "Never closed,\n  year = 2020\n}\n',
        "@article{two,\n  title = {Too} many} braces\n}\n",
        "@article{two,\n  title {No sign}\n}\n",
        "@article{, title = {No key}}\n",
        "@article{two\n",
        "@article{two, title = " + "{" * 150 + "}" * 150 + "}\n",
    ],
)
def test_a_broken_entry_costs_itself_only(read: Read, broken: str) -> None:
    result = read(good("one") + broken + good("three"), "list.bib")
    assert "Title one" in result.titles
    assert "Title three" in result.titles
    assert [line for line, _ in result.reasons] == [5]
    assert result.reasons[0][1].startswith("broken entry: ")


def test_the_report_names_the_line_of_the_fault(read: Read) -> None:
    result = read(good("one") + "@article{two,\n  year = 2020,\n  title {No sign}\n}\n", "list.bib")
    assert result.reasons == [(5, "broken entry: '=' expected (line 7)")]


def test_entries_on_one_line_are_apart(read: Read) -> None:
    text = "@misc{a, title={A}} @misc{b, title={B} @misc{c, title={C}}\n"
    result = read(text, "list.bib")
    assert result.titles == ["A", "C"]
    assert len(result.skipped) == 1


def test_comments_preambles_and_unknown_macros_do_no_harm(read: Read) -> None:
    text = (
        "@comment{jabref-meta: a@b;}\n@preamble{ {\\newcommand{\\x}{y}} }\n"
        "@misc{k, title = {T}, month = foo, note = bar # baz}\n"
    )
    result = read(text, "list.bib")
    assert result.titles == ["T"]
    assert result.skipped == []


def test_macros_of_one_file_are_unknown_in_the_next(read: Read) -> None:
    (first,) = read("@string{v = {Venue}}\n@misc{k, title={T}, journal = v}", "one.bib").papers
    (second,) = read("@misc{k, title={T}, journal = v}", "two.bib").papers
    assert (first.venue, second.venue) == ("Venue", None)


def test_an_entry_beyond_the_bounds_is_passed_over(read: Read) -> None:
    long = "@misc{two, title = {T}, abstract = {" + "word " * 1_000_000 + "}}\n"
    braces = "@misc{three, title = {T}, note = {" + "{}" * 50_000 + "}}\n"
    result = read(good("one") + long + braces + good("four"), "list.bib")
    assert result.titles == ["Title one", "Title four"]
    assert result.reasons == [
        (5, "the entry is longer than 2,097,152 characters"),
        (6, "the entry has too many braces for its length: 50,003"),
    ]


def test_an_abstract_beyond_the_limit_costs_its_entry(read: Read) -> None:
    long = "@misc{two, title = {T}, abstract = {" + "word " * 300_000 + "}}\n"
    result = read(good("one") + long + good("three"), "list.bib")
    assert result.titles == ["Title one", "Title three"]
    assert result.reasons == [
        (5, "the abstract has 1,500,000 characters; the limit is 1,000,000"),
    ]


def test_a_bad_byte_costs_its_entry(read: Read) -> None:
    text = (good("one") + good("two") + good("three")).encode()
    result = read(text.replace(b"Title two", b"Titl\xe9 two"), "list.bib")
    assert result.titles == ["Title one", "Title three"]
    assert result.reasons[0][0] == 5


def test_a_file_without_entries_holds_no_paper(read: Read) -> None:
    with pytest.raises(CorpusError, match="holds no paper, read as bibtex"):
        read("nothing but words", "list.bib")
