"""Search by name beside a scan by SPARQL: ``python -m tests.benchmarks.search [LABELS]``.

Makes a store of that many things with one name each (a million unless said otherwise), writes its
index, and asks for beginnings of names as people type them, and for what matches most. The peer is the
same store asked with FILTER(CONTAINS(LCASE(?name), …)) LIMIT 20. Milliseconds of wall-clock time.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles

from pyoxigraph import Literal, NamedNode, Quad, Store

from fairpapers.graph.iris import Iris
from fairpapers.graph.search import build_index, index_file, search
from fairpapers.graph.snapshot import Snapshot
from fairpapers.graph.terms import count, node, term
from fairpapers.ontology.terms import DEFAULT_BASE, FP

from .measuring import peak, setting

SYLLABLES = [
    "ba",
    "co",
    "de",
    "fi",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "po",
    "qui",
    "ro",
    "sa",
    "te",
    "vi",
    "wo",
    "xa",
    "zu",
    "net",
    "bert",
    "gpt",
    "ner",
    "img",
]
HOSTILE = ("a", "b a", "co co co co", "net", '" OR "', "ba*", "de fi gu ha je ki lo mu na po")
ASKED = 500
SCANNED = 20


def name(chance: random.Random) -> str:
    words = ("".join(chance.choices(SYLLABLES, k=chance.randint(1, 3))) for _ in range(3))
    return f"{' '.join(words)} {chance.randint(1, 9999)}"


def quads(labels: int, iris: Iris) -> Iterator[Quad]:
    chance = random.Random(7)
    core = NamedNode(iris.graph("core"))
    for number in range(labels):
        thing = node(f"{iris.base}/id/dataset/n{number}")
        yield Quad(thing, term("rdf:type"), node(FP.Dataset), core)
        yield Quad(thing, term("skos:prefLabel"), Literal(name(chance)), core)
        yield Quad(thing, node(FP.paperCount), count(1 + int(chance.paretovariate(1))), core)


def timed(asked: list[str], ask: Callable[[str], object]) -> str:
    took = []
    for text in asked:
        began = time.perf_counter()
        ask(text)
        took.append(1000 * (time.perf_counter() - began))
    p95 = quantiles(took, n=20, method="inclusive")[-1]
    return f"{median(took):.1f} | {p95:.1f} | {max(took):.1f}"


def scan(store: Store, text: str) -> list[object]:
    words = text.casefold().replace("\\", "").replace('"', "")
    return list(
        store.query(  # type: ignore[arg-type]
            f"SELECT ?s {{ GRAPH ?g {{ ?s <{term('skos:prefLabel').value}> ?name "
            f'FILTER(CONTAINS(LCASE(?name), "{words}")) }} }} LIMIT 20'
        )
    )


def main(labels: int) -> None:
    iris = Iris(DEFAULT_BASE)
    chance = random.Random(7)
    names = [name(chance) for _ in range(ASKED)]
    typed = [text[: chance.randint(2, len(text))] for text in names]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        store = Store(str(path / "store"))
        store.bulk_extend(quads(labels, iris))
        store.flush()
        began = time.monotonic()
        entries = build_index(store, index_file(path))
        seconds = time.monotonic() - began
        snapshot = Snapshot("0" * 16, path, iris.base, "", "", 0, {})
        out = sys.stdout.write
        out(setting())
        size = index_file(path).stat().st_size / 1e6
        out(
            f"{entries:,} entries, index {size:.0f} MB in {seconds:.0f} s; {peak():,} MiB at most\n\n"
        )
        out("| asked | ms, median | p95 | most |\n|---|---|---|---|\n")
        out(f"| {ASKED} beginnings of names | {timed(typed, lambda q: search(snapshot, q))} |\n")
        hostile = list(HOSTILE) * 5
        out(f"| what matches most | {timed(hostile, lambda q: search(snapshot, q))} |\n")
        scanned = timed(typed[:SCANNED], lambda q: scan(store, q))
        out(f"| {SCANNED} of the beginnings, by SPARQL | {scanned} |\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
