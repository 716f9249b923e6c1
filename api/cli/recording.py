"""Extraction into a records file that can stop anywhere and be continued.

Records are appended in the order of the papers. A file that is already there is compared with
the input from its start: the records that agree are kept and the rest is extracted.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from collections.abc import Generator as Extracting
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from .messages import SkippedRecords, say, tracked

if TYPE_CHECKING:
    from spacy.language import Language

    from ...extract.papers import Paper
    from ...extract.records import Generator, Record

    _Extract = Callable[[Iterator[Paper]], Extracting[Record, None, None]]


@dataclass(frozen=True, slots=True)
class Reading:
    """How papers are read and with which model.

    Attributes:
        format: name of a reader, or None to tell it by the file.
        model: folder of a trained model, or None for the one that comes with fairpapers.
        rules_only: leave out the trained model.
        workers: processes that extract; 1 is this one.
        accurate: let a transformer vote, the one that comes with fairpapers or that of a folder.
    """

    format: str | None = None
    model: Path | None = None
    rules_only: bool = False
    workers: int = 1
    accurate: Path | bool = False

    def pipeline(self) -> Language:
        """Load the pipeline."""
        from ...extract.pipeline import load_pipeline

        return load_pipeline(self.model, rules_only=self.rules_only, accurate=self.accurate)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How much of a records file is still good for an input.

    Attributes:
        count: records that agree with the first papers of the input.
        size: bytes that they take.
        difference: why the next record does not agree; None where the file merely ends.
        rest: the papers after them.
    """

    count: int
    size: int
    difference: str | None
    rest: Iterator[Paper]


class OtherRecordsError(click.ClickException):
    """The output file holds records that were not made from this input by this model."""

    def __init__(self, output: Path, difference: str) -> None:
        super().__init__(
            f"{output}: {difference}. Nothing was changed; give another --output, or --restart "
            "to replace what the file holds from there on"
        )


class OutputInUseError(click.ClickException):
    """Another process extracts into the same file."""

    def __init__(self, output: Path) -> None:
        super().__init__(f"{output}: another run is writing it; wait until it has ended")


def extract_to(
    source: Path, output: Path, reading: Reading, skipped: SkippedRecords, *, restart: bool
) -> int:
    """Extract the papers of ``source`` into ``output``, continuing what is there.

    Args:
        source: file of papers.
        output: records file, made with its folder where it is missing.
        reading: format and model.
        skipped: told about each record that could not be read.
        restart: replace records that do not agree with the input.

    Returns:
        The number of papers in the output.

    Raises:
        CorpusError: the input cannot be read; the output is as it was.
        OtherRecordsError: ``output`` holds other records and ``restart`` is off.
        OutputInUseError: another process is writing ``output``.
        WorkerEndedError: a worker process was killed; what came before is kept.
    """
    from ...extract.corpus import read_papers

    total = sum(1 for _ in read_papers(source, format=reading.format, skipped=skipped))
    generator, extract = extraction(reading)
    with _held(output) as file:
        papers = read_papers(source, format=reading.format, skipped=lambda _: None)
        agreement = agree(papers, file, generator)
        if agreement.difference and not restart:
            raise OtherRecordsError(output, agreement.difference)
        if agreement.count:
            say(f"{output}: {agreement.count} of {total} papers are there already")
        file.seek(agreement.size)
        file.truncate()
        # Closed at once when a signal comes, so that no worker outlives this run.
        with closing(extract(agreement.rest)) as records:
            for record in tracked(records, total, done=agreement.count):
                file.write(record.to_json().encode() + b"\n")
                file.flush()
    return total


def extraction(reading: Reading) -> tuple[Generator, _Extract]:
    """Load the pipeline; give what makes the records, and the function that makes them."""
    from ...extract.pipeline import (
        PipelineChoice,
        extract_in_processes,
        extract_records,
        generator,
    )

    nlp = reading.pipeline()
    if reading.workers == 1:
        return generator(nlp), partial(extract_records, nlp=nlp)
    choice = PipelineChoice(reading.model, reading.rules_only, reading.accurate)
    return generator(nlp), partial(extract_in_processes, choice=choice, workers=reading.workers)


@contextmanager
def _held(output: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading and appending, for this process alone."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputInUseError(output) from error
        file.seek(0)
        yield file


def agree(papers: Iterator[Paper], lines: IO[bytes], generator: Generator) -> Agreement:
    """Find the longest start of a records file that this input and model would make again.

    A last line without its line end was cut off while it was written and counts as missing.
    """
    count = size = 0
    for line in lines:
        if not line.endswith(b"\n"):
            break
        paper = next(papers, None)
        difference = _difference(line, paper, generator)
        if difference:
            rest = papers if paper is None else chain((paper,), papers)
            return Agreement(count, size, f"line {count + 1} {difference}", rest)
        count += 1
        size += len(line)
    return Agreement(count, size, None, papers)


def _difference(line: bytes, paper: Paper | None, generator: Generator) -> str | None:
    from ...extract.records import Record, RecordError

    try:
        record = Record.from_json(line)
    except RecordError as error:
        return f"is no record ({error})"
    if paper is None:
        return "is about a paper that the input does not have"
    if record.key != paper.key:
        return f"is about {record.key}, where the input has {paper.key}"
    if record.text_sha256 != paper.text_sha256:
        return f"was made from another text of {paper.key}"
    if record.generator != generator:
        return "was made by another version or model"
    return None
