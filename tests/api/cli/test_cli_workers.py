"""`--workers`: several processes, one file as if by one."""

from __future__ import annotations

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
PATIENCE_SECONDS = 60


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "many.jsonl"
    texts = ("We use BERT on SQuAD. " * 20, "An F1 of 91.2% by RoBERTa. " * 9, "")
    path.write_text(
        "".join(
            json.dumps({"id": f"p{n}", "title": f"Paper {n}", "abstract": texts[n % 3]}) + "\n"
            for n in range(3000)
        )
    )
    return path


def keep(path: Path, count: int) -> None:
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:count]))


def group_is_gone(leader: int) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            os.killpg(leader, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def started(papers: Path, output: Path) -> subprocess.Popen[str]:
    """A run in a process group of its own, when it has written its first records."""
    command = [sys.executable, "-c", "from fairpapers.api.cli import main; main()"]
    process = subprocess.Popen(
        [*command, "extract", papers, "-o", output, "--rules-only", "--workers", "2"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while process.poll() is None and not (output.exists() and output.stat().st_size > 1000):
        time.sleep(0.05)
    return process


def test_several_processes_write_the_file_that_one_writes(
    run: Run, many: Path, tmp_path: Path
) -> None:
    keep(many, 100)
    alone, both = tmp_path / "alone.jsonl", tmp_path / "both.jsonl"
    assert run("extract", many, "-o", alone, "--rules-only").exit_code == 0
    done = run("extract", many, "-o", both, "--rules-only", "--workers", 2)
    assert done.exit_code == 0, done.stderr
    assert "100 papers read" in done.stderr
    assert both.read_bytes() == alone.read_bytes()
    both.write_bytes(alone.read_bytes()[:-100])
    again = run("extract", many, "-o", both, "--rules-only", "--workers", 2)
    assert "99 of 100 papers are there already" in again.stderr
    assert both.read_bytes() == alone.read_bytes()


def test_an_interrupted_run_ends_its_processes_and_goes_on(
    run: Run, many: Path, tmp_path: Path
) -> None:
    output = tmp_path / "records.jsonl"
    process = started(many, output)
    # As a terminal does it: every process of the run gets the signal.
    os.killpg(process.pid, signal.SIGINT)
    _, messages = process.communicate()
    assert process.returncode == 130
    assert "Interrupted." in messages
    assert "Traceback" not in messages
    assert group_is_gone(process.pid)
    done = output.read_bytes().count(b"\n")
    assert 0 < done < 3000
    keep(many, done + 40)
    again = run("extract", many, "-o", output, "--rules-only", "--workers", 2)
    assert f"{done} of {done + 40} papers are there already" in again.stderr
    found = [Record.from_json(line).id for line in output.read_bytes().splitlines()]
    assert found == [f"p{n}" for n in range(done + 40)]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_a_run_that_is_killed(
    many: Path, tmp_path: Path, how: signal.Signals
) -> None:
    process = started(many, tmp_path / "records.jsonl")
    process.send_signal(how)
    _, messages = process.communicate()
    assert process.returncode == -how
    assert "Traceback" not in messages
    assert group_is_gone(process.pid)


def test_build_takes_workers_too(run: Run, papers: Path, tmp_path: Path) -> None:
    done = run("build", papers, "-o", tmp_path / "graph", "--rules-only", "--workers", 2)
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "graph" / "current").exists()


def test_none_is_too_few(run: Run, papers: Path, tmp_path: Path) -> None:
    done = run("extract", papers, "-o", tmp_path / "r.jsonl", "--workers", 0)
    assert done.exit_code == 2
    assert "--workers" in done.stderr
