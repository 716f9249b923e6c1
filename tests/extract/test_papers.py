"""The text that offsets count in."""

from __future__ import annotations

import hashlib
import unicodedata
from xml.sax.saxutils import escape

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from fairpapers.extract.papers import Paper, Source, normalize_line

# Everything that Python can hold, lone surrogates too.
anything = st.text(st.characters())


def test_text_is_title_line_feed_abstract() -> None:
    source = Source("list.jsonl", 1, "jsonl")
    paper = Paper(id="a", key="title:0", title="Ein Titel", abstract="Größe", source=source)
    assert paper.text == "Ein Titel\nGröße"
    assert paper.text_sha256 == hashlib.sha256("Ein Titel\nGröße".encode()).hexdigest()


def test_composes_removes_controls_and_joins_lines() -> None:
    assert normalize_line(" Cafe\u0301\x00 \r\n\t a\u2028b\ufffe ") == "Café a b"


def test_keeps_right_to_left_text_and_its_marks() -> None:
    assert normalize_line("مجموعة بيانات\u200f (ABC)") == "مجموعة بيانات\u200f (ABC)"


@given(anything)
def test_normalizing_twice_changes_nothing(text: str) -> None:
    line = normalize_line(text)
    assert normalize_line(line) == line
    assert unicodedata.is_normalized("NFC", line)
    assert len(line.splitlines()) <= 1


@given(anything)
def test_a_normalized_line_fits_into_utf8_and_xml(text: str) -> None:
    line = normalize_line(text)
    assert line.encode().decode() == line
    parsed = etree.fromstring(f"<t>{escape(line)}</t>".encode())
    assert (parsed.text or "") == line
