"""CSV and TSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairpapers.extract.corpus import CorpusError, read_papers
from fairpapers.extract.corpus.tables import header_delimiter
from fairpapers.extract.papers import normalize_line

from .conftest import Read


def test_a_csv_table_with_quotes_and_line_ends_in_cells(read: Read) -> None:
    text = (
        "ID,Paper Title,Abstract,Publication Year,Author,Journal,DOI\r\n"
        'a1,"Rivers, lakes","First line,\r\nand ""second"".",2020,"A B; C D",Water,10.1000/W\r\n'
        "a2,Seas,,2021,,,\r\n"
    )
    first, second = read(text, "list.csv").papers
    assert first.text == 'Rivers, lakes\nFirst line, and "second".'
    assert first.authors == ("A B", "C D")
    assert (first.id, first.year, first.venue) == ("a1", 2020, "Water")
    assert first.key == "doi:10.1000/w"
    assert (second.text, second.source.line, second.source.format) == ("Seas\n", 4, "csv")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_shows_the_delimiter(read: Read, delimiter: str) -> None:
    text = f"title{delimiter}abstract\nT{delimiter}A\n"
    assert header_delimiter(text.encode()) == delimiter
    assert [paper.text for paper in read(text, "list.csv").papers] == ["T\nA"]


def test_a_single_column_of_titles_is_a_table(read: Read) -> None:
    assert read("title\nOne, two\n", "list.tsv").titles == ["One, two"]


def test_tsv_takes_stray_quotes_as_they_stand(read: Read) -> None:
    text = 'title\tabstract\n"Give me" or not\tA.\n"quoted\tcell"\tB.\n'
    assert [paper.text for paper in read(text, "list.tsv").papers] == [
        '"Give me" or not\nA.',
        "quoted cell\nB.",
    ]


def test_an_open_quote_costs_one_row(read: Read) -> None:
    text = 'title,abstract\nOne,a\nTwo,"open\nThree,c\nFour,"d"\n'
    result = read(text, "list.csv")
    assert result.titles == ["One", "Three", "Four"]
    ((line, reason),) = result.reasons
    assert line == 3
    assert reason.startswith("broken quoting")


def test_an_open_quote_costs_one_row_in_a_long_table(read: Read) -> None:
    rows = "".join(f"Title {number},a\n" for number in range(3000))
    result = read(f'title,abstract\n"Open,a\n{rows}', "list.csv")
    assert len(result.papers) == 3000
    assert result.reasons == [(2, "broken quoting: a quote is not closed within 1,000 lines")]


def test_a_stray_carriage_return_costs_its_row(read: Read) -> None:
    result = read("title,abstract\nOne,a\rb\nTwo,c\n", "list.csv")
    assert result.titles == ["Two"]
    assert result.reasons == [(2, "a carriage return outside quotes; end lines with a line feed")]


def test_a_row_with_too_many_cells_is_reported_and_a_short_one_read(read: Read) -> None:
    result = read("title,abstract,year\nOne,a,2020,x\nTwo\nThree,c,2021,,\n", "list.csv")
    assert result.titles == ["Two", "Three"]
    assert result.reasons == [(2, "4 cells, but the header has 3")]


def test_a_large_cell_is_read_and_a_larger_one_reported(read: Read) -> None:
    limit = csv.field_size_limit()
    text = f'title,abstract\nA,{"x" * 500_000}\nB,"{"y" * 5_000_000}"\nC,z\n'
    result = read(text, "list.csv")
    assert result.titles == ["A", "C"]
    assert result.reasons == [
        (3, "the abstract has 5,000,000 characters; the limit is 1,000,000"),
    ]
    assert csv.field_size_limit() == limit


def test_a_bad_byte_costs_its_row(read: Read) -> None:
    result = read(b"title,abstract\nOne,a\nTw\xf6,b\nThree,c\n", "list.csv")
    assert result.titles == ["One", "Three"]
    assert result.reasons == [(3, "not UTF-8: byte 0xf6 at character 3")]


def test_a_table_without_titles_is_refused_with_its_columns(read: Read) -> None:
    with pytest.raises(CorpusError, match="no column named title; its columns: name, text"):
        read("Name,Text\na,b\n", "list.csv")


def test_a_header_alone_holds_no_paper(read: Read) -> None:
    with pytest.raises(CorpusError, match="holds no paper, read as csv"):
        read("title,abstract\n", "list.csv")


cells = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=30)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(), cells), min_size=1, max_size=6), st.sampled_from(",\t"))
def test_what_the_csv_module_writes_is_read_back(
    rows: list[tuple[int, str]], delimiter: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["title", "abstract"])
    writer.writerows([f"Title {number}", abstract] for number, abstract in rows)
    titles = list(dict.fromkeys(f"Title {number}" for number, _ in rows))
    first = {f"Title {number}": abstract for number, abstract in reversed(rows)}
    papers = read_text(out.getvalue(), delimiter)
    assert [title for title, _ in papers] == [normalize_line(title) for title in titles]
    assert [text for _, text in papers] == [normalize_line(first[title]) for title in titles]


def read_text(text: str, delimiter: str) -> list[tuple[str, str]]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "list.tsv" if delimiter == "\t" else "list.csv")
        path.write_bytes(text.encode())
        papers = read_papers(path, skipped=lambda _: None)
        return [(paper.title, paper.abstract) for paper in papers]
