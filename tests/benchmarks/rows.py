"""What it costs to count rows while they are written: ``python -m tests.benchmarks.rows``.

Writes 10,000 rows of three columns in each format of results, once as the engine writes them and once
with the counter by which a query process holds its limit of rows. Processor time of one thread, the
least of five runs, in milliseconds.
"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import IO, cast

import pyoxigraph as ox

from fairpapers.api.workers.rows import row_counter

ROWS = 10_000
RUNS = 5
FORMATS = {
    "JSON": ox.QueryResultsFormat.JSON,
    "XML": ox.QueryResultsFormat.XML,
    "CSV": ox.QueryResultsFormat.CSV,
    "TSV": ox.QueryResultsFormat.TSV,
}


class Sink:
    """Takes what is written and may show it to a counter."""

    def __init__(self, count: Callable[[bytes], None] | None) -> None:
        self._count = count
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self._count is not None:
            self._count(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""


def store() -> ox.Store:
    """As many papers, each with one title."""
    made = ox.Store()
    title = ox.NamedNode("http://purl.org/dc/terms/title")
    made.bulk_extend(
        ox.Quad(
            ox.NamedNode(f"https://example.org/id/paper/{number}"),
            title,
            ox.Literal(f'A study of "{number}" things, with a subtitle of the usual length'),
        )
        for number in range(ROWS)
    )
    return made


def written(made: ox.Store, name: str, *, counted: bool) -> tuple[float, int]:
    """Least milliseconds of processor time, and the bytes of an answer."""
    best, size = float("inf"), 0
    kind = FORMATS[name]
    for _ in range(RUNS):
        sink = Sink(row_counter(kind.media_type, ROWS) if counted else None)
        began = time.thread_time()
        answer = made.query("SELECT ?s ?p ?o { ?s ?p ?o }")
        assert isinstance(answer, ox.QuerySolutions)
        answer.serialize(cast(IO[bytes], sink), kind)
        best, size = min(best, 1000 * (time.thread_time() - began)), sink.size
    return best, size


def main() -> None:
    made = store()
    out = sys.stdout
    out.write(f"{platform.machine()}, Python {platform.python_version()}, ")
    out.write(f"pyoxigraph {version('pyoxigraph')}, {ROWS} rows\n\n")
    out.write("| format | bytes | ms as written | ms counted |\n|---|---|---|---|\n")
    for name in FORMATS:
        plain, size = written(made, name, counted=False)
        counted, _ = written(made, name, counted=True)
        out.write(f"| {name} | {size:,} | {plain:.1f} | {counted:.1f} |\n")


if __name__ == "__main__":
    main()
