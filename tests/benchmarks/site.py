"""Time, size and memory of a static site: ``python tests/benchmarks/site.py [PAPERS]``.

Without a number it publishes the demo graph, else a graph of that many synthetic papers. The graph
is built by another process, so that the memory is that of publishing alone.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

from graph_build import synthetic_records  # type: ignore[import-not-found]

from fairpapers.api.publishing import Options, publish_site
from fairpapers.graph.build import build_graph
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.queries import load_library

ROOT = Path(__file__).resolve().parents[2]


def build(papers: int, directory: Path) -> None:
    demo = ROOT / "tests/queries/demo_records.jsonl"
    build_graph(synthetic_records(papers) if papers else read_records(demo), directory)


def main(papers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        graph, site = Path(folder) / "graph", Path(folder) / "site"
        builder = get_context("spawn").Process(target=build, args=(papers, graph))
        builder.start()
        builder.join()
        snapshot = current_snapshot(graph)
        start, used = time.monotonic(), time.process_time()
        made = publish_site(snapshot, site, load_library(), Options(editor_triples=10**9))
        wall, processor = time.monotonic() - start, time.process_time() - used
        files = sum(1 for path in site.rglob("*") if path.is_file())
        editor = sum(path.stat().st_size for path in (site / "editor").glob("*"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    sys.stdout.write(
        f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, "
        f"commit {commit}\n"
        f"{snapshot.papers:,} papers, {sum(snapshot.triples.values()):,} triples\n"
        f"{made.pages:,} pages, {files:,} files, {made.size / 1e6:.1f} MB, of which the editor "
        f"loads {editor / 1e6:.1f} MB\n"
        f"{wall:.1f} s, {processor:.1f} s CPU: {made.pages / processor:.0f} pages a second of CPU\n"
        f"{peak} MiB at most\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
