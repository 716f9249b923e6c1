"""A snapshot that somebody reads stays, however many are published after it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.errors import SnapshotDamaged
from fairpapers.graph.leases import Lease, move_unless_leased
from fairpapers.graph.snapshot import Snapshot, current_snapshot

HOLD = """
import sys
from pathlib import Path
from fairpapers.graph.leases import Lease
Lease(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def publish(directory: Path, sample: tuple[Record, ...], count: int) -> Snapshot:
    build_graph(sample[:count], directory)
    return current_snapshot(directory)


def test_a_snapshot_on_lease_outlives_two_publications_and_then_goes(
    sample: tuple[Record, ...], tmp_path: Path
) -> None:
    first = publish(tmp_path, sample, 1)
    lease = Lease(first.store)
    second = publish(tmp_path, sample, 2)
    third = publish(tmp_path, sample, 3)
    assert first.store.is_dir()
    assert second.store.is_dir()
    lease.release()
    lease.release()
    publish(tmp_path, sample, 4)
    assert not first.path.exists()
    assert not second.path.exists()
    assert third.store.is_dir()


def test_a_lease_of_another_process_counts_until_it_ends(
    sample: tuple[Record, ...], tmp_path: Path
) -> None:
    first = publish(tmp_path, sample, 1)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(first.store)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "held\n"
        assert not move_unless_leased(first.path, tmp_path / "moved")
        reader.kill()
    assert move_unless_leased(first.path, tmp_path / "moved")
    assert not first.path.exists()


def test_what_is_gone_cannot_be_leased(sample: tuple[Record, ...], tmp_path: Path) -> None:
    first = publish(tmp_path, sample, 1)
    shutil.rmtree(first.store)
    with pytest.raises(SnapshotDamaged, match="cannot be kept"):
        Lease(first.store)


def test_what_has_no_store_is_moved(tmp_path: Path) -> None:
    (tmp_path / "damaged").mkdir()
    assert move_unless_leased(tmp_path / "damaged", tmp_path / "moved")
    assert (tmp_path / "moved").is_dir()
