"""`fairpapers evidence`: the chain in the terminal and as JSON, with and without a text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

Run = Any
STATEMENT = ("doi:10.5555/sample.2023.1", "uses", "CoNLL-2003")


@pytest.fixture
def texts(root: Path) -> Path:
    return root / "tests/graph/sample_papers.jsonl"


def test_without_a_text_it_says_how_to_get_the_sentence(run: Run, graph_directory: Path) -> None:
    result = run("evidence", *STATEMENT, "--graph", graph_directory)
    assert result.exit_code == 0
    assert "“CoNLL-2003”" in result.stdout
    assert "--text FILE" in result.stdout


def test_with_the_text_that_was_read_it_shows_the_sentence(
    run: Run, graph_directory: Path, texts: Path
) -> None:
    result = run("evidence", " ".join(STATEMENT), "--graph", graph_directory, "--text", texts)
    assert result.exit_code == 0
    assert "On [CoNLL-2003] it reaches an F1 of 93.4%" in result.stdout
    assert "your copy is this text" in result.stdout


def test_a_copy_in_another_format_is_the_same_text(
    run: Run, graph_directory: Path, texts: Path, tmp_path: Path
) -> None:
    paper = json.loads(texts.read_text().splitlines()[0])
    bib = tmp_path / "papers.bib"
    bib.write_text(
        f"@article{{a, title={{{{{paper['title']}}}}}, doi={{{paper['doi']}}},\n"
        f" abstract={{{paper['abstract'].replace('%', chr(92) + '%')}}}}}\n"
    )
    result = run("evidence", *STATEMENT, "--graph", graph_directory, "--text", bib)
    assert "your copy is this text" in result.stdout
    assert result.exit_code == 0


def test_another_text_is_told_and_searched(
    run: Run, graph_directory: Path, texts: Path, tmp_path: Path
) -> None:
    paper = json.loads(texts.read_text().splitlines()[0])
    paper["abstract"] = "It was revised. " + paper["abstract"]
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps(paper))
    result = run("evidence", *STATEMENT, "--graph", graph_directory, "--text", other)
    assert result.exit_code == 3
    assert "found by its words: On [CoNLL-2003] it reaches" in result.stdout
    assert "your copy is another text" in result.stdout


def test_json_holds_the_same_chain(run: Run, graph_directory: Path, texts: Path) -> None:
    result = run(
        "evidence", *STATEMENT, "--graph", graph_directory, "--text", texts, "--format", "json"
    )
    (item,) = json.loads(result.stdout)["items"]
    assert item["copy"]["same"] is True
    quote = item["mentions"][0]["quote"]
    assert quote["sentence"][quote["start"] : quote["end"]] == "CoNLL-2003"
    assert item["maker"]["program"]


def test_nothing_found_is_1_and_says_what_to_do(run: Run, graph_directory: Path) -> None:
    missing = run("evidence", STATEMENT[0], "introduces", "CoNLL-2003", "--graph", graph_directory)
    assert missing.exit_code == 1
    assert "A03" in missing.stderr
    unknown = run("evidence", STATEMENT[0], "uses", "Nothing", "--graph", graph_directory)
    assert unknown.exit_code == 1
    assert "A05" in unknown.stderr


def test_a_paper_that_the_copy_lacks_is_3(run: Run, graph_directory: Path, papers: Path) -> None:
    result = run("evidence", *STATEMENT, "--graph", graph_directory, "--text", papers)
    assert result.exit_code == 3
    assert "has no paper doi:10.5555/sample.2023.1" in result.stdout
