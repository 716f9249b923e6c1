"""What figures are about, with names as a recogniser would give them."""

from __future__ import annotations

import pytest

from fairpapers.extract.pipeline.results import find_results
from fairpapers.extract.pipeline.results_about import Named, Setting, setting_of
from fairpapers.extract.records import Label, Result, Role

NAMES: dict[str, tuple[Label, Role]] = {
    "FooNet": ("Model", "introduced"),
    "foo tuning": ("Method", "introduced"),
    "BERT": ("Model", "used"),
    "T5": ("Model", "used"),
    "SVM": ("Method", "used"),
    "SQuAD": ("Dataset", "used"),
    "GLUE": ("Dataset", "used"),
    "BarBench": ("Dataset", "introduced"),
    "SemEval-2023 Task 4": ("Dataset", "used"),
    "C4": ("Dataset", "mentioned"),
    "accuracy": ("Metric", "used"),
}


def named(text: str) -> list[Named]:
    return sorted(
        Named(at, at + len(name), label, name, role)
        for name, (label, role) in NAMES.items()
        for at in range(len(text))
        if text.startswith(name, at)
    )


def results(abstract: str, title: str = "A title") -> list[Result]:
    text = f"{title}\n{abstract}"
    return find_results(text, named(text))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("BERT outperforms T5 by 3 points of accuracy.", ["BERT"]),
        ("Compared to SVM, BERT achieves 91% accuracy.", ["BERT"]),
        ("The accuracy is 56% with BERT and 14% with T5.", ["BERT", "T5"]),
        ("We see 83.3% (BERT) against 82.6% (SVM) accuracy.", ["BERT", "SVM"]),
        ("Our BERT-based T5 has an accuracy of 91%.", ["T5"]),
        ("FooNet improves over BERT by 3% accuracy.", ["FooNet"]),
        ("An accuracy of 90% is seen.", [None]),
    ],
)
def test_the_subject_is_what_was_measured(sentence: str, expected: list[str | None]) -> None:
    assert [r.subject for r in results(sentence)] == expected


def test_a_sentence_without_a_name_is_about_the_papers_own_proposal() -> None:
    first = "FooNet builds on foo tuning of BERT. FooNet is new."
    assert [r.subject for r in results(f"{first} We reach 91% accuracy.")] == ["FooNet"]
    assert [r.subject for r in results(f"{first} The accuracy is 91%.")] == ["FooNet"]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("We use SQuAD.", "SQuAD"),
        ("We use SQuAD and GLUE.", None),
        ("We build BarBench from SQuAD and GLUE.", "BarBench"),
        ("We took part in SemEval-2023 Task 4 with SQuAD.", "SemEval-2023 Task 4"),
        ("Others use C4.", None),
    ],
)
def test_a_sentence_without_a_data_set_is_about_that_of_the_paper(
    before: str, expected: str | None
) -> None:
    assert [r.dataset for r in results(f"{before} BERT has 91% accuracy.")] == [expected]
    assert [r.dataset for r in results(f"{before} On GLUE, BERT has 91% accuracy.")] == ["GLUE"]


def test_a_shared_task_in_the_title_is_the_data_set() -> None:
    title = "Us at SemEval-2023 Task 4"
    (result,) = results("We made BarBench. BERT has 91% accuracy.", title)
    assert result.dataset == "SemEval-2023 Task 4"


def test_nothing_is_about_nothing() -> None:
    assert setting_of([], 0) == Setting(None, None)
