"""The threat model names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

NAMED = re.compile(r"`(test_\w+)`")
DEFINED = re.compile(r"^(?:async )?def (test_\w+)\(", re.MULTILINE)


def test_every_test_of_the_threat_model_exists(root: Path) -> None:
    named = set(NAMED.findall((root / "api/THREATS.md").read_text("utf-8")))
    defined = {
        name
        for path in (root / "tests/api").rglob("test_*.py")
        for name in DEFINED.findall(path.read_text("utf-8"))
    }
    assert len(named) > 30
    assert named <= defined, sorted(named - defined)


def test_every_threat_has_a_test(root: Path) -> None:
    text = (root / "api/THREATS.md").read_text("utf-8")
    table = text.partition("## Threats")[2].partition("## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("|")][2:]
    assert rows
    assert [row for row in rows if not NAMED.search(row.split("|")[-2])] == []
