"""Questions on the command line: the library and any SPARQL."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
import rdflib

from fairpapers.queries import load_library

Run = Any


@pytest.fixture
def ask(run: Run, graph_directory: Path) -> Run:
    def asked(*arguments: object, **options: Any) -> Any:
        return run(*arguments, "--graph", graph_directory, **options)

    return asked


def test_rows_are_a_table_for_people(ask: Run) -> None:
    done = ask("query", "C01")
    assert done.exit_code == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["dataset", "name", "papers"]
    assert lines[2].split() == ["dataset/conll-2003", "CoNLL-2003", "2"]


def test_rows_are_csv_or_json_for_programs(ask: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(ask("query", "C01", "--format", "csv").stdout)))
    document = json.loads(ask("query", "C01", "--format", "json").stdout)
    assert [row["name"] for row in rows] == [
        row["name"]["value"] for row in document["results"]["bindings"]
    ]


def test_triples_are_turtle(ask: Run) -> None:
    done = ask("query", "A08", "-p", "model=model/bert", "--format", "ttl")
    assert len(rdflib.Graph().parse(data=done.stdout, format="turtle")) > 3


def test_parameters_are_given_by_name(ask: Run) -> None:
    done = ask("query", "C01", "--param", "top=1", "--format", "csv")
    assert len(done.stdout.splitlines()) == 2
    done = ask("query", "a07", "-p", "dataset=dataset/squad")
    assert done.stdout == "yes\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["query", "C11"], 1, "did you mean C01"),
        (["query", "C01", "-p", "top=many"], 1, "whole number"),
        (["query", "C01", "-p", "limit=1"], 1, "no parameter 'limit'"),
        (["query", "C01", "-p", "top"], 2, "NAME=VALUE"),
        (["query", "A08", "--format", "csv"], 1, "expected table, ttl, nt"),
        (["sparql", "SELECT * WHERE { ?s ?p }"], 1, "line 1, column 2"),
        (["sparql", "@no-such-file.rq"], 1, "no-such-file.rq: No such file"),
    ],
)
def test_a_wrong_question_is_answered_in_words(
    ask: Run, arguments: list[str], code: int, words: str
) -> None:
    done = ask(*arguments)
    assert done.exit_code == code
    assert words in done.stderr
    assert done.stdout == ""


def test_a_syntax_error_is_marked_in_its_line(ask: Run) -> None:
    done = ask("sparql", "SELECT *\nWHERE { ?s ?p ?o ! }")
    fault, line, mark = done.stderr.splitlines()
    found = re.search(r"line 2, column (\d+): ", fault)
    assert found
    assert line == "  WHERE { ?s ?p ?o ! }"
    assert mark == "  " + " " * (int(found[1]) - 1) + "^"


def test_any_query_is_answered(ask: Run) -> None:
    done = ask("sparql", "SELECT (1 + 1 AS ?two) {}", "--format", "csv")
    assert done.stdout.split() == ["two", "2"]
    assert ask("sparql", "ASK { ?s ?p ?o }").stdout == "yes\n"
    done = ask("sparql", "CONSTRUCT { <a:a> <a:b> 1 } WHERE {}", "--format", "nt")
    assert done.stdout.startswith("<a:a> <a:b> ")


def test_a_query_is_read_from_a_file_or_from_standard_input(ask: Run, tmp_path: Path) -> None:
    path = tmp_path / "question.rq"
    path.write_text('SELECT ("Größe" AS ?word) {}')
    done = ask("sparql", f"@{path}", "--format", "csv")
    assert done.stdout.split() == ["word", "Größe"]
    done = ask("sparql", "-", "--format", "csv", input=path.read_text())
    assert done.stdout.split() == ["word", "Größe"]


def test_a_file_that_is_no_text_is_told(ask: Run, tmp_path: Path) -> None:
    path = tmp_path / "question.rq"
    path.write_bytes(b"\xff\xfe\x00")
    done = ask("sparql", f"@{path}")
    assert done.exit_code == 1
    assert "not UTF-8" in done.stderr


def test_the_library_is_listed(run: Run) -> None:
    library = load_library()
    lines = run("queries").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["id", *library]
    entries = json.loads(run("queries", "--format", "json").stdout)
    assert {entry["id"]: entry["parameters"] for entry in entries} == {
        name: [parameter.name for parameter in query.parameters] for name, query in library.items()
    }


def test_without_a_graph_the_demo_is_asked_for(run: Run) -> None:
    done = run("query", "C01")
    assert done.exit_code == 2
    assert "fairpapers demo --no-serve" in done.stderr


def test_the_graph_can_be_named_in_the_environment(run: Run, graph_directory: Path) -> None:
    done = run("query", "C01", env={"FAIRPAPERS_GRAPH": str(graph_directory)})
    assert done.exit_code == 0


def test_a_directory_without_graph_is_told(run: Run, tmp_path: Path) -> None:
    done = run("query", "C01", "--graph", tmp_path)
    assert done.exit_code == 1
    assert str(tmp_path) in done.stderr


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1:9/>",
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    ],
)
def test_no_query_opens_a_connection_or_changes_anything(ask: Run, query: str) -> None:
    done = ask("sparql", query)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert re.match(r"Error: (SERVICE|LOAD|INSERT): ", done.stderr)
