"""Which variants of a name are compared as one, rule by rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.records import LABELS, Label
from fairpapers.graph.names import fold
from fairpapers.graph.spelling import expand, plain


@pytest.mark.parametrize(
    ("label", "one", "other"),
    [
        ("Task", "Part-of-Speech (PoS) tagging", "part-of-speech tagging"),
        ("Task", "summarisation", "summarization"),
        ("Task", "language modelling", "language modeling"),
        ("Task", "semantic role labelling", "semantic role labeling"),
        ("Task", "task-oriented dialogs", "task-oriented dialogue"),
        ("Task", "detection of events", "event detection"),
        ("Task", "detecting fake news", "fake news detection"),
        ("Task", "answering questions", "question answering"),
        ("Task", "persuasion techniques detection", "persuasion technique detection"),
        ("Task", "Text2SQL", "text-to-SQL"),
        ("Task", "question & answer matching", "question and answer matching"),
        ("Method", "Hidden Markov Models", "hidden Markov model"),
        ("Method", "Vision Transformers", "vision Transformer"),
        ("Metric", "Cohen's kappa", "Cohen-Kappa"),
        ("Metric", "BLEU Scores", "BLEU"),
        ("Metric", "F1-score", "F1"),
        ("Metric", "speed of inference", "inference speed"),
        ("Metric", "human judgements", "human judgment"),
        ("Metric", "precision at 1", "precision@1"),
        ("Dataset", "The New York Times", "New York Times"),
        ("Dataset", "WMT'14", "WMT 2014"),
        ("Dataset", "ACE05", "ACE 2005"),
        ("Dataset", "CoNLL 98", "CoNLL-1998"),
        ("Dataset", "SQuAD v1.1", "SQuAD 1.1"),
        ("Dataset", "OntoNotes 5.0", "OntoNotes 5"),
        ("Dataset", "BEA 2025 Shared Task", "BEA 2025"),
        ("Dataset", "IMDb dataset", "IMDb"),
        ("Model", "Llama 2 (70B)", "Llama-2-70B"),
        ("Model", "mistralai/Mistral-7B", "Mistral 7B"),
    ],
)
def test_variants_have_one_form(label: Label, one: str, other: str) -> None:
    assert fold(plain(one, label)) == fold(plain(other, label))


@pytest.mark.parametrize(
    ("label", "one", "other"),
    [
        ("Task", "sentiment analysis", "sentiment classification"),
        ("Task", "word sense disambiguation", "word sense induction"),
        ("Task", "speech to text", "text to speech"),
        ("Task", "generation of text from tables", "generation of tables from text"),
        ("Task", "reading news", "reading new"),
        ("Method", "Transformers", "Transformer"),
        ("Method", "generative training", "discriminative training"),
        ("Metric", "quality score", "quality"),
        ("Metric", "Brier score", "Brier"),
        ("Metric", "macro F1", "F1"),
        ("Metric", "recall@1", "recall@10"),
        ("Metric", "accuracy of retrieval", "accuracy of generation"),
        ("Dataset", "TREC-10", "TREC 2010"),
        ("Dataset", "SQuAD 1.1", "SQuAD 1"),
        ("Dataset", "Twitter dataset", "Twitter"),
        ("Dataset", "movie reviews", "movie review"),
        ("Model", "MiniCPM-V2", "MiniCPM2"),
        ("Model", "Llama 2", "Llama 2.1"),
        ("Model", "BERT/RoBERTa", "RoBERTa"),
    ],
)
def test_different_things_have_different_forms(label: Label, one: str, other: str) -> None:
    assert fold(plain(one, label)) != fold(plain(other, label))


def test_acronyms_within_a_name_are_expanded() -> None:
    known = {"QA": "question answering", "NER": "named entity recognition"}.get
    assert expand("multi-hop QA", known) == "multi-hop question answering"
    assert expand("NER evaluation", known) == "named entity recognition evaluation"
    assert [expand(name, known) for name in ("QA", "multi-hop QA2", "ner evaluation")] == [
        *("QA", "multi-hop QA2", "ner evaluation")
    ]


@given(st.text(max_size=60), st.sampled_from(LABELS))
def test_every_text_has_a_form(name: str, label: Label) -> None:
    form = plain(name, label)
    assert bool(form.strip()) == bool(name.strip())


words = st.sampled_from(("event", "fake review", "hate-speech post", "GPU fault", "news text"))


@given(words, st.sampled_from(("", "s")), st.booleans())
def test_a_task_is_one_whether_noun_or_verb_comes_first(
    thing: str, plural: str, title: bool
) -> None:
    forms = (f"detecting {thing}{plural}", f"detection of {thing}{plural}", f"{thing} detection")
    written = [form.title().replace("Gpu", "GPU") if title else form for form in forms]
    assert {fold(plain(form, "Task")) for form in written} == {fold(f"{thing} detection")}
