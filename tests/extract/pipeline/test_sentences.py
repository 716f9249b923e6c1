"""Sentence boundaries."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.pipeline.sentences import mark_sentences, sentence_spans


@given(st.text())
def test_sentences_cover_the_text(text: str) -> None:
    spans = sentence_spans(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)


@pytest.mark.parametrize(
    ("abstract", "count"),
    [
        ("One. Two! Three? Four.", 4),
        ("We follow Smith et al. Here it is.", 1),
        ("See Fig. 3 and e.g. English.", 1),
        ("It costs 3.5 dollars. 40% agree.", 2),
        ("So they say (see above.) Then more.", 2),
        ("no capital. after the stop.", 1),
    ],
)
def test_abstracts_split_where_sentences_end(abstract: str, count: int) -> None:
    assert len(sentence_spans(f"Title\n{abstract}")) == count + 1


@given(st.text(alphabet="Ab. \n!", max_size=80))
def test_the_component_marks_the_same_boundaries(text: str) -> None:
    doc = mark_sentences(spacy.blank("en").make_doc(text))
    starts = {token.idx for token in doc if token.is_sent_start}
    for start, end in sentence_spans(text):
        words = [t.idx for t in doc if start <= t.idx < end and not t.is_space]
        assert len(starts.intersection(range(start, end))) <= max(1, len(words))
    assert len(starts) <= len(sentence_spans(text))
