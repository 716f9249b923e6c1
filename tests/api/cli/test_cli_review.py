"""`fairpapers review`: a template out, decisions in, and a graph that heeds them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from fairpapers.graph.snapshot import current_id

Run = Any
PAPER = "doi:10.5555/sample.2023.1"
SHORT = "paper/doi:10.5555:sample.2023.1"


@pytest.fixture
def graph(graph_directory: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(graph_directory, tmp_path / "graph"))


def stated(run: Run, graph: Path, statement: str) -> str:
    text = run("evidence", *statement.split(maxsplit=2), "--graph", graph).stdout
    (line,) = [each for each in text.splitlines() if each.startswith("review")]
    return str(line.split(maxsplit=1)[1])


def test_a_template_filled_in_changes_the_graph(run: Run, graph: Path, tmp_path: Path) -> None:
    template = run("review", "--template", PAPER, "--graph", graph).stdout
    rows = list(csv.DictReader(io.StringIO(template)))
    assert {row["status"] for row in rows} == {"auto"}
    wanted = next(row for row in rows if row["says"].endswith("fp:uses CoNLL-2003"))
    wanted["decision"] = "rejected"
    wanted["comment"] = "Not, on a closer look."
    filled = tmp_path / "filled.csv"
    with filled.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    arguments = ("--graph", graph, "--reviewer", "Ada", "--date", "2026-11-30")
    done = run("review", filled, *arguments)
    assert done.exit_code == 0, done.stderr
    assert "decisions applied              1" in done.stdout
    shown = stated(run, graph, f"{PAPER} uses CoNLL-2003")
    assert shown == "rejected by Ada, 2026-11-30T00:00:00Z: Not, on a closer look."
    ask = f"ASK {{ <https://w3id.org/fairpapers/id/{SHORT}> ?p ?o . ?o ?q 'CoNLL-2003' }}"
    assert "no" in run("sparql", ask, "--graph", graph).stdout.lower()
    # The same file again changes nothing, though the name is gone from the graph.
    before = current_id(graph)
    again = run("review", filled, *arguments)
    assert "decisions unmatched            0" in again.stdout
    assert current_id(graph) == before
    listed = run("review", "--list", "--graph", graph).stdout.splitlines()
    assert len(listed) == 1
    assert "CoNLL-2003: rejected by Ada, 2026-11-30 (Not, on a closer look.)" in listed[0]


def test_decisions_move_to_another_directory(
    run: Run, graph: Path, root: Path, tmp_path: Path
) -> None:
    lines = [
        {"subject": PAPER, "predicate": "uses", "object": "CoNLL-2003", "new_role": "mentioned"},
        {"statement": f"{SHORT}/r/1", "new_value": "94.3", "new_task": "-"},
    ]
    file = tmp_path / "decisions.jsonl"
    more = {"decision": "corrected", "reviewer": "0000-0002-1825-0097", "date": "2026-11-30"}
    file.write_text("".join(json.dumps({**line, **more}) + "\n" for line in lines))
    done = run("review", file, "--graph", graph)
    assert done.exit_code == 0, done.stderr
    exported = tmp_path / "exported.jsonl"
    assert run("review", "--export", exported, "--graph", graph).exit_code == 0
    other = tmp_path / "other"
    records = root / "tests/graph/sample_records.jsonl"
    built = run("build", records, "-o", other, "--decisions", exported)
    assert "decisions applied              2" in built.stdout
    # The library is in both, so the two graphs are the same.
    assert current_id(other) == current_id(graph)
    assert stated(run, other, f"{PAPER} mentions CoNLL-2003").startswith("corrected by 0000-0002")


def test_bad_lines_are_named_and_the_rest_holds(run: Run, graph: Path, tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    file.write_text(
        "statement,decision,reviewer,date,new_role,new_value\n"
        f"{SHORT}/c/999,rejected,Ada,2026-11-30,,\n"
        f"{SHORT}/c/1,maybe,Ada,2026-11-30,,\n"
        f"{SHORT}/c/1,rejected,,2026-11-30,,\n"
        f"{SHORT}/c/1,rejected,Ada,yesterday,,\n"
        f"{SHORT}/c/1,corrected,Ada,2026-11-30,owned,\n"
        f"{SHORT}/c/1,corrected,Ada,2026-11-30,,\n"
        f"{SHORT}/r/1,corrected,Ada,2026-11-30,,93.4\n"
        f"{SHORT}/m/0-9,rejected,Ada,2026-11-30,,\n"
        f"{SHORT}/c/1,confirmed,Ada,2026-11-30,,\n"
    )
    done = run("review", file, "--graph", graph)
    assert done.exit_code == 3
    named = [line for line in done.stderr.splitlines() if line.startswith("skipped")]
    assert [line.split(":")[1] for line in named] == [str(n) for n in range(2, 10)]
    assert "decisions applied              1" in done.stdout


def test_what_extraction_missed_is_added_by_its_words(
    run: Run, graph: Path, root: Path, tmp_path: Path
) -> None:
    paper = json.loads((root / "tests/graph/sample_papers.jsonl").read_text().splitlines()[0])
    text = f"{paper['title']}\n{paper['abstract']}"
    words = "whole spans"
    start = text.index(words)
    line = {
        "subject": SHORT,
        "predicate": "fp:uses",
        "object": "whole-span scoring",
        "label": "Method",
        "start": start,
        "end": start + len(words),
        "words": words,
        "decision": "confirmed",
        "reviewer": "Ada",
        "date": "2026-11-30",
    }
    file = tmp_path / "decisions.jsonl"
    file.write_text(json.dumps(line))
    assert run("review", file, "--graph", graph).exit_code == 0
    assert stated(run, graph, f"{PAPER} uses whole-span scoring").startswith("confirmed by Ada")


def test_one_thing_at_a_time(run: Run, graph: Path) -> None:
    assert run("review", "--graph", graph).exit_code == 2
    assert run("review", "--list", "--template", PAPER, "--graph", graph).exit_code == 2
    assert run("review", "--template", "title:unknown", "--graph", graph).exit_code == 1
