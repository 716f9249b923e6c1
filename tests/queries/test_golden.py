"""Golden results tell when an answer changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fairpapers.graph.store import Store
from fairpapers.queries import Library
from fairpapers.queries.golden import compare, golden_text, regenerate

PREFIXES = """
@prefix fp: <https://w3id.org/fairpapers/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


@pytest.fixture
def lists(library: Library) -> Library:
    """Three queries, of three forms."""
    return Library({id_: library[id_] for id_ in ("A04", "A07", "A08")})


def graph(name: str) -> str:
    return f'{PREFIXES} <urn:d> a fp:Dataset ; skos:prefLabel "{name}" .'


def test_what_was_regenerated_compares_equal(
    store: Store, library: Library, tmp_path: Path
) -> None:
    changed = regenerate(store, library, tmp_path)
    assert [difference.query for difference in changed] == list(library)
    assert {path.stem for path in tmp_path.iterdir()} == set(library)
    assert compare(store, library, tmp_path) == []
    assert regenerate(store, library, tmp_path) == []


def test_a_changed_row_is_shown(
    lists: Library, few: Callable[[str], Store], tmp_path: Path
) -> None:
    regenerate(few(graph("Old")), lists, tmp_path)
    (difference,) = compare(few(graph("New")), lists, tmp_path)
    assert difference.query == "A04"
    assert '-<urn:d>\t"Old"' in difference.diff.splitlines()
    assert '+<urn:d>\t"New"' in difference.diff.splitlines()


def test_a_missing_file_is_a_difference(store: Store, lists: Library, tmp_path: Path) -> None:
    regenerate(store, lists, tmp_path)
    (tmp_path / "A07.tsv").unlink()
    assert [difference.query for difference in compare(store, lists, tmp_path)] == ["A07"]


def test_the_file_of_a_query_that_is_gone_is_removed(
    store: Store, lists: Library, tmp_path: Path
) -> None:
    (tmp_path / "Z99.tsv").write_text("?a\n")
    assert "Z99" in [difference.query for difference in compare(store, lists, tmp_path)]
    regenerate(store, lists, tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == set(lists)


def test_rows_left_open_are_only_counted(store: Store, library: Library) -> None:
    assert golden_text(store, library["A01"]) == "?paper\t?thing\n# 10 rows, any of the graph\n"


def test_truth_and_rows_are_text(library: Library, few: Callable[[str], Store]) -> None:
    empty = few("")
    assert golden_text(empty, library["A07"]) == "false\n"
    assert golden_text(empty, library["A08"]) == "?subject\t?predicate\t?object\n"
