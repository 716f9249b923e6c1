"""The scores of reported figures and sizes, on a sentence of our own and on the shipped annotations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from fairpapers.extract.evaluation import Accuracy, EntityNames, Figures
from fairpapers.extract.pipeline import load_pipeline
from fairpapers.extract.records import Result, Size
from fairpapers.extract.results_evaluation import (
    ResultScores,
    compare,
    compare_sizes,
    main,
    part_of,
    results_on_gold,
    score,
)
from fairpapers.extract.training.annotations import AnnotatedEntity, Offsets
from fairpapers.extract.training.reported import Reported, ReportedFigure, ReportedText
from fairpapers.extract.training.reported import Size as AnnotatedSize
from fairpapers.extract.training.texts import text_digest

TITLE, ABSTRACT = "Parsing", "BERT reaches 91% F1 on SQuAD, which comprises 9,000 questions."
TEXT = f"{TITLE}\n{ABSTRACT}"


def entity(label: str, name: str, canonical: str) -> AnnotatedEntity:
    start = TEXT.index(name)
    return AnnotatedEntity(label, canonical, "used", (Offsets(start, start + len(name)),))  # type: ignore[arg-type]


FIGURE = ReportedFigure("F1", "91", "%", "absolute", "BERT (base)", "SQuAD", 13, 27)
SIZE = AnnotatedSize("SQuAD", "9K", "questions", 54, 66)
PAPER = ReportedText(
    "p1",
    TITLE,
    ABSTRACT,
    (
        entity("Model", "BERT", "BERT (base)"),
        entity("Metric", "F1", "F1"),
        entity("Dataset", "SQuAD", "SQuAD"),
    ),
    Reported("p1", text_digest(TEXT), (FIGURE,), (SIZE,)),
)
NOBODY = EntityNames()


def result(value: str = "91", subject: str | None = None, dataset: str | None = None) -> Result:
    return Result("F1 score", value, "%", "absolute", "=", subject, dataset, None, 0, 2, 0.5)


def test_with_annotated_entities_names_are_theirs() -> None:
    (found,) = results_on_gold(PAPER)
    assert (found.metric, found.subject, found.dataset) == ("F1", "BERT (base)", "SQuAD")
    one = Accuracy(1, 1)
    assert score([PAPER], None) == ResultScores(Figures(1, 1, 1), one, one, Figures(1, 1, 1))


def test_recognised_entities_count_by_any_of_their_names() -> None:
    scores = score([PAPER], load_pipeline(rules_only=True))
    one = Accuracy(1, 1)
    assert scores == ResultScores(Figures(1, 1, 1), one, one, Figures(1, 1, 1))


@pytest.mark.parametrize(
    ("found", "right", "subject", "dataset"),
    [
        (result(subject="BERT", dataset="squad"), 1, 0, 1),
        (result(subject="BERT (base)"), 1, 1, 0),
        (result(value="92"), 0, 0, 0),
    ],
)
def test_each_part_is_scored_by_itself(
    found: Result, right: int, subject: int, dataset: int
) -> None:
    scores = compare([FIGURE], [found], NOBODY)
    assert scores.result == Figures(right, 1, 1)
    assert (scores.subject, scores.dataset) == (Accuracy(subject, right), Accuracy(dataset, right))


def test_none_is_right_only_where_people_named_nothing() -> None:
    silent = ReportedFigure("F1", "91", "%", "absolute", None, None, 13, 27)
    assert compare([silent], [result()], NOBODY).subject == Accuracy(1, 1)
    assert compare([silent], [result(subject="BERT")], NOBODY).subject == Accuracy(0, 1)


@pytest.mark.parametrize(
    ("entity", "value", "right"),
    [
        ("SQuAD", "9,000", 1),
        ("squad", "9K", 1),
        ("Stanford QA", "9K", 1),
        ("BERT", "9K", 0),
        (None, "9K", 0),
        ("SQuAD", "90", 0),
    ],
)
def test_a_size_is_found_by_number_and_entity(entity: str | None, value: str, right: int) -> None:
    found = Size(entity, value, "9000", "questions", "=", 0, 2, 0.5)
    names = EntityNames({"SQuAD": frozenset({"squad", "stanfordqa"})})
    assert compare_sizes([SIZE], [found], names) == Figures(right, 1, 1)
    assert compare_sizes([SIZE], [found, found], names) == Figures(right, 2, 1)


def test_an_annotated_size_that_is_no_number_is_missed() -> None:
    vague = AnnotatedSize("SQuAD", "million", "questions", 0, 7)
    found = Size("SQuAD", "9K", "9000", "questions", "=", 0, 2, 0.5)
    assert compare_sizes([vague], [found], NOBODY) == Figures(0, 1, 1)


def test_a_third_of_the_papers_is_held_out() -> None:
    parts = [part_of(f"2020.acl-main.{n}") for n in range(600)]
    assert 150 < parts.count("held-out") < 250


def test_the_command_prints_both_settings(shared: Path) -> None:
    done = CliRunner().invoke(main, ["--data", str(shared), "--rules-only"])
    assert done.exit_code == 0, done.output
    table = json.loads(done.output)
    gold = table["annotated entities"]
    assert gold["held-out"]["f1"] > 0.7
    assert gold["tune"]["gold"] + gold["held-out"]["gold"] == 1325
    assert gold["held-out"]["sizes"]["p"] > 0.8
    assert gold["tune"]["sizes"]["gold"] + gold["held-out"]["sizes"]["gold"] == 816
    assert table["recognised entities"]["gold"] == 48
    assert table["recognised entities"]["f1"] > 0.7
