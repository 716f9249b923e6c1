"""What is derived from the library and the demo graph: golden results and tables of the docs.

``make golden`` builds the demo graph and calls this; tests hold what it wrote.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..graph.snapshot import current_snapshot
from ..graph.store import EmbeddedStore
from .catalog import groups_table, refresh_readme, replace_block
from .costs import grown, measure, read_costs, write_costs
from .course.sample import sample_turtle
from .defaults import unanswered
from .golden import regenerate
from .key_numbers import (
    ask_key_numbers,
    documents,
    quoted,
    read_key_numbers,
    write_key_numbers,
)
from .library import load_library


def main() -> None:
    """Regenerate, and say what changed and which defaults have no answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", type=Path, help="graph directory of the demo graph")
    parser.add_argument("checkout", type=Path, help="the checkout whose files are written")
    arguments = parser.parse_args()
    sys.stdout.write(refresh(arguments.graph, arguments.checkout))


def refresh(graph: Path, checkout: Path) -> str:
    """Write golden results, costs, key numbers, the tables of both READMEs and the learner sample.

    Returns:
        A report: a diff for each answer that changed, values for defaults without answer, and the
        queries that cost much more than before.
    """
    library = load_library(checkout / "queries/library")
    snapshot = current_snapshot(graph)
    with EmbeddedStore(snapshot.store) as store:
        changed = regenerate(store, library, checkout / "queries/golden", base=snapshot.base)
        empty = unanswered(store, library, base=snapshot.base)
        sample = sample_turtle(store)
        costs = measure(store, library, base=snapshot.base)
        keys = read_key_numbers(checkout / "queries/key-numbers.json")
        numbers = ask_key_numbers(store, library, keys, base=snapshot.base)
    recorded = read_costs(checkout / "queries/costs.json")
    write_costs(checkout / "queries/costs.json", costs)
    write_key_numbers(checkout / "queries/key-numbers.json", numbers)
    (checkout / "queries/course/sample.ttl").write_text(sample, "utf-8", newline="\n")
    folder_readme, readme = checkout / "queries/README.md", checkout / "README.md"
    refreshed = refresh_readme(folder_readme.read_text("utf-8"), library, numbers)
    folder_readme.write_text(refreshed, "utf-8")
    table = groups_table(library)
    readme.write_text(replace_block(readme.read_text("utf-8"), "library", table), "utf-8")
    for name, path in documents(checkout, numbers).items():
        text = path.read_text("utf-8")
        if (now := quoted(name, text, numbers)) != text:
            path.write_text(now, "utf-8", newline="\n")
    lines = [f"{difference.query}: new answer\n{difference.diff}" for difference in changed]
    lines += [f"{id_}: no answer with its defaults; try {values}" for id_, values in empty.items()]
    lines += [f"cost of {line}" for line in grown(costs, recorded)]
    return "".join(f"{line}\n" for line in lines) or "nothing changed\n"


if __name__ == "__main__":
    main()
