from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fairpapers.extract.gold import GoldEntity, GoldPaper, load_gold
from fairpapers.extract.training import (
    AnnotationError,
    MaterialError,
    join_annotations,
    read_annotations,
    stand_off,
)
from fairpapers.extract.training.abstracts import (
    CORPUS,
    EXCLUDED,
    FIRST_YEAR,
    Abstract,
    fold,
    identifiers,
    read_abstracts,
    titles,
)
from fairpapers.extract.training.agreement import agreement
from fairpapers.extract.training.annotations import Offsets, join_gold
from fairpapers.extract.training.material import ANNOTATIONS, CHECKING, SECOND
from fairpapers.extract.training.texts import LabelledSpan

PAPER = GoldPaper(
    id="p1",
    title="Parsing with BERT",
    abstract="BERT and mBERT parse; BERT wins.",
    entities=(
        GoldEntity("Task", "parsing", "used", ("Parsing",)),
        GoldEntity("Model", "BERT", "used", ("BERT",), {"BERT": (0, 2)}),
        GoldEntity("Model", "mBERT", "used", ("mBERT",)),
        GoldEntity("Method", "BERT", "mentioned", ("BERT",), {"BERT": (0, 1)}),
    ),
)
TEXT = Abstract("p1", 2020, PAPER.title, PAPER.abstract)


def test_offsets_follow_the_surface_forms() -> None:
    entities = stand_off(PAPER).entities
    assert [entity.mentions for entity in entities] == [
        (Offsets(0, 7),),
        (Offsets(13, 17), Offsets(40, 44)),
        (Offsets(27, 32),),
        (Offsets(18, 22),),
    ]


def test_joined_annotations_are_the_spans_of_the_gold_paper() -> None:
    (text,) = join_annotations([stand_off(PAPER)], [TEXT])
    assert text.text == PAPER.text
    assert set(text.spans) == {LabelledSpan(*span) for span in PAPER.spans()}


def test_another_text_is_refused() -> None:
    changed = replace(TEXT, abstract="BERT and mBERT parse, BERT wins.")
    with pytest.raises(AnnotationError, match=r"p1.*not the one that was annotated"):
        list(join_annotations([stand_off(PAPER)], [changed]))


def test_a_paper_that_the_corpus_lacks_is_named() -> None:
    with pytest.raises(AnnotationError, match="p1"):
        list(join_annotations([stand_off(PAPER)], []))


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "annotations.jsonl"
    file.write_text(f'{stand_off(PAPER).to_json()}\n{{"id": "p2"}}\n')
    with pytest.raises(MaterialError, match=r"row 2: text_sha256"):
        read_annotations(file)


def test_the_file_form_reads_back(tmp_path: Path) -> None:
    file = tmp_path / "annotations.jsonl"
    file.write_text(stand_off(PAPER).to_json() + "\n")
    assert read_annotations(file) == (stand_off(PAPER),)


def test_shipped_annotations_carry_no_text() -> None:
    for annotation in read_annotations(ANNOTATIONS):
        for entity in annotation.entities:
            assert len(entity.canonical) < 120


def test_shipped_annotations_begin_with_the_gold_of_all_papers(shared: Path) -> None:
    gold = load_gold(shared / "gold/train.jsonl")
    joined = list(join_annotations(read_annotations(ANNOTATIONS), read_abstracts(shared / CORPUS)))
    assert [text.id for text in joined[: len(gold)]] == [paper.id for paper in gold]
    for text, paper in zip(joined, gold, strict=False):
        assert set(text.spans) == {LabelledSpan(*span) for span in paper.spans()}


def test_every_shipped_annotation_is_of_one_free_paper(shared: Path) -> None:
    annotations = read_annotations(ANNOTATIONS)
    ids = {annotation.id for annotation in annotations}
    papers = {paper.id: paper for paper in read_abstracts(shared / CORPUS)}
    assert len(ids) == len(annotations)
    assert not ids & identifiers(shared / EXCLUDED)
    assert min(papers[id_].year for id_ in ids) >= FIRST_YEAR
    checked = {fold(title) for title in titles(shared / CHECKING)}
    assert not checked & {fold(papers[id_].title) for id_ in ids}


def test_the_account_of_the_annotations_counts_them() -> None:
    account = (ANNOTATIONS.parent / "README.md").read_text(encoding="utf-8")
    assert f"annotations of {len(read_annotations(ANNOTATIONS)):,} abstracts" in account


def test_gold_papers_come_back_from_their_offsets() -> None:
    annotation = stand_off(PAPER)
    (gold,) = join_gold([annotation], [TEXT])
    assert gold.spans() == PAPER.spans()
    assert stand_off(gold) == annotation


def test_all_annotations_come_back_as_gold(shared: Path) -> None:
    annotations = read_annotations(ANNOTATIONS)
    gold = join_gold(annotations, read_abstracts(shared / CORPUS))
    assert tuple(map(stand_off, gold)) == annotations


def test_an_annotator_agrees_with_himself() -> None:
    scores = agreement([PAPER], [PAPER])
    assert {figures.f1 for _, _, figures in scores.rows()} == {1.0}
    assert scores.role.share == 1.0


def test_another_name_and_role_cost_agreement() -> None:
    parsing, *others = PAPER.entities
    other = replace(PAPER, entities=(replace(parsing, role="mentioned"), *others[:1]))
    scores = agreement([PAPER, replace(PAPER, id="p2")], [other])
    assert scores.papers == 1
    figures = {(task, label): each for task, label, each in scores.rows()}
    assert figures["mention", "Task"].f1 == 1.0
    assert figures["mention", "Method"].recall == 0.0
    assert scores.role.share == 0.5


def test_the_second_annotations_are_of_annotated_papers() -> None:
    first = {annotation.id: annotation.text_sha256 for annotation in read_annotations(ANNOTATIONS)}
    second = read_annotations(SECOND)
    assert len(second) == 100
    assert all(first[annotation.id] == annotation.text_sha256 for annotation in second)
