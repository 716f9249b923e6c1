"""Reading papers from a file, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TypeAlias

from ..errors import CorpusError
from ..papers import Paper
from .fields import BadRecordError, Raw, make_paper
from .files import open_corpus
from .formats import detect_format, reader


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was left out, told as it happens.

    Attributes:
        file: the file as the user gave it.
        line: 1-based line on which the record starts, or None where that is not known.
        reason: what is wrong.
        field: the one field that was left out of a paper which is kept; None where the whole
            record is left out.
    """

    file: str
    line: int | None
    reason: str
    field: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.reason}"


Seen: TypeAlias = dict[str, tuple[str, int | None]]
"""Keys of the papers met, with file and line of each."""


def read_papers(
    path: Path,
    *,
    format: str | None = None,  # noqa: A002
    skipped: Callable[[Skipped], None],
    seen: Seen | None = None,
) -> Iterator[Paper]:
    """Yield the papers of a file in order, each once, in constant memory but for their keys.

    Args:
        path: the file, plain or gzip.
        format: a name from `FORMATS`; by default suffix and content decide.
        skipped: called for each record or field that is left out, before the next paper comes.
        seen: hand in the same dictionary for several files to have each paper once over all.

    Raises:
        CorpusError: nothing can be read from the file, or reading stops before its end. Like
            all work it happens when the first paper is asked for.
    """
    seen = {} if seen is None else seen
    with open_corpus(path) as file:
        log = _Log(str(path), skipped)
        name = format or detect_format(path, file.head)
        for raw in reader(path, name)(file, log.record):
            if (paper := _paper(raw, name, path, log)) and _is_new(paper, seen, log):
                yield paper
        if not log.used:
            raise CorpusError(path, f"holds no paper, read as {name}")


def demo_corpus() -> Path:
    """Return the path of the demo corpus that comes with the package, in JSON Lines."""
    package = __package__.rpartition(".")[0]
    return Path(str(resources.files(package) / "demo" / "papers.jsonl"))


class _Log:
    """Passes on what is left out, and knows whether the file gave anything at all."""

    def __init__(self, file: str, skipped: Callable[[Skipped], None]) -> None:
        self.file = file
        self.used = False
        self._skipped = skipped

    def record(self, line: int | None, reason: str) -> None:
        self.used = True
        self._skipped(Skipped(self.file, line, reason))

    def left_out(self, line: int | None, field: str, fault: str) -> None:
        reason = f"{field} {fault}; the paper is kept without"
        self._skipped(Skipped(self.file, line, reason, field))


def _paper(raw: Raw, format_name: str, path: Path, log: _Log) -> Paper | None:
    def note(field: str, fault: str) -> None:
        log.left_out(raw.line, field, fault)

    try:
        paper = make_paper(raw, file=path.name, format_name=format_name, note=note)
    except BadRecordError as error:
        log.record(raw.line, str(error))
        return None
    log.used = True
    return paper


def _is_new(paper: Paper, seen: Seen, log: _Log) -> bool:
    if paper.key not in seen:
        seen[paper.key] = (log.file, paper.source.line)
        return True
    file, line = seen[paper.key]
    place = f"line {line}" if file == log.file else f"{file}, line {line}"
    log.record(paper.source.line, f"same paper as {place} ({paper.key})")
    return False
