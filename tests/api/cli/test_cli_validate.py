"""What `fairpapers validate` says of good, faulty, damaged and older graphs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import SH, Graph, Literal, URIRef

from fairpapers.graph.recordfile import read_records
from fairpapers.graph.snapshot import current_snapshot, records_file
from fairpapers.ontology.terms import GRAPH_METRICS, PREFIXES

Run = Any
Spoil = Callable[[str], Path]
PAPER = "https://w3id.org/fairpapers/id/paper/doi:10.5555:sample.2023.1"
DQV = PREFIXES["dqv"]


@pytest.fixture
def spoilt(graph_directory: Path, tmp_path: Path) -> Spoil:
    """Copy the sample graph and update its published store behind the back of the build."""

    def update(text: str) -> Path:
        copy = tmp_path / "graph"
        shutil.copytree(graph_directory, copy)
        store = ox.Store(str(current_snapshot(copy).store))
        prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
        store.update(prefixes + text)
        store.flush()
        return copy

    return update


def without_metric() -> str:
    return f"DELETE WHERE {{ GRAPH ?graph {{ <{PAPER}/r/1> fp:byMetric ?metric }} }}"


def test_a_valid_graph_passes_with_its_figures(run: Run, graph_directory: Path) -> None:
    done = run("validate", graph_directory)
    assert done.exit_code == 0
    figures = {tuple(line.split()[:2]): line.split()[2] for line in figure_lines(done.stdout)}
    assert figures["papers-with-digest", "all"] == "1.0000"
    assert figures["mentions-without-resource", "all"] == "0"
    assert "violation:" not in done.stdout
    assert "5 papers" in done.stderr
    assert "shapes on all: 0 violations" in done.stderr
    assert "shapes on 2 of 5" in run("validate", graph_directory, "--most", 2).stderr


def figure_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("  ") and len(line.split()) == 3]


def test_each_fault_is_a_line_that_leads_to_the_paper(run: Run, spoilt: Spoil) -> None:
    directory = spoilt(without_metric())
    done = run("validate", directory)
    assert done.exit_code == 1
    (line,) = (line for line in done.stdout.splitlines() if "[S4 result-is-complete]" in line)
    records = records_file(directory)
    keys = [record.key for record in read_records(records)]
    number = keys.index("doi:10.5555/sample.2023.1") + 1
    assert line.startswith(f"{records}:{number}: violation: <{PAPER}/r/1> ")
    source = list(read_records(records))[number - 1].source
    assert line.endswith(f"doi:10.5555/sample.2023.1, from {source.file}:{source.line}")
    assert "violations in" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_words_at_fault_are_shown_on_request(run: Run, spoilt: Spoil) -> None:
    directory = spoilt(without_metric())
    shown = run("validate", directory, "--text").stdout.splitlines()
    (at,) = (n for n, line in enumerate(shown) if "[S4 result-is-complete]" in line)
    title = next(r.title for r in read_records(records_file(directory)) if "2023.1" in r.key)
    assert shown[at + 1].endswith(f" in {title!r}")
    assert len(run("validate", directory).stdout.splitlines()) < len(shown)


def test_a_warning_leaves_the_exit_code_alone(run: Run, spoilt: Spoil) -> None:
    done = run("validate", spoilt("DELETE WHERE { GRAPH ?graph { ?metric fp:direction ?d } }"))
    assert "warning: <https://w3id.org/fairpapers/id/metric/" in done.stdout
    assert "[S5 leading-metric-has-direction]" in done.stdout
    assert done.exit_code == 0


def test_json_holds_figures_faults_and_places(run: Run, spoilt: Spoil) -> None:
    directory = spoilt(without_metric())
    done = run("validate", directory, "--format", "json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    assert not found["conforms"]
    assert {each["metric"] for each in found["quality"]} == GRAPH_METRICS.keys() - {"shaped-papers"}
    (fault,) = (each for each in found["violations"] if each["check"] == "result-is-complete")
    assert (fault["rule"], fault["focus"]) == ("S4", f"{PAPER}/r/1")
    assert fault["paper"]["key"] == "doi:10.5555/sample.2023.1"
    assert fault["record"]["file"] == str(records_file(directory))
    assert fault["source"]["line"] > 0
    assert "S1" in {each["rule"] for each in found["violations"]}


def test_turtle_is_a_report_of_shacl_and_measurements(run: Run, spoilt: Spoil) -> None:
    directory = spoilt(without_metric())
    done = run("validate", directory, "--format", "ttl")
    assert done.exit_code == 1
    graph = Graph().parse(data=done.stdout, format="turtle")
    (report,) = graph.objects(None, URIRef(DQV + "hasQualityMetadata"))
    assert (report, SH.conforms, Literal(False)) in graph
    (warnings,) = set(graph.subjects(SH.conforms)) - {report}
    assert {
        graph.value(each, SH.resultSeverity) for each in graph.objects(warnings, SH.result)
    } == {SH.Warning}
    results = list(graph.objects(report, SH.result))
    assert URIRef(f"{PAPER}/r/1") in {graph.value(each, SH.focusNode) for each in results}
    for each in results:
        for needed in (SH.resultSeverity, SH.sourceConstraintComponent, SH.resultMessage):
            assert len(list(graph.objects(each, needed))) == 1
    metrics = {str(each) for each in graph.objects(None, URIRef(DQV + "isMeasurementOf"))}
    assert metrics >= set(GRAPH_METRICS.values())
    assert run("validate", directory, "--format", "ttl").stdout == done.stdout


def test_a_damaged_snapshot_is_told_in_one_line(
    run: Run, graph_directory: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "graph"
    shutil.copytree(graph_directory, copy)
    store = current_snapshot(copy).store
    for table in store.glob("*.sst"):
        table.write_bytes(b"")
    (store / "CURRENT").write_text("MANIFEST-999999\n")
    done = run("validate", copy)
    assert done.exit_code == 1
    assert "is damaged" in done.stderr
    assert "build the graph again" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_older_graph_is_validated_and_called_so(run: Run, spoilt: Spoil) -> None:
    directory = spoilt(
        "DELETE { GRAPH ?graph { ?measured ?p ?o . ?corpus ?has ?measured } } WHERE { GRAPH ?graph"
        " { ?measured a dqv:QualityMeasurement ; ?p ?o . ?corpus ?has ?measured } }"
    )
    described = current_snapshot(directory).path / "snapshot.json"
    fields = json.loads(described.read_text()) | {"version": "0.0.1"}
    described.write_text(json.dumps(fields))
    done = run("validate", directory)
    assert done.exit_code == 0
    assert "built by fairpapers 0.0.1" in done.stderr
    assert "holds none of these figures" in done.stderr
    assert figure_lines(done.stdout)


def test_records_that_are_gone_cost_the_places_only(run: Run, spoilt: Spoil) -> None:
    directory = spoilt(without_metric())
    path = records_file(directory)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"no record\n" + b"".join(lines))
    assert f"{path}:" in run("validate", directory).stdout
    path.unlink()
    done = run("validate", directory)
    assert done.exit_code == 1
    (line,) = (line for line in done.stdout.splitlines() if "[S4 result-is-complete]" in line)
    assert line.startswith(f"{current_snapshot(directory).path}: violation: ")


def test_what_an_update_left_blank_is_named_too(run: Run, spoilt: Spoil) -> None:
    done = run("validate", spoilt(f"INSERT DATA {{ GRAPH <{graph()}> {{ [] fp:value 'x' }} }}"))
    assert done.exit_code == 1
    assert "violation: <_:" in done.stdout


def graph() -> str:
    return f"{PAPER.partition('/id/')[0]}/graph/core"
