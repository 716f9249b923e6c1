"""Fitting the confidences: the optimum is found, and what was held out is not looked at."""

from __future__ import annotations

import json
from math import isclose
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.gold import GoldEntity, GoldPaper
from fairpapers.extract.pipeline import load_pipeline
from fairpapers.extract.pipeline.confidence import load_confidence_models, log_odds
from fairpapers.extract.pipeline.confidence_training import (
    Example,
    cross_validate,
    fit,
    judge,
    main,
    out_of_fold,
    train,
)
from fairpapers.extract.pipeline.extraction import shipped_model


def examples(right: int, wrong: int, name: str = "x") -> list[Example]:
    made = {"bias": 1.0, name: 1.0}
    return [*[Example(made, True)] * right, *[Example(made, False)] * wrong]


@given(st.integers(1, 40), st.integers(1, 40))
def test_without_a_feature_the_probability_is_the_share(right: int, wrong: int) -> None:
    plain = [Example({"bias": 1.0}, e.right) for e in examples(right, wrong)]
    model = fit(plain, minimum=1)
    share = right / (right + wrong)
    assert isclose(model.weights.get("bias", 0.0), log_odds(share), abs_tol=1e-3)


def test_a_penalty_draws_weights_to_zero() -> None:
    data = examples(30, 10, "good") + examples(10, 30, "bad")
    free, held = fit(data, penalty=0.001), fit(data, penalty=20.0)
    assert free.weights["good"] > held.weights["good"] > 0 > held.weights["bad"]
    assert free.probability({"bias": 1.0, "good": 1.0}) == pytest.approx(0.75, abs=0.01)


def test_rare_features_are_left_out() -> None:
    model = fit(examples(30, 10) + examples(4, 0, "rare"), minimum=5)
    assert "rare" not in model.weights


def test_of_one_kind_only_it_still_fits() -> None:
    model = fit(examples(20, 0))
    assert 0.9 < model.probability({"bias": 1.0}) < 1.0


def paper(n: int) -> GoldPaper:
    """GLUE is annotated in every paper and GPT-4 in every other one."""
    entities = [GoldEntity("Dataset", "GLUE", "used", ("GLUE",))]
    if n % 2:
        entities.append(GoldEntity("Model", "GPT-4", "used", ("GPT-4",)))
    text = f"We evaluate GPT-4 on GLUE in setting {n}."
    return GoldPaper(f"p{n}", f"Study {n}", text, tuple(entities))


@pytest.fixture(scope="module")
def papers() -> list[GoldPaper]:
    return [paper(n) for n in range(20)]


def test_what_is_right_is_what_the_gold_says(papers: list[GoldPaper]) -> None:
    judged = judge(papers, load_pipeline(rules_only=True))
    even, odd = judged[0], judged[1]
    assert [e.right for e in even.mentions] == [False, True]
    assert [e.right for e in odd.mentions] == [True, True]
    assert [right for _, right in even.entities] == [False, True]
    assert [e.right for e in even.entity_examples([0.2, 0.9])] == [False, True]


def test_half_right_becomes_a_probability_near_a_half(papers: list[GoldPaper]) -> None:
    judged = judge(papers, load_pipeline(rules_only=True))
    model = train(judged).mention
    unsure, sure = (model.probability(e.features) for e in judged[0].mentions)
    assert 0.4 < unsure < 0.7 < sure
    mentions, entities = cross_validate(judged)
    assert len(mentions) == len(entities) == 40


def test_a_paper_does_not_decide_its_own_confidences(papers: list[GoldPaper]) -> None:
    judged = judge(papers, load_pipeline(rules_only=True))
    before = out_of_fold(judged, folds=5)
    liar = tuple(Example(e.features, not e.right) for e in judged[0].mentions)
    changed = [
        type(judged[0])(judged[0].text, judged[0].candidates, liar, judged[0].entities),
        *judged[1:],
    ]
    after = out_of_fold(changed, folds=5)
    assert after[0] == before[0]
    assert after[1] != before[1]


@pytest.mark.skipif(shipped_model() is None, reason="no model is shipped")
def test_the_command_writes_weights_and_prints_the_error(
    papers: list[GoldPaper], tmp_path: Path
) -> None:
    gold = tmp_path / "gold.jsonl"
    lines = (
        {
            "id": p.id,
            "title": p.title,
            "abstract": p.abstract,
            "entities": [
                {"label": e.label, "canonical": e.canonical, "role": e.role, "surfaces": e.surfaces}
                for e in p.entities
            ],
        }
        for p in papers
    )
    gold.write_text("".join(json.dumps(line) + "\n" for line in lines))
    weights = tmp_path / "weights.json"
    arguments = [str(gold), str(weights), "--model", str(shipped_model())]
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    rows = [line.partition(":")[0] for line in done.output.splitlines()]
    assert rows == [
        "recognised mentions",
        "recognised entities",
        "rules mentions",
        "rules entities",
    ]
    assert "ECE" in done.output
    models = load_confidence_models(weights)
    once = weights.read_bytes()
    CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert weights.read_bytes() == once
    assert models["rules"].mention.weights["bias"] != 0
