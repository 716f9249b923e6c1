"""The scorer's figures, and that they are those of the annotators' own scorer."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairpapers.extract.evaluation import Accuracy, Figures, Scores, evaluate, fold, total
from fairpapers.extract.gold import GoldError, GoldPaper, LabelledSpan, load_gold, occurrences
from fairpapers.extract.pipeline import extract_records, load_pipeline
from fairpapers.extract.records import (
    LABELS,
    ROLES,
    Entity,
    Generator,
    Mention,
    Record,
    Result,
    SourceInfo,
)

GENERATOR = Generator("test", "0", "none", "0" * 64)
ABOUT = ("subject", "dataset")


def gold_line(**changes: object) -> str:
    paper = {
        "id": "p1",
        "title": "FooNet",
        "abstract": "FooNet beats BarNet. BarNet is old.",
        "entities": [
            {"label": "Model", "canonical": "FooNet", "role": "introduced", "surfaces": ["FooNet"]},
            {"label": "Model", "canonical": "BarNet", "role": "used", "surfaces": ["BarNet"]},
        ],
    }
    return json.dumps(paper | changes)


@pytest.fixture
def gold_file(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text(gold_line() + "\n\n", encoding="utf-8")
    return path


def perfect(paper: GoldPaper) -> Record:
    """The record that says what the gold says."""
    entities = [
        Entity(f"e{n}", e.label, e.canonical, e.surfaces, e.role, 1.0)
        for n, e in enumerate(paper.entities)
    ]
    mentions = [Mention(s, e, paper.text[s:e], label, 1.0, "e0") for s, e, label in paper.spans()]
    results = [
        Result(r.metric or "?", r.value, None, "absolute", "=", None, None, None, 0, 1, 1.0)
        for r in paper.results or ()
    ]
    return record(paper, mentions, entities, results)


def record(
    paper: GoldPaper, mentions: list[Mention], entities: list[Entity], results: list[Result]
) -> Record:
    return Record(
        id=paper.id,
        key=paper.id,
        title=paper.title,
        source=SourceInfo("gold", None, "jsonl"),
        text_sha256="0" * 64,
        text_length=len(paper.text),
        mentions=tuple(mentions),
        entities=tuple(entities),
        results=tuple(results),
        generator=GENERATOR,
    )


def reference(shared: Path, gold: Path, records: list[Record], folder: Path) -> Any:
    predicted = folder / "predicted.jsonl"
    predicted.write_text("".join(r.to_json() + "\n" for r in records), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(shared / "gold/score.py"), str(gold), str(predicted), "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def assert_same(ours: Scores, theirs: dict[str, Any]) -> None:
    # The reference does not look at what figures are about.
    both = {name: rows for name, rows in ours.to_json().items() if name not in ABOUT}
    # Both round to four decimals; a ratio half-way between two may go either way.
    assert dict(_leaves(both)) == pytest.approx(dict(_leaves(theirs)), abs=1.01e-4)


def _leaves(tree: Any, path: str = "") -> Iterator[tuple[str, float]]:
    if not isinstance(tree, dict):
        yield path, tree
        return
    for key, value in tree.items():
        yield from _leaves(value, f"{path}/{key}")


@pytest.mark.parametrize("name", ["train.jsonl", "seeds-dev.jsonl"])
def test_gold_as_prediction_agrees_with_the_reference(
    shared: Path, tmp_path: Path, name: str
) -> None:
    gold = shared / "gold" / name
    papers = load_gold(gold)
    records = [perfect(paper) for paper in papers]
    scores = evaluate(papers, records)
    assert total(scores.mention).f1 == 1.0
    assert_same(scores, reference(shared, gold, records, tmp_path))


def test_pipeline_output_agrees_with_the_reference(shared: Path, tmp_path: Path) -> None:
    lines = (shared / "gold/seeds-dev.jsonl").read_text(encoding="utf-8").splitlines()[:12]
    gold = tmp_path / "part.jsonl"
    gold.write_text("\n".join(lines), encoding="utf-8")
    papers = load_gold(gold)
    nlp = load_pipeline(rules_only=True)
    records = list(extract_records((paper.paper() for paper in papers), nlp))
    assert_same(evaluate(papers, records), reference(shared, gold, records, tmp_path))


@st.composite
def predictions(draw: st.DrawFn, papers: tuple[GoldPaper, ...]) -> list[Record]:
    """Records that are right in part: gold spans moved or relabelled, entities cut and mixed."""
    records = []
    for paper in papers:
        if draw(st.integers(0, 5)) == 0:
            continue
        mentions = []
        for start, end, label in sorted(paper.spans()):
            moved = start + draw(st.sampled_from([0, 0, 0, -1, 1, 2]))
            moved = max(0, min(moved, end - 1))
            label = draw(st.sampled_from([label, label, *LABELS]))
            mentions.append(Mention(moved, end, "x", label, 0.5, "e0"))
        entities = [
            Entity(
                "e0", label, entity.canonical, entity.surfaces[: draw(st.integers(0, 2))], role, 0.5
            )
            for entity in paper.entities
            for label in [draw(st.sampled_from([entity.label, *LABELS]))]
            for role in [draw(st.sampled_from(ROLES))]
        ]
        results = [
            Result(metric, value, "%", "absolute", "=", None, None, None, 0, 1, 0.5)
            for result in paper.results or ()
            for metric in [draw(st.sampled_from([result.metric or "?", "accuracy", "F1"]))]
            for value in [draw(st.sampled_from([result.value, f"{result.value}%", "1,234.5"]))]
        ]
        records.append(record(paper, mentions, entities, results))
    return records


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)
@given(data=st.data())
def test_random_predictions_agree_with_the_reference(
    shared: Path, tmp_path: Path, data: st.DataObject
) -> None:
    lines = (shared / "gold/seeds-dev.jsonl").read_text(encoding="utf-8").splitlines()
    first = data.draw(st.integers(0, len(lines) - 4))
    gold = tmp_path / "part.jsonl"
    gold.write_text("\n".join(lines[first : first + 4]), encoding="utf-8")
    papers = load_gold(gold)
    records = data.draw(predictions(papers))
    assert_same(evaluate(papers, records), reference(shared, gold, records, tmp_path))


def test_gold_texts_are_in_the_form_that_offsets_count_in(shared: Path) -> None:
    for name in ("train.jsonl", "seeds-dev.jsonl"):
        path = shared / "gold" / name
        raw = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert [f"{r['title']}\n{r['abstract']}" for r in raw] == [p.text for p in load_gold(path)]


def test_a_missing_record_counts_as_nothing_found(gold_file: Path) -> None:
    papers = load_gold(gold_file)
    scores = evaluate(papers, [])
    assert total(scores.mention) == Figures(right=0, predicted=0, gold=4)
    assert scores.role.of == 0
    assert scores.result is None


def test_a_mention_with_the_wrong_border_overlaps_but_is_not_exact(gold_file: Path) -> None:
    (paper,) = load_gold(gold_file)
    shifted = Mention(1, 6, "ooNet", "Model", 1.0, "e0")
    scores = evaluate([paper], [record(paper, [shifted], [], [])])
    assert total(scores.mention) == Figures(0, 1, 4)
    assert total(scores.overlap) == Figures(1, 1, 4)


def test_roles_are_compared_on_matched_entities_only(gold_file: Path) -> None:
    (paper,) = load_gold(gold_file)
    entities = [
        Entity("e1", "Model", "foo-net", (), "used", 1.0),
        Entity("e2", "Model", "BAR NET", (), "used", 1.0),
        Entity("e3", "Dataset", "BarNet", (), "used", 1.0),
    ]
    scores = evaluate([paper], [record(paper, [], entities, [])])
    assert total(scores.entity) == Figures(2, 3, 2)
    assert (scores.role.right, scores.role.of) == (1, 2)


def test_figures_of_nothing_are_zero() -> None:
    assert (Figures().precision, Figures().recall, Figures().f1) == (0.0, 0.0, 0.0)
    assert Figures(1, 2, 4).f1 == pytest.approx(1 / 3)


def test_fold_ignores_case_spaces_and_hyphens() -> None:
    assert fold("Chain-of–Thought") == fold("chain of thought")
    assert fold("GPT-3") != fold("GPT-4")


def test_the_longest_surface_form_wins_where_two_overlap(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    entities = [
        {"label": "Model", "canonical": name, "role": "used", "surfaces": [name]}
        for name in ("Llama-3", "Llama-3.1")
    ]
    line = gold_line(abstract="Llama-3.1 and Llama-3 differ.", entities=entities)
    path.write_text(line, encoding="utf-8")
    (paper,) = load_gold(path)
    assert paper.spans() == {LabelledSpan(7, 16, "Model"), LabelledSpan(21, 28, "Model")}


def test_only_keeps_the_listed_occurrences(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    entity = {
        "label": "Model",
        "canonical": "x",
        "role": "used",
        "surfaces": ["BarNet"],
        "only": {"BarNet": [1]},
    }
    path.write_text(gold_line(entities=[entity]), encoding="utf-8")
    (paper,) = load_gold(path)
    assert {paper.text[s:e] for s, e, _ in paper.spans()} == {"BarNet"}
    assert [s for s, _, _ in paper.spans()] == [paper.text.rindex("BarNet")]


def test_gold_is_normalized_like_any_paper(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    entity = {"label": "Model", "canonical": "x", "role": "used", "surfaces": ["Bar\u00a0 Net"]}
    path.write_text(gold_line(abstract="The  Bar\tNet.", entities=[entity]), encoding="utf-8")
    (paper,) = load_gold(path)
    assert paper.abstract == "The Bar Net."
    assert {paper.text[s:e] for s, e, _ in paper.spans()} == {"Bar Net"}


def test_a_faulty_gold_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(gold_line() + "\n" + gold_line(title=7) + "\n", encoding="utf-8")
    with pytest.raises(GoldError, match="title") as caught:
        load_gold(path)
    assert (caught.value.line, caught.value.path) == (2, path)


@given(st.text(max_size=60), st.text(min_size=1, max_size=4))
def test_occurrences_are_exact_and_word_bounded(text: str, surface: str) -> None:
    for start, end in occurrences(text, surface):
        assert text[start:end] == surface
        assert not (start and text[start - 1].isalnum())
        assert not text[end : end + 1].isalnum()


def figure(value: str, subject: str | None, dataset: str | None) -> Result:
    return Result("accuracy", value, "%", "absolute", "=", subject, dataset, None, 0, 1, 1.0)


def test_matched_results_tell_what_they_are_about_by_any_name(gold_file: Path) -> None:
    gold = [
        {"value": "91", "metric": "accuracy", "subject": "FooNet", "dataset": None},
        {"value": "85", "metric": "accuracy", "subject": "BarNet", "dataset": "BazBank"},
        {"value": "70", "metric": "accuracy", "subject": "BarNet", "dataset": None},
        {"value": "12", "metric": "accuracy", "subject": "BarNet", "dataset": None},
    ]
    gold_file.write_text(gold_line(results=gold), encoding="utf-8")
    (paper,) = load_gold(gold_file)
    found = Entity("e0", "Model", "Foo network", ("FooNet", "Foo network"), "used", 1.0)
    results = [
        figure("91", "Foo network", None),
        figure("85", "BarNet", None),
        figure("70", None, "BazBank"),
    ]
    scores = evaluate([paper], [record(paper, [], [found], results)])
    assert (scores.subject, scores.dataset) == (Accuracy(2, 3), Accuracy(1, 3))
    assert scores.to_json()["subject"] == {"accuracy": 0.6667, "of": 3}


def test_gold_that_names_no_subject_does_not_judge_them(gold_file: Path) -> None:
    gold_file.write_text(gold_line(results=[{"value": "91", "metric": "accuracy"}]))
    (paper,) = load_gold(gold_file)
    scores = evaluate([paper], [record(paper, [], [], [figure("91", "FooNet", None)])])
    assert scores.subject == scores.dataset == Accuracy()
    assert "subject" not in scores.to_json()
