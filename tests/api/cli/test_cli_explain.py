"""Help with queries on the command line."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from fairpapers.queries.assistance import KINDS

Run = Any

PREFIX = "PREFIX fp: <https://w3id.org/fairpapers/ontology#>\n"


def test_what_may_be_wrong_is_marked_in_its_line(run: Run) -> None:
    done = run("explain", f"{PREFIX}SELECT ?p {{ ?p fp:usess ?d }}")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("2:16: warning: ")
    assert "did you mean fp:uses?" in lines[0]
    assert lines[1:3] == ["  SELECT ?p { ?p fp:usess ?d }", "                 ^^^^^^^^"]
    assert "?p fp:usess ?d" in lines[-1]


def test_files_standard_input_and_the_library_can_be_explained(run: Run, tmp_path: Path) -> None:
    text = f"{PREFIX}SELECT ?d {{ ?p fp:uses ?d }}"
    path = tmp_path / "question.rq"
    path.write_text(text)
    shown = run("explain", text).stdout
    assert shown.startswith("Nothing to remark.")
    assert run("explain", f"@{path}").stdout == shown
    assert run("explain", "-", input=text).stdout == shown
    assert run("explain", "C01").stdout.startswith("Nothing to remark.")
    assert run("explain", "C99").exit_code == 1


def test_the_picture_is_svg_or_mermaid(run: Run) -> None:
    drawn = run("explain", "F02", "--format", "svg").stdout
    assert ET.fromstring(drawn).tag.endswith("svg")
    assert run("explain", "F02", "--format", "mermaid").stdout.startswith("flowchart LR\n")
    assert run("explain", "nonsense", "--format", "svg").exit_code == 0


def test_a_graph_is_asked_where_one_is_named(run: Run, graph_directory: Path) -> None:
    text = f"{PREFIX}SELECT * {{ ?p a fp:Paper . ?p fp:doi ?d . ?d <urn:nobody/has/this> ?x }}"
    done = run("explain", text, "--graph", graph_directory, "--format", "json")
    document = json.loads(done.stdout)
    assert document["empty"]["outcome"] == "found"
    assert [each["kind"] for each in document["findings"]] == ["unknown-term"]
    alone = json.loads(run("explain", text, "--format", "json").stdout)
    assert (alone["empty"], alone["findings"]) == (None, [])
    assert set(alone["picture"]) == {"svg", "mermaid", "text"}
    shown = run("explain", text, "--graph", graph_directory).stdout
    assert document["empty"]["message"][1:] in shown


def test_a_text_that_is_no_query_is_told(run: Run, graph_directory: Path) -> None:
    done = run("explain", "SELECT * WHERE {\n ?s ?p }")
    assert done.exit_code == 0
    assert "Not understood from line 2, column 8 on." in done.stdout
    done = run("explain", "SELECT * WHERE {\n ?s ?p }", "--graph", graph_directory)
    assert done.exit_code == 1
    assert "line 2, column 9" in done.stderr


@pytest.mark.parametrize("shape", ["table", "csv"])
def test_an_empty_answer_is_explained_beside_it(
    run: Run, graph_directory: Path, shape: str
) -> None:
    text = f"{PREFIX}SELECT ?d {{ ?p a fp:Paper ; fp:usess ?d }}"
    options = ("--graph", graph_directory, "--format", shape)
    plain = run("sparql", text, *options)
    done = run("sparql", text, *options, "--explain-empty")
    assert done.stdout == plain.stdout
    assert plain.stderr == ""
    assert "Why there is nothing: Line 2" in done.stderr
    assert "did you mean fp:uses?" in done.stderr


def test_an_answer_is_not_explained(run: Run, graph_directory: Path) -> None:
    for text in ("SELECT ?d { ?p fp:uses ?d }", "SELECT (COUNT(*) AS ?n) { ?p fp:uses ?d }"):
        done = run("sparql", PREFIX + text, "--graph", graph_directory, "--explain-empty")
        assert (done.exit_code, done.stderr) == (0, "")
    none = f"{PREFIX}SELECT (COUNT(*) AS ?n) {{ ?p fp:introduces ?p }}"
    done = run("sparql", none, "--graph", graph_directory, "--explain-empty")
    assert "a row even of nothing" in done.stderr


def test_a_query_of_the_library_is_explained_with_its_values(
    run: Run, graph_directory: Path
) -> None:
    value = "dataset=dataset/nothing"
    done = run("query", "A06", "-p", value, "--graph", graph_directory, "--explain-empty")
    assert done.exit_code == 0
    assert "No statement leads to" in done.stderr


def test_what_the_findings_mean_is_listed(run: Run) -> None:
    done = run("explain", "--kinds")
    assert done.exit_code == 0
    for kind in KINDS.values():
        assert f"{kind.id} ({kind.level}): {kind.title}" in done.stdout
