"""The gazetteer and its file."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from fairpapers.extract.pipeline.gazetteer import load_gazetteer
from fairpapers.extract.pipeline.mentions import SPANS_KEY
from fairpapers.extract.records import LABELS


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("fairpapers_gazetteer")
    return nlp


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("machine translation", "Task"),
        ("Machine Translation", "Task"),
        ("word embedding", "Method"),
        ("word embeddings", "Method"),
        ("BERT", "Model"),
        ("SQuAD", "Dataset"),
        ("perplexity", "Metric"),
    ],
)
def test_known_names_are_found(nlp: Language, text: str, label: str) -> None:
    doc = nlp(f"We study {text} again.")
    (span,) = doc.spans[SPANS_KEY]
    assert (span.text, span.label_, span._.rule) == (text, label, f"gazetteer-{label}")
    assert 0 < span._.confidence <= 1


@pytest.mark.parametrize("text", ["bert", "performance", "characters", "opt for it", "an apple"])
def test_everyday_words_are_not(nlp: Language, text: str) -> None:
    doc = nlp(f"We study {text} again.")
    assert len(doc.spans[SPANS_KEY]) == 0


def test_another_file_may_be_given(tmp_path: Path) -> None:
    kinds: dict[str, dict[str, list[str]]] = {"exact": {}, "any_case": {"me": ["gizmo search"]}}
    none: dict[str, dict[str, list[str]]] = {"exact": {}, "any_case": {}}
    names = {label: kinds if label == "Method" else none for label in LABELS}
    path = tmp_path / "names.json"
    path.write_text(json.dumps({"names": names}), encoding="utf-8")
    nlp = spacy.blank("en")
    nlp.add_pipe("fairpapers_gazetteer", config={"path": str(path), "confidence": 0.5})
    doc = nlp("A Gizmo Search and BERT.")
    assert [(s.text, s.label_, s._.confidence) for s in doc.spans[SPANS_KEY]] == [
        ("Gizmo Search", "Method", 0.5)
    ]


def test_every_name_has_a_source_with_a_licence() -> None:
    data = json.loads((files("fairpapers.extract.pipeline") / "gazetteer.json").read_text("utf-8"))
    licences = {source["id"]: source["license"] for source in data["sources"]}
    assert set(licences.values()) <= {"Apache-2.0", "MIT"}
    for kinds in data["names"].values():
        for groups in kinds.values():
            assert set(groups) <= set(licences)


def test_no_name_has_two_labels() -> None:
    gazetteer = load_gazetteer()
    for names in (gazetteer.exact, gazetteer.any_case):
        all_names = [name for group in names.values() for name in group]
        assert sorted(all_names) == sorted(set(all_names))
