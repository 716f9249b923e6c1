"""Federated queries find what they look for in statements as the endpoints write them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from fairpapers.api.workers.pool import StoreRef
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore
from fairpapers.queries import Query, load_library, run
from fairpapers.queries.answers import Table
from fairpapers.queries.federation import load_fixture
from fairpapers.queries.rendering import render

QUERIES = [query for query in load_library().values() if query.federates]


@pytest.fixture(scope="module")
def remote(root: Path, tmp_path_factory: pytest.TempPathFactory) -> StoreRef:
    folder = tmp_path_factory.mktemp("schemas") / "store"
    store = ox.Store(folder)
    turtle = (root / "tests/api/federation/remote.ttl").read_text("utf-8")
    store.load(turtle, ox.RdfFormat.TURTLE)
    store.flush()
    return StoreRef("remote", folder)


@pytest.fixture
def servers(serve: Any, far_graph: Path, remote: StoreRef) -> Iterator[tuple[Any, str]]:
    """A server on our graph, and the address of an endpoint of a real engine that it may ask."""
    snapshot = current_snapshot(far_graph)
    with serve(remote) as other:
        host = f"{other.address[0]}:{other.address[1]}"
        local = StoreRef(snapshot.id, snapshot.store)
        with serve(local, federation_hosts=host) as server:
            yield server, other.url


@pytest.mark.parametrize("query", [pytest.param(query, id=query.id) for query in QUERIES])
def test_a_real_endpoint_gives_the_rows_that_are_stored(
    servers: tuple[Any, str], far_graph: Path, query: Query
) -> None:
    server, url = servers
    (service,) = query.federates
    text = query.bind().replace(f"<{service}>", f"<{url}>")
    answer = server.ask(text, "text/csv")
    assert answer.status_code == 200, answer.text
    with EmbeddedStore(current_snapshot(far_graph).store) as store:
        stored = run(store, query, stored=load_fixture(query))
    assert isinstance(stored, Table)
    assert stored.rows
    assert answer.text == render(stored, "csv")
