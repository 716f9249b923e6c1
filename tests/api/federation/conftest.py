"""Endpoints on this machine that give stored answers, and a graph that these join with."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from fairpapers.graph.snapshot import Snapshot, building, publish
from fairpapers.ontology.terms import DEFAULT_BASE
from fairpapers.queries import Library, load_library
from fairpapers.queries.federation import load_fixture


class Endpoints:
    """One server with a path for each federated query; it answers with what is stored of it.

    Attributes:
        host: as an allow-list names it.
        asked: the queries that came, by path.
        status: of the next answers; 200 unless a test wants a failure.
        bodies: what it answers instead, by path.
    """

    def __init__(self) -> None:
        self.asked: dict[str, list[str]] = {}
        self.status = 200
        self.bodies: dict[str, bytes] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def forget(self) -> None:
        self.asked.clear()
        self.bodies.clear()
        self.status = 200

    def library(self) -> Library:
        """The library, with the endpoints of its federated queries on this server."""
        library = load_library()
        moved = {}
        for query in library.values():
            if not query.federates:
                continue
            (service,) = query.federates
            here = f"http://{self.host}/{query.id}"
            text = query.text.replace(f"<{service}>", f"<{here}>")
            moved[query.id] = query.model_copy(update={"text": text, "federates": (here,)})
        return Library({**library, **moved})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoints = self
        fixtures = (load_fixture(query) for query in load_library().values())
        stored = {f"/{each.query}": each.answers[0].body for each in fixtures if each}

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                assert self.headers["Content-Type"] == "application/sparql-query"
                question = self.rfile.read(length).decode()
                endpoints.asked.setdefault(self.path, []).append(question)
                body = endpoints.bodies.get(self.path) or stored[self.path]
                self.send_response(endpoints.status)
                self.send_header("Content-Type", "application/sparql-results+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing, on the terminal of the tests."""

        return Handler


@pytest.fixture(scope="module")
def shared_endpoints() -> Iterator[Endpoints]:
    made = Endpoints()
    yield made
    made.close()


@pytest.fixture
def endpoints(shared_endpoints: Endpoints) -> Endpoints:
    shared_endpoints.forget()
    return shared_endpoints


@pytest.fixture(scope="module")
def far_turtle(root: Path) -> str:
    """The graph that stored answers join with."""
    return (root / "tests/queries/federated.ttl").read_text("utf-8")


@pytest.fixture(scope="module")
def far_graph(far_turtle: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That graph in a graph directory, as it is served."""
    directory = tmp_path_factory.mktemp("far") / "graph"
    with building(directory) as work:
        path = work / "snapshot"
        path.mkdir()
        store = ox.Store(path / "store")
        store.load(far_turtle, ox.RdfFormat.TURTLE)
        store.flush()
        del store
        moment = "2024-01-01T00:00:00+00:00"
        fresh = Snapshot(os.urandom(8).hex(), path, DEFAULT_BASE, moment, "0", 0, {})
        fresh.write()
        publish(directory, work, fresh)
    return directory
