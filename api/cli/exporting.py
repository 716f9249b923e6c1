"""The progress bar of an export."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...graph.export.release import Progress as Report


@contextmanager
def bar() -> Iterator[Report]:
    """Show one bar a part on standard error, where that is a terminal.

    A bar shows how many of the part's own units, mostly triples, are done of how many.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        tasks: dict[str, TaskID] = {}
        totals: dict[str, int] = {}

        def finish() -> None:
            for name, task in tasks.items():
                end = totals.get(name, 1)
                shown.update(task, total=end, completed=end)

        def report(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                finish()
                tasks[stage] = shown.add_task(stage, total=total)
            if total is not None:
                totals[stage] = total
            shown.update(tasks[stage], total=total, completed=done)

        yield report
        finish()
