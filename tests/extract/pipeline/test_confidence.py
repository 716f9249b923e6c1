"""Confidences are probabilities that depend on the text alone."""

from __future__ import annotations

import json
from itertools import pairwise
from math import isclose
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from fairpapers.extract.pipeline import load_pipeline
from fairpapers.extract.pipeline.abbreviations import find_abbreviations
from fairpapers.extract.pipeline.components import read_entities
from fairpapers.extract.pipeline.confidence import (
    SETTINGS,
    ConfidenceModel,
    Logistic,
    MentionText,
    calibrate,
    entity_features,
    load_confidence_models,
    log_odds,
    read_recognised,
    sigmoid,
)
from fairpapers.extract.pipeline.confidence_training import write_models
from fairpapers.extract.pipeline.mentions import Candidate, read_mentions
from fairpapers.extract.records import LABELS

TEXT = "FooNet: a parser\nWe propose FooNet, a named entity recognition (NER) model. NER is hard."
PROBABILITIES = st.floats(0.001, 0.999)


def candidate(
    surface: str, label: str = "Model", rule: str = "recogniser", n: int = 0
) -> Candidate:
    start = -1
    for _ in range(n + 1):
        start = TEXT.index(surface, start + 1)
    return Candidate(start, start + len(surface), label, 0.5, rule)  # type: ignore[arg-type]


MENTIONS = [
    candidate("FooNet", rule="title-name"),
    candidate("FooNet", n=1),
    candidate("named entity recognition", "Task"),
    candidate("NER", "Task", "abbreviation"),
    candidate("NER", "Task", "propagation", n=1),
]


def features(mention: Candidate, recognised: list[Candidate] | None = None) -> set[str]:
    text = MentionText(TEXT, MENTIONS, recognised, find_abbreviations(TEXT))
    return {name for name in text.features(mention) if "|" not in name}


@given(st.floats(-1e6, 1e6))
def test_scores_become_probabilities(score: float) -> None:
    assert 0.0 < sigmoid(score) < 1.0


@given(st.floats(-6, 6))
def test_log_odds_undo_the_sigmoid(score: float) -> None:
    assert isclose(log_odds(sigmoid(score)), score, abs_tol=1e-9)


def test_features_that_the_model_does_not_know_count_nothing() -> None:
    model = Logistic({"bias": 1.0, "surest": 2.0})
    assert model.probability({"bias": 1.0, "unheard": 9.0}) == sigmoid(1.0)
    assert model.probability({"bias": 1.0, "surest": 0.5}) == sigmoid(2.0)


def test_a_mention_is_described_by_where_it_stands_and_what_it_looks_like() -> None:
    first, second, long, short, _ = (features(mention) for mention in MENTIONS)
    assert {"rule=title-name", "in-title", "shape=mixed", "count=2"} <= first
    assert {"rule=recogniser", "also-in-title"} <= second
    assert {"words=3", "shape=lower", "last=recognition", "abbreviation=long"} <= long
    assert {"shape=capitals", "abbreviation=short", "words=1"} <= short
    assert "in-title" not in second


def test_a_part_of_a_longer_word_is_told() -> None:
    text = "A BERT-based parser"
    part, whole = (Candidate(2, end, "Model", 0.5, "rule") for end in (6, 12))
    assert "joined-right" in MentionText(text, [part], None, ()).features(part)
    assert "joined-right" not in MentionText(text, [whole], None, ()).features(whole)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (candidate("named entity recognition", "Task"), "same"),
        (candidate("named entity recognition", "Method"), "other-label"),
        (candidate("a named entity recognition", "Task"), "longer"),
        (candidate("entity recognition", "Task"), "shorter"),
        (candidate("entity recognition", "Method"), "overlapping-other"),
        (candidate("FooNet"), "nothing"),
    ],
)
def test_agreement_with_the_recogniser_is_told(said: Candidate, expected: str) -> None:
    assert f"recogniser={expected}" in features(MENTIONS[2], [said])


def test_without_a_recogniser_nothing_is_said_of_one() -> None:
    assert not any("recogniser=" in name for name in features(MENTIONS[2]))
    assert "recogniser=nothing" in features(MENTIONS[2], [])


def test_it_is_told_whether_the_recogniser_finds_the_name_everywhere() -> None:
    assert "also=all" in features(MENTIONS[0], MENTIONS[:2])
    assert "also=some" in features(MENTIONS[0], MENTIONS[:1])
    assert {"also=none", "also=other-label"} <= features(
        MENTIONS[0], [candidate("FooNet", "Method", n=1)]
    )


@given(
    st.text(max_size=60),
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(1, 12), st.sampled_from(LABELS)), max_size=6
    ),
)
def test_features_are_pure_and_fit_any_text(text: str, spans: list[tuple[int, int, str]]) -> None:
    found = [
        Candidate(start, min(start + length, len(text)), label, 0.5, "rule")  # type: ignore[arg-type]
        for start, length, label in spans
        if start < len(text)
    ]
    one = MentionText(text, found, found[:2], ())
    other = MentionText(text, found, found[:2], ())
    backwards = {m: other.features(m) for m in reversed(found)}
    assert {m: one.features(m) for m in found} == backwards
    weights = Logistic({"bias": 0.3, "count=1": -1.0})
    calibrated = calibrate(text, found, None, (), weights)
    assert [m[:3] for m in calibrated] == [m[:3] for m in found]
    assert all(0.0 < m.confidence < 1.0 for m in calibrated)


@given(st.lists(PROBABILITIES, min_size=1, max_size=5), PROBABILITIES)
def test_an_entity_is_as_sure_as_its_surest_mention(own: list[float], another: float) -> None:
    model = Logistic({"bias": -0.2, "surest": 1.1})
    alone = model.probability(entity_features(own))
    assert alone == model.probability(entity_features([max(own)]))
    assert model.probability(entity_features([*own, another])) >= alone


def test_weights_survive_their_file(tmp_path: Path) -> None:
    models = {
        setting: ConfidenceModel(Logistic({"bias": n + 0.5}), Logistic({"surest": 1.0}))
        for n, setting in enumerate(SETTINGS)
    }
    write_models(tmp_path / "weights.json", models)
    assert load_confidence_models(tmp_path / "weights.json") == models


def test_shipped_weights_serve_both_settings() -> None:
    for model in load_confidence_models().values():
        assert "bias" in model.mention.weights
        assert model.entity.weights["surest"] > 0


@pytest.fixture(scope="module")
def rules() -> Language:
    return load_pipeline(rules_only=True)


def test_a_document_without_recogniser_is_known(rules: Language) -> None:
    assert read_recognised(rules("We evaluate BERT on SQuAD.")) is None
    empty = spacy.blank("en")("No name here.")
    empty.set_ents([], default="outside")
    assert read_recognised(empty) == []


def test_the_pipeline_gives_probabilities(rules: Language) -> None:
    doc = rules("Understanding\nWe evaluate GPT-4 on GLUE. GPT-4 reaches 91% accuracy.")
    mentions = read_mentions(doc)
    assert {doc.text[m.start : m.end] for m in mentions} >= {"GPT-4", "GLUE"}
    constants = {0.55, 0.6, 0.75, 0.85, 0.9, 0.95}
    assert all(0.0 < m.confidence < 1.0 for m in mentions)
    assert not constants.issuperset(m.confidence for m in mentions)
    best = {e.canonical: e.confidence for e in read_entities(doc)}
    by_mention = {
        name: max(m.confidence for m in mentions if doc.text[m.start : m.end] == name)
        for name in ("GPT-4", "GLUE")
    }
    order = sorted(by_mention, key=lambda name: by_mention[name])
    assert all(best[low] <= best[high] for low, high in pairwise(order))


def test_other_weights_can_be_given(tmp_path: Path) -> None:
    weights = {"mention": {"bias": 2.0}, "entity": {"bias": -2.0}}
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(dict.fromkeys(SETTINGS, weights)))
    nlp = load_pipeline(rules_only=True)
    nlp.replace_pipe("fairpapers_confidence", "fairpapers_confidence", config={"path": str(path)})
    doc = nlp("Understanding\nWe evaluate GPT-4 on GLUE.")
    assert {m.confidence for m in read_mentions(doc)} == {sigmoid(2.0)}
    assert {e.confidence for e in read_entities(doc)} == {round(sigmoid(-2.0), 3)}
