"""Extraction into a file that can be continued."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from fairpapers.extract.records import Record

Run = Any


def records(path: Path) -> list[Record]:
    return [Record.from_json(line) for line in path.read_bytes().splitlines()]


@pytest.fixture
def extracted(run: Run, papers: Path, tmp_path: Path) -> Path:
    output = tmp_path / "out" / "records.jsonl"
    assert run("extract", papers, "-o", output, "--rules-only").exit_code == 0
    return output


def test_every_paper_becomes_a_record(extracted: Path) -> None:
    found = records(extracted)
    assert [record.id for record in found] == ["a", "b", "c"]
    assert {mention.text for mention in found[0].mentions} >= {"BERT", "CoNLL-2003"}


def test_data_and_messages_are_kept_apart(run: Run, papers: Path, tmp_path: Path) -> None:
    done = run("extract", papers, "-o", tmp_path / "r.jsonl", "--rules-only")
    assert done.stdout == ""
    assert "3 papers read" in done.stderr
    assert "r.jsonl: 3 records" in done.stderr


@pytest.mark.parametrize("cut", [0, 10, -1, -40])
def test_a_file_that_stops_anywhere_is_continued(
    run: Run, papers: Path, extracted: Path, cut: int
) -> None:
    whole = extracted.read_bytes()
    extracted.write_bytes(whole[:cut])
    done = run("extract", papers, "-o", extracted, "--rules-only")
    assert done.exit_code == 0
    assert extracted.read_bytes() == whole
    if cut < 0:
        assert "2 of 3 papers are there already" in done.stderr


def test_a_complete_file_is_left_as_it_is(run: Run, papers: Path, extracted: Path) -> None:
    whole = extracted.read_bytes()
    done = run("extract", papers, "-o", extracted, "--rules-only")
    assert done.exit_code == 0
    assert "3 of 3 papers are there already" in done.stderr
    assert "papers/s" not in done.stderr
    assert extracted.read_bytes() == whole


def test_papers_that_were_added_are_extracted(run: Run, papers: Path, extracted: Path) -> None:
    with papers.open("a") as file:
        file.write(json.dumps({"id": "d", "title": "More", "abstract": "We use T5."}) + "\n")
    assert run("extract", papers, "-o", extracted, "--rules-only").exit_code == 0
    assert [record.id for record in records(extracted)] == ["a", "b", "c", "d"]


def changed_text(lines: list[str]) -> list[str]:
    return [lines[0], lines[1].replace("SQuAD", "TriviaQA"), lines[2]]


def other_order(lines: list[str]) -> list[str]:
    return lines[::-1]


def fewer(lines: list[str]) -> list[str]:
    return lines[:2]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (changed_text, "line 2 was made from another text"),
        (other_order, "line 1 is about"),
        (fewer, "line 3 is about a paper that the input does not have"),
    ],
)
def test_records_of_another_input_are_kept_unless_told_otherwise(
    run: Run, papers: Path, extracted: Path, change: Any, words: str
) -> None:
    before = extracted.read_bytes()
    changed = change(papers.read_text().splitlines(keepends=True))
    papers.write_text("".join(changed))
    refused = run("extract", papers, "-o", extracted, "--rules-only")
    assert refused.exit_code == 1
    assert words in refused.stderr
    assert "--restart" in refused.stderr
    assert extracted.read_bytes() == before
    assert run("extract", papers, "-o", extracted, "--rules-only", "--restart").exit_code == 0
    assert len(records(extracted)) == len(changed)


def test_records_of_another_model_are_not_mixed_in(
    run: Run, papers: Path, extracted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = extracted.read_text().splitlines()
    extracted.write_text(lines[0].replace('"model":"rules"', '"model":"older"') + "\n")
    done = run("extract", papers, "-o", extracted, "--rules-only")
    assert done.exit_code == 1
    assert "another version or model" in done.stderr


def test_a_file_that_holds_no_records_is_not_overwritten(
    run: Run, papers: Path, tmp_path: Path
) -> None:
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work\n")
    done = run("extract", papers, "-o", precious, "--rules-only")
    assert done.exit_code == 1
    assert "is no record" in done.stderr
    assert precious.read_text() == "years of work\n"


def test_two_runs_do_not_write_one_file(run: Run, papers: Path, extracted: Path) -> None:
    with extracted.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = run("extract", papers, "-o", extracted, "--rules-only")
    assert done.exit_code == 1
    assert "another run is writing it" in done.stderr


def test_a_skipped_record_is_named_and_told_by_the_exit_code(
    run: Run, papers: Path, tmp_path: Path
) -> None:
    lines = papers.read_text().splitlines()
    papers.write_text("\n".join([lines[0], '{"id": "broken', lines[2]]) + "\n")
    output = tmp_path / "r.jsonl"
    done = run("extract", papers, "-o", output, "--rules-only")
    assert done.exit_code == 3
    assert f"skipped {papers}:2: " in done.stderr
    assert done.stderr.count("skipped ") == 1
    assert "2 records, 1 skipped" in done.stderr
    assert [record.id for record in records(output)] == ["a", "c"]


def test_an_unknown_format_is_answered_with_those_there_are(
    run: Run, papers: Path, tmp_path: Path
) -> None:
    done = run("extract", papers, "-o", tmp_path / "r.jsonl", "--format", "docx")
    assert done.exit_code == 1
    assert "docx" in done.stderr
    assert "jsonl" in done.stderr
    assert not (tmp_path / "r.jsonl").exists()


def test_a_model_that_is_none_is_told(run: Run, papers: Path, tmp_path: Path) -> None:
    done = run("extract", papers, "-o", tmp_path / "r.jsonl", "--model", tmp_path)
    assert done.exit_code == 1
    assert str(tmp_path) in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupted_run_keeps_what_it_has_and_goes_on(tmp_path: Path, run: Run) -> None:
    papers, output = tmp_path / "many.jsonl", tmp_path / "records.jsonl"
    papers.write_text(
        "".join(
            json.dumps({"id": f"p{n}", "title": f"Paper {n}", "abstract": "We use BERT. " * 40})
            + "\n"
            for n in range(3000)
        )
    )
    command = [sys.executable, "-c", "from fairpapers.api.cli import main; main()"]
    process = subprocess.Popen(
        [*command, "extract", papers, "-o", output, "--rules-only"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    while process.poll() is None and not (output.exists() and output.stat().st_size > 1000):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, messages = process.communicate()
    assert process.returncode == 130
    assert "Interrupted." in messages
    assert "Traceback" not in messages
    done = output.read_bytes().count(b"\n")
    assert 0 < done < 3000
    lines = papers.read_text().splitlines(keepends=True)[: done + 20]
    papers.write_text("".join(lines))
    again = run("extract", papers, "-o", output, "--rules-only")
    assert again.exit_code == 0
    assert f"{done} of {done + 20} papers are there already" in again.stderr
    assert [record.id for record in records(output)] == [f"p{n}" for n in range(done + 20)]
