"""Commands on Apache Spark: the session, the bar, and what they say in the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .messages import SkippedRecords, say
from .recording import Reading

if TYPE_CHECKING:
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
    for each in extracted.first:
        skipped(each)
    if extracted.skipped > skipped.count:
        say(f"{extracted.skipped - skipped.count} more were skipped: {output}/skipped")
        skipped.count = extracted.skipped
    return extracted.papers


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
