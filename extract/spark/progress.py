"""How far Spark is, asked of the driver while a job runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SECONDS: Final = 0.5


class Progress(Protocol):
    """Told of each stage that runs, about twice a second."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note of the tasks of a stage that are done, and of all its tasks."""
        ...


def silent(stage: str, done: int, total: int) -> None:
    """Take no note."""
    del stage, done, total


@contextmanager
def following(spark: SparkSession, progress: Progress) -> Iterator[None]:
    """Tell ``progress`` about the stages that run within the block, from another thread."""
    if progress is silent:
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_follow, args=(spark, progress, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _follow(spark: SparkSession, progress: Progress, ended: threading.Event) -> None:
    from py4j.protocol import Py4JError

    tracker = spark.sparkContext.statusTracker()
    while not ended.wait(_SECONDS):
        try:
            for number in tracker.getActiveStageIds():
                if stage := tracker.getStageInfo(number):
                    progress(f"stage {number}", stage.numCompletedTasks, stage.numTasks)
        except (Py4JError, OSError):  # Spark is being stopped; whoever asked for the job is told
            return
