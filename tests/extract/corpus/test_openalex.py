"""OpenAlex works."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.corpus import Skipped, openalex, read_papers

from .conftest import Read, Reading


def work(number: int, **fields: object) -> dict[str, object]:
    return {
        "id": f"https://openalex.org/W{number}",
        "title": f"Title {number}",
        "authorships": [],
        **fields,
    }


def lines(*works: object) -> str:
    return "".join(each if isinstance(each, str) else json.dumps(each) + "\n" for each in works)


def page(*works: str, indent: str = "") -> str:
    joined = f",{indent}".join(works)
    return f'{{"meta": {{"count": 3}}, "results": [{indent}{joined}{indent}], "group_by": []}}\n'


def inverted(text: str) -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(text.split(" ")):
        index.setdefault(word, []).append(place)
    return index


@pytest.mark.parametrize("name", ["openalex.jsonl", "openalex-page.json"])
def test_works_of_a_snapshot_and_of_the_api(
    read_sample: Callable[[str], Reading], name: str
) -> None:
    result = read_sample(name)
    first, second, third = result.papers
    assert (first.id, first.key) == ("W9000000001", "doi:10.1000/sample.1")
    assert first.title == "Finding E. coli mentions with GaugeBERT: CO2 & beyond"
    assert first.abstract == (
        "The notes of the gauges are read. The F1 rose to 84.3 (P < 0.01). Code is free."
    )
    assert first.authors == ("Ada Example", "Bo Müller")
    assert (first.year, first.venue) == (2023, "Journal of Sample Medicine")
    assert first.url == "https://doi.org/10.1000/sample.1"
    assert first.source.format == "openalex"
    assert second.key == "arxiv:2403.00001"
    assert second.url == "https://openalex.org/W9000000002"
    assert (third.key, third.abstract) == ("pmid:90000002", "")
    assert result.skipped == []
    lines_of = [paper.source.line for paper in result.papers]
    assert lines_of == ([1, 2, 3] if name.endswith("jsonl") else [10, 135, 204])


def test_a_packed_part_of_a_snapshot(read: Read) -> None:
    data = gzip.compress(lines(*(work(number) for number in range(1, 501))).encode())
    result = read(data, "part_000.gz")
    assert len(result.papers) == 500
    assert result.papers[-1].source.line == 500


@pytest.mark.parametrize("indent", ["", "\n"])
def test_several_pages_in_one_file(read: Read, indent: str) -> None:
    texts = [json.dumps(work(number)) for number in range(1, 5)]
    result = read(page(*texts[:2], indent=indent) + page(*texts[2:], indent=indent), "a.json")
    assert result.titles == ["Title 1", "Title 2", "Title 3", "Title 4"]
    assert result.skipped == []


def test_a_single_work_over_several_lines(read: Read) -> None:
    text = json.dumps(work(1), indent=2) + "\n" + json.dumps(work(2), indent=2)
    result = read(text, "a.json")
    assert [(paper.title, paper.source.line) for paper in result.papers] == [
        ("Title 1", 1),
        ("Title 2", 6),
    ]


@pytest.mark.parametrize(
    "broken",
    [
        '{"id": "https://openalex.org/W2", "title": "Title',
        '{"id": "https://openalex.org/W2", "title": "Title 2", }',
        '{"id": "https://openalex.org/W2", "title": "Title 2", "cited": [1}',
        '{"id": "https://openalex.org/W2", "year": 1' + "0" * 5000 + "}",
        "null",
        "junk",
    ],
)
def test_a_broken_work_costs_itself_only(read: Read, broken: str) -> None:
    one, three, four = (json.dumps(work(number)) for number in (1, 3, 4))
    for text in (
        "\n".join([one, broken, three, four]),
        page(one, broken, three, four),
        page(one, broken, three, four, indent="\n"),
    ):
        result = read(text, "a.json")
        assert result.titles == ["Title 1", "Title 3", "Title 4"]
        assert len(result.skipped) == 1


def test_a_fault_is_told_with_its_line(read: Read) -> None:
    result = read(lines(work(1), '{"id": "https://openalex.org/W2",\n', work(3)), "a.jsonl")
    assert [line for line, _ in result.reasons] == [2]
    assert result.reasons[0][1].startswith("broken JSON: Expecting property name")


def test_a_page_that_cannot_be_read_on_says_so(read: Read) -> None:
    result = read(page('{"title": "A"}', '{"title": B}', '{"title": "C"}'), "a.json")
    assert result.titles == ["A"]
    assert result.reasons == [
        (
            1,
            "broken JSON: Expecting value at character 11; works without identifier below it are lost",
        ),
    ]


def test_many_faults_on_one_page_cost_as_many_works(read: Read) -> None:
    faulty = [f'{{"id": "https://openalex.org/W{number}", x}}' for number in range(2, 20_000)]
    result = read(page(json.dumps(work(1)), *faulty, json.dumps(work(0)), indent="\n"), "a.json")
    assert result.titles == ["Title 1", "Title 0"]
    assert [line for line, _ in result.reasons] == list(range(3, 20_001))


def test_a_bad_byte_costs_its_work(read: Read) -> None:
    data = lines(work(1), work(2), work(3)).encode().replace(b"Title 2", b"Titl\xff 2")
    result = read(data, "a.jsonl")
    assert result.titles == ["Title 1", "Title 3"]
    assert result.reasons[0][1].startswith("not UTF-8: byte 0xff")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": None}, "no title"),
        ({"title": 7}, "the title is a number, not text"),
        ({"abstract_inverted_index": [1]}, "the abstract_inverted_index is no object"),
        (
            {"abstract_inverted_index": {"a": 0}},
            "no places of the word 'a' in the abstract",
        ),
        (
            {"abstract_inverted_index": {"a": [True]}},
            "no places of the word 'a' in the abstract",
        ),
        (
            {"abstract_inverted_index": {"x" * 2_000_000: list(range(1000))}},
            "the abstract has 2,000,001,000 characters; the limit is 1,000,000",
        ),
    ],
)
def test_a_work_that_is_no_paper_is_told(
    read: Read, fields: dict[str, object], reason: str
) -> None:
    result = read(lines(work(1), work(2, **fields), work(3)), "a.jsonl")
    assert result.titles == ["Title 1", "Title 3"]
    assert result.reasons == [(2, reason)]


def test_what_is_wrong_elsewhere_costs_the_field(read: Read) -> None:
    fields = {"authorships": [{"author": None}, 5, {"raw_author_name": "Ada Example"}], "doi": "x"}
    result = read(lines(work(1, **fields)), "a.jsonl")
    assert result.papers[0].authors == ("Ada Example",)
    assert [skip.field for skip in result.skipped] == ["doi", "authors"]


def test_an_abstract_in_plain_text_is_taken_too(read: Read) -> None:
    (paper,) = read(lines(work(1, abstract="<p>Words.</p>")), "a.jsonl").papers
    assert paper.abstract == "Words."


def test_what_runs_on_for_too_long_is_cut_off(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openalex, "MAX_PAGE", 200)
    long = "{\n" + ' "abstract": "words",\n' * 20 + "}\n"
    result = read(lines(work(1), long, work(3)), "a.jsonl")
    assert result.titles == ["Title 1", "Title 3"]
    assert result.reasons[0] == (12, "cut off: more than 200 characters from line 2")


words = st.lists(st.text("abcé中<&;/>", min_size=1, max_size=5), max_size=30)


@given(words)
def test_an_abstract_is_put_together_in_order(parts: list[str]) -> None:
    text = " ".join(parts)
    shuffled = dict(sorted(inverted(text).items(), reverse=True))
    assert openalex._abstract({"abstract_inverted_index": shuffled}) == text


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["author", "display_name", "source", "landing_page_url", "pmid", "a"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
names = st.sampled_from(
    [
        "id",
        "title",
        "display_name",
        "abstract_inverted_index",
        "authorships",
        "locations",
        "primary_location",
        "host_venue",
        "ids",
        "doi",
        "publication_year",
    ]
)


@given(st.lists(st.dictionaries(names, values), min_size=1, max_size=4))
def test_any_values_are_read_or_told(works: list[dict[str, object]]) -> None:
    skipped: list[Skipped] = []
    with TemporaryDirectory() as folder:
        path = Path(folder, "works.jsonl")
        path.write_text(lines(*works))
        papers = list(read_papers(path, format="openalex", skipped=skipped.append))
    whole = [skip for skip in skipped if skip.field is None]
    assert len(papers) + len(whole) == len(works)
