"""Every query answers on the demo graph as it did when a person last looked."""

from __future__ import annotations

from fairpapers.graph.store import Store
from fairpapers.queries import library_folder, load_library
from fairpapers.queries.defaults import unanswered
from fairpapers.queries.golden import compare, golden_folder
from fairpapers.queries.linting import lint


def test_answers_are_golden(demo: Store) -> None:
    changed = compare(demo, load_library(), golden_folder())
    assert "\n".join(each.diff for each in changed) == "", "if this is right: make golden"


def test_every_query_has_an_answer_with_its_defaults(demo: Store) -> None:
    assert unanswered(demo, load_library()) == {}


def test_lint_finds_nothing_wrong_with_the_answers(demo: Store) -> None:
    assert list(map(str, lint([library_folder()], {}, store=demo).faults)) == []
