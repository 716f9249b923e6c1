"""The vocabulary holds the metrics that papers name most, as its command counts them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from fairpapers.ontology import fold_metric, metrics
from fairpapers.ontology.metric_counts import MOST_MET, count_metrics, left_out, main, most_met

ANNOTATIONS = Path("extract") / "training" / "annotations.jsonl"


def paper(*names: str, label: str = "Metric") -> str:
    return json.dumps({"entities": [{"label": label, "canonical": name} for name in names]})


def test_the_fifty_most_met_are_in_the_vocabulary(root: Path) -> None:
    with (root / ANNOTATIONS).open(encoding="utf-8") as lines:
        found = most_met(count_metrics(lines))

    assert sum(each.listed for each in found) == MOST_MET
    assert [each for each in found if not each.listed and not each.why] == []


def test_a_name_is_either_listed_or_left_out() -> None:
    assert left_out()
    assert left_out().keys() & metrics().keys() == set()
    assert "".join(left_out().values()).strip()


def test_papers_are_counted_once_and_spellings_together() -> None:
    counts = count_metrics(
        [
            paper("F1", "macro F1", "zeal"),
            paper("F1-score", "Zeal", "Zeal"),
            paper("BLEU", label="Method"),
            paper("robustness"),
        ]
    )

    assert [(each.papers, each.name, each.listed) for each in counts] == [
        (2, "F1", True),
        (2, "Zeal", False),
        (1, "robustness", False),
    ]
    assert counts[1].why == ""
    assert counts[2].why == left_out()[fold_metric("robustness")]


def test_command_prints_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.jsonl").write_text(paper("robustness", "F1") + "\n" + paper("robustness") + "\n")
    monkeypatch.setattr(sys, "argv", ["metric_counts", str(tmp_path / "a.jsonl")])

    main()

    why = left_out()["robustness"]
    expected = f"papers\tmetric\tin the vocabulary\n2\trobustness\tno: {why}\n1\tF1\tyes\n"
    assert capsys.readouterr().out == expected
