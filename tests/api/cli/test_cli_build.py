"""From a file to a graph, and what happens to files that are no papers."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal

from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore

Run = Any
GOOD = {"id": "good", "title": "Tagging", "abstract": "We use BERT on CoNLL-2003."}


def titles(directory: Path) -> list[str]:
    query = """SELECT ?title WHERE {
        ?paper a <https://w3id.org/fairpapers/ontology#Paper> ;
          <http://purl.org/dc/terms/title> ?title } ORDER BY ?title"""
    with EmbeddedStore(current_snapshot(directory).store) as store:
        return [
            str(row[0].value) for row in store.select(query).rows if isinstance(row[0], Literal)
        ]


def written(path: Path, *papers: object) -> Path:
    lines = (paper if isinstance(paper, str) else json.dumps(paper) for paper in papers)
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def test_papers_become_a_graph_and_a_report(run: Run, papers: Path, tmp_path: Path) -> None:
    graph = tmp_path / "graph"
    done = run("build", papers, "-o", graph, "--rules-only")
    assert done.exit_code == 0
    report = dict(re.findall(r"^(\S[\S ]*?)\s{2,}(\S+)$", done.stdout, re.M))
    assert report["papers"] == "3"
    assert report["snapshot"] == current_snapshot(graph).id
    assert int(report["resources"]) > 3
    assert int(report["triples"].replace(",", "")) == sum(current_snapshot(graph).triples.values())
    assert {"results", "seconds", "checks passed"} <= report.keys()
    assert re.search(r"^  Dataset +\d+$", done.stdout, re.M)
    assert re.search(r"^peak memory +\d+ MiB$", done.stdout, re.M)
    assert (graph / "records" / "records.jsonl").exists()
    assert not (graph / "records" / "extracted.jsonl").exists()


def test_records_are_told_from_papers_by_their_content(
    run: Run, root: Path, tmp_path: Path
) -> None:
    records = tmp_path / "looks-like-papers.jsonl"
    shutil.copy(root / "tests/graph/sample_records.jsonl", records)
    done = run("build", records, "-o", tmp_path / "graph")
    assert done.exit_code == 0
    assert "papers/s" not in done.stderr
    assert len(titles(tmp_path / "graph")) == 5


def test_a_broken_record_is_named_and_the_others_survive(
    run: Run, root: Path, tmp_path: Path
) -> None:
    lines = (root / "tests/graph/sample_records.jsonl").read_text().splitlines()
    lines[2] = lines[2][:100]
    records = written(tmp_path / "records.jsonl", *lines)
    done = run("build", records, "-o", tmp_path / "graph")
    assert done.exit_code == 3
    assert f"skipped {records}:3: no record: " in done.stderr
    assert len(titles(tmp_path / "graph")) == 4


def test_a_build_that_was_stopped_goes_on(run: Run, papers: Path, tmp_path: Path) -> None:
    graph = tmp_path / "graph"
    begun = graph / "records" / "extracted.jsonl"
    assert run("extract", papers, "-o", begun, "--rules-only").exit_code == 0
    begun.write_bytes(begun.read_bytes()[:-20])
    done = run("build", papers, "-o", graph, "--rules-only")
    assert done.exit_code == 0
    assert "2 of 3 papers are there already" in done.stderr
    assert len(titles(graph)) == 3


def test_the_base_of_the_iris_can_be_chosen(run: Run, papers: Path, tmp_path: Path) -> None:
    base = "https://example.org/kg"
    done = run("build", papers, "-o", tmp_path / "graph", "--rules-only", "--base", base)
    assert done.exit_code == 0
    assert current_snapshot(tmp_path / "graph").base == base


def test_a_base_that_is_none_is_told_before_any_work(
    run: Run, papers: Path, tmp_path: Path
) -> None:
    done = run("build", papers, "-o", tmp_path / "graph", "--base", "not an iri")
    assert done.exit_code == 1
    assert "'not an iri'" in done.stderr
    assert not (tmp_path / "graph").exists()


def test_another_input_replaces_the_graph(run: Run, papers: Path, tmp_path: Path) -> None:
    graph = tmp_path / "graph"
    assert run("build", papers, "-o", graph, "--rules-only").exit_code == 0
    other = written(tmp_path / "other.jsonl", GOOD)
    assert run("build", other, "-o", graph, "--rules-only").exit_code == 0
    assert titles(graph) == ["Tagging"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.jsonl", None, "no such file"),
        ("empty.jsonl", b"", "is empty"),
        ("junk.bin", bytes(range(256)) * 200, "binary"),
        ("junk.jsonl", b"\x00\xff\xfe" * 500, "binary"),
    ],
)
def test_a_file_without_papers_fails_in_one_line(
    run: Run, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = run("build", path, "-o", tmp_path / "graph")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"Error: {path}: ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "graph").exists()


def test_a_directory_is_no_file(run: Run, tmp_path: Path) -> None:
    done = run("build", tmp_path, "-o", tmp_path / "graph")
    assert done.exit_code == 1
    assert "is a directory" in done.stderr


def test_a_failed_build_leaves_the_published_graph(run: Run, papers: Path, tmp_path: Path) -> None:
    graph = tmp_path / "graph"
    assert run("build", papers, "-o", graph, "--rules-only").exit_code == 0
    before = current_snapshot(graph)
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    assert run("build", empty, "-o", graph).exit_code == 1
    assert current_snapshot(graph) == before


HUGE = {"id": "huge", "title": "Huge", "abstract": "We use BERT on SQuAD. " * 240_000}
CONTROLS = {"id": "x", "title": "Con\x00trol\x07s", "abstract": "We use\x1b[31m BERT\x08."}
RIGHT_TO_LEFT = {"id": "x", "title": "دراسة نماذج اللغة", "abstract": "نستخدم BERT على SQuAD."}
TITLE_ALONE = {"id": "x", "title": "BERT on SQuAD"}
TWICE = {"id": "x", "title": "The same", "doi": "10.1234/same", "abstract": "We use BERT."}
AGAIN = {"id": "y", "title": "The same again", "doi": "10.1234/SAME", "abstract": "We use T5."}


@pytest.mark.parametrize(
    ("bad", "code", "words", "found"),
    [
        (['{"id": "broken", "title'], 3, ":2: broken JSON", ["Tagging"]),
        (["[1, 2]"], 3, ":2: ", ["Tagging"]),
        ([{"id": "x", "abstract": "no title"}], 3, ":2: ", ["Tagging"]),
        ([HUGE], 3, "limit", ["Tagging"]),
        ([CONTROLS], 0, "", ["Controls", "Tagging"]),
        ([RIGHT_TO_LEFT], 0, "", ["Tagging", "دراسة نماذج اللغة"]),
        ([TITLE_ALONE], 0, "", ["BERT on SQuAD", "Tagging"]),
        ([TWICE, AGAIN], 3, "same paper as line 2", ["Tagging", "The same"]),
    ],
    ids=["broken", "list", "untitled", "huge", "controls", "rtl", "title", "twice"],
)
def test_good_records_survive_bad_ones(
    run: Run, tmp_path: Path, bad: list[object], code: int, words: str, found: list[str]
) -> None:
    papers = written(tmp_path / "papers.jsonl", GOOD, *bad)
    done = run("build", papers, "-o", tmp_path / "graph", "--rules-only")
    assert done.exit_code == code
    assert words in done.stderr
    assert titles(tmp_path / "graph") == found


def test_an_entry_without_abstract_is_a_paper(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "papers.bib"
    path.write_text("@article{a, title={On {BERT}}, author={Ada Example}, year={2020}}\n")
    done = run("build", path, "-o", tmp_path / "graph", "--rules-only")
    assert done.exit_code == 0
    assert titles(tmp_path / "graph") == ["On BERT"]


def test_what_is_less_sure_stays_out_of_the_graph_and_in_the_records(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records, graph = root / "tests/graph/sample_records.jsonl", tmp_path / "graph"
    assert "mentions left out" not in run("build", records, "-o", graph).stdout
    whole = (graph / "records" / "records.jsonl").read_bytes()
    done = run("build", records, "-o", graph, "--min-confidence", 0.95)
    assert done.exit_code == 0
    assert re.search(r"^mentions left out +\d+$", done.stdout, re.M)
    assert (graph / "records" / "records.jsonl").read_bytes() == whole
    query = """PREFIX fp: <https://w3id.org/fairpapers/ontology#>
        SELECT ?minimum (MIN(?confidence) AS ?least) WHERE {
          ?corpus fp:minConfidence ?minimum . ?mention a fp:Mention ; fp:confidence ?confidence
        } GROUP BY ?minimum"""
    with EmbeddedStore(current_snapshot(graph).store) as store:
        ((minimum, least),) = store.select(query).rows
    assert isinstance(minimum, Literal)
    assert isinstance(least, Literal)
    assert 0.95 == float(minimum.value) <= float(least.value)
    monkeypatch.setenv("FAIRPAPERS_MIN_CONFIDENCE", "0.95")
    by_variable = run("build", records, "-o", tmp_path / "other")
    assert current_snapshot(tmp_path / "other").id == current_snapshot(graph).id
    assert by_variable.exit_code == 0


LINKS = """# curie_map:
#   model: https://w3id.org/fairpapers/id/model/
#   ex: https://example.org/
subject_id\tpredicate_id\tobject_id\tmapping_justification
model:bert\tskos:closeMatch\tex:bert\tsemapv:ManualMappingCuration
model:bert\towl:sameAs\tex:bert\tsemapv:ManualMappingCuration
"""


def test_links_of_the_user_enter_the_graph_and_bad_ones_are_named(
    run: Run, root: Path, tmp_path: Path
) -> None:
    links, graph = tmp_path / "links.sssom.tsv", tmp_path / "graph"
    links.write_text(LINKS)
    records = root / "tests" / "graph" / "sample_records.jsonl"
    done = run("build", records, "-o", graph, "--links", links)
    assert done.exit_code == 3
    assert f"{links}:6: no link: predicate_id 'owl:sameAs'" in done.stderr
    assert re.search(r"^  Model +[1-9] of \d+$", done.stdout, re.M)
    with EmbeddedStore(current_snapshot(graph).store) as store:
        assert store.ask(
            "ASK { GRAPH <https://w3id.org/fairpapers/graph/links> { ?model "
            "<http://www.w3.org/2004/02/skos/core#closeMatch> <https://example.org/bert> } }"
        )


def test_a_file_that_is_no_list_of_links_is_told_before_any_work(
    run: Run, papers: Path, tmp_path: Path
) -> None:
    done = run("build", papers, "-o", tmp_path / "graph", "--links", papers)
    assert done.exit_code == 1
    assert "no column subject_id" in done.stderr
    assert not (tmp_path / "graph").exists()
