"""Mixed load at saturation for long, with murders and swaps: ``python -m tests.benchmarks.soak``.

Two graphs are published in turn under a running server while clients ask all the time and query
processes are killed at random. Each clean answer must be that of one of the two graphs, to the
row; what was broken off or refused is counted by kind. At the end: wrong answers, memory after
the first minute and at the end, and processes that outlived the server.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from fairpapers.graph.build import build_graph
from fairpapers.graph.snapshot import current_snapshot

from .endpoint_servers import Server, fairpapers
from .graph_build import synthetic_records
from .killers import KILLERS

_FP = "https://w3id.org/fairpapers/ontology#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
QUERIES = (
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    f"SELECT (COUNT(*) AS ?n) {{ ?s a <{_FP}Mention> }}",
    f"SELECT ?s {{ ?s a <{_FP}Paper> }}",
    f"SELECT ?s ?label {{ ?s a <{_FP}Dataset> ; <{_RDFS}label> ?label }}",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "SELECT * { ?s ?p ?o } # many rows",
    f"ASK {{ ?s a <{_FP}Model> }}",
)
_TABLE = "application/sparql-results+json"

Answer = tuple[object, ...]


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def content(body: bytes) -> Answer:
    """What an answer says, whatever the order of its rows."""
    document = json.loads(body)
    if "boolean" in document:
        return ("ASK", document["boolean"])
    rows = document["results"]["bindings"]
    return tuple(sorted(json.dumps(row, sort_keys=True) for row in rows))


def expected(directory: Path) -> dict[str, int]:
    """Digest of the right answer to each query, asked of the engine without any server."""
    store = ox.Store.read_only(str(current_snapshot(directory).store))
    answers = {}
    for query in QUERIES:
        found = store.query(query, use_default_graph_as_union=True)
        assert not isinstance(found, ox.QueryTriples)
        body = found.serialize(None, ox.QueryResultsFormat.JSON)
        assert body is not None
        answers[query] = hash(content(body))
    return answers


class Soak:
    """The clients, and what they saw."""

    def __init__(self, server: Server, right: Sequence[dict[str, int]]) -> None:
        self.outcomes: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.stop = threading.Event()
        self._server = server
        self._right = right
        self._lock = threading.Lock()

    def client(self, number: int) -> None:
        """Ask until told to stop."""
        dice = random.Random(number)
        while not self.stop.is_set():
            query = dice.choice(QUERIES)
            asked = query if dice.random() < 0.5 else f"{query}\n# {dice.random()}"
            if dice.random() < 0.02:
                query = asked = f"{dice.choice(KILLERS)} # {dice.random()}"
            outcome = self._ask(query, asked)
            with self._lock:
                self.outcomes[outcome] += 1

    def _ask(self, query: str, asked: str) -> str:
        try:
            status, body = post(self._server.port, asked)
        except http.client.IncompleteRead:
            return "broken off"
        except OSError:
            return "no connection"
        except http.client.HTTPException:
            return "broken off before its head"
        if status != 200:
            return str(status)
        try:
            right = hash(content(body)) in {answers.get(query) for answers in self._right}
        except (ValueError, KeyError):
            right = False
        if not right:
            with self._lock:
                self.wrong.append(asked)
        return "200 right" if right else "200 WRONG"


def post(port: int, query: str) -> tuple[int, bytes]:
    """Send a query over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {"Content-Type": "application/sparql-query", "Accept": _TABLE}
        connection.request("POST", "/sparql", query.encode(), headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def query_processes(server: Server) -> list[int]:
    """Process ids below the server, but not its own."""
    return [pid for pid in server.processes() if pid != server.process.pid]


def is_ours(pid: int) -> bool:
    """Whether a process is there, and is one of the server's rather than a later one."""
    try:
        return b"fairpapers" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def murder(server: Server, dice: random.Random) -> bool:
    """Kill one process below the server, whatever it does."""
    found = query_processes(server)
    if not found:
        return False
    try:
        os.kill(dice.choice(found), 9)
    except ProcessLookupError:
        return False
    return True


def run(server: Server, directory: Path, papers: Sequence[int], right: Sequence[dict[str, int]],
        options: argparse.Namespace) -> tuple[Soak, set[int]]:  # fmt: skip
    """Load, murders and swaps for as long as asked for."""
    soak = Soak(server, right)
    clients = [
        threading.Thread(target=soak.client, args=(number,)) for number in range(options.clients)
    ]
    published: list[int] = []

    def publish() -> None:
        while not soak.stop.wait(options.swap_seconds):
            published.append(papers[(len(published) + 1) % 2])
            build_graph(synthetic_records(published[-1]), directory)

    clients.append(threading.Thread(target=publish))
    for client in clients:
        client.start()
    began = time.monotonic()
    end = began + options.minutes * 60
    dice = random.Random(0)
    seen: set[int] = set()
    murders = 0
    settled: tuple[int, int] | None = None
    while time.monotonic() < end:
        time.sleep(min(dice.uniform(0, 2), max(end - time.monotonic(), 0)))
        seen |= set(server.processes())
        murders += murder(server, dice)
        if settled is None and time.monotonic() > began + min(60, options.minutes * 20):
            settled = server.memory()
            say(f"memory after the start: {settled[0]} MiB shared fairly, {settled[1]} MiB summed")
    soak.stop.set()
    for client in clients:
        client.join()
    time.sleep(3)
    seen |= set(server.processes())
    memory = server.memory()
    say(f"memory at the end: {memory[0]} MiB shared fairly, {memory[1]} MiB summed")
    say(f"{murders} processes killed, {len(published)} graphs published")
    return soak, seen


def main() -> None:
    """Run and print; exits with 1 where an answer was wrong or a process was left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--papers", type=int, default=200)
    parser.add_argument("--swap-seconds", type=float, default=20)
    options = parser.parse_args()
    papers = (options.papers, options.papers + options.papers // 4 + 1)
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "graph"
        right = []
        for number in reversed(papers):
            build_graph(synthetic_records(number), directory)
            right.append(expected(directory))
        settings = {"FAIRPAPERS_RELOAD_SECONDS": "1"}
        with fairpapers(directory, "fairpapers", settings) as server:
            soak, seen = run(server, directory, papers, right, options)
        time.sleep(1)
        left = [pid for pid in seen if is_ours(pid)]
    for outcome, count in sorted(soak.outcomes.items()):
        say(f"{outcome}: {count}")
    say(f"wrong answers: {len(soak.wrong)}; processes left over: {len(left)}")
    for query in soak.wrong[:5]:
        say(f"  {query!r}")
    sys.exit(bool(soak.wrong or left))


if __name__ == "__main__":
    main()
