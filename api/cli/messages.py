"""What commands say beside their data, on standard error: messages and progress."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from rich.progress import TaskID

    from ...extract.corpus import Skipped
    from ...graph.progress import Progress as BuildProgress

_T = TypeVar("_T")


def say(text: str) -> None:
    """Write one message to standard error."""
    click.echo(text, err=True)


class SkippedRecords:
    """Names what is left out as it is met, and counts the records for the exit code.

    A field that is left out of a paper that is kept is named too and not counted.
    """

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, skipped: Skipped) -> None:
        """Report one record or field: file, line where there is one, and why."""
        say(f"{'left out' if skipped.field else 'skipped'} {skipped}")
        self.count += skipped.field is None


def tracked(items: Iterable[_T], total: int, *, done: int = 0) -> Iterator[_T]:
    """Yield the items while a bar shows papers a second and the time left.

    Without a terminal there is no bar; either way one line at the end says how long it took.

    Args:
        items: one item a paper.
        total: papers in the input.
        done: how many of them were there before.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Speed(ProgressColumn):
        """Papers a second over the last half minute."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f} papers/s" if task.speed else "– papers/s")

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Speed(),
        TimeRemainingColumn(),
    )
    began = time.monotonic()
    count = 0
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("extract", total=total, completed=done)
        for item in items:
            yield item
            count += 1
            progress.advance(task)
    seconds = time.monotonic() - began
    if count:
        papers = "1 paper" if count == 1 else f"{count:,} papers"
        say(f"{papers} read in {seconds:.1f} s ({count / seconds:.1f} papers/s)")


@contextmanager
def at_work(doing: str) -> Iterator[None]:
    """Show on a terminal that work of unknown length goes on."""
    from rich.console import Console

    with Console(stderr=True).status(doing):
        yield


@contextmanager
def staged() -> Iterator[BuildProgress]:
    """Show on a terminal which stage of a build is at work, and at which paper it is."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:

        def told(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                for earlier in tasks.values():
                    # What has no length known is whole when the next stage begins.
                    progress.update(earlier, total=progress.tasks[earlier].completed or 1)
                    progress.update(earlier, completed=progress.tasks[earlier].total)
                tasks[stage] = progress.add_task(stage, total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield told
