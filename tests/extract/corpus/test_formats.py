"""Which reader a file needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairpapers.extract.corpus import FORMATS, FormatError, detect_format

from .conftest import Read

SAMPLES = {
    "anthology": b'<?xml version="1.0"?>\n<!-- A <b> list -->\n<collection id="2021.acl">',
    "atom": b'<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
    "bibtex": b"% my papers\n\n@article{a, title={T}}",
    "csv": b"id,Title,Abstract\n1,T,A\n",
    "jsonl": b'\n{"title": "T"}\n',
    "listing": b"Home\n\nLevels of Rivers\n\n" + b"Water rises and falls. " * 20,
    "oai": b"<?xml version='1.0'?><OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'>",
    "openalex": b'{"id":"https://openalex.org/W1","title":"T","authorships": []}\n',
    "pubmed": b"<!DOCTYPE PubmedArticleSet PUBLIC 'a' 'b'>\n<PubmedArticleSet>",
    "tsv": b"title\tabstract\nT\tA\n",
}


def test_there_is_a_sample_of_each_format() -> None:
    assert set(SAMPLES) == set(FORMATS)


def test_the_documentation_names_every_format(root: Path) -> None:
    readers = (root / "extract/README.md").read_text().split("## The readers")[1]
    table = readers.split("## ")[0]
    assert {name for name in FORMATS if f"`{name}`" not in table} == set()


@pytest.mark.parametrize("name", sorted(SAMPLES))
@pytest.mark.parametrize("file", ["list", "list.txt", "list.dat", "list.gz"])
def test_the_content_tells_where_the_suffix_does_not(name: str, file: str) -> None:
    assert detect_format(Path(file), SAMPLES[name]) == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'<a:feed xmlns:a="http://www.w3.org/2005/Atom">', "atom"),
        (b'<oai:OAI-PMH xmlns:oai="http://www.openarchives.org/OAI/2.0/">', "oai"),
        (b"<!-- <feed> -->\n<ListRecords>", "oai"),
        (b'{"meta": {"count": 1},\n "results": [', "openalex"),
        (b'{"results":[]}', "openalex"),
        (b'{"display_name": "T", "abstract_inverted_index": {"A": [0]}}', "openalex"),
        (b'{"title": "T", "abstract": "the authorships"}', "jsonl"),
    ],
)
def test_prefixes_and_other_forms_are_known(head: bytes, name: str) -> None:
    assert detect_format(Path("list"), head) == name


@pytest.mark.parametrize("file", ["works.jsonl", "works.ndjson", "works.jsonl.gz"])
def test_works_are_known_although_the_suffix_says_json_lines(file: str) -> None:
    assert detect_format(Path(file), SAMPLES["openalex"]) == "openalex"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.bib", "bibtex"),
        ("a.CSV", "csv"),
        ("a.tsv.gz", "tsv"),
        ("2024.jan.jsonl", "jsonl"),
        ("a.ndjson", "jsonl"),
    ],
)
def test_a_suffix_that_tells_the_format_decides(file: str, name: str) -> None:
    assert detect_format(Path(file), SAMPLES["listing"]) == name


@pytest.mark.parametrize("head", [b"<!DOCTYPE html>\n<html>", b"<?xml version='1.0'?><rss>"])
@pytest.mark.parametrize("file", ["list", "list.txt"])
def test_what_fits_no_format_is_refused_with_the_known_ones(file: str, head: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        detect_format(Path(file), head)
    assert caught.value.known == tuple(FORMATS)
    assert ", ".join(FORMATS) in str(caught.value)


def test_plain_text_is_a_listing_by_its_suffix_only() -> None:
    assert detect_format(Path("list.txt"), b"some words\n") == "listing"
    with pytest.raises(FormatError):
        detect_format(Path("list"), b"some words\n")


def test_a_format_by_name_overrides_the_suffix(read: Read) -> None:
    result = read('{"title": "T"}\n', "list.csv", "jsonl")
    assert result.titles == ["T"]
    assert result.papers[0].source.format == "jsonl"


def test_an_unknown_name_is_refused(read: Read) -> None:
    with pytest.raises(FormatError, match="there is no format 'xlsx'; known formats: anthology"):
        read('{"title": "T"}\n', "list.jsonl", "xlsx")
