"""Extraction in several processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

from fairpapers.extract.corpus import demo_corpus, read_papers
from fairpapers.extract.errors import WorkerEndedError
from fairpapers.extract.papers import Paper, Source
from fairpapers.extract.pipeline import (
    PipelineChoice,
    extract_in_processes,
    extract_records,
    load_pipeline,
    parallel,
)

RULES = PipelineChoice(rules_only=True)


def paper(number: int, title: Any = "Tagging with BERT") -> Paper:
    source = Source("papers.jsonl", number, "jsonl")
    return Paper(f"p{number}", f"title:{number}", title, "We use BERT on CoNLL-2003.", source)


def endless(seen: list[int]) -> Iterator[Paper]:
    while True:
        seen.append(len(seen))
        yield paper(len(seen))


def test_two_processes_make_the_bytes_that_one_makes() -> None:
    papers = list(read_papers(demo_corpus(), skipped=lambda _: None))[:40]
    alone = [r.to_json() for r in extract_records(papers, load_pipeline(), batch_size=8)]
    both = extract_in_processes(papers, PipelineChoice(), 2, batch_size=8)
    assert [record.to_json() for record in both] == alone
    assert active_children() == []


def test_what_is_read_ahead_is_bounded_and_closing_ends_the_processes() -> None:
    seen: list[int] = []
    with closing(extract_in_processes(endless(seen), RULES, 2, batch_size=2)) as records:
        taken = [next(records).id for _ in range(9)]
        assert len(active_children()) == 2
    assert taken == [f"p{number}" for number in range(1, 10)]
    assert len(seen) <= 10 + 2 * 2 * (1 + parallel._AHEAD)
    assert active_children() == []


def test_there_are_no_more_processes_than_batches() -> None:
    with closing(extract_in_processes([paper(1), paper(2)], RULES, 8)) as records:
        assert next(records).id == "p1"
        assert len(active_children()) == 1


def test_without_papers_no_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "get_context", None)
    assert list(extract_in_processes([], RULES, 2)) == []


def test_a_killed_process_is_told_and_the_others_end() -> None:
    records = extract_in_processes(endless([]), RULES, 2, batch_size=1)
    next(records)
    victim = active_children()[0].pid
    assert victim is not None
    os.kill(victim, signal.SIGKILL)
    with pytest.raises(WorkerEndedError, match="killed by SIGKILL") as caught:
        for _ in records:
            pass
    assert caught.value.code == -signal.SIGKILL
    assert active_children() == []


def test_a_fault_in_a_process_keeps_its_traceback() -> None:
    with pytest.raises(parallel.WorkerFaultError, match=r"(?s)Traceback.*to_record.*title"):
        list(extract_in_processes([paper(1), paper(2, title=5)], RULES, 1, batch_size=1))
    assert active_children() == []


def test_a_process_that_cannot_load_its_pipeline_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(WorkerEndedError, match="exit code 1"):
        list(extract_in_processes([paper(1)], PipelineChoice(tmp_path), 1))
    assert f"ModelError: {tmp_path}" in capfd.readouterr().err


def test_settings_for_the_processes_do_not_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with parallel._for_children():
        assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
        assert os.environ["OMP_NUM_THREADS"] == "3"
        assert signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert "OPENBLAS_NUM_THREADS" not in os.environ
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
