"""Sizes of data sets and models, from text and names to what is said of them."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from fairpapers.extract.papers import Paper, Source
from fairpapers.extract.pipeline import extract_records, load_pipeline
from fairpapers.extract.pipeline.results_about import Named
from fairpapers.extract.pipeline.sizes import find_sizes
from fairpapers.extract.records import Label, Role

NAMES: dict[str, tuple[Label, Role]] = {
    "FooBank": ("Dataset", "introduced"),
    "SQuAD": ("Dataset", "used"),
    "YouTube": ("Dataset", "used"),
    "BarNet": ("Model", "introduced"),
    "BERT": ("Model", "used"),
    "accuracy": ("Metric", "used"),
}


class Found(NamedTuple):
    entity: str | None
    number: str
    of: str
    comparator: str = "="


def names_in(text: str, names: dict[str, tuple[Label, Role]]) -> list[Named]:
    return sorted(
        Named(start, start + len(name), label, name, role)
        for name, (label, role) in names.items()
        for start in range(len(text))
        if text.startswith(name, start)
    )


def sizes(text: str, names: dict[str, tuple[Label, Role]] = NAMES) -> list[Found]:
    return [
        Found(size.entity, size.number, size.of, size.comparator)
        for size in find_sizes(text, names_in(text, names))
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "FooBank comprises 31,219 articles with over 449,000 annotated mentions.",
            [
                Found("FooBank", "31219", "articles"),
                Found("FooBank", "449000", "annotated mentions", ">"),
            ],
        ),
        (
            "We present FooBank, a new corpus of 1.7k dialogues in 12 languages.",
            [Found("FooBank", "1700", "dialogues"), Found("FooBank", "12", "languages")],
        ),
        (
            "We present FooBank, a dataset for parsing that holds texts and contains 107 poems.",
            [Found("FooBank", "107", "poems")],
        ),
        (
            "FooBank contains 2,800 videos from YouTube, spanning more than 420 hours.",
            [Found("FooBank", "2800", "videos"), Found("FooBank", "420", "hours", ">")],
        ),
        (
            "It has 5 senses. FooBank contains 300 senses of modal verbs over 40 texts.",
            [Found("FooBank", "300", "senses"), Found("FooBank", "40", "texts")],
        ),
        (
            "We build FooBank. The dataset consists of 500 questions.",
            [Found("FooBank", "500", "questions")],
        ),
        (
            "We build FooBank. It contains 343 hours of speech.",
            [Found("FooBank", "343", "hours of speech")],
        ),
        (
            "To make FooBank we annotated 5,000 sentences by hand.",
            [Found("FooBank", "5000", "sentences")],
        ),
        ("We release the 5,000-sentence corpus FooBank.", [Found("FooBank", "5000", "sentences")]),
        ("BarNet (7B) is fast.", [Found("BarNet", "7000000000", "parameters")]),
        (
            "BarNet, a model with 11.4 billion parameters, is fast.",
            [Found("BarNet", "11400000000", "parameters")],
        ),
        (
            "We train a 110M-parameter model called BarNet.",
            [Found("BarNet", "110000000", "parameters")],
        ),
        ("BarNet is trained on ~7M statements.", [Found("BarNet", "7000000", "statements", "≈")]),
    ],
)
def test_sizes_are_of_what_the_sentence_says(sentence: str, expected: list[Found]) -> None:
    assert sizes(f"A title\n{sentence}") == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "We evaluate FooBank with 12 models.",
        "On SQuAD with 7 languages, BERT wins.",
        "FooBank is larger than a corpus of 500 questions.",
        "BarNet beats BERT on 12 datasets.",
        "FooBank comprises two splits.",
        "We compare 50 models on FooBank.",
        "BERT and BarNet have 110M and 7B parameters.",
        "Existing corpora contain 500 sentences.",
        "BarNet reaches 91% accuracy.",
    ],
)
def test_other_counts_describe_nothing(sentence: str) -> None:
    assert sizes(f"A title\n{sentence}") == []


def test_data_without_a_name_have_a_size_without_an_entity() -> None:
    without = {name: about for name, about in NAMES.items() if name != "FooBank"}
    text = "A title\nWe build a new dataset of 5,000 questions."
    assert sizes(text, without) == [Found(None, "5000", "questions")]
    # Nobody can tell which of two is meant.
    two: dict[str, tuple[Label, Role]] = {**NAMES, "BazBank": ("Dataset", "introduced")}
    assert sizes(f"{text} FooBank and BazBank are free.", two) == []
    # The title says which.
    titled = text.replace("A title", "BazBank")
    assert sizes(f"{titled} FooBank and BazBank are free.", two) == [
        Found("BazBank", "5000", "questions")
    ]


def test_the_span_holds_number_and_noun() -> None:
    text = "A title\nFooBank comprises 31,219 scientific articles."
    (size,) = find_sizes(text, names_in(text, NAMES))
    assert text[size.start : size.end] == "31,219 scientific articles"
    assert size.value == "31,219"


def test_very_long_sentences_are_left_alone() -> None:
    text = "A title\nFooBank comprises 500 articles " + "and so on " * 1000
    assert find_sizes(text, names_in(text, NAMES)) == []


def test_the_pipeline_brings_sizes_into_the_record() -> None:
    abstract = "We introduce FooBank, a new corpus. FooBank comprises 5,000 sentences."
    paper = Paper("p1", "p1", "FooBank: a corpus of verse", abstract, Source("test", 1, "jsonl"))
    record = next(extract_records([paper], load_pipeline(rules_only=True)))
    (size,) = record.sizes
    assert (size.entity, size.value, size.of) == ("FooBank", "5,000", "sentences")
    assert size.entity in {e.canonical for e in record.entities if e.label == "Dataset"}
    assert paper.text[size.start : size.end] == "5,000 sentences"
