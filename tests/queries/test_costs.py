"""A query whose work grows is seen before anyone waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fairpapers.graph.store import Store
from fairpapers.queries import Library, load_library
from fairpapers.queries.costs import (
    FACTOR,
    SLACK,
    Cost,
    costs_file,
    grown,
    measure,
    read_costs,
    write_costs,
)

# Every paper uses every second of these.
GRAPH = "@prefix fp: <https://w3id.org/fairpapers/ontology#> . " + " ".join(
    f"<urn:paper:{paper}> fp:uses <urn:thing:{(paper * 7 + each) % 30}> ."
    for paper in range(30)
    for each in range(0, 30, 2)
)
IN_A_GRAPH = """
import sys
from pathlib import Path
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore
from fairpapers.queries import Library, load_library
from fairpapers.queries.costs import measure
library = load_library()
chosen = Library({id_: library[id_] for id_ in ("A01", "D02", "E03", "F02", "G05", "H03")})
with EmbeddedStore(current_snapshot(Path(sys.argv[1])).store) as store:
    print(measure(store, chosen))
"""


def test_no_query_costs_much_more_than_is_recorded(demo: Store) -> None:
    found = grown(measure(demo, load_library()), read_costs(costs_file()))
    assert "\n".join(found) == "", "if this is right: make golden"


@pytest.fixture
def one(library: Library) -> Callable[[str], Library]:
    """A library of one query, C01, with another text."""

    def make(text: str) -> Library:
        return Library({"C01": library["C01"].model_copy(update={"text": text, "parameters": ()})})

    return make


PREFIX = "PREFIX fp: <https://w3id.org/fairpapers/ontology#>\n"


def test_what_is_counted_is_the_work_and_not_the_answer(
    one: Callable[[str], Library], quads: Callable[[str], Store]
) -> None:
    store = quads(GRAPH)
    direct = one(PREFIX + "SELECT ?thing { <urn:paper:1> fp:uses ?thing }")
    assert measure(store, direct) == {"C01": Cost(lookups=1, triples=15)}
    joined = one(PREFIX + "SELECT ?b { <urn:paper:1> fp:uses ?a . ?b fp:uses ?a }")
    assert measure(store, joined) == {"C01": Cost(lookups=16, triples=15 + 15 * 15)}
    filtered = one(PREFIX + "SELECT ?b { ?b fp:uses ?a . ?c fp:uses ?d FILTER(?a = ?d && 1 = 2) }")
    assert measure(store, filtered)["C01"].exceeds(measure(store, joined)["C01"])


def test_a_query_that_asks_others_is_left_out(
    one: Callable[[str], Library], quads: Callable[[str], Store]
) -> None:
    text = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    assert measure(quads(GRAPH), one(text)) == {}


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (Cost(0, 0), Cost(0, 0), False),
        (Cost(0, SLACK), Cost(0, 0), False),
        (Cost(0, SLACK + 1), Cost(0, 0), True),
        (Cost(SLACK + 1, 0), Cost(0, 0), True),
        (Cost(0, int(10_000 * FACTOR) + SLACK), Cost(0, 10_000), False),
        (Cost(0, int(10_000 * FACTOR) + SLACK + 1), Cost(0, 10_000), True),
        (Cost(5, 5), Cost(10_000, 10_000), False),
    ],
)
def test_growth_is_told_beyond_a_factor_and_some_slack(
    now: Cost, before: Cost, expected: bool
) -> None:
    assert now.exceeds(before) is expected


def test_the_record_has_every_query_and_no_other() -> None:
    recorded = {"A01": Cost(1, 10), "Z99": Cost(1, 1)}
    assert grown({"A01": Cost(1, 5_000), "A02": Cost(1, 1)}, recorded) == [
        "A01: 1 lookups, 5,000 triples, recorded were 1 lookups, 10 triples",
        "A02: no cost is recorded",
        "Z99: there is no such query",
    ]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    costs = {"A01": Cost(1, 10), "B02": Cost(3, 0)}
    write_costs(tmp_path / "costs.json", costs)
    assert read_costs(tmp_path / "costs.json") == costs
    assert len((tmp_path / "costs.json").read_text().splitlines()) == 4
    assert read_costs(tmp_path / "none.json") == {}


def test_no_hash_seed_changes_a_count(demo_directory: Path) -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", IN_A_GRAPH, str(demo_directory)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    (counts,) = printed
    assert "Cost(" in counts
