"""Point lookups while killer queries run: ``python -m tests.benchmarks.killers``.

Serves a synthetic graph and asks point lookups one after the other, first alone and then while
eight clients send queries that never end, again and again. Prints how the lookups were answered
and how fast, and the processor time that the server takes once everybody has left.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fairpapers.graph.build import build_graph

from .endpoint_servers import Server, fairpapers
from .graph_build import synthetic_records

_FP = "https://w3id.org/fairpapers/ontology#"
KILLERS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT (COUNT(*) AS ?n) { ?s (!<urn:x>)* ?o . ?o2 (!<urn:x>)* ?s2 }",
    "SELECT * { ?s ?p ?o . ?s2 ?p2 ?o2 } ORDER BY ?o ?o2",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?s2 ?p2 ?o2 FILTER REGEX(STR(?o), '(a|aa|a*)*$') }",
)


@contextlib.contextmanager
def attacked(server: Server, number: int) -> Iterator[None]:
    """Keep so many killers running while the block runs."""
    stop = threading.Event()

    def attack(start: int) -> None:
        turn = start
        while not stop.is_set():
            # Each is another query, so that none is answered with another's answer.
            with contextlib.suppress(OSError):
                server.get(f"{KILLERS[turn % len(KILLERS)]} #{start} {turn}")
            turn += 1

    attackers = [threading.Thread(target=attack, args=(each,)) for each in range(number)]
    for attacker in attackers:
        attacker.start()
    try:
        yield
    finally:
        stop.set()
        for attacker in attackers:
            attacker.join()


def measure(server: Server, iris: list[str], seconds: float) -> None:
    """Ask lookups for so long and print what came."""
    statuses: Counter[int] = Counter()
    times = []
    end = time.monotonic() + seconds
    while (start := time.monotonic()) < end:
        iri = iris[sum(statuses.values()) % len(iris)]
        status, _, _ = server.get(f"SELECT * {{ <{iri}> ?p ?o }} #{sum(statuses.values())}")
        statuses[status] += 1
        times.append((time.monotonic() - start) * 1000)
        time.sleep(0.01)
    # Quantiles of fewer than two times are not defined.
    times += times[:1]
    p99 = statistics.quantiles(times, n=100)[98]
    say(
        f"  lookups by status {dict(statuses)}, p50 {statistics.median(times):.1f} ms, "
        f"p99 {p99:.1f} ms, most {max(times):.1f} ms"
    )


def say(line: str) -> None:
    """Write a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=1000)
    parser.add_argument("--killers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build_graph(synthetic_records(options.papers), Path(folder) / "graph")
        with fairpapers(Path(folder) / "graph", "fairpapers", {}) as server:
            _, _, body = server.get(f"SELECT ?s {{ ?s a <{_FP}Mention> }} LIMIT 200")
            rows = json.loads(body)["results"]["bindings"]
            iris = [row["s"]["value"] for row in rows]
            say("alone")
            measure(server, iris, options.seconds / 3)
            say(f"with {options.killers} killers")
            with attacked(server, options.killers):
                time.sleep(1)
                measure(server, iris, options.seconds)
            # The last killers have their deadline behind them; a second is left to end them.
            time.sleep(1)
            before = server.processor_seconds()
            time.sleep(2)
            say(f"processor time afterwards: {server.processor_seconds() - before:.2f} s in 2 s")


if __name__ == "__main__":
    main()
