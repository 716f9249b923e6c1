"""Adding papers to a graph directory and taking them out, and the lines of the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from .building import holds_records, peak_memory, read_some_records, row
from .building import report_lines as build_lines
from .messages import SkippedRecords, say, staged, tracked
from .recording import Reading, extraction

if TYPE_CHECKING:
    from ...extract.papers import Paper
    from ...extract.records import Record
    from ...graph.growing import GrowReport
    from ...graph.iris import Iris


def add_from(
    source: Path, directory: Path, reading: Reading, skipped: SkippedRecords, *, rebuild: bool
) -> list[str]:
    """Add the papers or records of a file to a graph.

    Args:
        source: file of papers or records.
        directory: graph directory with a published graph.
        reading: format of the papers and the model that reads them.
        skipped: told about each record that could not be read.
        rebuild: build all of it again where it cannot grow.

    Returns:
        The report, line by line.

    Raises:
        GraphError: nothing is published there, or it cannot grow and ``rebuild`` is off.
    """
    from ...graph.errors import CannotGrow, GraphDiffers
    from ...graph.growing import grow
    from ...graph.iris import Iris
    from ...graph.snapshot import current_snapshot
    from ...queries import library_quads, load_library

    iris = Iris(current_snapshot(directory).base)
    if holds_records(source):
        records = list(read_some_records(source, skipped))
    else:
        records = list(_extracted(source, directory, reading, skipped))
    say(f"adding to {directory}")
    try:
        with staged() as progress:
            report = grow(
                directory,
                records,
                extra=library_quads(load_library(), iris),
                progress=progress,
            )
    except (CannotGrow, GraphDiffers) as error:
        if not rebuild:
            raise
        say(str(error).partition(";")[0])
        return _rebuilt(records, directory, iris)
    return list(report_lines(report, directory))


def remove_papers(named: Iterable[str], directory: Path) -> tuple[list[str], bool]:
    """Take papers out of a graph.

    Args:
        named: keys of papers or their IRIs, in full or from ``paper/`` on.
        directory: graph directory with a published graph.

    Returns:
        The report, line by line, and whether some of the papers are not there.
    """
    from ...graph.growing import grow
    from ...graph.iris import Iris
    from ...graph.snapshot import current_snapshot
    from ...queries import library_quads, load_library

    iris = Iris(current_snapshot(directory).base)
    with staged() as progress:
        report = grow(
            directory,
            drop=[_key(each, iris) for each in named],
            extra=library_quads(load_library(), iris),
            progress=progress,
        )
    for key in report.sorted.absent:
        say(f"the graph has no paper {key}")
    if report.left:
        say(
            f"a server still reads the snapshot {report.left}, which has what was removed; it goes "
            "with the next change or build after the server has let it go"
        )
    return list(report_lines(report, directory)), bool(report.sorted.absent)


def report_lines(report: GrowReport, directory: Path) -> Iterator[str]:
    """Say what a change came to, one figure a line."""
    found = report.sorted
    yield row("graph", str(directory))
    yield row("snapshot", report.snapshot)
    yield row("papers", report.papers)
    yield row("  added", len(found.added))
    yield row("  changed", len(found.changed))
    yield row("  removed", len(found.removed))
    yield row("  as they were", len(found.same))
    yield row("IRIs moved in", report.moved)
    yield row("triples added", report.added)
    yield row("triples removed", report.removed)
    yield row("seconds", f"{report.seconds:.1f}")
    if (peak := peak_memory()) is not None:
        yield row("peak memory", f"{peak / 2**20:.0f} MiB")


def _key(named: str, iris: Iris) -> str:
    """The key of a paper from its key or IRI."""
    from urllib.parse import unquote

    bare = named.strip("<>").removeprefix(f"{iris.base}/").removeprefix("id/")
    return unquote(bare.removeprefix("paper/")) if bare.startswith("paper/") else named


def _extracted(
    source: Path, directory: Path, reading: Reading, skipped: SkippedRecords
) -> Iterator[Record]:
    """Records of papers; those that the graph has of the same text and model are taken from it."""
    from ...extract.corpus import read_papers
    from ...extract.pipeline import source_info
    from ...graph.recordfile import read_records
    from ...graph.snapshot import records_file

    papers = list(read_papers(source, format=reading.format, skipped=skipped))
    wanted = {paper.key: paper for paper in papers}
    there = {each.key: each for each in read_records(records_file(directory)) if each.key in wanted}
    made_by, extract = extraction(reading)
    fresh: list[Paper] = []
    for paper in papers:
        known = there.get(paper.key)
        if known and (known.text_sha256, known.generator) == (paper.text_sha256, made_by):
            yield replace(known, id=paper.id, title=paper.title, source=source_info(paper))
        else:
            fresh.append(paper)
    if fresh:
        with closing(extract(iter(fresh))) as records:
            yield from tracked(records, len(fresh))


def _rebuilt(records: list[Record], directory: Path, iris: Iris) -> list[str]:
    """Build from the records that are there and these, with the settings of the graph."""
    from ...graph.build import build_graph
    from ...graph.kept import kept_settings
    from ...graph.recordfile import read_records
    from ...graph.snapshot import current_snapshot, records_file
    from ...graph.store import EmbeddedStore
    from ...queries import library_quads, load_library

    with EmbeddedStore(current_snapshot(directory).store) as store:
        settings = kept_settings(store, iris)
    fresh = {each.key: each for each in records}
    stay = (each for each in read_records(records_file(directory)) if each.key not in fresh)
    with staged() as progress:
        report = build_graph(
            chain(fresh.values(), stay),
            directory,
            base=iris.base,
            min_confidence=settings.min_confidence,
            licence=settings.licence,
            extra=library_quads(load_library(), iris),
            progress=progress,
        )
    return list(build_lines(report, directory))
