"""The whole library on servers of others: each query answers as embedded, or is on the list."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Store

from fairpapers.graph.loading import graph_iri
from fairpapers.graph.remote import RemoteStore, parse_endpoint
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.queries import Library
from fairpapers.queries.golden import golden_folder, golden_text

from ...engines import Engine, virtuoso
from .conftest import needs_virtuoso

BOOLEAN = re.compile(r'"(true|false)"\^\^<http://www\.w3\.org/2001/XMLSchema#boolean>')
TITLE = NamedNode("http://purl.org/dc/terms/title")
HOWS = ("booleans", "more", "differs", "datatype")
# QLever holds these (docs.qlever.dev/compliance).
MOST_OF_QLEVER = 2**59 - 1


@pytest.fixture(scope="module")
def listed(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "queries/engines.toml").read_text("utf-8"))


def as_integers(text: str) -> str:
    """An answer as an engine without truth values gives it."""

    def number(match: re.Match[str]) -> str:
        value = int(match[1] == "true")
        return f'"{value}"^^<http://www.w3.org/2001/XMLSchema#integer>'

    return BOOLEAN.sub(number, text)


def how_it_differs(answer: str, golden: str) -> str:
    """In the words of the list; empty where it does not."""
    if answer == golden:
        return ""
    if answer == as_integers(golden):
        return "booleans"
    return "more" if set(golden.splitlines()) < set(answer.splitlines()) else "differs"


def difference(engine: Engine, graph: Path, library: Library) -> dict[str, tuple[str, str]]:
    """How each query differs that does, and in which lines."""
    snapshot = current_snapshot(graph)
    graphs = tuple(graph_iri(snapshot.base, name) for name in snapshot.triples)
    found = {}
    with RemoteStore(parse_endpoint(engine.query), graphs=graphs) as store:
        for query in library.values():
            golden = (golden_folder() / f"{query.id}.tsv").read_text("utf-8")
            answer = golden_text(store, query)
            how = how_it_differs(answer, golden)
            if how:
                lines = unified_diff(golden.splitlines(), answer.splitlines(), lineterm="")
                found[query.id] = how, "\n".join(lines)
    return found


def assert_as_listed(found: dict[str, tuple[str, str]], listed: dict[str, Any]) -> None:
    known = {name: each["how"] for name, each in listed.items() if name != "tested"}
    hows = {name: how for name, (how, _) in found.items()}
    assert hows == known, [lines for name, (how, lines) in found.items() if known.get(name) != how]


def test_every_query_answers_as_embedded_or_is_listed_with_its_reason(
    engine: Engine,
    demo_graph: Path,
    load_into: Callable[[Path, Engine], None],
    library: Library,
    listed: dict[str, Any],
) -> None:
    load_into(demo_graph, engine)
    assert_as_listed(difference(engine, demo_graph, library), listed[engine.name])


def test_virtuoso_answers_alike_whichever_texts_it_met_first(
    tmp_path: Path,
    demo_graph: Path,
    load_into: Callable[[Path, Engine], None],
    library: Library,
    listed: dict[str, Any],
) -> None:
    """It numbers long texts as they come, and an aggregate of literals compares the numbers."""
    needs_virtuoso()
    store = Store.read_only(str(current_snapshot(demo_graph).store))
    titles = {
        quad.object.value
        for quad in store.quads_for_pattern(None, TITLE, None)
        if isinstance(quad.object, Literal)
    }
    with virtuoso(tmp_path) as engine, httpx.Client(timeout=30) as client:
        for title in sorted(titles, reverse=True):
            # One at a time: of one request it takes the texts in an order of its own.
            client.post(
                engine.store,
                params={"graph": "https://example.org/before"},
                content=f"<https://example.org/a> <https://example.org/b> {Literal(title)} .",
                headers={"content-type": "text/turtle"},
            ).raise_for_status()
        load_into(demo_graph, engine)
        assert_as_listed(difference(engine, demo_graph, library), listed["virtuoso"])


def test_every_value_that_a_form_offers_is_offered(
    engine: Engine,
    demo_graph: Path,
    load_into: Callable[[Path, Engine], None],
    library: Library,
) -> None:
    load_into(demo_graph, engine)
    snapshot = current_snapshot(demo_graph)
    graphs = tuple(graph_iri(snapshot.base, name) for name in snapshot.triples)
    asked = 0
    with RemoteStore(parse_endpoint(engine.query), graphs=graphs) as store:
        for query in library.values():
            for parameter in query.parameters:
                text = query.choices_query(parameter.name)
                if text is not None:
                    assert store.select(text).rows, (query.id, parameter.name)
                    asked += 1
    assert asked > 20


def test_the_list_names_queries_and_reasons(listed: dict[str, Any], library: Library) -> None:
    for engine, known in listed.items():
        assert known["tested"], engine
        for name, each in known.items():
            if name != "tested":
                assert name == "*" or name in library
                assert each["how"] in HOWS
                assert len(each["reason"]) > 5


def test_no_golden_number_is_beyond_what_qlever_holds(library: Library) -> None:
    integer = re.compile(r'"(-?\d+)"\^\^<http://www\.w3\.org/2001/XMLSchema#integer>')
    largest = 0
    for query in library.values():
        text = (golden_folder() / f"{query.id}.tsv").read_text("utf-8")
        for row in csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
            for cell in row:
                match = integer.fullmatch(cell)
                largest = max(largest, abs(int(match[1])) if match else 0)
    assert 100 < largest <= MOST_OF_QLEVER
