"""`fairpapers lint`, and the commands that take one's own library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from fairpapers.queries import library_folder

from .test_cli_serve import started

Run = Any
QUERY = """\
#+ id: Z01
#+ title: Titles
#+ question: What are the titles?
#+ description: All of them.
#+ group: Ours
#+ level: 1
#+ teaches: [SELECT]
#+ columns:
#+   - {name: paper, type: iri, description: the paper}
#+   - {name: title, type: string, description: its title}
#+ related: [A01]
#+ licence: CC0-1.0

PREFIX dcterms: <http://purl.org/dc/terms/>

SELECT ?paper ?title
WHERE { ?paper dcterms:title ?title ; a <https://w3id.org/fairpapers/ontology#Paper> }
ORDER BY ?title ?paper
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "Z01-titles.rq").write_text(QUERY)
    return folder


def spoil(own: Path, old: str, new: str) -> Path:
    path = own / "Z01-titles.rq"
    assert old in QUERY
    path.write_text(QUERY.replace(old, new))
    return path


def test_a_folder_without_fault_ends_well(run: Run, own: Path, graph_directory: Path) -> None:
    done = run("lint", own, "--graph", graph_directory, "--strict")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "1 file, 0 errors, 0 warnings\n"


def test_an_error_names_file_line_and_check_and_fails(run: Run, own: Path) -> None:
    path = spoil(own, "dcterms:title", "dcterms:titel")
    done = run("lint", own)
    assert done.exit_code == 1
    assert done.stdout == (
        f"{path}:17: error: dcterms:titel is not defined; did you mean dcterms:title? [terms]\n"
    )
    assert done.stderr == "Error: 1 file, 1 error, 0 warnings\n"


def test_warnings_fail_where_that_is_asked_for(run: Run, own: Path) -> None:
    path = spoil(own, "ORDER BY ?title ?paper\n", "")
    done = run("lint", path)
    assert done.exit_code == 0
    assert f"{path}:17: warning: no ORDER BY" in done.stdout
    assert run("lint", path, "--strict").exit_code == 1


def test_programs_get_json(run: Run, own: Path) -> None:
    path = spoil(own, "[A01]", "[A99]")
    document = json.loads(run("lint", own, "--format", "json").stdout)
    (fault,) = document.pop("faults")
    assert document == {"files": 1, "errors": 1, "warnings": 0}
    assert (fault["file"], fault["line"], fault["check"]) == (str(path), 11, "links")
    assert fault["severity"] == "error"
    assert fault["message"].startswith("no query 'A99'")


def test_a_library_alone_cannot_lead_to_ours(run: Run, own: Path) -> None:
    assert run("lint", own).exit_code == 0
    done = run("lint", own, "--alone")
    assert done.exit_code == 1
    assert "no query 'A01'" in done.stdout


def test_ours_is_no_addition_to_itself(run: Run) -> None:
    done = run("lint", library_folder(), "--strict")
    assert (done.exit_code, done.stdout) == (0, "")
    assert run("lint", next(library_folder().glob("A01*"))).exit_code == 0


def test_answers_are_checked_on_a_graph(run: Run, own: Path, graph_directory: Path) -> None:
    path = spoil(own, "type: string", "type: integer")
    done = run("lint", own, "--graph", graph_directory)
    assert f"{path}:10: error: column title is said to be integer, and holds string" in done.stdout


@pytest.mark.parametrize("arguments", [[], ["no-such-folder"], [".", "--graph", "no-such-graph"]])
def test_wrong_use_is_told_as_such(run: Run, arguments: list[str]) -> None:
    assert run("lint", *arguments).exit_code == 2


def test_own_queries_are_asked_and_listed(run: Run, own: Path, graph_directory: Path) -> None:
    done = run("query", "Z01", "--library", own, "--graph", graph_directory, "--format", "csv")
    assert done.stdout.startswith("paper,title")
    assert run("query", "C01", "--library", own, "--graph", graph_directory).exit_code == 0
    assert "\nZ01" in run("queries", "--library", own).stdout
    assert "\nZ01" in run("queries", env={"FAIRPAPERS_LIBRARY": str(own)}).stdout
    assert "\nZ01" not in run("queries").stdout


def test_a_fault_of_ones_own_is_told_with_file_and_line(
    run: Run, own: Path, graph_directory: Path
) -> None:
    path = spoil(own, "level: 1", "level: one")
    for command in (
        ["query", "Z01", "--graph", graph_directory, "--library", own],
        ["queries", "--library", own],
        ["serve", graph_directory, "--library", own, "--port", 0],
        ["mcp", "--graph", graph_directory, "--library", own],
    ):
        done = run(*command)
        assert done.exit_code == 1
        assert done.stderr.startswith(f"Error: {path}:6: level: Input should be a valid integer")


def test_own_queries_are_served(own: Path, graph_directory: Path) -> None:
    options = ("--port", 0, "--workers", 1, "--library", own)
    with started("serve", graph_directory, *options) as (_, address):
        answer = httpx.get(f"{address}queries/Z01?format=csv")
        assert answer.text.startswith("paper,title")
        assert "Titles" in httpx.get(f"{address}queries", headers={"Accept": "text/html"}).text
        assert httpx.get(f"{address}queries/Z01/text").text == QUERY
        assert "/queries/Z01" in httpx.get(f"{address}openapi.json").text
