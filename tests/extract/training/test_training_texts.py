from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from fairpapers.extract.training.abstracts import CORPUS, Abstract, read_abstracts, usable
from fairpapers.extract.training.annotations import join_annotations, read_annotations
from fairpapers.extract.training.material import ANNOTATIONS
from fairpapers.extract.training.texts import (
    LabelledSpan,
    LabelledText,
    aligned_share,
    to_example,
)
from fairpapers.extract.training.tokenizer import customize


@pytest.fixture(scope="module")
def nlp() -> Language:
    blank = spacy.blank("en")
    customize(blank)
    return blank


def _ents(nlp: Language, text: str, *names: str) -> list[str]:
    spans = tuple(LabelledSpan(text.index(n), text.index(n) + len(n), "Model") for n in names)
    return [ent.text for ent in to_example(nlp, LabelledText("x", text, spans)).reference.ents]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a T5-based model", "T5"),
        (r"our \textsc{MentalManip}, which", "MentalManip"),
        ("compared to CoT. To", "CoT"),
        ("Team@DravidianLangTech-2025: it", "DravidianLangTech-2025"),
        ("Inference (NLI).However", "NLI"),
        ("l’extraction d’information", "extraction d’information"),
        ("BERT/RoBERTa", "RoBERTa"),
    ],
)
def test_names_begin_and_end_at_token_borders(nlp: Language, text: str, name: str) -> None:
    assert _ents(nlp, text, name) == [name]


def test_addresses_stay_whole(nlp: Language) -> None:
    assert "https://github.com/a/b-c" in [
        t.text for t in nlp.make_doc("at https://github.com/a/b-c")
    ]


def test_a_span_inside_a_token_is_widened(nlp: Language) -> None:
    assert _ents(nlp, "see foobar now", "foo") == ["foobar"]


def test_two_spans_in_one_token_give_one(nlp: Language) -> None:
    assert _ents(nlp, "see foobar now", "foo", "bar") == ["foobar"]


@settings(deadline=None)
@given(text=st.text(max_size=60))
def test_tokenization_loses_nothing(nlp: Language, text: str) -> None:
    assert nlp.make_doc(text).text == text


def test_nearly_every_annotated_span_is_at_token_borders(nlp: Language, shared: Path) -> None:
    gold = join_annotations(read_annotations(ANNOTATIONS), read_abstracts(shared / CORPUS))
    assert aligned_share(nlp, gold) > 0.99


def test_held_and_unfree_papers_are_no_unlabelled_text() -> None:
    papers = [
        Abstract("old", 2015, "Old", ""),
        Abstract("kept", 2020, "Kept", ""),
        Abstract("other-id", 2020, "A  known: title", ""),
        Abstract("free", 2020, "Free", ""),
    ]
    found = usable(papers, ids={"kept"}, titles=["A Known Title"])
    assert [paper.id for paper in found] == ["free"]
