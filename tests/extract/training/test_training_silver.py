from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from fairpapers.extract.training import MaterialError
from fairpapers.extract.training.annotations import Offsets
from fairpapers.extract.training.silver import (
    Silver,
    join_silver,
    read_recipe_beside,
    read_silver,
    recipe_file,
)
from fairpapers.extract.training.texts import LabelledSpan, LabelledText, text_digest, to_example

TEXT = "We train BERT and perhaps T5"
SILVER = Silver(text_digest(TEXT), (LabelledSpan(9, 13, "Model"),), (Offsets(26, 28),))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "silver.jsonl"
    path.write_text(SILVER.to_json() + "\n")
    return path


def test_the_file_form_reads_back(file: Path) -> None:
    assert list(read_silver(file)) == [SILVER]


def test_labels_are_put_on_their_text(file: Path) -> None:
    (text,) = join_silver(file, ["Another text", TEXT])
    assert (text.text, text.spans, text.unsure) == (TEXT, SILVER.spans, SILVER.unsure)


def test_labels_of_a_text_that_must_not_be_used_are_refused(file: Path) -> None:
    with pytest.raises(MaterialError, match=r"silver\.jsonl: label 1 is of no text"):
        join_silver(file, ["Another text"])


def test_a_broken_line_is_named(file: Path) -> None:
    file.write_text(SILVER.to_json() + '\n{"text_sha256": "0"}\n')
    with pytest.raises(MaterialError, match="label 2: spans"):
        list(read_silver(file))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MaterialError, match="no such file of silver labels"):
        list(read_silver(tmp_path / "silver.jsonl"))


def test_what_is_unsure_has_no_tag() -> None:
    text = LabelledText("1", TEXT, SILVER.spans, SILVER.unsure)
    tags = to_example(spacy.blank("en"), text).get_aligned_ner()
    assert tags == ["O", "O", "U-Model", "O", "O", None]


def test_a_span_keeps_its_tag_beside_what_is_unsure() -> None:
    text = LabelledText("1", TEXT, SILVER.spans, ((0, 13),))
    tags = to_example(spacy.blank("en"), text).get_aligned_ner()
    assert tags == [None, None, "U-Model", "O", "O", "O"]


def test_how_labels_were_made_stands_beside_them(file: Path) -> None:
    assert read_recipe_beside(file) == {}
    recipe_file(file).write_text('{"sure": 0.5}')
    assert read_recipe_beside(file) == {"sure": 0.5}
