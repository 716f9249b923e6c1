"""The figures of the demo graph in the documents are those of the demo graph."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fairpapers.graph.store import Store
from fairpapers.queries import Library, load_library
from fairpapers.queries.errors import KeyNumberError
from fairpapers.queries.key_numbers import (
    KeyNumber,
    ask_key_numbers,
    documents,
    key_numbers_file,
    misquoted,
    quoted,
    read_key_numbers,
    write_key_numbers,
)

PAPERS = KeyNumber("A02", {"kind": "fp:Paper"}, "things", 84, {"a.py": ("of {} papers",)})
NUMBERS = {"papers": PAPERS, "mentions": KeyNumber("A02", {}, "things", 12_345)}
# Figures that are the same by chance: what was measured, and on what.
OTHERS = {
    ("graph/README.md", "84 papers"): "a list of papers that the speed was measured on",
}
GRAPH = (
    "@prefix fp: <https://w3id.org/fairpapers/ontology#> . <urn:p> a fp:Paper ; fp:uses <urn:d> ."
)


@pytest.fixture(scope="module")
def numbers() -> dict[str, KeyNumber]:
    return read_key_numbers(key_numbers_file())


def test_they_are_what_the_graph_answers(demo: Store, numbers: dict[str, KeyNumber]) -> None:
    assert ask_key_numbers(demo, load_library(), numbers) == numbers, "run 'make golden'"


def test_every_document_names_them_rightly(root: Path, numbers: dict[str, KeyNumber]) -> None:
    found = [
        f"{name}:{line}: {fault}"
        for name, path in documents(root, numbers).items()
        for line, fault in misquoted(name, path.read_text("utf-8"), numbers)
    ]
    assert "\n".join(found) == "", "if the graph is right: make golden"


def test_the_documents_mark_them(root: Path, numbers: dict[str, KeyNumber]) -> None:
    """Guards the test above: a figure that nobody marked would grow old unseen."""
    readme = (root / "README.md").read_text("utf-8")
    assert len(set(re.findall("<!-- key: (.*?) -->", readme))) >= 5
    unmarked = []
    for name, path in documents(root, numbers).items():
        text = path.read_text("utf-8")
        for key, number in numbers.items():
            for each in re.finditer(rf"\b{number.value:,} {key}\b", text):
                said = [phrase.format(f"{number.value:,}") for phrase in number.said.get(name, ())]
                line = text[text.rfind("\n", 0, each.start()) + 1 :].partition("\n")[0]
                if not any(phrase in line for phrase in said) and (name, each[0]) not in OTHERS:
                    unmarked.append(f"{name}: {each[0]}")
    assert unmarked == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a graph of 84<!-- key: papers --> papers", []),
        ("12,345<!-- key: mentions -->", []),
        ("\n\n85<!-- key: papers --> papers", [(3, "papers are 84, here 85")]),
        ("12345<!-- key: mentions -->", [(1, "mentions are 12,345, here 12345")]),
        ("x<!-- key: papers -->", [(1, "no figure stands right before <!-- key: papers -->")]),
        ("84<!-- key: paper -->", [(1, "there is no key number 'paper'; there are papers, mentions")]),
    ],
)  # fmt: skip
def test_a_marked_figure_is_compared(text: str, expected: list[tuple[int, str]]) -> None:
    assert list(misquoted("b.md", text, NUMBERS)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"""Out of 84 papers."""', []),
        ("\nof 83 papers, of 84 papers", [(2, "papers are 84, here 83")]),
        ("nothing", [(1, "'of {} papers' is said to be here, for papers, and is not")]),
    ],
)
def test_a_phrase_is_compared(text: str, expected: list[tuple[int, str]]) -> None:
    assert list(misquoted("a.py", text, NUMBERS)) == expected
    assert list(misquoted("b.py", text, NUMBERS)) == []


def test_figures_are_brought_up_to_date() -> None:
    old = "of 1 papers; 2<!-- key: papers --> and 3<!-- key: mentions -->; 4<!-- key: none -->"
    new = (
        "of 84 papers; 84<!-- key: papers --> and 12,345<!-- key: mentions -->; 4<!-- key: none -->"
    )
    assert quoted("a.py", old, NUMBERS) == new
    assert quoted("a.py", new, NUMBERS) == new
    assert quoted("b.py", "of 1 papers", NUMBERS) == "of 1 papers"


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_key_numbers(tmp_path / "keys.json", NUMBERS)
    assert read_key_numbers(tmp_path / "keys.json") == NUMBERS


def test_a_figure_is_asked_by_its_query(library: Library, few: Callable[[str], Store]) -> None:
    (found,) = ask_key_numbers(few(GRAPH), library, {"papers": PAPERS}).values()
    assert found == replace(PAPERS, value=1)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (replace(PAPERS, row={"kind": "fp:Model"}), "has 0 rows"),
        (replace(PAPERS, column="count"), "has no column count"),
        (replace(PAPERS, row={"class": "fp:Paper"}), "has no column class"),
        (replace(PAPERS, column="kind"), "has no whole number in column kind"),
        (replace(PAPERS, query="A07"), "gives no rows"),
    ],
)
def test_a_figure_that_the_query_does_not_give_is_told(
    library: Library, few: Callable[[str], Store], number: KeyNumber, words: str
) -> None:
    with pytest.raises(KeyNumberError, match=words):
        ask_key_numbers(few(GRAPH), library, {"papers": number})
