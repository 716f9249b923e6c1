"""From a file to a published graph and the lines of its report."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .messages import SkippedRecords, say, staged
from .recording import Reading, extract_to

if TYPE_CHECKING:
    from ...extract.records import Record
    from ...graph.build import BuildReport
    from ...graph.links import Link
    from ...graph.reviewing import Decision
    from ...graph.spark import Built


_EXTRACTED = "extracted.jsonl"
_LONGEST_LINE = 1 << 24


def build_from(
    source: Path,
    directory: Path,
    reading: Reading,
    skipped: SkippedRecords,
    *,
    base: str | None = None,
    min_confidence: float = 0.0,
    licence: str | None = None,
    links: Path | None = None,
    decisions: Iterable[Decision] = (),
) -> list[str]:
    """Build the graph of a file of papers or of records.

    Args:
        source: papers, which are extracted into ``directory/records`` first, or records.
        directory: graph directory to make or to renew.
        reading: format of the papers and the model that reads them.
        skipped: told about each record that could not be read.
        base: what instance IRIs start with; None for the default.
        min_confidence: what is less sure does not enter the graph.
        licence: IRI of the licence of the data; None for CC0.
        links: list of links to add to the one that is shipped.
        decisions: of reviewers, beside those that the directory keeps.

    Returns:
        The report, line by line.
    """
    from ...graph.build import build_graph
    from ...graph.iris import Iris
    from ...graph.licences import CC0
    from ...ontology.terms import DEFAULT_BASE
    from ...queries import library_quads, load_library

    iris = Iris(base or DEFAULT_BASE)
    # Before the papers are read, which takes long: a file that is no list is told at once.
    brought = read_links_of(links, skipped) if links else ()
    records, extracted = source, None
    if not holds_records(source):
        # Kept until the graph is published, so that a build that was stopped goes on here.
        records = extracted = directory / "records" / _EXTRACTED
        extract_to(source, extracted, reading, skipped, restart=True)
    say(f"building {directory}")
    with staged() as progress:
        report = build_graph(
            read_some_records(records, skipped),
            directory,
            base=iris.base,
            min_confidence=min_confidence,
            licence=licence or CC0,
            links=brought,
            decisions=decisions,
            extra=library_quads(load_library(), iris),
            progress=progress,
        )
    if extracted is not None:
        extracted.unlink()
    for each in report.unmatched:
        say(f"decision about nothing in the graph, kept: {describe(each)}")
    for each in report.tied:
        say(
            f"left out: {describe(each)}; another decision of the same time is about the same: "
            "give the later one a time of day"
        )
    return list(report_lines(report, directory))


def describe(decision: Decision) -> str:
    """One decision in a line."""
    from dataclasses import asdict

    judged = ", ".join(f"{value}" for value in asdict(decision.judged).values() if value)
    return (
        f"{decision.paper}: {judged}: {decision.decision} by {decision.reviewer}, {decision.date}"
    )


def holds_records(path: Path) -> bool:
    """Tell records from papers by the first line that is not empty."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        # A file without line ends must not be read whole.
        lines = iter(lambda: file.readline(_LONGEST_LINE), b"")
        first = next((line for line in lines if line.strip()), b"")
    try:
        fields = json.loads(first)
    except ValueError:
        return False
    return isinstance(fields, dict) and {"mentions", "entities", "generator"} <= fields.keys()


def read_some_records(path: Path, skipped: SkippedRecords) -> Iterator[Record]:
    """Read records; what is none is told and passed over."""
    from ...extract.corpus import Skipped
    from ...extract.records import Record, RecordError

    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield Record.from_json(line)
            except RecordError as error:
                skipped(Skipped(str(path), number, f"no record: {error}"))


def read_links_of(path: Path, skipped: SkippedRecords) -> tuple[Link, ...]:
    """Read a list of links; rows that are none are skipped."""
    from ...extract.corpus import Skipped
    from ...graph.links import SkippedLink, read_links

    def told(row: SkippedLink) -> None:
        skipped(Skipped(str(row.path), row.line, f"no link: {row.reason}"))

    return tuple(read_links(path, told))


def report_lines(report: BuildReport, directory: Path) -> Iterator[str]:
    """Say what a build made, one figure a line."""
    yield row("graph", str(directory))
    yield row("snapshot", report.snapshot)
    yield row("papers", report.papers)
    yield from _rows("resources", report.resources)
    yield row("linked", sum(report.linked.values()))
    for label, count in report.linked.items():
        yield row(f"  {label}", f"{count} of {report.resources[label]}")
    yield row("results", report.results)
    if unsure := report.unsure:
        yield row("mentions left out", unsure)
    if report.applied or report.unmatched:
        yield row("decisions applied", report.applied)
        yield row("decisions unmatched", len(report.unmatched))
    yield from _rows("triples", report.triples)
    validation = report.validation
    yield row("papers validated", validation.shaped)
    yield row("checks passed", len(validation.checks))
    yield row("seconds", f"{report.seconds:.1f}")
    if (peak := peak_memory()) is not None:
        yield row("peak memory", f"{peak / 2**20:.0f} MiB")


def quads_lines(built: Built, output: str) -> Iterator[str]:
    """Say what a build by Spark made, one figure a line."""
    yield row("quads in", output)
    yield row("papers", built.papers)
    yield from _rows("resources", built.resources)
    yield row("linked", sum(built.linked.values()))
    yield row("results", built.results)
    if built.unsure:
        yield row("mentions left out", built.unsure)
    yield row("quads", built.quads)


def _rows(name: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield row(name, sum(counts.values()))
    for part, count in counts.items():
        yield row(f"  {part}", count)


def row(name: str, value: int | str) -> str:
    """One figure of a report."""
    shown = f"{value:>12,}" if isinstance(value, int) else f"{value:>12}"
    return f"{name:<20}{shown}"


def peak_memory() -> int | None:
    """Most bytes that this process held in memory so far; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
