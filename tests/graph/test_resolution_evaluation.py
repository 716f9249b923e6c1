"""B-cubed over gold entities, and what the system is shown of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.gold import GoldEntity, GoldPaper, load_gold
from fairpapers.graph.aliases import Aliases, shipped_aliases
from fairpapers.graph.names import fold
from fairpapers.graph.resolution_evaluation import (
    BCubed,
    Item,
    main,
    misses,
    place,
    reviewed_gold_names,
    score,
    to_record,
    wrong_merges,
)
from fairpapers.graph.resolution_evaluation import (
    shared as shared_items,
)


def item(gold: str, system: str) -> Item:
    return Item(("Task", gold), ("Task", system), gold, (system,))


def paper(text: str, *entities: tuple[str, tuple[str, ...]]) -> GoldPaper:
    named = tuple(GoldEntity("Task", name, "used", surfaces) for name, surfaces in entities)
    return GoldPaper(id="p", title="A title", abstract=text, entities=named)


def test_figures_of_a_worked_example() -> None:
    items = [item("a", "x"), item("a", "x"), item("a", "y"), item("b", "y"), item("c", "z")]
    # Precision: 1 + 1 + 1/2 + 1/2 + 1. Recall: 2/3 + 2/3 + 1/3 + 1 + 1.
    assert tuple(score(items)) == pytest.approx((5, 4 / 5, 11 / 15))
    assert len(shared_items(items)) == 4
    [merge] = wrong_merges(items)
    [miss] = misses(items)
    assert (merge.cluster, merge.parts, merge.cost) == (("Task", "y"), (("a", 1), ("b", 1)), 1)
    assert (miss.cluster, miss.parts) == (("Task", "a"), (("x", 2), ("y", 1)))
    assert miss.cost == pytest.approx(4 / 3)


def test_nothing_scores_one() -> None:
    assert score([]) == BCubed(0, 1.0, 1.0)


clusterings = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")).map(lambda pair: item(*pair)),
    min_size=1,
)


@given(clusterings)
def test_figures_follow_from_the_definition(items: list[Item]) -> None:
    precision = recall = 0.0
    for one in items:
        together = sum(one[:2] == other[:2] for other in items)
        precision += together / sum(one.system == other.system for other in items)
        recall += together / sum(one.gold == other.gold for other in items)
    figures = score(items)
    assert figures.precision == pytest.approx(precision / len(items))
    assert figures.recall == pytest.approx(recall / len(items))


@given(clusterings)
def test_costs_explain_what_is_missing(items: list[Item]) -> None:
    figures = score(items)
    for ratio, found in ((figures.precision, wrong_merges(items)), (figures.recall, misses(items))):
        assert sum(each.cost for each in found) == pytest.approx((1 - ratio) * len(items))


def test_the_system_never_sees_a_gold_name() -> None:
    text = "We study named entity recognition (NER). NER is hard; NER it is."
    record, [gold] = to_record(paper(text, ("SECRET", ("named entity recognition", "NER"))), 1)
    [entity] = record.entities
    assert entity.canonical == "named entity recognition"
    assert set(entity.surfaces) == {"named entity recognition", "NER"}
    assert gold.canonical == "SECRET"
    assert len(record.mentions) == 4


def test_an_entity_that_the_text_does_not_name_is_no_item() -> None:
    papers = [paper("We study parsing.", ("parsing", ("parsing",)), ("tagging", ("tagging",)))]
    assert [each.canonical for each in place(papers, {}, {})] == ["parsing"]


def test_names_declared_equal_are_one_gold_cluster() -> None:
    papers = [
        paper("We study event typing.", ("event typing", ("event typing",))),
        paper("We study typing events.", ("typing of events", ("typing events",))),
    ]
    equal: Aliases = {("Task", fold("typing of events")): "event typing"}
    assert score(place(papers, {}, {})).recall == 1
    assert score(place(papers, {}, equal)).recall == 0.5


def test_the_shipped_gold_names_read() -> None:
    assert reviewed_gold_names()["Metric", fold("F1 score")] == "F1"


def test_the_command_prints_table_and_differences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        {"id": str(n), "title": "T", "abstract": f"We study {surface}.", "entities": [entity]}
        for n, (surface, canonical) in enumerate(
            [("translation", "speech translation"), ("translation", "translation")]
        )
        for entity in [
            {"label": "Task", "canonical": canonical, "role": "used", "surfaces": [surface]}
        ]
    ]
    file = tmp_path / "gold.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    main([str(file), "--as-written", "--differences"])
    printed = capsys.readouterr().out
    assert "| all | all | 2 | 0.500 | 1.000 | 0.667 |" in printed
    assert "1.0\tTask\ttranslation\tspeech translation (1); translation (1)" in printed
    assert "## Misses: 0" in printed


def test_precision_on_the_gold_is_held(shared: Path) -> None:
    papers = load_gold(shared / "gold" / "train.jsonl")
    figures = score(place(papers, shipped_aliases(), reviewed_gold_names()))
    assert figures.precision >= 0.98
    assert figures.recall >= 0.90
