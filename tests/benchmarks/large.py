"""A large graph as its users meet it: ``python -m tests.benchmarks.large GRAPH [SECONDS]``.

Starts `fairpapers serve` on a graph directory, from disk and, where it fits, from memory, and asks by
HTTP, one request at a time: every query of the library with its defaults, the profile pages of the
things that most papers name, of some taken at random and of papers, and search for the beginnings of names.
Prints start-up and memory, then milliseconds of wall-clock time, and the machine and commit.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote, urlsplit

from fairpapers.api.settings import Settings
from fairpapers.graph.search import index_file
from fairpapers.graph.snapshot import Snapshot, current_snapshot
from fairpapers.queries import load_library

from .endpoint_servers import Server, fairpapers, memory_of
from .measuring import on_disk, setting

TIMES = 3
PAGES = 60
BEGINNINGS = 300
SLOWEST = 15


@dataclass(frozen=True)
class Timed:
    """What was asked, how often it was answered well, and how long each answer took."""

    name: str
    good: int
    asked: int
    seconds: tuple[float, ...]
    note: str = ""

    def row(self) -> str:
        """A line of a table in Markdown; milliseconds."""
        shown = [f"{1000 * each:,.0f}" for each in (median(self.seconds), max(self.seconds))]
        failed = f"{self.asked - self.good} of {self.asked} failed {self.note}".strip()
        return (
            f"| {self.name} | {' | '.join(shown)} | {'' if self.good == self.asked else failed} |"
        )


def asked(server: Server, path: str, accept: str) -> tuple[float, int]:
    """Seconds until the whole answer was there, redirects followed, and its status."""
    address = f"http://127.0.0.1:{server.port}{path}"
    # No answer may come from a cache.
    headers = {"Accept": accept, "Cache-Control": "no-cache"}
    began = time.perf_counter()
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address, headers=headers), timeout=120
        ) as answer:
            answer.read()
            status = answer.status
    except urllib.error.HTTPError as error:
        error.read()
        status = error.code
    return time.perf_counter() - began, status


def library(server: Server) -> Iterator[Timed]:
    """Every query that asks nobody else, with its defaults."""
    for query in load_library().values():
        if getattr(query, "federates", ()):
            continue
        found = [asked(server, f"/queries/{query.id}", "application/json") for _ in range(TIMES)]
        wrong = sorted({str(status) for _, status in found if status != 200})
        good = sum(status == 200 for _, status in found)
        seconds = tuple(each for each, _ in found)
        yield Timed(query.id, good, TIMES, seconds, f"({', '.join(wrong)})")


def names(snapshot: Snapshot) -> tuple[list[str], list[str], list[str], list[str]]:
    """IRIs that most papers name, some at random, some papers, and beginnings of names."""
    chance = random.Random(7)
    with closing(sqlite3.connect(f"file:{index_file(snapshot.path)}?mode=ro", uri=True)) as index:
        rows = index.execute(
            "SELECT DISTINCT iri FROM entries WHERE kind != 'paper' ORDER BY papers DESC, iri"
        ).fetchall()
        keys = index.execute("SELECT DISTINCT iri FROM entries WHERE kind = 'paper' ORDER BY iri")
        papers = [row[0] for row in keys]
        labels = [row[0] for row in index.execute("SELECT name FROM entries ORDER BY id")]
    iris = [row[0] for row in rows]
    typed = [name[: chance.randint(1, len(name))] for name in chance.sample(labels, BEGINNINGS)]
    return iris[:PAGES], chance.sample(iris, PAGES), chance.sample(papers, PAGES), typed


def pages(server: Server, name: str, paths: Iterable[str], accept: str) -> Timed:
    """Pages, each asked for once."""
    found = [asked(server, path, accept) for path in paths]
    good = sum(status == 200 for _, status in found)
    return Timed(name, good, len(found), tuple(seconds for seconds, _ in found))


def spread(timed: Timed) -> str:
    """Median, 95th and 99th percentile in a line of a table."""
    cuts = quantiles(timed.seconds, n=100)
    shown = (median(timed.seconds), cuts[94], cuts[98], max(timed.seconds))
    rest = " | ".join(f"{1000 * each:,.1f}" for each in shown)
    return f"| {timed.name} | {timed.good} of {timed.asked} | {rest} |\n"


def measure(directory: Path, kind: str, deadline: str, settings: dict[str, str]) -> None:
    """Print the tables of one way of serving."""
    snapshot = current_snapshot(directory)
    out = sys.stdout.write
    with fairpapers(directory, kind, settings, deadline) as server:
        if kind == "memory":
            server.wait_for_memory()
        first = server.memory()
        out(f"\n## From {kind}\nfirst answer after {server.seconds:.2f} s; ")
        common, few, papers, typed = names(snapshot)
        timed = list(library(server))
        every = Timed(
            "library", sum(t.good for t in timed), sum(t.asked for t in timed),
            tuple(each for t in timed for each in t.seconds),
        )  # fmt: skip
        tables = [
            every,
            pages(server, "profiles of common things", map(_path, common), "text/html"),
            pages(server, "profiles of random things", map(_path, few), "text/html"),
            pages(server, "profiles of papers", map(_path, papers), "text/html"),
            pages(server, "search", (f"/search?q={quote(t)}" for t in typed), "application/json"),
        ]
        last = server.memory()
        held = sorted((share // 1024 for share, _ in memory_of(server.processes())), reverse=True)
        out(f"memory of all processes {first[0]:,} MiB at first, {last[0]:,} in the end, ")
        out(f"each by itself {', '.join(f'{each:,}' for each in held)}\n\n")
        out("| asked | answered | ms, median | p95 | p99 | most |\n|---|---|---|---|---|---|\n")
        for each in tables:
            out(spread(each))
        out("\n| slowest queries | ms, median | most | |\n|---|---|---|---|\n")
        for each in sorted(timed, key=lambda t: -median(t.seconds))[:SLOWEST]:
            out(each.row() + "\n")
        for each in timed:
            if each.good != each.asked:
                out(f"failed: {each.row()}\n")


def _path(iri: str) -> str:
    return quote(urlsplit(iri).path.removeprefix("/fairpapers"), safe="/:;@!$&'()*+,=")


def main(directory: Path, deadline: str) -> None:
    """Measure a graph from disk and, where it is not too large, from memory."""
    snapshot = current_snapshot(directory)
    triples = sum(snapshot.triples.values())
    size = on_disk(snapshot.path)
    sys.stdout.write(
        f"{setting()}{snapshot.papers:,} papers, {triples:,} triples, snapshot {size / 1e6:,.0f} MB\n"
    )
    # So that no answer is one that was given before.
    common = {"FAIRPAPERS_CACHE_BYTES": "0", "FAIRPAPERS_RATE_LIMIT_PER_SECOND": "0"}
    limit = Settings.model_fields["memory_store_bytes"].default
    measure(directory, "disk", deadline, common | {"FAIRPAPERS_MEMORY_STORE_BYTES": "0"})
    if on_disk(snapshot.store) <= limit:
        measure(directory, "memory", deadline, common)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "20")
