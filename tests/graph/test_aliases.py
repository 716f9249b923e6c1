"""The reviewed list is well-formed, and a malformed one is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairpapers.graph.aliases import read_aliases, shipped_aliases
from fairpapers.graph.errors import AliasError
from fairpapers.graph.names import fold


def test_the_shipped_list_reads() -> None:
    aliases = shipped_aliases()
    assert aliases["Dataset", fold("MNLI")] == "MultiNLI"
    assert aliases["Metric", fold("F1-score")] == "F1"
    assert len(aliases) >= 60


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("Metric\tF-score", "three fields"),
        ("Metric\tF-score\t", "three fields"),
        ("Paper\tA\tB", "no label"),
        ("Metric\tf1 Score\tF2", "line 2 too"),
        ("Metric\tBLEU 4\tBLEU-4", "without this line"),
        ("Metric\tF1\tF-beta", "canonical name elsewhere"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "list.tsv"
    path.write_text(f"label\talias\tcanonical\nMetric\tF1 score\tF1\n{line}\n")
    with pytest.raises(AliasError, match=fault) as caught:
        read_aliases(path)
    assert caught.value.line == 3


def test_a_list_without_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_text("Metric\tF1 score\tF1\n")
    with pytest.raises(AliasError, match="header"):
        read_aliases(path)
