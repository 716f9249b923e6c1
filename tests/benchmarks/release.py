"""Time, size and memory of each part of a release: ``python -m tests.benchmarks.release 200 2000``.

Builds a graph of so many made-up papers for each number and exports it with every part. The peak
is of the resident memory while the part was at work; it starts from what the process then held.
Parts whose peak grows with the graph hold what they should stream. Linux only.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from fairpapers.api.cli.export import release_parts
from fairpapers.graph.build import build_graph
from fairpapers.graph.export import Part, Release, ReleaseFile, export_release
from fairpapers.graph.snapshot import current_snapshot, records_file
from fairpapers.graph.store import EmbeddedStore

from .graph_build import synthetic_records

_MEBI = 1 << 20


@dataclass
class Figures:
    """What one part took: seconds, bytes written, bytes held before and at most."""

    part: str
    seconds: float = 0.0
    written: int = 0
    before: int = 0
    peak: int = 0


class Measured:
    """A part that takes note of what it takes."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self.name = part.name
        self.figures = Figures(part.name)

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        # 5 sets the peak back to what is held now (proc(5), clear_refs).
        Path("/proc/self/clear_refs").write_text("5")
        self.figures.before = held("VmRSS")
        began = time.perf_counter()
        for file in self._part.write(release):
            self.figures.written += (release.folder / file.path).stat().st_size
            yield file
        self.figures.seconds = time.perf_counter() - began
        self.figures.peak = held("VmHWM")


def held(what: str) -> int:
    """A figure of the memory of this process, in bytes."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith(what))
    return int(line.split()[1]) * 1024


def _build(papers: int, folder: Path) -> None:
    build_graph(synthetic_records(papers), folder / "graph")


def measure(papers: int, folder: Path) -> tuple[int, list[Figures]]:
    """Triples of the graph, and the figures of each part."""
    # In a process of its own, whose memory does not count.
    build = multiprocessing.get_context("spawn").Process(target=_build, args=(papers, folder))
    build.start()
    build.join()
    snapshot = current_snapshot(folder / "graph")
    parts = [Measured(part) for part in release_parts()]
    with EmbeddedStore(snapshot.store) as store:
        release = Release(
            snapshot=snapshot,
            store=store,
            records=records_file(folder / "graph"),
            folder=folder / "release",
            version="1.0",
            issued=date(2026, 1, 31),
        )
        export_release(release, parts)
        # Once more, now with a release before: its changes are read.
        again = replace(
            release, folder=folder / "again", version="1.1", previous=folder / "release"
        )
        changes = [part for part in parts if part.name == "changes"]
        rest = [part for part in release_parts() if part.name == "quads"]
        export_release(again, [*rest, *changes])
    return sum(snapshot.triples.values()), [part.figures for part in parts]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("papers", type=int, nargs="+", help="number of made-up papers")
    sys.stdout.write("| papers | triples | part | seconds | MB written | MiB before | MiB peak |\n")
    sys.stdout.write("|---|---|---|---|---|---|---|\n")
    for papers in parser.parse_args().papers:
        with tempfile.TemporaryDirectory() as folder:
            triples, figures = measure(papers, Path(folder))
        for each in figures:
            sys.stdout.write(
                f"| {papers:,} | {triples:,} | {each.part} | {each.seconds:.1f}"
                f" | {each.written / 1e6:.1f} | {each.before / _MEBI:.0f}"
                f" | {each.peak / _MEBI:.0f} |\n"
            )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
