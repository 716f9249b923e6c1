"""Roles: features, decision, learning."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from fairpapers.extract.gold import GoldEntity, GoldPaper
from fairpapers.extract.pipeline.role_training import (
    RoleExample,
    cross_validate,
    majority_roles,
    role_examples,
    train_roles,
)
from fairpapers.extract.pipeline.roles import RoleModel, RoleText, load_role_model
from fairpapers.extract.records import Role

TEXT = (
    "FooNet: Parsing with Fewer Labels\n"
    "Recently, models such as BarNet have become popular. We propose FooNet, a new parser. "
    "We evaluate FooNet on BazBank."
)


def decide(name: str, label: str = "Method") -> Role:
    spans = [(i, i + len(name)) for i in range(len(TEXT)) if TEXT.startswith(name, i)]
    features = RoleText(TEXT).features("Dataset" if label == "Dataset" else "Method", spans)
    return load_role_model().decide(features)[0]


def test_the_shipped_weights_tell_clear_cases_apart() -> None:
    assert decide("FooNet") == "introduced"
    assert decide("BazBank", "Dataset") == "used"


def test_cues_are_told_by_place() -> None:
    start = TEXT.index("FooNet, a new")
    features = RoleText(TEXT).features("Method", [(start, start + 6)])
    assert "near-before=propose" in features
    assert "Method|near-before=propose" in features
    assert "title=False" in features
    assert len(features) == len(set(features))


def test_a_span_in_the_title_alone_has_features() -> None:
    assert "first=title-only" in RoleText(TEXT).features("Method", [(0, 6)])


def test_the_probability_is_that_of_the_best_role() -> None:
    role, probability = RoleModel({"a": (2.0, 0.0, 0.0)}).decide(["a", "unknown"])
    assert role == "introduced"
    assert probability == pytest.approx(0.787, abs=0.001)


def examples(rows: Sequence[tuple[str, Role]]) -> list[RoleExample]:
    return [RoleExample("Method", ("bias", feature), role) for feature, role in rows]


def test_training_learns_what_the_examples_show() -> None:
    rows = examples(
        [("we propose", "introduced"), ("recently", "mentioned"), ("we use", "used")] * 20
    )
    model = train_roles(rows, penalty=0.1)
    assert [model.decide(e.features)[0] for e in rows[:3]] == ["introduced", "mentioned", "used"]
    assert majority_roles(rows)["Method"] in ("introduced", "used", "mentioned")


def papers() -> list[GoldPaper]:
    made = []
    for n in range(10):
        new, old = (
            GoldEntity("Method", "new", "introduced", (f"New{n}",)),
            GoldEntity("Method", "old", "used", ("Old",)),
        )
        abstract = f"We propose New{n} here. It is compared with Old."
        made.append(GoldPaper(f"p{n}", "A title", abstract, (new, old)))
    return made


def test_cross_validation_beats_the_majority_where_cues_decide() -> None:
    accuracy, baseline = cross_validate(papers(), folds=5)
    assert accuracy == 1.0
    assert baseline == 0.5


def test_entities_that_do_not_occur_make_no_example() -> None:
    paper = GoldPaper("p", "T", "Nothing.", (GoldEntity("Task", "x", "used", ("parsing",)),))
    assert role_examples([paper]) == []
