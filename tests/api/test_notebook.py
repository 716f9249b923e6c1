"""The magics of the notebook extension, without a kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pandas")

from fairpapers.api.notebook import (
    HOSTS,
    _UsageError,
    frame,
    run_exercise,
    run_sparql,
)
from fairpapers.graph.build import build_graph
from fairpapers.graph.recordfile import read_records
from fairpapers.queries.answers import Table
from fairpapers.queries.course import load_course

QUERY = """SELECT ?result ?value ?start ?year WHERE {
  ?result fp:value ?value . OPTIONAL { ?result fp:start ?start }
  ?paper fp:reportsResult ?result ; schema:datePublished ?year } ORDER BY ?result"""


def test_columns_have_the_types_of_their_terms() -> None:
    found: Any = run_sparql("", QUERY, {})
    assert [str(each) for each in found.dtypes] == ["string", "Float64", "string", "Int64"]
    assert found["value"].max() == 98.0
    assert found["start"].isna().all()


def test_dates_and_truth_values_are_typed_and_a_broken_literal_stays_text() -> None:
    query = 'SELECT (true AS ?t) ("2024-01-02"^^xsd:date AS ?d) ("x"^^xsd:integer AS ?n) {}'
    found: Any = run_sparql("", query, {})
    assert str(found["t"].dtype) == "boolean"
    assert str(found["d"].dtype).startswith("datetime64")
    assert list(found["n"]) == ["x"]


def test_an_answer_without_rows_keeps_its_columns() -> None:
    assert list(frame(Table(("a", "b"), ())).columns) == ["a", "b"]


def test_ask_is_a_truth_value_and_construct_is_three_columns() -> None:
    assert run_sparql("", "ASK { ?p fp:uses dataset:c4 }", {}) is True
    found: Any = run_sparql("", "CONSTRUCT { ?p a fp:Paper } WHERE { ?p a fp:Paper }", {})
    assert list(found.columns) == ["subject", "predicate", "object"]


def test_a_parameter_stands_for_a_term_and_the_answer_goes_to_a_name() -> None:
    names: dict[str, Any] = {}
    line = "--param dataset=dataset/imagenet --param least=2022 --to papers"
    query = "SELECT ?p { ?p fp:uses $dataset ; schema:datePublished ?y FILTER(xsd:integer(STR(?y)) > $least) }"
    assert run_sparql(line, query, names) is None
    assert len(names["papers"]) == 2


def test_a_value_cannot_change_the_query() -> None:
    query = "SELECT ?p { ?p dcterms:title $title }"
    found: Any = run_sparql("--param 'title=x\" } UNION { ?p ?q ?r'", query, {})
    assert len(found) == 0


@pytest.mark.parametrize(
    ("line", "query", "told"),
    [
        ("", "SELECT ?a\nWHERE { ?a a }", r"line 2, column 15"),
        ("", "SELECT ?a\nWHERE { ?a nope:x ?b }", "nope:"),
        ("", "SELECT * { SERVICE <http://example.org/> { ?a ?b ?c } }", "SERVICE"),
        ("--to 2x", "ASK {}", "no name of a Python variable"),
        ("--nonsense", "ASK {}", "usage"),
        ("--param x", "ASK {}", "is not NAME=VALUE"),
        ("--param x=1", "ASK {}", r"the query has no \$x"),
        ("--endpoint http://example.org/sparql", "ASK {}", HOSTS),
        ("--endpoint file:///etc/passwd", "ASK {}", "not on this machine"),
        ("--graph /no/such/folder", "ASK {}", "/no/such/folder"),
    ],
)
def test_wrong_use_is_told_in_words(line: str, query: str, told: str) -> None:
    with pytest.raises(_UsageError, match=told):
        run_sparql(line, query, {})


def test_a_graph_directory_is_asked_and_its_faults_have_their_line(
    root: Path, tmp_path: Path
) -> None:
    build_graph(read_records(root / "tests/graph/sample_records.jsonl"), tmp_path)
    found: Any = run_sparql(f"--graph {tmp_path}", "SELECT ?p { ?p a fp:Paper }", {})
    assert len(found) == 5
    with pytest.raises(_UsageError, match="line 2, column 8"):
        run_sparql(f"--graph {tmp_path}", "SELECT ?p {\n  }} ?p", {})


def test_an_exercise_is_checked_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    found: Any = run_exercise("3.1", load_course().keys["3.1"].answer)
    assert len(found) == 5
    assert capsys.readouterr().out.startswith("Right: 5 rows")
    run_exercise("5.2", "SELECT ?thing { ?p fp:uses ?thing }")
    assert "DISTINCT" in capsys.readouterr().out
    with pytest.raises(_UsageError, match="no exercise '99'"):
        run_exercise("99", "ASK {}")


def test_an_endpoint_on_this_machine_is_asked_in_every_form(site: Any) -> None:
    line = f"--endpoint {site.url}/sparql"
    found: Any = run_sparql(
        line, "SELECT ?p (xsd:integer(STR(?y)) AS ?year) { ?p schema:datePublished ?y }", {}
    )
    assert len(found) >= 3
    assert str(found["year"].dtype) == "Int64"
    assert run_sparql(line, "ASK { ?p a fp:Paper }", {}) is True
    triples: Any = run_sparql(line, "CONSTRUCT { ?p a fp:Paper } WHERE { ?p a fp:Paper }", {})
    assert list(triples.columns) == ["subject", "predicate", "object"]
    assert len(triples) == 6


def test_an_endpoint_that_refuses_redirects_or_is_not_there_is_told(site: Any) -> None:
    for path in ("/sparql/none", "/vocab"):
        with pytest.raises(_UsageError, match="gave no answer"):
            run_sparql(f"--endpoint {site.url}{path}", "ASK {}", {})
    with pytest.raises(_UsageError, match="gave no answer"):
        run_sparql("--endpoint http://127.0.0.1:9/sparql", "ASK {}", {})


def test_a_host_is_allowed_by_the_environment_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(HOSTS, "127.0.0.2")
    with pytest.raises(_UsageError, match="gave no answer"):
        run_sparql("--endpoint http://127.0.0.2:9/sparql", "ASK {}", {})
    with pytest.raises(_UsageError, match=HOSTS):
        run_sparql("--endpoint http://elsewhere.invalid/sparql", "ASK {}", {})
