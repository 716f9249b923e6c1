from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

import fairpapers.extract
from fairpapers.extract.records import LABELS
from fairpapers.extract.training.material import ANNOTATIONS
from fairpapers.extract.training.settings import RECIPE
from fairpapers.extract.training.texts import sha256

MODEL = Path(fairpapers.extract.__file__).parent / "model"
TEXT = (
    "A study of machine translation with large models\n"
    "We fine-tune BERT and GPT-4 for question answering. Results on SQuAD and GLUE improve in "
    "accuracy and BLEU. Our code is at https://example.org/BERT-SQuAD."
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load(MODEL)


@pytest.fixture(scope="module")
def digests(nlp: Language) -> dict[str, str]:
    found: dict[str, str] = nlp.meta["training"]["digests"]
    return found


def test_well_known_names_are_found_with_their_labels(nlp: Language) -> None:
    found = {(ent.text, ent.label_) for ent in nlp(TEXT).ents}
    assert {("BERT", "Model"), ("SQuAD", "Dataset"), ("BLEU", "Metric")} <= found
    assert ("question answering", "Task") in found


def test_nothing_is_found_inside_an_address(nlp: Language) -> None:
    start = TEXT.index("https")
    assert all(ent.end_char <= start for ent in nlp(TEXT).ents)


def test_the_labels_are_those_of_records(nlp: Language) -> None:
    assert set(nlp.pipe_labels["ner"]) == set(LABELS)


@pytest.mark.parametrize("text", ["", "\n", " ", "ممتاز 漢字 \u200b", "a" * 5000])
def test_odd_texts_pass(nlp: Language, text: str) -> None:
    assert nlp(text).text == text


def test_the_folder_is_small_and_needs_no_torch() -> None:
    files = [path for path in MODEL.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 30 * 2**20
    assert "torch" not in (MODEL / "config.cfg").read_text()


def test_words_of_annotated_texts_are_not_in_the_vocabulary() -> None:
    strings = json.loads((MODEL / "vocab/strings.json").read_text())
    own = {*spacy.blank("en").vocab.strings, *LABELS, "ROOT"}
    # What is left are pieces of the tokenizer's own exceptions, such as "N.Y" and emoticons.
    assert all(len(word) < 4 for word in set(strings) - own)


def test_the_metadata_name_the_recipe_and_the_annotations_shipped(digests: dict[str, str]) -> None:
    assert digests["recipe"] == sha256(RECIPE)
    assert digests["annotations.jsonl"] == sha256(ANNOTATIONS)


def test_the_metadata_name_the_data_files(digests: dict[str, str], shared: Path) -> None:
    files = {name: digest for name, digest in digests.items() if "/" in name}
    assert files
    assert files == {name: sha256(shared / name) for name in files}


def test_the_metadata_hold_measured_figures(nlp: Language) -> None:
    figures = nlp.meta["performance"]["held_out"]["mention"]
    assert set(figures) == {"all", *LABELS}
    assert all(0 < row["p"] <= 1 for row in figures.values())
