"""The progress bar of an export."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...graph.export.release import Progress as Report


@contextmanager
def bar() -> Iterator[Report]:
    """Show one bar a part on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                for earlier in tasks.values():
                    shown.update(earlier, total=1, completed=1)
                tasks[stage] = shown.add_task(stage, total=total)
            shown.update(tasks[stage], total=total, completed=done)

        yield report
