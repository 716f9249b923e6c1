"""The label of a name, decided for all its mentions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.gold import GoldEntity, GoldPaper
from fairpapers.extract.pipeline import load_pipeline
from fairpapers.extract.pipeline.abbreviations import find_abbreviations
from fairpapers.extract.pipeline.label_training import (
    NameExample,
    cross_validate,
    name_examples,
    train_labels,
)
from fairpapers.extract.pipeline.labels import (
    LabelModel,
    by_name,
    decide_labels,
    label_features,
    load_label_model,
)
from fairpapers.extract.pipeline.mentions import Candidate
from fairpapers.extract.records import LABELS, Label

TEXT = "We build Foo Bar Bank (FBB), a corpus of riddles. On FBB, BarNet wins."


def mention(name: str, label: Label, confidence: float = 0.6, text: str = TEXT) -> Candidate:
    start = text.index(name)
    return Candidate(start, start + len(name), label, confidence, "recogniser")


def test_an_abbreviation_and_its_long_form_are_one_name() -> None:
    found = [mention("Foo Bar Bank", "Method"), mention("FBB", "Task"), mention("BarNet", "Model")]
    names = by_name(TEXT, found, find_abbreviations(TEXT))
    assert [[TEXT[m.start : m.end] for m in name] for name in names] == [
        ["Foo Bar Bank", "FBB"],
        ["BarNet"],
    ]


def test_the_words_beside_any_mention_count() -> None:
    features = label_features(TEXT, [mention("Foo Bar Bank", "Method"), mention("FBB", "Task")])
    assert {"is-a=corpus", "last=bank", "best=Method", "vote=Task,2"} <= set(features)
    assert len(features) == len(set(features))


def test_one_label_for_all_mentions() -> None:
    found = [mention("Foo Bar Bank", "Method"), mention("FBB", "Task")]
    model = LabelModel({"is-a=corpus": (5.0, 0.0, 0.0, 0.0, 0.0)})
    decided = decide_labels(TEXT, found, find_abbreviations(TEXT), model)
    assert {m.label for m in decided} == {"Dataset"}
    assert [(m.start, m.end) for m in decided] == [(m.start, m.end) for m in found]


@pytest.mark.parametrize(
    ("text", "name", "said", "label"),
    [
        ("T\nWe present FooBank, a new dataset of riddles.", "FooBank", "Method", "Dataset"),
        ("T\nThe FooQA dataset is new.", "FooQA", "Method", "Dataset"),
        ("T\nWe tune the FooBERT model.", "FooBERT", "Model", "Model"),
        ("T\nWe study riddle detection.", "riddle detection", "Task", "Task"),
    ],
)
def test_the_shipped_weights_tell_clear_cases(
    text: str, name: str, said: Label, label: Label
) -> None:
    found = [mention(name, said, text=text)]
    decided = decide_labels(text, found, find_abbreviations(text), load_label_model())
    assert [m.label for m in decided] == [label]


def test_without_a_recogniser_labels_stay() -> None:
    nlp = load_pipeline(rules_only=True)
    doc = nlp("T\nThe FooBERT dataset.")
    assert [span.label_ for span in doc.spans["fairpapers"]] == ["Dataset"]


@given(st.text(max_size=80), st.data())
def test_borders_are_never_touched(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    found = [
        Candidate(s, e, data.draw(st.sampled_from(LABELS)), 0.5, "r")
        for s, e in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    decided = decide_labels(text, found, find_abbreviations(text), load_label_model())
    assert [(m.start, m.end) for m in decided] == [(m.start, m.end) for m in found]


def examples(*rows: tuple[str, Label]) -> list[NameExample]:
    return [NameExample(("bias", feature), label, "Task", 1) for feature, label in rows]


def test_weights_are_learnt_from_examples() -> None:
    rows = examples(("a", "Dataset"), ("b", "Metric")) * 10
    model = train_labels(rows)
    assert model.decide(["bias", "a"]) == "Dataset"
    assert model.decide(["bias", "b"]) == "Metric"
    assert cross_validate([[row] for row in rows]) == (1.0, 0.0)


def test_examples_are_names_with_annotated_borders(tmp_path: Path) -> None:
    entity = GoldEntity("Model", "SQuAD", "used", ("SQuAD",))
    paper = GoldPaper("p1", "A title", "On SQuAD, SQuAD and BERT.", (entity,))
    ((example,),) = name_examples([paper], load_pipeline(rules_only=True))
    assert (example.label, example.votes, example.mentions) == ("Model", "Dataset", 2)
