"""Commands on Apache Spark: the session, the bar, and what they say in the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .building import quads_lines, read_links_of, report_lines
from .messages import SkippedRecords, say
from .recording import Reading

if TYPE_CHECKING:
    from ...extract.corpus import Skipped
    from ...extract.spark.progress import Progress as Told


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where Spark runs.

    Attributes:
        master: its URL; None for what Spark's configuration says.
        partitions: tasks; None to let the size of the input decide.
        settings: properties of Spark.
    """

    master: str | None = None
    partitions: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


def extract_on(
    cluster: Cluster,
    source: str,
    output: str,
    reading: Reading,
    skipped: SkippedRecords,
    *,
    output_format: str,
    restart: bool,
) -> int:
    """Extract on a cluster; the first things left out are named, the others counted.

    Returns:
        The number of papers in the output.

    Raises:
        ExtractError: as `extract_with_spark` and `spark_session`.
    """
    from ...extract.pipeline import PipelineChoice
    from ...extract.spark import extract_with_spark, spark_session

    choice = PipelineChoice(reading.model, reading.rules_only, reading.accurate)
    with spark_session(cluster.master, cluster.settings) as spark, stages() as told:
        extracted = extract_with_spark(
            spark,
            source,
            output,
            choice,
            format_name=reading.format,
            partitions=cluster.partitions,
            output_format=output_format,
            replace=restart,
            progress=told,
        )
    _name(extracted.first, extracted.skipped, skipped, f": {output}/skipped")
    return extracted.papers


def build_on(
    cluster: Cluster,
    source: str,
    output: str,
    skipped: SkippedRecords,
    *,
    base: str | None,
    min_confidence: float,
    licence: str,
    links: Path | None,
    snapshot: Path | None,
    restart: bool,
) -> list[str]:
    """Build on a cluster; with ``snapshot`` load the quads here.

    Returns:
        The report, line by line.

    Raises:
        ExtractError, GraphError: as `build_with_spark`, `finish` and `spark_session`.
    """
    from ...extract.spark import spark_session
    from ...graph.iris import Iris
    from ...graph.spark import build_with_spark, finish, is_complete
    from ...ontology.terms import DEFAULT_BASE
    from ...queries import library_quads, load_library

    iris = Iris(base or DEFAULT_BASE)
    brought = read_links_of(links, skipped) if links else ()
    with spark_session(cluster.master, cluster.settings) as spark, stages() as told:
        lines: list[str] = []
        if snapshot and not restart and is_complete(spark, output):
            say(f"{output} is complete; loading it")
        else:
            built = build_with_spark(
                spark,
                source,
                output,
                base=iris.base,
                min_confidence=min_confidence,
                licence=licence,
                links=brought,
                extra=library_quads(load_library(), iris),
                partitions=cluster.partitions,
                replace=restart,
                progress=told,
            )
            _name(built.first, built.damaged, skipped)
            lines = list(quads_lines(built, output))
        if snapshot:
            say(f"building {snapshot}")
            lines = list(report_lines(finish(spark, output, snapshot), snapshot))
    return lines


def _name(first: tuple[Skipped, ...], count: int, skipped: SkippedRecords, more: str = "") -> None:
    """Name the first things left out, and say how many there are more."""
    before = skipped.count
    for each in first:
        skipped(each)
    if (left := count - (skipped.count - before)) > 0:
        say(f"{left} more were skipped{more}")
        skipped.count += left


@contextmanager
def stages() -> Iterator[Told]:
    """A bar for each stage of Spark, on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:

        def told(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                for ended in tasks.values():
                    bars.update(ended, visible=False)
                tasks[stage] = bars.add_task(f"{stage}, tasks")
            bars.update(tasks[stage], completed=done, total=total)

        yield told
