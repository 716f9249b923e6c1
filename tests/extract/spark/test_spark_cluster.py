"""Extraction on a cluster of two workers, one of which is killed in the middle."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

from fairpapers.extract.corpus import demo_corpus, read_papers
from fairpapers.extract.pipeline import extract_records, load_pipeline
from fairpapers.extract.pipeline.extraction import shipped_model

from ...spark_cluster import cluster, small_options, waiting_for


def test_a_worker_that_is_killed_costs_no_record(tmp_path: Path) -> None:
    source, output = tmp_path / "papers.jsonl", tmp_path / "out"
    source.write_bytes(b"".join(demo_corpus().read_bytes().splitlines(keepends=True)[:40]))
    model = shipped_model()
    assert model
    options = ["-o", str(output), "--model", str(model), "--engine", "spark", "--partitions", "40"]
    command = [str(Path(sys.executable).with_name("fairpapers")), "extract", str(source)]
    (tmp_path / "cluster").mkdir()
    with cluster(tmp_path / "cluster") as running:
        settings = ["--master", running.url, *small_options()]
        with subprocess.Popen(
            [*command, *options, *settings],
            env=running.environment,
            stderr=subprocess.PIPE,
            text=True,
        ) as driver:
            # Tasks of the extraction write here until the job is committed.
            for _ in waiting_for("the first finished task of the extraction"):
                assert driver.poll() is None, driver.communicate()[1]
                if list((output / "records").glob("_temporary/0/task_*")):
                    break
            running.kill_worker()
            assert not (output / "records" / "_SUCCESS").exists()
            _, told = driver.communicate(timeout=400)

    assert driver.returncode == 0, told
    assert "Lost executor" in told
    records = sorted(
        line
        for part in (output / "records").glob("part-*.gz")
        for line in gzip.decompress(part.read_bytes()).decode().splitlines()
    )
    papers = list(read_papers(source, skipped=lambda _: None))
    nlp = load_pipeline(model)
    assert records == sorted(record.to_json() for record in extract_records(papers, nlp))
    assert len(records) == 40
