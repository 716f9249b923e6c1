"""Reading what a test writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from fairpapers.extract import Paper
from fairpapers.extract.corpus import Skipped, read_papers


class Reading(NamedTuple):
    """What came out of one file."""

    papers: list[Paper]
    skipped: list[Skipped]

    @property
    def titles(self) -> list[str]:
        return [paper.title for paper in self.papers]

    @property
    def reasons(self) -> list[tuple[int | None, str]]:
        return [(skip.line, skip.reason) for skip in self.skipped]


Read = Callable[..., Reading]

SAMPLES = Path(__file__).with_name("samples")


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write text or bytes to a file of the given name and read it as papers."""

    def write_and_read(content: str | bytes, name: str, format_name: str | None = None) -> Reading:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        skipped: list[Skipped] = []
        papers = list(read_papers(path, format=format_name, skipped=skipped.append))
        return Reading(papers, skipped)

    return write_and_read


@pytest.fixture
def read_sample() -> Callable[[str], Reading]:
    """Read one of the sample files, whose format is told by its content."""

    def read_by_name(name: str) -> Reading:
        skipped: list[Skipped] = []
        return Reading(list(read_papers(SAMPLES / name, skipped=skipped.append)), skipped)

    return read_by_name
