"""Remnants of markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.corpus.markup import strip_markup
from fairpapers.extract.papers import normalize_line


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("<jats:p>One.</jats:p><jats:p>Two.</jats:p>", "One. Two."),
        ("<jats:title>Abstract</jats:title><p>Words.</p>", "Words."),
        ("<jats:sec><jats:title>Aims:</jats:title><jats:p>Words.", "Aims: Words."),
        ('<h2 class="a">Aims</h2>Words<br/>end', "Aims Words end"),
        ("CO<sub>2</sub>, 10<sup>-3</sup>, <I>E. coli</I>", "CO2, 10-3, E. coli"),
        ('<a href="https://example.org/?a=1&amp;b=2">here</a>', "here"),
        ("<mml:math><mml:mi>x</mml:mi><mml:mo>=</mml:mo></mml:math>1", "x=1"),
        ("A &amp; B &amp;amp; C &#946; &quot;d&quot;", 'A & B & C β "d"'),
        ("&lt;p&gt;Words&lt;/p&gt;", "Words"),
        ("P &lt; 0.05 and n > 3", "P < 0.05 and n > 3"),
        ("a <b and c> d", "a <b and c> d"),
        ("x<y, <unknown>, AT&T, R&D;", "x<y, <unknown>, AT&T, R&D;"),
        ("Abstract Meaning Representation", "Abstract Meaning Representation"),
    ],
)
def test_tags_and_references_go_and_text_stays(written: str, plain: str) -> None:
    assert normalize_line(strip_markup(written)) == plain


@given(st.text(st.characters(exclude_characters="<&")))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert strip_markup(text) == text


pieces = st.lists(
    st.sampled_from(["<p", "<title>", ' a="', '"', ">", " ", ":", "</p>", "&lt;", "x"])
)


@given(pieces.map("".join))
def test_no_whole_tag_is_left(text: str) -> None:
    left = strip_markup(text)
    assert "</p>" not in left
    assert "<p>" not in left


@pytest.mark.parametrize("start", ["<p", "<title>", "<p a", "<p a=", '<p a="', "&", "<title> :"])
def test_long_runs_are_read_in_linear_time(start: str) -> None:
    for filler in (" ", ":", "a", "<", "&"):
        assert len(strip_markup(start + filler * 200_000)) >= 200_000
