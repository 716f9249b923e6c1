"""One mixed load on the embedded engine, on Oxigraph's server and on Virtuoso, in one run.

``python -m tests.benchmarks.engines DATA --papers 300 --seconds 10 > figures.md``

The same synthetic graph is brought to each engine by the files of ``fairpapers load --method files``,
and each is asked through ``fairpapers serve``, whose cache is off, by the same requests in the same
order: look-ups, joins, aggregates of the library, pages of things, data of papers, and search. Then each query of the
library runs once, with a dataset and a metric of the graph where it asks for such. About 325 triples a
paper, so 3,100 papers are a million triples and 31,000 ten. Engines that are not installed are left out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
import pyoxigraph as ox

from fairpapers.graph.build import build_graph
from fairpapers.graph.loading import write_files
from fairpapers.graph.snapshot import Snapshot, current_snapshot
from fairpapers.ontology.terms import DEFAULT_BASE
from fairpapers.queries import load_library

from ..engines import (
    isql_file,
    oxigraph,
    oxigraph_command,
    virtuoso,
    virtuoso_command,
)
from .graph_build import synthetic_records
from .measuring import setting

_FP = "https://w3id.org/fairpapers/ontology#"
_PREFIXES = f"PREFIX fp: <{_FP}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
_COMMAND = [sys.executable, "-c", "from fairpapers.api.cli import main; main()"]
_AGGREGATES = ("C01", "A02", "E03")
_LEFT_OUT = "K"
_START_SECONDS = 600


@dataclass(frozen=True)
class Request:
    """One request of the load."""

    kind: str
    path: str
    query: str = ""


@dataclass
class Figures:
    """Latencies in seconds by kind of request, and what failed."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    wall: float = 0.0

    def all(self) -> list[float]:
        return [each for kind in self.seconds.values() for each in kind]


@dataclass(frozen=True)
class Served:
    """A front before an engine."""

    name: str
    address: str
    loaded_seconds: float
    disk_bytes: int
    pid: int


def requests_for(snapshot: Snapshot) -> list[Request]:
    """A thousand requests, in the same order for everyone."""
    store = ox.Store.read_only(str(snapshot.store))

    def iris(pattern: str, most: int) -> list[str]:
        text = f"SELECT DISTINCT ?x WHERE {{ {pattern} }} ORDER BY ?x LIMIT {most}"
        found = store.query(text, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        return [str(row["x"].value) for row in found]

    mentions = iris(f"?x a <{_FP}Mention>", 500)
    datasets = iris(f"?x a <{_FP}Dataset>", 100)
    papers = iris(f"?x a <{_FP}Paper>", 100)
    made = []
    for number in range(1000):
        place = number % 20
        if place < 11:
            iri = mentions[number * 7 % len(mentions)]
            made.append(Request("look-up", "/sparql", f"SELECT ?p ?o {{ <{iri}> ?p ?o }}"))
        elif place < 15:
            iri = datasets[number * 3 % len(datasets)]
            text = (
                f"{_PREFIXES}SELECT ?paper ?thing ?name {{ ?paper fp:mentions <{iri}> ; "
                "fp:uses ?thing . ?thing skos:prefLabel ?name } LIMIT 100"
            )
            made.append(Request("join", "/sparql", text))
        elif place < 17:
            kind, iris_of = (("page", datasets), ("data", papers))[place - 15]
            iri = iris_of[number % len(iris_of)].removeprefix(DEFAULT_BASE)
            made.append(Request(kind, iri.replace("/id/", "/doc/id/", 1)))
        elif place < 19:
            made.append(Request("search", f"/search?q=name%20{number % 97}&format=json"))
        else:
            name = _AGGREGATES[number // 20 % len(_AGGREGATES)]
            made.append(Request("aggregate", f"/queries/{name}?format=json"))
    return made


def drive(address: str, load: Sequence[Request], connections: int, seconds: float) -> Figures:
    """Send requests from so many threads, each as soon as its last one is answered."""
    figures, numbers, lock = Figures(), count(), threading.Lock()
    start = time.monotonic()

    def work() -> None:
        with httpx.Client(base_url=address, timeout=120, follow_redirects=True) as client:
            while time.monotonic() - start < seconds:
                request = load[next(numbers) % len(load)]
                began = time.perf_counter()
                answer = ask(client, request)
                took = time.perf_counter() - began
                with lock:
                    figures.seconds.setdefault(request.kind, []).append(took)
                    if answer.status_code != 200:
                        key = f"{request.kind} {answer.status_code}"
                        figures.failed[key] = figures.failed.get(key, 0) + 1

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    figures.wall = time.monotonic() - start
    return figures


def ask(client: httpx.Client, request: Request) -> httpx.Response:
    if not request.query:
        accept = {"page": "text/html", "data": "text/turtle"}.get(request.kind, "*/*")
        return client.get(request.path, headers={"Accept": accept})
    headers = {"Accept": "application/sparql-results+json"}
    return client.post(request.path, data={"query": request.query}, headers=headers)


def library(address: str, values: dict[str, str]) -> dict[str, tuple[float, int]]:
    """Seconds and size of the answer of each query; -1 where it failed."""
    found = {}
    with httpx.Client(base_url=address, timeout=120) as client:
        for query in load_library().values():
            if query.id.startswith(_LEFT_OUT) and "SERVICE" in query.text:
                continue
            given = {
                each.name: values[each.name] for each in query.parameters if each.name in values
            }
            kind = "csv" if query.form == "SELECT" else "json" if query.form == "ASK" else "nt"
            began = time.perf_counter()
            answer = client.get(f"/queries/{query.id}", params={**given, "format": kind})
            took = time.perf_counter() - began
            lines = len(answer.text.splitlines()) if answer.status_code == 200 else -1
            found[query.id] = took, lines
    return found


@contextmanager
def front(name: str, arguments: Sequence[str], loaded: float, disk: int) -> Iterator[Served]:
    """Our server, from its start to its first answer with an index for the search."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("FAIRPAPERS_")}
    settings = {
        "FAIRPAPERS_CACHE_BYTES": "0",
        "FAIRPAPERS_LOG_REQUESTS": "0",
        "FAIRPAPERS_DEADLINE_SECONDS": "60",
    }
    process = subprocess.Popen(
        [*_COMMAND, "serve", *arguments, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=clean | settings,
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip().rstrip("/")
        if not address:
            raise SystemExit(f"{name}: the server did not start")
        until = time.monotonic() + _START_SECONDS
        while httpx.get(f"{address}/search?q=name&format=json", timeout=60).status_code != 200:
            if time.monotonic() > until:
                raise SystemExit(f"{name}: there is no index of names")
            time.sleep(0.2)
        yield Served(name, address, loaded, disk, process.pid)
    finally:
        process.terminate()
        process.communicate()


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def served(
    stack: ExitStack, directory: Path, work: Path, buffers: int, more: Sequence[str] = ()
) -> Iterator[Callable[[], Served]]:
    """The engines that are installed, each started when it is called."""
    snapshot = current_snapshot(directory)

    def embedded() -> Served:
        place = size(snapshot.store)
        return stack.enter_context(front("embedded", [str(directory)], 0.0, place))

    yield embedded
    if oxigraph_command() is None:
        say("Oxigraph's server is not installed and is left out")
    else:

        def on_oxigraph() -> Served:
            bulk, place = work / "oxigraph-files", work / "oxigraph"
            write_files(snapshot, bulk, "oxigraph", lambda *_: None)
            path = f"{Path(oxigraph_command() or '').parent}:{os.environ['PATH']}"
            began = time.monotonic()
            subprocess.run(
                ["/bin/sh", bulk / "load-oxigraph.sh", place],
                check=True,
                capture_output=True,
                env={**os.environ, "PATH": path},
            )
            took = time.monotonic() - began
            engine = stack.enter_context(oxigraph(place, read_only=True))
            arguments = ["--store", engine.query, *more]
            return stack.enter_context(front("Oxigraph server", arguments, took, size(place)))

        yield on_oxigraph
    if virtuoso_command() is None:
        say("Virtuoso is not installed and is left out")
        return

    def on_virtuoso() -> Served:
        bulk, place = work / "virtuoso-files", work / "virtuoso"
        place.mkdir()
        write_files(snapshot, bulk, "virtuoso", lambda *_: None)
        engine = stack.enter_context(virtuoso(place, files=bulk, buffers=buffers))
        began = time.monotonic()
        isql_file(engine, bulk / "load-virtuoso.sql")
        took = time.monotonic() - began
        arguments = ["--store", engine.query, *more]
        return stack.enter_context(front("Virtuoso", arguments, took, size(place)))

    yield on_virtuoso


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("nan")


def ms(seconds: float) -> str:
    return f"{seconds * 1000:,.1f}"


def report(
    where: str,
    triples: int,
    loads: list[tuple[Served, int, Figures]],
    libraries: list[tuple[Served, dict[str, tuple[float, int]]]],
) -> Iterator[str]:
    yield f"{where}{triples:,} triples."
    yield ""
    yield "| engine | loaded in s | disk MB |"
    yield "|---|---|---|"
    for each, _ in libraries:
        loaded = f"{each.loaded_seconds:.1f}" if each.loaded_seconds else "as built"
        yield f"| {each.name} | {loaded} | {each.disk_bytes / 1e6:,.0f} |"
    yield ""
    yield "| load | connections | engine | requests/s | p50 ms | p95 ms | p99 ms | failed |"
    yield "|---|---|---|---|---|---|---|---|"
    for each, connections, figures in loads:
        for kind in ("all", *sorted(figures.seconds)):
            values = figures.all() if kind == "all" else figures.seconds[kind]
            failed = [
                f"{number} x {name}"
                for name, number in sorted(figures.failed.items())
                if kind == "all" or name.startswith(kind)
            ]
            yield (
                f"| {'mixed' if kind == 'all' else kind} | {connections} | {each.name} "
                f"| {len(values) / figures.wall:,.1f} | {ms(statistics.median(values))} "
                f"| {ms(percentile(values, 0.95))} | {ms(percentile(values, 0.99))} "
                f"| {', '.join(failed) or 0} |"
            )
    yield ""
    yield "| library, each once | p50 ms | p99 ms | slowest | failed | lines other than embedded |"
    yield "|---|---|---|---|---|---|"
    first = libraries[0][1]
    for each, found in libraries:
        times = [took for took, lines in found.values() if lines >= 0]
        slow = sorted(found, key=lambda name: -found[name][0])[:3]
        failed = [name for name, (_, lines) in found.items() if lines < 0]
        other = [
            name
            for name, (_, lines) in found.items()
            if lines >= 0 and first[name][1] >= 0 and lines != first[name][1]
        ]
        yield (
            f"| {each.name} | {ms(statistics.median(times))} | {ms(percentile(times, 0.99))} "
            f"| {', '.join(f'{name} {found[name][0]:.2f} s' for name in slow)} "
            f"| {' '.join(failed) or 0} | {' '.join(other) or 0} |"
        )


def say(text: str) -> None:
    sys.stderr.write(text + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder for the graph and the engines' files")
    parser.add_argument("--papers", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--buffers", type=int, default=60_000, help="Virtuoso's pages of 8 KiB")
    parser.add_argument("--alone", action="store_true", help="as `fairpapers serve --alone`")
    options = parser.parse_args()
    more = ["--alone"] if options.alone else []
    directory = options.data / f"graph-{options.papers}"
    if not (directory / "current").exists():
        say(f"building the graph of {options.papers} papers")
        build_graph(synthetic_records(options.papers), directory)
    snapshot = current_snapshot(directory)
    where = setting()
    load = requests_for(snapshot)
    values = {
        "dataset": "dataset/dataset-name-1",
        "metric": "metric/metric-name-1",
        "model": "model/model-name-1",
        "task": "task/task-name-1",
    }
    loads: list[tuple[Served, int, Figures]] = []
    libraries: list[tuple[Served, dict[str, tuple[float, int]]]] = []
    work = Path(tempfile.mkdtemp(dir=options.data, prefix="engines-"))
    try:
        with ExitStack() as stack:
            for start in served(stack, directory, work, options.buffers, more):
                each = start()
                say(f"{each.name}: loaded in {each.loaded_seconds:.1f} s")
                drive(each.address, load, 4, min(options.seconds, 5.0))
                for connections in options.connections:
                    figures = drive(each.address, load, connections, options.seconds)
                    say(f"{each.name}, {connections}: {len(figures.all()) / figures.wall:.0f}/s")
                    loads.append((each, connections, figures))
                libraries.append((each, library(each.address, values)))
                # One engine at a time has the machine.
                stack.close()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    triples = sum(snapshot.triples.values())
    sys.stdout.write("\n".join(report(where, triples, loads, libraries)) + "\n")


if __name__ == "__main__":
    main()
