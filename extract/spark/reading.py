"""The input as rows that know their file and line, whichever executor reads them.

Spark cuts a file into splits that are read at the same time, none of which knows how many lines stand
before it. So the lines of each split are counted first, which takes no Python, and every split is
given the number of its first line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from ..corpus.files import BLOCK
from ..corpus.openalex import is_openalex
from ..errors import CorpusError, FormatError
from .places import Place
from .session import shuffled

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FORMATS: Final = ("jsonl", "openalex", "parquet")
FILE: Final = "fairpapers_file"
SPLIT: Final = "fairpapers_split"
LINE: Final = "fairpapers_line"
ROW: Final = "fairpapers_row"

Starts: TypeAlias = Mapping[tuple[str, int], int]
"""Number of the first line of a split, by file and first byte."""

_SUFFIXES: Final = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet"}


@dataclass(frozen=True, slots=True)
class Input:
    """What is to be read.

    Attributes:
        format: one of `FORMATS`.
        rows: lines as bytes with file and split, or rows of Parquet with file and row number.
        starts: see `Starts`; empty for Parquet.
        records: number of lines or rows.
    """

    format: str
    rows: DataFrame
    starts: Starts
    records: int


def read_input(spark: SparkSession, place: Place, format_name: str | None = None) -> Input:
    """Find out what an input is, and number its lines.

    Args:
        spark: the session; how it cuts files must stay as it is until the rows are read.
        place: a file, or a folder of files of one format.
        format_name: one of `FORMATS`; by default names and content decide.

    Raises:
        CorpusError: there is nothing.
        FormatError: it is in none of the formats.
    """
    if not place.exists():
        raise CorpusError(Path(place.given), "no such file or folder")
    name = format_name or _by_name(spark, place)
    if name not in FORMATS:
        fault = f"Spark reads no format {name!r}; read it on one machine, with --engine local"
        raise FormatError(Path(place.given), fault, FORMATS)
    if name == "parquet":
        return _rows(spark, place)
    lines = _lines(spark, place)
    if format_name is None and is_openalex(_head(lines)):
        name = "openalex"
    with shuffled(spark, spark.sparkContext.defaultParallelism):
        starts, total = _counted(lines)
    return Input(name, lines, starts, total)


def _by_name(spark: SparkSession, place: Place) -> str:
    """Format by the names of the files; JSON Lines where they say nothing."""
    reader = spark.read.option("recursiveFileLookup", "true")
    names = [place.given, *reader.text(place.given).inputFiles()[:1]]
    for name in names:
        path = Path(name.rstrip("/").lower().removesuffix(".gz"))
        if path.suffix in _SUFFIXES:
            return _SUFFIXES[path.suffix]
        if path.suffix in {".bib", ".csv", ".tsv", ".xml"}:
            return path.suffix.removeprefix(".")
    return "jsonl"


def _lines(spark: SparkSession, place: Place) -> DataFrame:
    from pyspark.sql.functions import col

    # Left alone, Spark would end lines at carriage returns too, and cut files by the number of
    # cores that are there at the moment.
    reader = spark.read.option("lineSep", "\n").option("recursiveFileLookup", "true")
    return reader.text(place.given).select(
        col("value").cast("binary").alias(LINE),
        col("_metadata.file_path").alias(FILE),
        col("_metadata.file_block_start").alias(SPLIT),
    )


def _head(lines: DataFrame) -> bytes:
    first = lines.select(LINE).head(1)
    return bytes(first[0][0])[:BLOCK] if first else b""


def _counted(lines: DataFrame) -> tuple[Starts, int]:
    counted = sorted(
        (row[FILE], row[SPLIT], row["count"])
        for row in lines.groupBy(FILE, SPLIT).count().toLocalIterator()
    )
    starts: dict[tuple[str, int], int] = {}
    for _, splits in groupby(counted, key=lambda each: each[0]):
        of = list(splits)
        befores = accumulate((count for _, _, count in of), initial=1)
        starts.update(
            ((file, split), before) for (file, split, _), before in zip(of, befores, strict=False)
        )
    return starts, sum(count for _, _, count in counted)


def _rows(spark: SparkSession, place: Place) -> Input:
    from pyspark.sql.functions import col

    rows = spark.read.option("recursiveFileLookup", "true").parquet(place.given)
    numbered = rows.select(
        *(col(f"`{name}`") for name in rows.columns),
        col("_metadata.file_path").alias(FILE),
        (col("_metadata.row_index") + 1).alias(ROW),
    )
    return Input("parquet", numbered, {}, rows.count())
