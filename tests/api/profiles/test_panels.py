"""The table of panels fits the library, whichever line somebody adds to it."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest

from fairpapers.api.asking import Answer
from fairpapers.api.context import Context
from fairpapers.api.drawing.answers import chart_columns, chart_of
from fairpapers.api.entities import KINDS
from fairpapers.api.links import Links
from fairpapers.api.profiles.panels import ALIASES, PROFILES, STATISTICS, Panel, panels_of
from fairpapers.api.profiles.running import bounded, run_panels
from fairpapers.api.publishing.asking import StoreAsker
from fairpapers.api.settings import Settings
from fairpapers.api.templating import Pages, Site
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import run_query
from fairpapers.queries import Library

EVERY = [
    pytest.param(kind, panel, id=f"{kind}-{panel.query}-{index}")
    for kind, panels in {**PROFILES, "": STATISTICS}.items()
    for index, panel in enumerate(panels)
]
each_panel = pytest.mark.parametrize(("kind", "panel"), EVERY)
# A thing of each kind in the sample.
THINGS = {
    "Dataset": "dataset/conll-2003",
    "Model": "model/bert",
    "Method": "method/retrieval-augmented-generation",
    "Metric": "metric/f1",
    "Task": "task/named-entity-recognition",
    "Paper": "paper/doi:10.5555:sample.2023.1",
}


@pytest.fixture(scope="module")
def context(site_directory: Path, library: Library) -> Iterator[Context]:
    snapshot = current_snapshot(site_directory)
    store = pyoxigraph.Store.read_only(str(snapshot.store))
    site = Site("title", "0", "id", snapshot.base)
    asker = StoreAsker(store)
    yield Context(asker, library, Links(snapshot.base), Pages(site), Settings(), site)
    del store


def values(panel: Panel, kind: str) -> dict[str, str]:
    return dict(panel.values) | ({panel.takes: THINGS[kind]} if panel.takes else {})


def test_every_kind_of_page_has_panels() -> None:
    assert {ALIASES.get(kind, kind) for kind in KINDS} | {"Paper"} == set(PROFILES)
    assert all(panels_of(kind) for kind in (*KINDS, "Paper"))
    assert panels_of("Claim") == ()


@each_panel
def test_the_query_of_a_panel_exists_and_takes_its_thing(
    kind: str, panel: Panel, library: Library
) -> None:
    query = library[panel.query]
    given = dict(panel.values) | ({panel.takes: ""} if panel.takes else {})
    assert bool(panel.takes) == bool(kind)
    if panel.takes:
        # By its type, so that a panel does not put a data set where a year is wanted.
        assert query.parameter(panel.takes).type == "resource"
        assert panel.takes in (kind.lower(), "resource")
    assert all(query.parameter(name) for name in given)
    assert query.empty or panel.empty or not panel.takes


@each_panel
def test_no_panel_asks_for_more_rows_than_one_beyond_those_it_shows(
    kind: str, panel: Panel, library: Library, context: Context
) -> None:
    text = bounded(context, library[panel.query], values(panel, kind), panel.rows)
    assert isinstance(context.asker, StoreAsker)
    found = run_query(context.asker.store, text)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    most = max(panel.rows + 1, 20)  # G05 limits itself to 20
    assert len(list(found)) <= most
    assert panel.rows <= 100


class CountingAsker(StoreAsker):
    """Answers as its base does, a moment later, and counts who asks meanwhile."""

    now = most = 0

    async def answer(self, query: str) -> Answer:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        try:
            return await super().answer(query)
        finally:
            self.now -= 1


def test_one_page_has_few_queries_at_work(context: Context) -> None:
    assert isinstance(context.asker, StoreAsker)
    asker = CountingAsker(context.asker.store)
    drawn = asyncio.run(run_panels(dataclasses.replace(context, asker=asker), STATISTICS))
    assert [panel.query for panel in drawn] == [panel.query for panel in STATISTICS]
    assert not any(panel.problem for panel in drawn)
    assert 1 < asker.most <= 3


@each_panel
def test_a_panel_with_a_chart_has_a_number_to_draw(
    kind: str, panel: Panel, library: Library, context: Context
) -> None:
    del kind
    if panel.show == "table":
        return
    query = library[panel.query]
    row = {
        column.name: {
            "type": "literal",
            "value": "7" if column.type in ("integer", "decimal") else "2020",
        }
        for column in query.columns
    }
    first = query.columns[0].name
    rows = [row, row | {first: {"type": "literal", "value": "2021"}}]
    chart = chart_of(query, rows, context.links, visual=panel.show)
    assert chart is not None
    assert chart.kind == panel.show


def test_queries_that_promise_a_chart_have_the_columns_for_one(library: Library) -> None:
    for query in library.values():
        if query.visual in ("bar", "line"):
            assert chart_columns(query, query.visual) is not None, query.id
