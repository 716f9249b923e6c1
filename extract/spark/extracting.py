"""The job: papers in, partitioned records and what was left out beside them.

::

    OUT/records/part-…      records, one a paper, in as many files as there are partitions
    OUT/skipped/part-…      file, line, field and reason of what was left out, in order

A folder is complete when it holds ``_SUCCESS``; Spark writes that last.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..corpus import Skipped
from ..errors import CorpusError, OutputExistsError
from ..pipeline import PipelineChoice, generator, load_pipeline
from . import parsing, working
from .parsing import PAPER, REFUSED, parse_lines, parse_rows
from .places import Naming, Place
from .progress import Progress, following, silent
from .reading import Input, read_input
from .session import mapped, shuffled
from .working import Shipped, extract_batches

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

OUTPUT_FORMATS: Final = ("jsonl", "parquet")
NAMED: Final = 20
"""Things left out that are told one by one; all are in ``OUT/skipped``."""
_A_TASK: Final = 2000  # papers: some 20 seconds, which is what a lost worker costs again
_MOST_TASKS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a job made.

    Attributes:
        papers: number of records.
        skipped: number of input records that gave none.
        first: the first `NAMED` things left out, fields of papers that are kept among them.
    """

    papers: int
    skipped: int
    first: tuple[Skipped, ...]


def extract_with_spark(
    spark: SparkSession,
    source: str,
    output: str,
    choice: PipelineChoice,
    *,
    format_name: str | None = None,
    partitions: int | None = None,
    output_format: str = "jsonl",
    replace: bool = False,
    progress: Progress = silent,
) -> Extracted:
    """Extract the papers of a file or folder into a folder.

    The records are those that `extract_records` makes of the same papers, byte for byte, whatever
    the number of partitions and executors; only their order differs. Of several records of one
    paper the first counts, by the path of the file and the line.

    Args:
        spark: a session by `spark_session`.
        source: path or address on any file system that Spark reads: JSON Lines, OpenAlex works one
            a line, both plain or packed (``.gz``, ``.bz2``), or Parquet with a column a field.
        output: the same, of a folder to make.
        choice: the pipeline that each Python process on the executors loads once.
        format_name: ``jsonl``, ``openalex`` or ``parquet``; by default names and content decide.
        partitions: tasks of the extraction, and files of records; by default one for every
            2,000 lines of the input, at least three a core.
        output_format: ``jsonl``, packed with gzip, or ``parquet`` with the columns key and record.
        replace: remove what ``output`` holds.
        progress: told of each stage of Spark.

    Raises:
        CorpusError: there is no input, or one of its files is no list of papers.
        OutputExistsError: ``output`` is there and ``replace`` is off.
        ModelError, EncoderError, MissingExtraError: as `load_pipeline`.
        pyspark.errors.PySparkException: Spark gave up; `spark_session` says why.
    """
    place, target = Place(spark, source), Place(spark, output)
    if target.exists() and not replace:
        raise OutputExistsError(output)
    with _shipping(spark, choice) as shipped, following(spark, progress):
        found = read_input(spark, place, format_name)
        count = partitions or partitions_for(spark, found.records)
        target.remove()
        with shuffled(spark, count):
            papers, others = _parsed(spark, found, Naming(source, place.uri))
            others.write.json(f"{output}/skipped", compression="gzip")
            skipped = spark.read.schema(_SKIPPED).json(f"{output}/skipped")
            _refuse(skipped, target)
            records = mapped(papers, partial(extract_batches, shipped=shipped), working.SCHEMA)
            written = _write(spark, records, f"{output}/records", output_format)
        left_out, first = _summary(skipped)
    if not written and not left_out:
        target.remove()
        raise CorpusError(Path(source), f"holds no paper, read as {found.format}")
    return Extracted(written, left_out, first)


_SKIPPED: Final = "file string, line bigint, field string, reason string, refused boolean"


def _parsed(spark: SparkSession, found: Input, naming: Naming) -> tuple[DataFrame, DataFrame]:
    """Papers, each once, and what is left out, in order."""
    from pyspark.sql import Window
    from pyspark.sql.functions import col, concat, first, lit, row_number, struct, when

    parse: Callable[..., Iterator[object]]
    if found.format == "parquet":
        parse = partial(parse_rows, naming=naming)
    else:
        starts = spark.sparkContext.broadcast(found.starts)
        parse = partial(parse_lines, format_name=found.format, starts=starts, naming=naming)
    rows = mapped(found.rows, parse, parsing.SCHEMA)
    same = Window.partitionBy("key").orderBy("file", "line", "place")
    papers = (
        rows.where(col("kind") == PAPER)
        .withColumn("nth", row_number().over(same))
        .withColumn("first", first(struct("file", "line")).over(same))
    )
    elsewhere = concat(col("first.file"), lit(", "))
    again = papers.where("nth > 1").select(
        "file",
        "line",
        "place",
        lit(None).cast("string").alias("field"),
        concat(
            lit("same paper as "),
            when(col("first.file") == col("file"), lit("")).otherwise(elsewhere),
            lit("line "),
            col("first.line").cast("string"),
            lit(" ("),
            col("key"),
            lit(")"),
        ).alias("reason"),
        lit(False).alias("refused"),
    )
    faults = rows.where(col("kind") != PAPER).select(
        "file", "line", "place", "field", "reason", (col("kind") == REFUSED).alias("refused")
    )
    # They are few, so that one file takes them; in the order in which one machine would tell them.
    others = faults.unionAll(again).repartition(1).sortWithinPartitions("file", "line", "place")
    return (
        papers.where("nth = 1").select("paper"),
        others.select("file", "line", "field", "reason", "refused"),
    )


def _refuse(skipped: DataFrame, target: Place) -> None:
    for row in skipped.where("refused").orderBy("file").limit(1).collect():
        target.remove()
        raise CorpusError(Path(row["file"]), row["reason"])


def _summary(skipped: DataFrame) -> tuple[int, tuple[Skipped, ...]]:
    first = tuple(
        Skipped(row["file"], row["line"], row["reason"], row["field"])
        for row in skipped.limit(NAMED).collect()
    )
    return skipped.where("field is null").count(), first


def _write(spark: SparkSession, records: DataFrame, folder: str, output_format: str) -> int:
    if output_format == "parquet":
        records.write.parquet(folder)
        return spark.read.parquet(folder).count()
    records.select("record").write.text(folder, compression="gzip", lineSep="\n")
    return spark.read.text(folder).count()


def partitions_for(spark: SparkSession, records: int) -> int:
    """Tasks for an input of so many lines, where the user names no number."""
    few = min(3 * spark.sparkContext.defaultParallelism, max(1, records // 32))
    return max(few, min(records // _A_TASK, _MOST_TASKS))


@contextmanager
def _shipping(spark: SparkSession, choice: PipelineChoice) -> Iterator[Shipped]:
    """Load the pipeline here, to know what it writes, and hand its folders to the executors."""
    made_by = generator(
        load_pipeline(choice.model, rules_only=choice.rules_only, accurate=choice.accurate)
    )
    with tempfile.TemporaryDirectory() as scratch:
        names = {
            kind: _ship(spark, folder, f"{kind}-{made_by.model_sha256[:16]}", Path(scratch))
            for kind, folder in (("model", choice.model), ("encoder", choice.accurate))
            if isinstance(folder, Path)
        }
        yield Shipped(made_by, choice, names.get("model"), names.get("encoder"))


def _ship(spark: SparkSession, folder: Path, name: str, scratch: Path) -> str:
    archive = shutil.make_archive(str(scratch / name), "zip", folder)
    spark.sparkContext.addArchive(f"{archive}#{name}")
    return name
