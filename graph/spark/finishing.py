"""The last step, on one machine: a snapshot of the quads that a cluster made."""

from __future__ import annotations

import gzip
import json
import shutil
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...extract.quality import load_quality
from ...extract.records import Generator
from ...extract.spark.places import Place
from ..build import BuildReport, make_snapshot
from ..errors import DecisionsLeft, NoQuads
from ..iris import Iris
from ..links import Link
from ..metadata import About
from ..progress import Progress, silent
from ..quality import describes
from ..reviewing.decisions import decisions_file
from ..snapshot import building, publish

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def finish(
    spark: SparkSession, output: str, directory: Path, *, progress: Progress = silent
) -> BuildReport:
    """Load the quads of `build_with_spark` into a graph directory, validate and publish them.

    The snapshot is the one that `build_graph` makes of the same records, with the same id. The store
    holds the whole graph, so this machine needs the disk for it; see ``graph/README.md`` for how much.

    Args:
        spark: a session, which is asked for the files only.
        output: folder that `build_with_spark` made.
        directory: graph directory, made where missing.
        progress: told how far it is.

    Raises:
        NoQuads: no complete build is in ``output``.
        DecisionsLeft: reviewers decided things in ``directory``, which a cluster does not apply.
        GraphInvalid: the graph breaks its shapes or checks.
        BuildInProgress: another build holds the directory.
    """
    began = time.monotonic()
    if not is_complete(spark, output):
        raise NoQuads(output)
    if decisions_file(directory).exists():
        raise DecisionsLeft(directory)
    summary = json.loads(spark.read.text(f"{output}/summary").head(1)[0][0])
    iris = Iris(summary["base"])
    quality, generators = load_quality(), [Generator(**each) for each in summary["generators"]]
    about = About(
        summary["min_confidence"],
        quality if describes(quality, generators) else None,
        licence=summary["licence"],
    )
    with building(directory) as work:
        progress("fetch", 0, None)
        _fetch(spark, f"{output}/quads", work, work / "data.nq")
        _fetch(spark, f"{output}/records", work, work / "records.jsonl")
        snapshot, validation = make_snapshot(
            work,
            iris,
            summary["papers"],
            about,
            progress,
            links=tuple(map(_link, summary["links"])),
        )
        published, unchanged = publish(directory, work, snapshot)
    return BuildReport(
        snapshot=published.id,
        unchanged=unchanged,
        papers=summary["papers"],
        duplicates=summary["duplicates"],
        resources=summary["resources"],
        results=summary["results"],
        skipped=summary["skipped"],
        unsupported=summary["unsupported"],
        unsure=summary["unsure"],
        linked=summary["linked"],
        applied=0,
        unmatched=(),
        tied=(),
        triples=published.triples,
        validation=validation,
        seconds=time.monotonic() - began,
    )


def _link(fields: dict[str, Any]) -> Link:
    sure = fields["confidence"]
    return Link(**fields | {"confidence": None if sure is None else Decimal(sure)})


def is_complete(spark: SparkSession, output: str) -> bool:
    """Whether a build ended in this folder."""
    return Place(spark, f"{output}/summary/_SUCCESS").exists()


def _fetch(spark: SparkSession, folder: str, work: Path, target: Path) -> None:
    """Bring the parts of a folder here and unpack them one after the other, in order."""
    context: Any = spark.sparkContext
    path = context._jvm.org.apache.hadoop.fs.Path
    files = path(folder).getFileSystem(context._jsc.hadoopConfiguration())
    names = sorted(
        name
        for each in files.listStatus(path(folder))
        if (name := str(each.getPath().getName())).startswith("part-")
    )
    packed = work / "part.gz"
    with target.open("wb") as whole:
        for name in names:
            # Raw, or Hadoop would leave a file of check sums beside it.
            files.copyToLocalFile(False, path(path(folder), name), path(packed.as_uri()), True)
            with gzip.open(packed) as lines:
                shutil.copyfileobj(lines, whole)
            packed.unlink()
