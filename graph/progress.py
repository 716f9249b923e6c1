"""How far a build or a change is, for whoever wants to be told."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of each stage and, in a stage that goes paper by paper, of each paper."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take note; ``total`` is None where the end is not known."""
        ...


def silent(stage: str, done: int, total: int | None) -> None:
    """Tell nobody."""
    del stage, done, total
