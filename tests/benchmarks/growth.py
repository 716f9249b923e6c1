"""A graph that grows by the day: ``python -m tests.benchmarks.growth RECORDS [PAPERS [DAYS [BUILT]]]``.

Builds a graph of all records of a file but the last PAPERS for each of DAYS (100 and 1), which are taken
by the digest of their keys, so that they are of all years. Serves it, and adds PAPERS a day, as
`fairpapers add` does, while a client asks the server without a pause. Then the first day's papers are
removed again, and the graph is compared with one that is built of the same records. BUILT is a folder
for the first graph, which is used again where it is there.

Prints the stages of the build, and for each day: seconds until the snapshot was published and until the
server answered from it, requests that failed, triples, and what the directory takes on disk.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.growing import grow
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.snapshot import current_snapshot

from .endpoint_servers import Server, fairpapers
from .measuring import Stages, on_disk, peak, setting

COUNT = "SELECT (COUNT(*) AS ?n) { ?p a <https://w3id.org/fairpapers/ontology#Paper> }"
_WRITE = sys.stdout.write


class Client:
    """Asks a server again and again, and counts what is not answered with 200."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._stop = threading.Event()
        self.asked = self.failed = 0
        self._thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        while not self._stop.is_set():
            self.asked += 1
            try:
                self.failed += self._server.get(COUNT)[0] != 200
            except OSError:
                self.failed += 1

    def __enter__(self) -> Client:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def served(server: Server, papers: int) -> float:
    """Seconds from now until the server counts so many papers."""
    began = time.monotonic()
    wanted = f'"{papers}"'.encode()
    while wanted not in server.get(COUNT)[2]:
        time.sleep(0.2)
    return time.monotonic() - began


def days_of(path: Path, papers: int, days: int) -> tuple[set[str], list[list[Record]]]:
    """Keys of the papers that come later, and the records of each day."""
    lots = sorted(
        (hashlib.sha256(each.key.encode()).hexdigest(), each.key) for each in read_records(path)
    )
    later = [key for _, key in lots[len(lots) - papers * days :]]
    wanted = {key: n // papers for n, key in enumerate(later)}
    batches: list[list[Record]] = [[] for _ in range(days)]
    for record in read_records(path):
        if record.key in wanted:
            batches[wanted[record.key]].append(record)
    return set(later), batches


def others(path: Path, keys: set[str]) -> Iterator[Record]:
    """Records of papers that are not among these."""
    return (each for each in read_records(path) if each.key not in keys)


def build(records: Iterable[Record], directory: Path) -> None:
    """Build, and print the stages."""
    report = build_graph(records, directory, progress=(stages := Stages()))
    stages("", 0, None)
    _WRITE("| stage | s, processor | s |\n|---|---|---|\n")
    for stage, (processor, wall) in stages.seconds.items():
        _WRITE(f"| {stage} | {processor:.1f} | {wall:.1f} |\n")
    size = on_disk(directory) / 1e6
    _WRITE(
        f"\n{report.papers:,} papers, {sum(report.resources.values()):,} resources "
        f"{dict(report.resources)}, {report.results:,} results, {sum(report.triples.values()):,} "
        f"triples, {size:,.0f} MB on disk, {peak():,} MiB at most, {report.seconds:.0f} s\n\n"
    )
    sys.stdout.flush()


def main(path: Path, papers: int, days: int, built: Path | None) -> None:
    """Build, grow, shrink, compare."""
    _WRITE(f"{setting()}\n")
    later, batches = days_of(path, papers, days)
    with tempfile.TemporaryDirectory(dir=built.parent if built else None) as folder:
        first = built or Path(folder) / "first"
        if not (first / "current").exists():
            build(others(path, later), first)
        graph = Path(folder) / "graph"
        # The files of a store are never written again, so links do.
        shutil.copytree(first, graph, copy_function=os.link)
        settings = {"FAIRPAPERS_RELOAD_SECONDS": "1", "FAIRPAPERS_CACHE_BYTES": "0"}
        with fairpapers(graph, "server", settings) as server, Client(server) as client:
            _WRITE("| day | published, s | served, s | triples | on disk, MB | MiB at most |")
            _WRITE(" requests | failed |\n|---|---|---|---|---|---|---|---|\n")
            for day, batch in enumerate(batches, 1):
                row(str(day), grow_by(graph, server, batch, ()), graph, client)
            gone = [each.key for each in batches[0]]
            row("first day removed", grow_by(graph, server, (), gone), graph, client)
        if days > 1:
            left = later - {each.key for batch in batches[1:] for each in batch}
            build_graph(others(path, left), Path(folder) / "built")
            same = current_snapshot(Path(folder) / "built").id == current_snapshot(graph).id
            _WRITE(f"\nthe graph of a build of the same records: {'yes' if same else 'NO'}\n")


def grow_by(
    graph: Path, server: Server, put: Iterable[Record], drop: Iterable[str]
) -> tuple[float, float]:
    """Seconds until a change was published, and until it was served."""
    report = grow(graph, put, drop)
    return report.seconds, report.seconds + served(server, report.papers)


def row(name: str, seconds: tuple[float, float], graph: Path, client: Client) -> None:
    """Print a line of the table."""
    triples = sum(current_snapshot(graph).triples.values())
    figures = (f"{triples:,}", f"{on_disk(graph) / 1e6:,.0f}", f"{peak():,}")
    counts = (f"{client.asked:,}", str(client.failed))
    shown = (name, f"{seconds[0]:.1f}", f"{seconds[1]:.1f}", *figures, *counts)
    _WRITE(f"| {' | '.join(shown)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    given = [*sys.argv[1:], "", "", "", ""]
    main(
        Path(given[0]),
        int(given[1] or 100),
        int(given[2] or 1),
        Path(given[3]) if given[3] else None,
    )
