"""What can be wrong with the material of a training run."""

from __future__ import annotations

from pathlib import Path

from ..errors import ExtractError


class TrainingError(ExtractError):
    """Training cannot start or go on."""


class MaterialError(TrainingError):
    """A file of the training material is missing or does not fit the rest.

    Attributes:
        path: the file.
        fault: what is wrong with it and what to do.
    """

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path}: {fault}")
        self.path = path
        self.fault = fault


class AnnotationError(TrainingError):
    """Stand-off annotations that do not fit their text.

    Attributes:
        paper: identifier of the paper.
        fault: what does not fit.
    """

    def __init__(self, paper: str, fault: str) -> None:
        super().__init__(f"annotations of {paper}: {fault}")
        self.paper = paper
        self.fault = fault
