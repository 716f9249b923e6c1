"""Comunica, the query engine of web pages and Node, as a client of the endpoint.

Nothing is installed here. ``.ci/run`` installs what ``comunica/package-lock.json`` names where npm
is; ``FAIRPAPERS_TEST_COMUNICA`` names another folder with its node_modules.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "comunica"
COMMAND = Path("node_modules/.bin/comunica-sparql")


@pytest.fixture(scope="module")
def comunica() -> Path:
    """Its command line."""
    command = Path(os.environ.get("FAIRPAPERS_TEST_COMUNICA", FOLDER)) / COMMAND
    if not command.exists() or shutil.which("node") is None:
        pytest.skip("needs Node and Comunica, which .ci/run installs")
    return command


def ask(command: Path, source: str, query: str, kind: str) -> str:
    done = subprocess.run(
        [str(command), source, "--query", query, "--outputType", kind],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("source", ["sparql@{}", "{}"], ids=["told", "found out"])
def test_comunica_selects(comunica: Path, small_server: Any, source: str) -> None:
    """It finds out that an address is an endpoint by the service description."""
    query = """
    PREFIX ex: <http://example.org/>
    SELECT ?dataset ?label ?year {
      ?dataset a ex:Dataset ; ex:label ?label ; ex:usedBy/ex:year ?year FILTER(?year > 2000)
    }
    """
    kind = "application/sparql-results+json"
    found = json.loads(ask(comunica, source.format(small_server.url), query, kind))
    (row,) = found["results"]["bindings"]
    assert row["dataset"]["value"] == "http://example.org/squad"
    assert row["label"]["value"] == 'SQuAD, "v1"\n2'
    assert row["year"]["value"] == "2018"


def test_comunica_constructs_and_asks(comunica: Path, small_server: Any) -> None:
    source = f"sparql@{small_server.url}"
    construct = "CONSTRUCT { ?s <urn:is> ?o } WHERE { ?s <http://example.org/label> ?o }"
    lines = ask(comunica, source, construct, "application/n-quads").splitlines()
    assert len(lines) == 2
    assert r'<http://example.org/squad> <urn:is> "SQuAD, \"v1\"\n2"@en .' in lines
    truth = "ASK { ?s <http://example.org/year> 2018 }"
    assert ask(comunica, source, truth, "simple").strip() == "true"


def test_comunica_joins_us_with_a_graph_of_ours(comunica: Path, site: Any) -> None:
    """One query over the endpoint and over a graph that is read by its address."""
    query = "SELECT (COUNT(DISTINCT ?s) AS ?n) { GRAPH ?g { ?s a ?type } }"
    expected = site.get("/sparql", params={"query": query}).json()
    found = json.loads(
        ask(comunica, f"sparql@{site.url}/sparql", query, "application/sparql-results+json")
    )
    assert found["results"]["bindings"] == expected["results"]["bindings"]
    here = "SELECT * { ?s ?p ?o } LIMIT 3"
    rows = json.loads(
        ask(comunica, f"file@{site.url}/graph/core", here, "application/sparql-results+json")
    )
    assert len(rows["results"]["bindings"]) == 3


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((FOLDER / "package-lock.json").read_text())
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages["node_modules/@comunica/query-sparql"]["version"].startswith("4.5.")
    assert all("resolved" not in each and "integrity" in each for each in packages.values())
