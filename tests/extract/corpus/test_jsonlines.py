"""JSON Lines."""

from __future__ import annotations

import json

import pytest

from fairpapers.extract import Source
from fairpapers.extract.corpus import CorpusError

from .conftest import Read


def lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def test_every_field_is_read(read: Read) -> None:
    record = {
        "id": "P19-1012",
        "title": "Corpora \n of  rivers",
        "abstract": "Two rivers,\r\none corpus.",
        "year": 2019,
        "authors": ["Ada Example", "Bo Sample"],
        "venue": ["acl", "srw"],
        "doi": "https://doi.org/10.18653/v1/P19-1012",
        "url": "https://example.org/p",
    }
    (paper,) = read(lines(record), "list.jsonl").papers
    assert paper.id == "P19-1012"
    assert paper.key == "doi:10.18653/v1/p19-1012"
    assert paper.text == "Corpora of rivers\nTwo rivers, one corpus."
    assert paper.year == 2019
    assert paper.authors == ("Ada Example", "Bo Sample")
    assert paper.venue == "acl, srw"
    assert paper.doi == "10.18653/v1/p19-1012"
    assert paper.url == "https://example.org/p"
    assert paper.source == Source("list.jsonl", 1, "jsonl")


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"id": "W19-36.30"}, "acl:W19-3630"),
        ({"id": "2021.emnlp-main.330"}, "acl:2021.emnlp-main.330"),
        ({"arxiv_id": "2401.00001v2"}, "arxiv:2401.00001"),
        ({"arxiv": "cs/0112017"}, "arxiv:cs/0112017"),
        ({"id": "arXiv:2401.00001"}, "arxiv:2401.00001"),
        ({"url": "https://arxiv.org/abs/2401.00001"}, "arxiv:2401.00001"),
        ({"url": "https://aclanthology.org/P19-1012"}, "acl:P19-1012"),
        ({"id": "7", "url": "https://doi.org/10.1000/ABC"}, "doi:10.1000/abc"),
        ({"PMID": 31452104}, "pmid:31452104"),
        ({"id": "PMID:31452104"}, "pmid:31452104"),
        ({"url": "https://pubmed.ncbi.nlm.nih.gov/31452104/"}, "pmid:31452104"),
    ],
)
def test_identity_comes_from_whatever_tells_it(
    read: Read, fields: dict[str, str], key: str
) -> None:
    (paper,) = read(lines({"title": "T", **fields}), "list.jsonl").papers
    assert paper.key == key


def test_a_bare_number_as_id_is_no_arxiv_identifier(read: Read) -> None:
    (paper,) = read(lines({"title": "T", "id": "2401.00001"}), "list.jsonl").papers
    assert paper.key.startswith("title:")
    assert paper.id == "2401.00001"


def test_without_id_the_key_is_the_id(read: Read) -> None:
    (paper,) = read(lines({"title": "T"}), "list.jsonl").papers
    assert paper.id == paper.key


@pytest.mark.parametrize(
    "authors",
    [
        ["A B", "C D"],
        [{"name": "A B"}, {"given": "C", "family": "D"}],
        "A B and C D",
        "A B; C D",
        [" A  B ", {"first": "C", "last": "D"}],
    ],
)
def test_authors_in_every_form(read: Read, authors: object) -> None:
    (paper,) = read(lines({"title": "T", "authors": authors}), "list.jsonl").papers
    assert paper.authors == ("A B", "C D")


def test_summary_stands_for_abstract_and_names_ignore_case(read: Read) -> None:
    (paper,) = read(lines({"Title": "T", "SUMMARY": "S."}), "list.jsonl").papers
    assert paper.text == "T\nS."


def test_a_title_alone_is_a_paper(read: Read) -> None:
    result = read(lines({"title": "Only a title"}), "list.jsonl")
    assert [paper.text for paper in result.papers] == ["Only a title\n"]
    assert result.skipped == []


def test_a_broken_line_costs_that_line(read: Read) -> None:
    text = lines({"title": "One"}) + '{"title": "Tw\n' + lines({"title": "Three"})
    result = read(text, "list.jsonl")
    assert result.titles == ["One", "Three"]
    assert [line for line, _ in result.reasons] == [2]
    assert str(result.skipped[0]).endswith(
        "list.jsonl:2: broken JSON: Unterminated string starting at character 11"
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1, 2]", "not a JSON object"),
        ("null", "not a JSON object"),
        ("{}", "no title"),
        ('{"title": "  "}', "no title"),
        ('{"title": NaN}', "no title"),
        ('{"title": "\\u0000\\ud800"}', "no title"),
        ('{"title": 12}', "the title is a number, not text"),
        ('{"title": true}', "the title is true or false, not text"),
        ('{"title": ["T"]}', "the title is a list, not text"),
        ('{"title": "T", "abstract": {"en": "A"}}', "the abstract is an object, not text"),
        ("[" * 100_000 + "]" * 100_000, "broken JSON: nested too deeply"),
        ('{"title": "T", "year": 1' + "0" * 5000 + "}", "a number with too many digits"),
    ],
)
def test_a_record_that_is_no_paper_is_reported(read: Read, line: str, reason: str) -> None:
    result = read(lines({"title": "Good"}) + line + "\n" + lines({"title": "Too"}), "list.jsonl")
    assert result.titles == ["Good", "Too"]
    ((number, told),) = result.reasons
    assert number == 2
    assert told.endswith(reason)


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        ("2019", 2019),
        ("2019-05-01", 2019),
        ("May 2019", 2019),
        (2019.0, 2019),
        (float("nan"), None),
        (None, None),
    ],
)
def test_a_year_in_every_form(read: Read, year: object, expected: int | None) -> None:
    result = read(lines({"title": "T", "year": year}), "list.jsonl")
    assert [paper.year for paper in result.papers] == [expected]
    assert result.skipped == []


@pytest.mark.parametrize("year", [10**300, -1, 0, 1e308, float("inf"), True, "123456", 2019.5, []])
def test_an_impossible_year_costs_the_year_only(read: Read, year: object) -> None:
    result = read(lines({"title": "T", "year": year}), "list.jsonl")
    assert [paper.year for paper in result.papers] == [None]
    if year != []:
        ((_, reason),) = result.reasons
        assert reason == "year is no year from 1400 to 2200; the paper is kept without"
        assert result.skipped[0].field == "year"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("doi", "forthcoming"),
        ("arxiv", "soon"),
        ("url", "javascript:alert(1)"),
        ("url", "https://example.org/a b"),
        ("venue", 3.5),
        ("venue", {"name": "V"}),
        ("authors", 7),
        ("authors", ["A", 5]),
        ("id", "x" * 10_001),
    ],
)
def test_a_bad_field_costs_that_field(read: Read, field: str, value: object) -> None:
    result = read(lines({"title": "T", field: value}), "list.jsonl")
    assert result.titles == ["T"]
    assert [skip.field for skip in result.skipped] == [field]
    assert result.papers[0].doi is None
    assert result.papers[0].url is None


def test_an_abstract_at_the_limit_is_read_and_one_beyond_is_not(read: Read) -> None:
    fits, over = (
        {"title": "A", "abstract": "é" * 1_000_000},
        {"title": "B", "abstract": "x" * 5_000_000},
    )
    result = read(lines(fits, over, {"title": "C"}), "list.jsonl")
    assert result.titles == ["A", "C"]
    assert len(result.papers[0].abstract) == 1_000_000
    assert result.reasons == [
        (2, "the abstract has 5,000,000 characters; the limit is 1,000,000"),
    ]


def test_a_line_beyond_all_bounds_is_passed_over(read: Read) -> None:
    long = '{"title": "' + "x" * (17 * 2**20) + '"}\n'
    result = read(lines({"title": "One"}) + long + lines({"title": "Three"}), "list.jsonl")
    assert result.titles == ["One", "Three"]
    assert result.papers[1].source.line == 3
    assert result.reasons == [(2, "the line is longer than 16,777,216 bytes")]


def test_a_bad_byte_costs_that_line(read: Read) -> None:
    data = b'{"title": "One"}\n{"title": "caf\xe9"}\n{"title": "Three"}\n'
    result = read(data, "list.jsonl")
    assert result.titles == ["One", "Three"]
    assert result.reasons == [(2, "not UTF-8: byte 0xe9 at character 15")]


def test_raw_control_characters_in_a_string_go(read: Read) -> None:
    result = read('{"title": "a\x00b\x07\tc"}\n', "list.jsonl")
    assert result.titles == ["ab c"]


def test_control_characters_go_and_right_to_left_text_stays(read: Read) -> None:
    record = {"title": "שלום\u0000 עולם", "abstract": "بيانات\u0007\u001b عربية"}
    (paper,) = read(lines(record), "list.jsonl").papers
    assert paper.text == "שלום עולם\nبيانات عربية"


def test_the_same_paper_twice_is_one(read: Read) -> None:
    text = lines({"title": "Same Paper"}, {"title": "Other"}, {"title": "same – paper!"})
    result = read(text, "list.jsonl")
    assert result.titles == ["Same Paper", "Other"]
    ((line, reason),) = result.reasons
    assert line == 3
    assert reason.startswith("same paper as line 1 (title:")


def test_a_json_array_is_refused_with_the_remedy(read: Read) -> None:
    for text in ('[{"title": "T"}]', '[\n{"title": "T"}\n]\n'):
        with pytest.raises(CorpusError, match="one object a line"):
            read(text, "list.jsonl")
