"""What each query costs, counted and not timed, so that a slip that makes one dear is seen.

Counted is what rdflib does to answer the query with its defaults on the demo graph: how often it
looks triples up, and how many it reads. Oxigraph tells nothing of its own work, and orders
patterns by other rules; so the figures compare a query with itself, before and after a change, and
not two engines, nor seconds. They hang on no clock, no machine and no hash seed.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Generator, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from rdflib import Dataset
from rdflib.plugins.stores.memory import Memory

from ..graph.lexer import tokens
from ..graph.store import Store
from ..ontology.terms import DEFAULT_BASE
from .library import Library
from .query import Query

FACTOR: Final = 1.5
SLACK: Final = 200
_QUADS: Final = "SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } }"


@dataclass(frozen=True, slots=True)
class Cost:
    """The work of one query.

    Attributes:
        lookups: how often triples of a pattern were looked for.
        triples: how many were found and read.
    """

    lookups: int
    triples: int

    def exceeds(self, recorded: Cost) -> bool:
        """Whether either figure grew beyond `FACTOR` times the recorded one and `SLACK`."""
        pairs = ((self.lookups, recorded.lookups), (self.triples, recorded.triples))
        return any(now > before * FACTOR + SLACK for now, before in pairs)

    def __str__(self) -> str:
        return f"{self.lookups:,} lookups, {self.triples:,} triples"


def costs_file() -> Path:
    """The recorded costs that are shipped, which are those on the demo graph."""
    return Path(__file__).resolve().parent / "costs.json"


def measure(store: Store, library: Library, *, base: str = DEFAULT_BASE) -> dict[str, Cost]:
    """Count the work of every query with its defaults, by id.

    The graph is copied into memory, so it should be a small one. A query with SERVICE is left out:
    what another server does cannot be counted here.
    """
    counting = _Counting()
    with warnings.catch_warnings():
        # Its own parser and query engine call what rdflib has deprecated.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="rdflib")
        dataset = Dataset(store=counting, default_union=True)
        dataset.parse(data="".join(_lines(store)), format="nquads")
        return {
            query.id: _cost(dataset, counting, query, base)
            for query in library.values()
            if not _asks_others(query)
        }


def read_costs(path: Path) -> dict[str, Cost]:
    """The recorded costs by id; none where there is no such file yet."""
    if not path.exists():
        return {}
    recorded = json.loads(path.read_text("utf-8"))
    return {id_: Cost(**figures) for id_, figures in recorded.items()}


def write_costs(path: Path, costs: Mapping[str, Cost]) -> None:
    """Record costs, a line for each query, so that a diff shows what changed."""
    lines = (f" {json.dumps(id_)}: {json.dumps(asdict(cost))}" for id_, cost in costs.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8", newline="\n")


def grown(costs: Mapping[str, Cost], recorded: Mapping[str, Cost]) -> list[str]:
    """What is wrong with the record, one line a query: dearer by far, not recorded, or gone."""
    found = [
        f"{id_}: {cost}, recorded were {recorded[id_]}"
        for id_, cost in costs.items()
        if id_ in recorded and cost.exceeds(recorded[id_])
    ]
    found += [f"{id_}: no cost is recorded" for id_ in costs if id_ not in recorded]
    return found + [f"{id_}: there is no such query" for id_ in recorded if id_ not in costs]


class _Counting(Memory):
    """rdflib's store in memory, which counts what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.lookups = 0
        self.read = 0

    def triples(self, *pattern: Any, **options: Any) -> Generator[Any, None, None]:
        self.lookups += 1
        for found in super().triples(*pattern, **options):
            self.read += 1
            yield found


def _cost(dataset: Dataset, counting: _Counting, query: Query, base: str) -> Cost:
    lookups, read = counting.lookups, counting.read
    answer = dataset.query(query.bind(base=base))
    for _ in answer:
        # Rows are made as they are taken.
        pass
    return Cost(counting.lookups - lookups, counting.read - read)


def _lines(store: Store) -> Iterator[str]:
    # Sorted, since a query that takes some rows of many reads them in the order of the store.
    yield from sorted(f"{' '.join(map(str, row))} .\n" for row in store.select(_QUADS).rows)


def _asks_others(query: Query) -> bool:
    return any(
        each.kind == "word" and each.text.upper() == "SERVICE" for each in tokens(query.text)
    )
