"""How a build grows with its papers: ``python -m tests.benchmarks.scaling RECORDS [PAPERS ...]``.

Builds a graph of so many records of a file (1,000, 5,000, 20,000 and all of them), taken by the digest
of their keys, each in a process of its own. Prints what each took, stage by stage in seconds of processor
time, and the power of the number of triples that fits the times best: 1 is linear.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fairpapers.graph.build import build_graph
from fairpapers.graph.recordfile import read_records

from .measuring import ROOT, Stages, on_disk, peak, setting

SIZES = (1_000, 5_000, 20_000)


def keys_of(path: Path) -> list[str]:
    """All keys, in an order that has nothing to do with years or venues."""
    return sorted(
        (record.key for record in read_records(path)),
        key=lambda key: hashlib.sha256(key.encode()).digest(),
    )


def one(path: Path, papers: int) -> dict[str, Any]:
    """Build a graph of so many papers; figures of it."""
    wanted = set(keys_of(path)[:papers])
    with tempfile.TemporaryDirectory() as folder:
        directory, stages, began = Path(folder) / "graph", Stages(), time.monotonic()
        records = (each for each in read_records(path) if each.key in wanted)
        report = build_graph(records, directory, progress=stages)
        stages("", 0, None)
        return {
            "papers": report.papers,
            "triples": sum(report.triples.values()),
            "wall": time.monotonic() - began,
            "memory": peak(),
            "disk": on_disk(directory) / 1e6,
            "stages": {stage: processor for stage, (processor, _) in stages.seconds.items()},
        }


def main(path: Path, sizes: Sequence[int]) -> None:
    """Build each in turn, and print the tables."""
    out = sys.stdout.write
    out(f"{setting()}\n")
    found = []
    for size in sizes:
        command = [sys.executable, "-m", __spec__.name, str(path), "--one", str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
        found.append(json.loads(done.stdout))
        sys.stderr.write(f"{found[-1]['papers']:,} papers: {found[-1]['wall']:.0f} s\n")
    for each in found:
        each["processor"] = sum(each["stages"].values())
    heads = ("papers", "triples", "s, processor", "s", "us a triple", "MiB at most", "MB on disk")
    out(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n")
    for each in found:
        a_triple = 1e6 * each["processor"] / each["triples"]
        out(
            f"| {each['papers']:,} | {each['triples']:,} | {each['processor']:.1f} | "
            f"{each['wall']:.1f} | {a_triple:.1f} | {each['memory']:,} | {each['disk']:,.0f} |\n"
        )
    counts = [f"{each['papers']:,}" for each in found]
    out(f"\n| stage | {' | '.join(counts)} | power |\n")
    out(f"|{'---|' * (len(found) + 2)}\n")
    triples = [each["triples"] for each in found]
    for stage in found[-1]["stages"]:
        seconds = [each["stages"].get(stage, 0.0) for each in found]
        shown = " | ".join(f"{each:.1f}" for each in seconds)
        out(f"| {stage} | {shown} | {power(triples, seconds)} |\n")
    total = [each["processor"] for each in found]
    out(f"| all | {' | '.join(f'{each:.1f}' for each in total)} | {power(triples, total)} |\n")


def power(sizes: Sequence[float], seconds: Sequence[float]) -> str:
    """Slope of the logarithms by least squares; empty where a time is too short to tell."""
    if len(sizes) < 2 or min(seconds) < 0.1:
        return ""
    return f"{np.polyfit(np.log(sizes), np.log(seconds), 1)[0]:.2f}"


if __name__ == "__main__":
    where, *rest = sys.argv[1:]
    if rest[:1] == ["--one"]:
        sys.stdout.write(json.dumps(one(Path(where), int(rest[1]))))
    else:
        records = sum(1 for _ in read_records(Path(where)))
        main(Path(where), [int(each) for each in rest] or [*SIZES, records])
