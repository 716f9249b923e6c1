"""A build on a cluster of two workers, one of which is killed in the middle."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from fairpapers.graph.build import build_graph
from fairpapers.graph.iris import Iris
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.queries import library_quads, load_library

from ...spark_cluster import cluster, small_options, waiting_for


def test_a_worker_that_is_killed_costs_no_quad(
    sample_file: Path, iris: Iris, tmp_path: Path
) -> None:
    output, graph = tmp_path / "out", tmp_path / "graph"
    fairpapers = str(Path(sys.executable).with_name("fairpapers"))
    command = [fairpapers, "build", str(sample_file), "-o", str(output), "--snapshot", str(graph)]
    (tmp_path / "cluster").mkdir()
    with cluster(tmp_path / "cluster") as running:
        options = ["--engine", "spark", "--partitions", "4", "--master", running.url]
        with subprocess.Popen(
            [*command, *options, *small_options()],
            env=running.environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        ) as driver:
            for _ in waiting_for("the first table of the build"):
                assert driver.poll() is None, driver.communicate()[1]
                if (output / "work" / "counts" / "_SUCCESS").exists():
                    break
            running.kill_worker()
            assert not (output / "quads").exists()
            _, told = driver.communicate(timeout=400)

    assert driver.returncode == 0, told
    assert "Lost executor" in told
    extra = library_quads(load_library(), iris)
    expected = build_graph(read_records(sample_file), tmp_path / "local", extra=extra)
    assert current_snapshot(graph).id == expected.snapshot
