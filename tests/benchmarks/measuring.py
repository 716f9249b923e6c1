"""What benchmarks measure alike: where they ran, memory, disk, and the stages of a build."""

from __future__ import annotations

import os
import platform
import resource
import stat
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def setting() -> str:
    """A line of Markdown: the processor, how busy it was before, Python and the commit."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    return (
        f"{os.cpu_count()} x {_processor()}, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, commit {commit}\n"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def peak() -> int:
    """Most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def on_disk(directory: Path) -> int:
    """Bytes of the files below a directory; one under two names counts once, one that goes not."""
    found: dict[tuple[int, int], int] = {}
    for path in directory.rglob("*"):
        try:
            status = path.stat()
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode):
            found[status.st_dev, status.st_ino] = status.st_size
    return sum(found.values())


class Stages:
    """Progress of a build that keeps how long each of its stages took.

    Attributes:
        seconds: of processor and of wall-clock time, by stage in their order.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, tuple[float, float]] = {}
        self._stage = "start"
        self._began = (time.process_time(), time.monotonic())

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take note of a stage; one without a name ends the last."""
        del done, total
        if stage == self._stage:
            return
        now = (time.process_time(), time.monotonic())
        before = self.seconds.get(self._stage, (0.0, 0.0))
        self.seconds[self._stage] = (
            before[0] + now[0] - self._began[0],
            before[1] + now[1] - self._began[1],
        )
        self._stage, self._began = stage, now
