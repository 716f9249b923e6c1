"""The load that `endpoint.py` drives servers with: queries, wrk, and clients that do harm."""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote_plus

from .endpoint_servers import JSON, Server

# Queries with two places: {iri} for one of the graph's mentions or datasets, {n} for a number that
# no other request has, so that nothing but the engine can know the answer.
LOOKUP = "SELECT ?p ?o{n} WHERE {{ <{iri}> ?p ?o{n} }}"
JOIN = (
    "PREFIX fp: <https://w3id.org/fairpapers/ontology#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    "SELECT ?paper ?thing ?name{n} WHERE {{ "
    "?paper fp:mentions <{iri}> . ?paper fp:uses ?thing . ?thing skos:prefLabel ?name{n} }} LIMIT 100"
)
ROWS = (
    "PREFIX fp: <https://w3id.org/fairpapers/ontology#> "
    "SELECT ?mention ?form{n} WHERE {{ ?mention fp:surfaceForm ?form{n} }} LIMIT 10000"
)
KILLER = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

# One request in this many of a mixed load is a join; the others look things up.
_JOINS = 5
_SCRIPT = """
local requests, start, at = {{}}, {start}, 0
for line in io.lines("{file}") do requests[#requests + 1] = line:gsub("\\\\r\\\\n", "\\r\\n") end
request = function()
  at = at + 1
  return (requests[(at - 1) % #requests + 1]:gsub("NUMBER", start + at))
end
done = function(summary, latency)
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("RESULT [%d, %d, %f, %f, %d, %d]\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), errors.status, lost))
end
"""
_NUMBERS = count()


@dataclass(frozen=True)
class Figures:
    """What a run measured: answers a second, latencies and processor time a request in ms."""

    rate: float
    p50: float
    p99: float
    failed: int
    processor: float


@dataclass(frozen=True)
class Load:
    """Requests that are sent again and again, in this order."""

    name: str
    queries: Sequence[str]
    conditional: bool = False

    def lines(self, server: Server) -> Iterator[str]:
        """One request a line, its line ends escaped; NUMBER stands for the unique number."""
        for query in self.queries:
            tag = self._tag(server, query) if self.conditional else ""
            yield (
                f"GET {server.path}?query={quote_plus(query)} HTTP/1.1\\r\\n"
                f"Host: 127.0.0.1:{server.port}\\r\\nAccept: {JSON}\\r\\n{tag}\\r\\n\n"
            )

    def _tag(self, server: Server, query: str) -> str:
        tag = server.get(query)[1].get("etag")
        return f"If-None-Match: {tag}\\r\\n" if tag else ""


def loads(mentions: Sequence[str], datasets: Sequence[str]) -> tuple[Load, ...]:
    """The shapes of the comparison."""
    lookups = [LOOKUP.format(iri=iri, n="NUMBER") for iri in mentions]
    repeated = [LOOKUP.format(iri=iri, n="") for iri in mentions[:100]]
    joins = [JOIN.format(iri=iri, n="NUMBER") for iri in datasets]
    return (
        Load("point lookup, cold", lookups),
        Load("point lookup, repeated", repeated),
        Load("point lookup, conditional", repeated, conditional=True),
        Load("three-way join, 100 rows", joins),
        Load("10,000 rows as JSON", [ROWS.format(n="NUMBER")]),
        Load("mixed", list(_mixed(lookups, joins))),
    )


def _mixed(lookups: Sequence[str], joins: Sequence[str]) -> Iterator[str]:
    for number, lookup in enumerate(lookups[:1000]):
        yield joins[number % len(joins)] if number % _JOINS == 0 else lookup


def drive(server: Server, load: Load, connections: int, seconds: float) -> Figures:
    """Send requests as fast as they are answered, from one thread of wrk."""
    with tempfile.TemporaryDirectory() as folder:
        lines, script = Path(folder, "requests"), Path(folder, "load.lua")
        lines.write_text("".join(load.lines(server)))
        script.write_text(_SCRIPT.format(file=lines, start=next(_NUMBERS) * 10_000_000))
        before = server.processor_seconds()
        done = subprocess.run(
            [
                *("wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "10s"),
                *("-s", str(script), f"http://127.0.0.1:{server.port}"),
            ],
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"wrk ended with {done.returncode}: {done.stderr or done.stdout}")
        took = server.processor_seconds() - before
    (result,) = (line[7:] for line in done.stdout.splitlines() if line.startswith("RESULT "))
    requests, microseconds, p50, p99, refused, lost = json.loads(result)
    answered = max(requests - refused, 0)
    return Figures(
        answered / (microseconds / 1e6),
        p50 / 1000,
        p99 / 1000,
        refused + lost,
        took * 1000 / max(requests, 1),
    )


@contextmanager
def killers(server: Server, number: int) -> Iterator[None]:
    """Keep so many queries running that never end by themselves."""
    stopping = threading.Event()

    def ask() -> None:
        while not stopping.is_set():
            try:
                server.get(KILLER)
            except OSError:
                stopping.wait(0.1)

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
