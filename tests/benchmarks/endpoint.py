"""Speed of the endpoint beside others: ``python -m tests.benchmarks.endpoint --peers DIR``.

Makes a graph of a million triples from synthetic records once (``--data``), serves it by the
engine's own server, by rdflib-endpoint and by fairpapers (from disk and from memory), drives each
in turn with the same load and writes a Markdown table. Needs wrk (Debian: ``apt install wrk``) and
an environment of its own for the peers::

    uv venv DIR && uv pip install --python DIR oxigraph rdflib-endpoint oxrdflib uvicorn

Ratios are to the engine's own server in the same run. Processor time counts every process of a
server, so it can be compared where other programs run on the machine.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import pyoxigraph as ox

from fairpapers.graph.build import build_graph
from fairpapers.graph.snapshot import current_snapshot

from .endpoint_load import Figures, Load, drive, killers, loads
from .endpoint_servers import Server, fairpapers, native, rdflib_endpoint
from .graph_build import synthetic_records

PAPERS = 3200
CONNECTIONS = (1, 8, 32)
# The engine's own server logs no requests either.
_QUIET = {"FAIRPAPERS_LOG_REQUESTS": "0"}
_DISK = {**_QUIET, "FAIRPAPERS_MEMORY_STORE_BYTES": "0"}
_MEMORY = {**_QUIET, "FAIRPAPERS_MEMORY_STORE_BYTES": str(1 << 40)}
_SLOW = "rdflib-endpoint"
_IN_MEMORY = "fairpapers, memory"
_FP = "https://w3id.org/fairpapers/ontology#"
_MENTIONS = f"SELECT ?iri {{ ?iri a <{_FP}Mention> }} LIMIT 5000"
_DATASETS = f"""SELECT ?iri {{
  ?iri a <{_FP}Dataset> . ?paper <{_FP}mentions> ?iri ; <{_FP}uses> ?thing
}} GROUP BY ?iri HAVING (COUNT(*) > 150) ORDER BY DESC(COUNT(*)) LIMIT 20"""

Row = tuple[str, int, str, Figures]


def graph_directory(data: Path, papers: int) -> Path:
    """The graph of so many synthetic papers; built on the first call."""
    directory = data / f"graph-{papers}"
    if not (directory / "current").exists():
        say(f"building the graph of {papers} papers in {directory}")
        build_graph(synthetic_records(papers), directory)
    return directory


def sample(store: Path) -> tuple[list[str], list[str]]:
    """IRIs of mentions, and of datasets with enough joins."""
    opened = ox.Store.read_only(str(store))

    def iris(query: str) -> list[str]:
        found = opened.query(query, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        return [str(row["iri"].value) for row in found]

    return iris(_MENTIONS), iris(_DATASETS)


def check(servers: Sequence[Server], shapes: Sequence[Load]) -> None:
    """Have all servers answer the same number of rows, or stop."""
    for load in shapes:
        query = load.queries[0].replace("NUMBER", "0")
        rows = {}
        for server in servers:
            status, _, body = server.get(query)
            rows[server.name] = len(json.loads(body)["results"]["bindings"]) if status == 200 else 0
        if len(set(rows.values())) != 1:
            raise SystemExit(f"{load.name}: the servers do not agree: {rows}")


def compare(servers: Sequence[Server], shapes: Sequence[Load], seconds: float) -> Iterator[Row]:
    """Drive each server in turn, shape by shape, so that all meet the same machine."""
    for load in shapes:
        for connections in (8,) if load.name == "mixed" else CONNECTIONS:
            for server in servers:
                if server.name == _SLOW and connections != 8:
                    continue
                figures = drive(server, load, connections, seconds)
                say(f"{load.name}, {connections}, {server.name}: {figures.rate:.0f}/s")
                yield load.name, connections, server.name, figures


def with_killers(servers: Sequence[Server], mixed: Load, seconds: float) -> Iterator[Row]:
    """The mixed load while two endless queries run; the engine's own server never recovers."""
    for server in sorted(servers, key=lambda each: each.name == "native"):
        if server.name == _SLOW:
            continue
        with killers(server, 2):
            figures = drive(server, mixed, 8, seconds)
        say(f"mixed with two killers, {server.name}: {figures.rate:.0f}/s")
        yield "mixed with two killers", 8, server.name, figures


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The figures as Markdown."""
    yield "| load | connections | server | requests/s | to native | p50 ms | p99 ms | failed | CPU ms a request |"
    yield "|---|---|---|---|---|---|---|---|---|"
    base = {row[:2]: row[3].rate for row in rows if row[2] == "native"}
    for name, connections, server, figures in rows:
        reference = base.get((name, connections), 0)
        ratio = f"{figures.rate / reference:.2f}" if reference else ""
        yield (
            f"| {name} | {connections} | {server} | {figures.rate:,.0f} | {ratio} "
            f"| {figures.p50:.2f} | {figures.p99:.2f} | {figures.failed} | {figures.processor:.3f} |"
        )


def scan(server: Server) -> None:
    """Have every process read all triples, so that what it shared with others is its own."""
    with ThreadPoolExecutor(4) as threads:
        for number in range(8):
            threads.submit(server.get, f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }} # {number}")


def sizes(servers: Sequence[Server]) -> Iterator[str]:
    """Memory after the load and after reading everything, and how soon each server answered."""
    yield "| server | processes | memory MiB (PSS) | memory MiB (sum of RSS) | first answer s |"
    yield "|---|---|---|---|---|"
    for server in servers:
        if server.name != _SLOW:
            scan(server)
        own, held = server.memory()
        count = len(server.processes())
        yield f"| {server.name} | {count} | {own:,} | {held:,} | {server.seconds:.2f} |"


def starts(graph: Path) -> Iterator[str]:
    """How soon our own server answers on a graph, five times; from disk and from memory."""
    for name, settings in (("disk", _DISK), ("memory", _MEMORY)):
        seconds = []
        for _ in range(5):
            with fairpapers(graph, name, settings) as server:
                seconds.append(server.seconds)
        listed = ", ".join(f"{each:.2f}" for each in seconds)
        yield f"First answer, {name}: median {statistics.median(seconds):.2f} s ({listed})"


def machine(store: Path, triples: int, root: Path) -> Iterator[str]:
    """What ran where."""
    commit = subprocess.run(
        ["git", "-C", str(root), "describe", "--always", "--dirty"], capture_output=True, text=True
    ).stdout.strip()
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line for line in lines if line.startswith("model name")), ": unknown")
        yield f"- {os.cpu_count()} x {model.partition(': ')[2]}, load {os.getloadavg()[0]:.1f} at the start"
    size = sum(file.stat().st_size for file in store.iterdir()) / 1e6
    yield f"- {triples:,} triples, {size:,.0f} MB on disk; wrk with one thread"
    yield (
        f"- Python {platform.python_version()}, pyoxigraph {ox.__version__}, "
        f"uvicorn {version('uvicorn')}, fairpapers {commit}"
    )


def say(message: str) -> None:
    """Tell the person who waits."""
    sys.stderr.write(message + "\n")


def run(options: argparse.Namespace) -> Iterator[str]:
    """The whole comparison, line by line of its report."""
    graph = graph_directory(options.data, options.papers)
    snapshot = current_snapshot(graph)
    root = Path(__file__).resolve().parents[2]
    yield from machine(snapshot.store, sum(snapshot.triples.values()), root)
    shapes = loads(*sample(snapshot.store))
    kinds = {
        "native": native(options.peers, snapshot.store),
        "rdflib-endpoint": rdflib_endpoint(options.peers, snapshot.store),
        "disk": fairpapers(graph, "fairpapers, disk", _DISK),
        "memory": fairpapers(graph, _IN_MEMORY, _MEMORY),
    }
    with contextlib.ExitStack() as stack:
        servers = [
            stack.enter_context(kind) for name, kind in kinds.items() if name in options.servers
        ]
        for server in servers:
            if server.name == _IN_MEMORY:
                server.wait_for_memory()
        chosen = [load for load in shapes if not options.loads or load.name in options.loads]
        check(servers, chosen)
        rows = list(compare(servers, chosen, options.seconds))
        memory = list(sizes(servers))
        if shapes[-1] in chosen:
            rows += with_killers(servers, shapes[-1], max(options.seconds, 5))
    yield from ("", *table(rows), "", *memory)
    if options.demo is not None:
        yield from ("", *starts(options.demo))


def main() -> None:
    """Compare and write the report to standard output."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--peers", type=Path, required=True, help="environment of the other servers"
    )
    parser.add_argument(
        "--data", type=Path, default=Path(tempfile.gettempdir(), "fairpapers-bench")
    )
    parser.add_argument("--papers", type=int, default=PAPERS)
    parser.add_argument("--seconds", type=float, default=4, help="of each run")
    parser.add_argument("--demo", type=Path, help="graph directory to measure the start on")
    names = ["native", "rdflib-endpoint", "disk", "memory"]
    parser.add_argument("--servers", nargs="+", default=names, choices=names)
    parser.add_argument("--loads", nargs="+", default=[], help="names of loads; all where none")
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is needed: apt install wrk")
    for line in run(parser.parse_args()):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
