"""Where the pipeline errs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.errors import MarksError
from fairpapers.extract.gold import GoldEntity, GoldPaper, LabelledSpan
from fairpapers.extract.mistakes import compare, compare_papers, replace_block, report
from fairpapers.extract.pipeline import load_pipeline
from fairpapers.extract.pipeline.mentions import Candidate
from fairpapers.extract.records import LABELS, Label


def kind(wanted: tuple[int, int], found: tuple[int, int], label: Label = "Task") -> str:
    compared = list(compare([LabelledSpan(*wanted, "Task")], [Candidate(*found, label, 0.5, "r")]))
    assert len(compared) == 1
    return compared[0].kind


def test_borders_go_before_labels() -> None:
    assert kind((2, 6), (2, 6)) == "right"
    assert kind((2, 6), (2, 6), "Model") == "wrong label"
    assert kind((2, 6), (1, 6)) == "longer"
    assert kind((2, 6), (3, 6), "Model") == "shorter"
    assert kind((2, 6), (4, 8)) == "crossing"


def test_what_overlaps_nothing_is_missed_or_invented() -> None:
    compared = list(compare([LabelledSpan(0, 3, "Task")], [Candidate(4, 6, "Task", 0.5, "r")]))
    assert [each.kind for each in compared] == ["missed", "invented"]


def test_the_same_borders_go_before_a_larger_overlap() -> None:
    wanted = [LabelledSpan(0, 4, "Task"), LabelledSpan(4, 20, "Task")]
    found = [Candidate(4, 20, "Task", 0.5, "r"), Candidate(2, 4, "Task", 0.5, "r")]
    assert sorted(each.kind for each in compare(wanted, found)) == ["right", "shorter"]


BORDERS = st.lists(st.integers(0, 40), max_size=12, unique=True).map(sorted)


@given(BORDERS, BORDERS, st.data())
def test_everything_is_counted_once(left: list[int], right: list[int], data: st.DataObject) -> None:
    labels = st.sampled_from(LABELS)
    wanted = [
        LabelledSpan(s, e, data.draw(labels)) for s, e in zip(left[::2], left[1::2], strict=False)
    ]
    found = [
        Candidate(s, e, data.draw(labels), 0.5, "r")
        for s, e in zip(right[::2], right[1::2], strict=False)
    ]
    compared = list(compare(wanted, found))
    assert sorted(each.wanted for each in compared if each.wanted) == wanted
    assert sorted(each.found for each in compared if each.found) == found
    exact = {(w.start, w.end, w.label) for w in wanted} & {(f.start, f.end, f.label) for f in found}
    assert sum(each.kind == "right" for each in compared) == len(exact)


def test_the_tables_count_the_mistakes_of_the_pipeline() -> None:
    entities = (
        GoldEntity("Dataset", "FooBank", "used", ("FooBank",)),
        GoldEntity("Model", "SQuAD", "used", ("SQuAD",)),
        GoldEntity("Task", "weaving", "used", ("weaving",)),
    )
    paper = GoldPaper("p1", "A title", "The FooBank dataset and SQuAD for weaving; BERT.", entities)
    lines = list(report(compare_papers([paper], load_pipeline(rules_only=True))))
    assert lines[0] == "1 papers with 3 annotated mentions; 3 found."
    assert "| SQuAD: Model | SQuAD: Dataset | 1 | 1 |" in lines
    assert "| weaving: Task | nothing | 1 | 1 |" in lines
    assert "| nothing | BERT: Model | 1 | 1 |" in lines
    assert "| Model | 1 |  |  |  |  |  |  |" in lines
    assert "| wrong label | 1 | 33.3 | 0 | 1 | 0 | 0 | 0 |" in lines
    assert "| data-head | 1 | 100.0 | 0 | 0 | 0 | 0 | 0 |" in lines


def test_tables_stand_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- mistakes: begin -->\nold\n<!-- mistakes: end -->\nafter\n")
    for _ in range(2):
        replace_block(page, ["new"])
        assert page.read_text() == (
            "before\n<!-- mistakes: begin -->\n\nnew\n\n<!-- mistakes: end -->\nafter\n"
        )
    page.write_text("no marks\n")
    with pytest.raises(MarksError, match="put them"):
        replace_block(page, ["new"])
