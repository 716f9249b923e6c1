"""Reported figures, from text to result."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from fairpapers.extract.papers import Paper, Source
from fairpapers.extract.pipeline import extract_records, load_pipeline
from fairpapers.extract.records import Record


class Found(NamedTuple):
    metric: str
    value: str
    unit: str | None
    kind: str
    dataset: str | None = None


def extract(abstract: str, title: str = "FooBar: a tale of two parsers") -> Record:
    paper = Paper("p1", "p1", title, abstract, Source("test", 1, "jsonl"))
    return next(extract_records([paper], load_pipeline(rules_only=True)))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "It reaches a BLEU-4 of 60.83 on Flickr30k.",
            [Found("BLEU-4", "60.83", None, "absolute", "Flickr30k")],
        ),
        ("The system obtains 98% accuracy.", [Found("accuracy", "98", "%", "absolute")]),
        ("It improves F1 by 2.3 points.", [Found("F1", "2.3", "points", "improvement")]),
        (
            "We obtain 60.83, 58.82, and 44.21 BLEU for SQuAD, GLUE, and SNLI respectively.",
            [
                Found("BLEU", "60.83", None, "absolute", "SQuAD"),
                Found("BLEU", "58.82", None, "absolute", "GLUE"),
                Found("BLEU", "44.21", None, "absolute", "SNLI"),
            ],
        ),
        (
            "We see BLEU and METEOR of 30.1 and 25.2 on WMT14.",
            [
                Found("BLEU", "30.1", None, "absolute", "WMT14"),
                Found("METEOR", "25.2", None, "absolute", "WMT14"),
            ],
        ),
        (
            "Accuracy grows from 29.1 to 32.0 on ImageNet.",
            [
                Found("accuracy", "29.1", None, "absolute", "ImageNet"),
                Found("accuracy", "32.0", None, "absolute", "ImageNet"),
            ],
        ),
        ("Decoding is twice as fast.", [Found("speed", "twice", "x", "ratio")]),
        ("The decoder is 3x faster.", [Found("speed", "3", "x", "ratio")]),
        ("It cuts latency by 40%.", [Found("latency", "40", "%", "relative-improvement")]),
        ("We get over 90% recall.", [Found("recall", "90", "%", "bound")]),
        (
            "The accuracy ranges from 60 to 80%.",
            [Found("accuracy", "60 to 80", "%", "range")],
        ),
        ("We reach 0.83 F1.", [Found("F1", "0.83", None, "absolute")]),
        (
            "The accuracy is 61% (49%).",
            [
                Found("accuracy", "61", "%", "absolute"),
                Found("accuracy", "49", "%", "absolute"),
            ],
        ),
        (
            "We gain 38-100% throughput.",
            [Found("throughput", "38-100", "%", "range")],
        ),
        ("The attack has a success rate of 73%.", [Found("success rate", "73", "%", "absolute")]),
        (
            "We trained it with accuracy in mind and, after all of the many changes that the long "
            "list above explains to readers with patience, it came out in the end at 81.5%.",
            [Found("accuracy", "81.5", "%", "absolute")],
        ),
        (
            "On 1% SQuAD it reaches 45% accuracy.",
            [Found("accuracy", "45", "%", "absolute", "SQuAD")],
        ),
        ("It speeds up decoding by 3x.", [Found("speed", "3", "x", "ratio")]),
        (
            "With accuracy in mind, the list of types that are known beforehand grows by the end "
            "to 12 times its length.",
            [],
        ),
        ("It holds 4933 high accuracy facts.", []),
        ("We release 137K examples in 12 languages.", []),
        ("In 2021, accuracy mattered to 7 people.", []),
        ("Its accuracy is reached after 5 hours.", []),
        ("Its accuracy is best at a beam of 20.", []),
        ("Latency falls to 30 ms.", [Found("latency", "30", "ms", "absolute")]),
    ],
)
def test_figures_are_read_with_metric_kind_and_data_set(
    sentence: str, expected: list[Found]
) -> None:
    results = extract(sentence).results
    found = [Found(r.metric, r.value, r.unit, r.kind, r.dataset) for r in results]
    assert found == expected


def test_what_a_result_names_are_entities_of_the_record() -> None:
    record = extract(
        "We propose FooBar, a parser. FooBar reaches 91.5% accuracy on SNLI for natural language "
        "inference and is 2x smaller than BERT. Latency falls by 30 ms."
    )
    by_label = {
        label: {e.canonical for e in record.entities if e.label == label}
        for label in ("Metric", "Dataset", "Task")
    }
    assert record.results
    for result in record.results:
        assert result.metric in by_label["Metric"]
        assert result.dataset is None or result.dataset in by_label["Dataset"]
        assert result.task is None or result.task in by_label["Task"]
        assert result.subject is None or result.subject in {e.canonical for e in record.entities}
    first = record.results[0]
    assert (first.subject, first.dataset, first.task) == (
        "FooBar",
        "SNLI",
        "natural language inference",
    )


def test_a_metric_that_only_its_figure_shows_becomes_a_mention() -> None:
    record = extract("The speed-up is 4x.")
    (result,) = record.results
    assert [e.canonical for e in record.entities if e.label == "Metric"] == [result.metric]


def test_our_method_is_what_the_paper_introduces() -> None:
    record = extract("We propose FooBar, a new parser. Our parser reaches an F1 of 0.93.")
    assert [r.subject for r in record.results] == ["FooBar"]
