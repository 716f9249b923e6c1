"""A build that is killed leaves the published graph as it was, and the next one cleans up."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import Store

from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.snapshot import current_snapshot

# It says when it begins and when it has ended, so that the moments are spread over its work only.
PROGRAM = """
import sys
from pathlib import Path
from fairpapers.graph.build import build_graph
from fairpapers.graph.recordfile import read_records
print("begin", flush=True)
build_graph(read_records(Path(sys.argv[1])), Path(sys.argv[2]))
print("end", flush=True)
"""
KILLS = 10


def start(records: Path, directory: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(records), str(directory)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begin\n"
    return process


@pytest.fixture(scope="module")
def duration(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """Seconds that one build takes here and now."""
    process = start(sample_file, tmp_path_factory.mktemp("timed"))
    began = time.monotonic()
    output, _ = process.communicate()
    assert output == "end\n"
    return time.monotonic() - began


@pytest.fixture(scope="module")
def published(sample: tuple[Record, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a graph of two papers."""
    directory = tmp_path_factory.mktemp("published")
    build_graph(sample[:2], directory)
    return directory


@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_at_a_random_moment(
    seed: int,
    duration: float,
    published: Path,
    sample: tuple[Record, ...],
    sample_file: Path,
    tmp_path: Path,
) -> None:
    directory = tmp_path / "graph"
    shutil.copytree(published, directory)
    before = current_snapshot(directory)
    moment = random.Random(seed).uniform(0, duration)
    process = start(sample_file, directory)
    time.sleep(moment)
    process.kill()
    process.communicate()

    survivor = current_snapshot(directory)
    store = Store.read_only(str(survivor.store))
    assert sum(1 for _ in store) == sum(survivor.triples.values())
    ended = survivor.id != before.id
    after = build_graph(sample, directory)
    assert after.unchanged == ended
    assert current_snapshot(directory).id == after.snapshot
    assert {path.name for path in directory.iterdir()} == {"records", "snapshots", "current"}
    kept = {path.name for path in (directory / "snapshots").iterdir()}
    assert kept == ({after.snapshot} if ended else {before.id, after.snapshot})
