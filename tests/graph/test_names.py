"""Which names are one name, rule by rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.graph.names import family, fold, is_acronym, singular


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SQuAD", "squad"),
        ("fine-tuning", "fine tuning"),
        ("fine-tuning", "finetuning"),
        ("CoNLL-2003", "CoNLL 2003"),
        ("CoNLL–2003", "CoNLL-2003"),
        ("Llama-2-70B", "llama 2 70b"),
        ("Llama-2 - 70B", "llama 2 70b"),
        ("R²", "R2"),
        ("  BERT ", "BERT"),
        ("CoNLL’03", "CoNLL'03"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Llama 2", "Llama 3"),
        ("Llama 2 7B", "Llama 27B"),
        ("Llama 2  7B", "Llama 27B"),
        ("Llama 2 - 7B", "Llama 27B"),
        ("GPT-3.5", "GPT-35"),
        ("C", "C++"),
        ("BLEU", "BLEU-S"),
        ("SQuAD 1.1", "SQuAD 2.0"),
    ],
)
def test_different_names_fold_differently(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize(
    ("name", "label", "expected"),
    [
        ("word embeddings", "Method", "word embedding"),
        ("summaries", "Task", "summary"),
        ("word losses", "Metric", "word loss"),
        ("text boxes", "Task", "text box"),
        ("CNNs", "Method", "CNN"),
        ("LSTMs", "Method", "LSTM"),
        ("error rates", "Metric", "error rate"),
        ("BLEU-S", "Metric", "BLEU-S"),
        ("BLEUS", "Metric", "BLEUS"),
        ("loss", "Metric", "loss"),
        ("robustness", "Metric", "robustness"),
        ("sentiment analysis", "Task", "sentiment analysis"),
        ("bias", "Metric", "bias"),
        ("corpus", "Task", "corpus"),
        ("DeepWalks", "Method", "DeepWalks"),
        ("Transformers", "Method", "Transformers"),
        ("GloVes", "Model", "GloVes"),
        ("movie reviews", "Dataset", "movie reviews"),
        ("s", "Method", "s"),
    ],
)
def test_only_safe_plurals_lose_their_ending(name: str, label: str, expected: str) -> None:
    assert singular(name, label) == expected


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("NER", "named entity recognition"),
        ("RAG", "Retrieval-Augmented Generation"),
        ("RAGs", "retrieval-augmented generation"),
        ("BiDR", "Bi-Granular Document Representation"),
        ("GPT-4", "Generative Pre-trained Transformer 4"),
    ],
)
def test_acronyms_are_seen(short: str, long: str) -> None:
    assert is_acronym(short, long)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("NER", "machine translation"),
        ("ER", "named entity recognition"),
        ("GPT-4", "Generative Pre-trained Transformer 3"),
        ("ner", "named entity recognition"),
        ("NER", "NERs"),
        ("BERT", "BERTology"),
        ("named entity recognition", "NER"),
        ("Llama 2", "Llama 2 seventy billion"),
        ("", ""),
    ],
)
def test_other_names_are_no_acronyms(short: str, long: str) -> None:
    assert not is_acronym(short, long)


@given(st.text(), st.text())
def test_any_two_texts_are_compared_without_error(short: str, long: str) -> None:
    assert is_acronym(short, long) in {True, False}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Llama 2 70B", "Llama 2"),
        ("Llama-2-7b", "Llama-2"),
        ("Llama 2 70B chat", "Llama 2 70B"),
        ("BERT-base", "BERT"),
        ("Pythia 1.4B", "Pythia"),
        ("GPT-4", None),
        ("Llama-3.18B", None),
        ("Llama 2", None),
        ("70B", None),
        ("database", None),
    ],
)
def test_the_family_is_the_name_without_size(name: str, expected: str | None) -> None:
    assert family(name) == expected
