"""Every query answers on the demo graph as it did when a person last looked.

The graph is built from records that are kept beside this file, so that the golden results do not
hang on the last bits of floating-point arithmetic; ``tests/extract/test_demo_records.py`` holds
the records to what the pipeline extracts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fairpapers.extract import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.iris import Iris
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore, Store
from fairpapers.ontology.terms import DEFAULT_BASE
from fairpapers.queries import library_folder, library_quads, load_library
from fairpapers.queries.defaults import unanswered
from fairpapers.queries.golden import compare, golden_folder
from fairpapers.queries.linting import lint


@pytest.fixture(scope="module")
def demo(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    directory = tmp_path_factory.mktemp("demo")
    lines = (root / "tests/queries/demo_records.jsonl").read_text().splitlines()
    library = library_quads(load_library(), Iris(DEFAULT_BASE))
    build_graph(map(Record.from_json, lines), directory, extra=library)
    with EmbeddedStore(current_snapshot(directory).store) as store:
        yield store


def test_answers_are_golden(demo: Store) -> None:
    changed = compare(demo, load_library(), golden_folder())
    assert "\n".join(each.diff for each in changed) == "", "if this is right: make golden"


def test_every_query_has_an_answer_with_its_defaults(demo: Store) -> None:
    assert unanswered(demo, load_library()) == {}


def test_lint_finds_nothing_wrong_with_the_answers(demo: Store) -> None:
    assert list(map(str, lint([library_folder()], {}, store=demo).faults)) == []
