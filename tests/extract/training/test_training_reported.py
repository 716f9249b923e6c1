"""Annotated figures: their file, and how they meet texts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fairpapers.extract.training import AnnotationError, MaterialError, read_annotations
from fairpapers.extract.training.abstracts import Abstract
from fairpapers.extract.training.annotations import AnnotatedEntity, Annotation, Offsets
from fairpapers.extract.training.material import ANNOTATIONS
from fairpapers.extract.training.reported import (
    Reported,
    ReportedFigure,
    Size,
    join_reported,
    read_reported,
)
from fairpapers.extract.training.texts import text_digest

PAPER = Abstract("p1", 2020, "Parsing", "BERT reaches 91% F1 on 500 trees.")
DIGEST = text_digest(PAPER.text)
ENTITIES = Annotation("p1", DIGEST, (AnnotatedEntity("Model", "BERT", "used", (Offsets(8, 12),)),))
FIGURE = ReportedFigure("F1", "91", "%", "absolute", "BERT", None, 13, 27)
REPORTED = Reported("p1", DIGEST, (FIGURE,), (Size(None, "500", "trees", 31, 40),))


def test_figures_and_entities_meet_on_the_text() -> None:
    (joined,) = join_reported([REPORTED], [ENTITIES], [PAPER])
    assert joined.text == PAPER.text
    assert joined.text[FIGURE.start : FIGURE.end] == "reaches 91% F1"
    assert (joined.entities, joined.reported) == (ENTITIES.entities, REPORTED)


def test_papers_without_text_or_entities_are_named() -> None:
    with pytest.raises(AnnotationError, match=r"p1.*the corpus does not"):
        list(join_reported([REPORTED], [ENTITIES], []))
    with pytest.raises(AnnotationError, match=r"p1.*the annotations do not"):
        list(join_reported([REPORTED], [], [PAPER]))


def test_another_text_and_another_place_are_refused() -> None:
    with pytest.raises(AnnotationError, match="not the one that was annotated"):
        list(join_reported([REPORTED], [ENTITIES], [replace(PAPER, abstract="BERT.")]))
    moved = replace(REPORTED, results=(replace(FIGURE, end=15),))
    with pytest.raises(AnnotationError, match="no '91' between 13 and 15"):
        list(join_reported([moved], [ENTITIES], [PAPER]))


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    with pytest.raises(MaterialError, match="no such file"):
        read_reported(path)
    path.write_text('{"id": "p1", "text_sha256": "x", "results": [{}], "sizes": []}\n')
    with pytest.raises(MaterialError, match=r"row 1: results\.0\.metric"):
        read_reported(path)


def test_shipped_figures_are_of_annotated_papers_and_name_their_entities() -> None:
    entities = {a.id: a for a in read_annotations(ANNOTATIONS)}
    papers = read_reported()
    assert len({paper.id for paper in papers}) == len(papers) == 2725
    unnamed = 0
    for paper in papers:
        assert paper.text_sha256 == entities[paper.id].text_sha256
        known = {entity.canonical for entity in entities[paper.id].entities} | {None}
        for figure in paper.results:
            unnamed += len({figure.subject, figure.dataset} - known)
            assert 0 <= figure.start < figure.end
    assert unnamed <= 1
