"""From abstracts to a published graph by one command: ``python -m tests.benchmarks.whole INPUT [WORKERS]``.

Runs `fairpapers build` on a file of papers in a new folder, and looks at it twice a second. Prints the
command's own report, then seconds, processor time, the most memory of all its processes together (a
shared page counts once), the most that the folder took on disk and what it takes in the end, with the
machine and commit.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .endpoint_servers import family, memory_of
from .measuring import on_disk, setting

_COMMAND = [sys.executable, "-c", "from fairpapers.api.cli import main; main()"]


def main(papers: Path, workers: str) -> None:
    """Run the command and watch it."""
    out = sys.stdout.write
    out(f"{setting()}\n")
    sys.stdout.flush()
    memory = disk = 0
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "graph"
        began = time.monotonic()
        arguments = ["build", str(papers), "-o", str(graph), "--workers", workers]
        with subprocess.Popen([*_COMMAND, *arguments]) as process:
            while process.poll() is None:
                memory = max(memory, sum(share for share, _ in memory_of(family(process.pid))))
                disk = max(disk, on_disk(Path(folder)))
                time.sleep(0.5)
        wall, used = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        out(
            f"\nexit code {process.returncode}, {wall:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of "
            f"processor time, {memory // 1024:,} MiB of memory at most in all processes, "
            f"{disk / 1e6:,.0f} MB on disk at most, {on_disk(graph) / 1e6:,.0f} MB in the end\n"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else str(os.cpu_count() or 1))
