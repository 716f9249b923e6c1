"""`fairpapers show`: in the terminal and as a page."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from fairpapers.api.cli.showing import FIGURE, safe, shown
from fairpapers.api.cli.showing_html import page
from fairpapers.api.cli.showing_terminal import STYLES, marked, rendered
from fairpapers.extract.papers import Paper, Source
from fairpapers.extract.records import (
    LABELS,
    Entity,
    Generator,
    Mention,
    Record,
    Result,
    Size,
    SourceInfo,
)

Run = Any
ATTACK = """</mark><script>alert(1)</script><img src=x onerror="alert(2)">'"&amp;{text}"""


def paper(title: str = "Tagging", abstract: str = "We use BERT. F1 is 91.2%.") -> Paper:
    return Paper("a", "title:1", title, abstract, Source("papers.jsonl", 1, "jsonl"))


def record(of: Paper, *spans: tuple[int, int], name: str = "BERT") -> Record:
    """A record whose mentions stand at the given places, all of one model."""
    return Record(
        id=of.id,
        key=of.key,
        title=of.title,
        source=SourceInfo("papers.jsonl", 1, "jsonl"),
        text_sha256=of.text_sha256,
        text_length=len(of.text),
        mentions=tuple(Mention(s, e, of.text[s:e], "Model", 0.81, "e1") for s, e in spans),
        entities=(Entity("e1", "Model", name, (name,), "introduced", 0.81),),
        results=(),
        generator=Generator("fairpapers", "0", "rules", "0" * 64),
    )


def terminal(of: Paper, found: Record, *, colours: bool = True) -> str:
    """What reaches the terminal."""
    file = io.StringIO()
    console = Console(file=file, color_system="standard" if colours else None, width=100)
    console.print(rendered(shown(of, found), colours=colours))
    return file.getvalue()


class Page(HTMLParser):
    """The text of a page, its tags and what it would load."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loads: list[str] = []
        self.handlers: list[str] = []
        self.marks: list[str] = []
        self.text = ""
        self._in_mark = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loads += [value or "" for name, value in attrs if name in {"src", "href", "srcset"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        if tag == "mark":
            self.marks.append(dict(attrs).get("title") or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_mentions_figures_and_tables_are_shown(run: Run, papers: Path) -> None:
    done = run("show", papers, "--paper", "b", "--rules-only")
    assert done.exit_code == 0, done.stderr
    assert "SQuAD|Dataset●" in done.stdout
    assert f"[91.2|{FIGURE}" in done.stdout
    assert "Entity" in done.stdout
    assert "91.2 %" in done.stdout


@pytest.mark.parametrize(("wanted", "title"), [("c", "Understanding"), ("2", "Questions")])
def test_a_paper_is_found_by_identifier_or_place(
    run: Run, papers: Path, wanted: str, title: str
) -> None:
    done = run("show", papers, "--paper", wanted, "--rules-only")
    assert title in done.stdout


def test_a_paper_is_found_by_its_key_and_the_first_is_the_default(run: Run, papers: Path) -> None:
    first = run("show", papers, "--rules-only").stdout
    assert "Tagging with" in first
    key = first.split(" ")[0]
    assert run("show", papers, "--paper", key, "--rules-only").stdout == first


def test_an_identifier_goes_before_a_place(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "numbered.jsonl"
    lines = [{"id": "2", "title": "Older"}, {"id": "1", "title": "Newer"}]
    path.write_text("".join(json.dumps(line | {"abstract": "Text."}) + "\n" for line in lines))
    assert "Older" in run("show", path, "--paper", "2", "--rules-only").stdout


@pytest.mark.parametrize("wanted", ["zz", "0", "4", "²", "-1", "\x1b[31m"])
def test_a_paper_that_is_not_there_is_told(run: Run, papers: Path, wanted: str) -> None:
    done = run("show", papers, f"--paper={wanted}", "--rules-only")
    assert done.exit_code == 1
    assert "from 1 to 3" in done.stderr
    assert "\x1b" not in done.stderr


def test_stored_records_are_shown(run: Run, papers: Path, tmp_path: Path) -> None:
    records = tmp_path / "r.jsonl"
    assert run("extract", papers, "-o", records, "--rules-only").exit_code == 0
    changed = re.sub(r'"confidence":[0-9.]+', '"confidence":0.123', records.read_text())
    records.write_text(changed)
    done = run("show", papers, "--records", records)
    assert done.exit_code == 0, done.stderr
    assert "0.12" in done.stdout


def test_records_of_another_text_are_refused(run: Run, papers: Path, tmp_path: Path) -> None:
    records = tmp_path / "r.jsonl"
    assert run("extract", papers, "-o", records, "--rules-only").exit_code == 0
    papers.write_text(papers.read_text().replace("We use BERT", "We often use BERT"))
    done = run("show", papers, "--records", records)
    assert done.exit_code == 1
    assert "was made from another text" in done.stderr
    assert done.stdout == ""


def test_missing_and_broken_records_are_told(run: Run, papers: Path, tmp_path: Path) -> None:
    records = tmp_path / "r.jsonl"
    records.write_text("")
    assert "no record of title:" in run("show", papers, "--records", records).stderr
    records.write_text('\n{"id": 1}\n')
    assert f"{records}:2: no record" in run("show", papers, "--records", records).stderr


def test_a_page_is_written_to_a_file_or_to_standard_output(
    run: Run, papers: Path, tmp_path: Path
) -> None:
    output = tmp_path / "paper.html"
    done = run("show", papers, "--format", "html", "-o", output, "--rules-only")
    assert (done.exit_code, done.stdout) == (0, "")
    again = run("show", papers, "--format", "html", "--rules-only")
    assert output.read_text() == again.stdout
    assert again.stdout.startswith("<!doctype html>")


def test_text_in_a_file_has_no_colours(run: Run, papers: Path, tmp_path: Path) -> None:
    output = tmp_path / "paper.txt"
    run("show", papers, "-o", output, "--rules-only", env={"FORCE_COLOR": "1"})
    assert "\x1b" not in output.read_text()
    assert "BERT|Model" in output.read_text()


def test_every_kind_has_a_style_and_a_role_its_sign() -> None:
    assert set(STYLES) == {*LABELS, FIGURE}
    one = paper()
    text = marked(shown(one, record(one, (15, 19))), colours=True)
    assert text.plain == "Tagging\nWe use BERT★. F1 is 91.2%."
    assert any(text.plain[s.start : s.end] == "BERT★" for s in text.spans)


def test_the_page_marks_the_same_with_role_and_confidence() -> None:
    one = paper()
    found = Page(page(shown(one, record(one, (15, 19)))))
    assert found.marks[0] == "BERT: Model, introduced, confidence 0.81"
    assert "We use BERTModel ★ 0.81. F1 is 91.2%." in found.text


def test_sizes_are_marked_and_listed_in_both_shapes() -> None:
    one = paper("FooBank", "It holds over 5,000 BERT sentences and 9K words.")
    start, end = one.text.index("5,000"), one.text.index(" and")
    sizes = (
        Size("FooBank", "5,000", "5000", "BERT sentences", ">", start, end, 0.91),
        Size(None, "9K", "9000", "words", "=", one.text.index("9K"), len(one.text) - 1, 0.6),
    )
    name = one.text.index("BERT")
    found = replace(record(one, (name, name + 4)), sizes=sizes)
    plain = terminal(one, found, colours=False)
    assert f"[5,000|{FIGURE} 0.91] [BERT|Model★ 0.81] sentences" in plain
    rows = [tuple(filter(None, line.split("  "))) for line in plain.splitlines()]
    assert any(
        [cell.strip() for cell in row] == ["FooBank", "> 5,000", "BERT sentences", "0.91"]
        for row in rows
    )
    assert any([cell.strip() for cell in row] == ["–", "9K", "words", "0.60"] for row in rows)
    shape = Page(page(shown(one, found)))
    assert shape.marks[0] == f"BERT sentences: {FIGURE}, confidence 0.91"
    assert "> 5,000BERT sentences0.91" in shape.text


def test_markup_in_a_text_stays_text() -> None:
    one = paper(f"Title {ATTACK}", f"We use {ATTACK} here.")
    start = one.text.index(ATTACK, len(one.title))
    evil = record(one, (6, 6 + len(ATTACK)), (start, start + len(ATTACK)), name=ATTACK)
    evil = replace(evil, generator=Generator(ATTACK, ATTACK, ATTACK, ATTACK))
    source = page(shown(one, evil))
    found = Page(source)
    assert found.tags.isdisjoint({"script", "img"})
    assert found.handlers == []
    assert found.text.count(ATTACK) >= 5
    assert ATTACK in found.marks[0]


def test_the_page_loads_nothing_and_suits_light_and_dark() -> None:
    one = paper()
    source = page(shown(one, record(one)))
    found = Page(source)
    assert found.loads == []
    assert found.tags.isdisjoint({"script", "link", "iframe", "object"})
    assert "url(" not in source
    assert "@import" not in source
    assert "default-src 'none'" in source
    assert "prefers-color-scheme: dark" in source


@pytest.mark.parametrize(
    "spans", [((15, 19), (12, 19)), ((15, 19), (15, 19)), ((12, 17), (15, 19))]
)
def test_of_overlapping_marks_the_earlier_and_longer_is_shown(
    spans: tuple[tuple[int, int], ...],
) -> None:
    one = paper()
    view = shown(one, record(one, *spans))
    assert [(m.start, m.end) for m in view.marks] == [min(spans, key=lambda s: (s[0], -s[1]))]


def test_marks_outside_the_text_are_left_out() -> None:
    one = paper()
    assert shown(one, record(one, (5, 500), (400, 410), (3, 3), (7, 2))).marks == ()


def test_nothing_found_is_said() -> None:
    one = paper()
    empty = replace(record(one), entities=())
    assert "Nothing was found" in terminal(one, empty)
    assert "Nothing was found" in page(shown(one, empty))


def test_figures_are_described() -> None:
    one = paper()
    figure = Result("F1", "91.2", "%", "absolute", "≥", "BERT", "CoNLL", "tagging", 27, 31, 0.5)
    found = replace(record(one), results=(figure,))
    for text in (terminal(one, found), page(shown(one, found))):
        assert "≥ 91.2 %" in text
        assert "CoNLL, tagging" in text


def test_text_from_right_to_left_is_set_so() -> None:
    one = paper("מודלים", "אנו משתמשים ב BERT כאן.")
    start = one.text.index("BERT")
    view = shown(one, record(one, (start, start + 4)))
    assert 'dir="rtl"' in page(view)
    assert "direction: rtl" in page(view)
    assert "BERT★" in terminal(one, record(one, (start, start + 4)))


def test_no_sequence_from_a_text_reaches_the_terminal() -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eTREB\u2066 [red]x[/red]"
    one = paper(f"T {evil}", f"We use {evil}.")
    found = record(one, (2, 2 + len(evil)), name=evil)
    sent = terminal(one, found, colours=False)
    assert all(unicodedata.category(c) != "Cc" or c == "\n" for c in sent)
    assert "\u202e" not in sent
    assert "[red]x[/red]" in sent
    coloured = terminal(one, found)
    for sequence in ("\x1b]", "\x1b[2J", "\x07", "\x9b", "\u202e", "\u2066"):
        assert sequence not in coloured


@given(st.text())
def test_safe_text_keeps_its_length_and_has_no_controls(text: str) -> None:
    made = safe(text)
    assert len(made) == len(text)
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") for c in made)
    assert all(
        unicodedata.bidirectional(c) not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI"}
        for c in made
    )
    assert safe(made) == made


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70))))
def test_any_text_and_places_can_be_shown(abstract: str, spans: list[tuple[int, int]]) -> None:
    one = paper(abstract=abstract.encode("utf-8", "replace").decode())
    view = shown(one, record(one, *spans))
    assert Page(page(view)).tags.isdisjoint({"script", "img"})
    assert marked(view, colours=True).plain.replace("★", "") == view.text.replace("★", "")
