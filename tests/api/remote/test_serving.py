"""A graph on a server of others, served by our front as if it were ours."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from fairpapers.api.app import create_app
from fairpapers.api.remote.app import create_remote_app
from fairpapers.api.remote.indexing import make_index
from fairpapers.api.remote.source import NothingLoaded, Source
from fairpapers.api.settings import Settings
from fairpapers.graph.loading import manifest_graph
from fairpapers.graph.loading.manifest import manifest
from fairpapers.graph.remote import Login, parse_endpoint
from fairpapers.graph.snapshot import Snapshot, current_snapshot
from fairpapers.ontology.terms import DEFAULT_BASE
from fairpapers.queries import Library

from ...engines import Engine, oxigraph, virtuoso
from .conftest import Run, needs_oxigraph, needs_virtuoso

Running = Callable[[Any], AbstractContextManager[tuple[str, int]]]
Eventually = Callable[[Callable[[], bool]], bool]
PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@dataclass
class Front:
    """Our application before a server; ``client`` resolves paths."""

    client: httpx.Client
    app: Any

    def ask(self, query: str, accept: str = "text/csv", **more: Any) -> httpx.Response:
        data = {"query": query, **more}
        return self.client.post("/sparql", data=data, headers={"Accept": accept})

    def get(self, path: str, accept: str = "*/*") -> httpx.Response:
        return self.client.get(path, headers={"Accept": accept})


@pytest.fixture(scope="session")
def remote_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def source_of(url: str, cache: Path, **more: Any) -> Source:
    return Source(parse_endpoint(url), DEFAULT_BASE, cache, **more)


@contextlib.contextmanager
def before(running: Running, source: Source, library: Library, **options: Any) -> Iterator[Front]:
    settings = Settings(**{"workers": 2, "reload_seconds": 0, **options})
    app = create_remote_app(source, settings, library)
    with (
        running(app) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}", timeout=60) as client,
    ):
        yield Front(client, app)


def put(engine: Engine, graph: str, turtle: str) -> None:
    httpx.put(
        engine.store,
        params={"graph": graph},
        content=turtle.encode(),
        headers={"Content-Type": "text/turtle"},
        timeout=60,
    ).raise_for_status()


@pytest.fixture(scope="session")
def demo_snapshot(demo_graph: Path) -> Snapshot:
    return current_snapshot(demo_graph)


@pytest.fixture(scope="session")
def loaded(engine: Engine, demo_graph: Path, load_into: Callable[[Path, Engine], None]) -> Engine:
    """An engine that holds the demo graph and one that is nobody's business."""
    load_into(demo_graph, engine)
    put(engine, "urn:secret", "<urn:secret> <urn:says> 'hidden' .")
    return engine


@pytest.fixture(scope="module")
def front(
    loaded: Engine, remote_cache: Path, running: Running, library: Library
) -> Iterator[Front]:
    with before(running, source_of(loaded.query, remote_cache), library) as found:
        yield found


@pytest.fixture(scope="module")
def own(demo_graph: Path, running: Running, library: Library) -> Iterator[Front]:
    """The same graph embedded."""
    app = create_app(demo_graph, Settings(workers=1), library)
    with (
        running(app) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}", timeout=60) as client,
    ):
        yield Front(client, app)


ROWS = (
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    "PREFIX fp: <https://w3id.org/fairpapers/ontology#> SELECT ?name ?papers ?none "
    "{ ?x a fp:Dataset ; skos:prefLabel ?name ; fp:paperCount ?papers } ORDER BY ?name LIMIT 50"
)


@pytest.mark.parametrize(
    "accept",
    [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ],
)
def test_rows_are_the_bytes_of_the_embedded_engine(front: Front, own: Front, accept: str) -> None:
    answer, expected = front.ask(ROWS, accept), own.ask(ROWS, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == expected.headers["content-type"]
    assert answer.content == expected.content


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "application/rdf+xml"])
def test_triples_come_in_every_format(front: Front, own: Front, accept: str) -> None:
    query = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c . ?s a ?c }"
    lines = sorted(set(own.ask(query, "application/n-triples").text.splitlines()))
    assert front.ask(query, "application/n-triples").text.splitlines() == lines
    answer = front.ask(query, accept)
    assert answer.headers["content-type"].startswith(accept)
    assert answer.status_code == 200


def test_ask_has_a_truth_value(front: Front) -> None:
    assert front.ask("ASK { ?s ?p ?o }", "application/json").json()["boolean"] is True
    assert front.ask("ASK { <urn:none> ?p ?o }", "application/json").json()["boolean"] is False


@pytest.mark.parametrize(
    "path",
    ["/", "/queries", "/queries/C01", "/statistics", "/editor", "/docs", "/fair", "/health"],
)
def test_pages_answer(front: Front, path: str) -> None:
    answer = front.get(path, "text/html")
    assert answer.status_code == 200, answer.text[:500]


@pytest.mark.parametrize("kind", ["Dataset", "Model", "Method", "Metric", "Task", "Paper"])
def test_pages_and_data_are_those_of_the_embedded_one(front: Front, own: Front, kind: str) -> None:
    rows = own.ask(
        f"PREFIX fp: <https://w3id.org/fairpapers/ontology#> SELECT ?x {{ ?x a fp:{kind} }} "
        "ORDER BY ?x LIMIT 2"
    ).text.split()[1:]
    assert rows
    for iri in rows:
        path = own.get(iri.removeprefix(DEFAULT_BASE)).headers["location"]
        for accept in ("text/html", "application/n-triples"):
            answer, expected = front.get(path, accept), own.get(path, accept)
            assert answer.status_code == expected.status_code == 200
            assert sorted(answer.text.splitlines()) == sorted(expected.text.splitlines())


def test_search_finds_what_the_embedded_one_finds(
    front: Front, own: Front, eventually: Eventually
) -> None:
    path = "/search?q=data&format=json"
    assert eventually(lambda: front.get(path).status_code == 200)
    found = front.get(path).json()
    assert found["hits"]
    assert found == own.get(path).json()


def test_the_description_names_the_graphs_that_are_served(
    front: Front, demo_snapshot: Snapshot
) -> None:
    text = front.get("/sparql", "text/turtle").text
    for name, count in demo_snapshot.triples.items():
        assert f"{DEFAULT_BASE}/graph/{name}>" in text
        assert str(count) in text
    assert "urn:secret" not in text


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("SELECT ?o { <urn:secret> ?p ?o }", {}),
        ("SELECT ?o { GRAPH ?g { <urn:secret> ?p ?o } }", {}),
        ("SELECT ?o { GRAPH <urn:secret> { ?s ?p ?o } }", {}),
        ("SELECT ?o FROM <urn:secret> { ?s ?p ?o }", {}),
        ("SELECT ?o FROM NAMED <urn:secret> { GRAPH ?g { ?s ?p ?o } }", {}),
        ("SELECT ?o FROM NAMED <urn:secret> { GRAPH <urn:secret> { ?s ?p ?o } }", {}),
        ("SELECT ?o { ?s ?p ?o }", {"default-graph-uri": "urn:secret"}),
        ("SELECT ?o { GRAPH ?g { ?s ?p ?o } }", {"named-graph-uri": "urn:secret"}),
        ("SELECT ?o { GRAPH <urn:secret> { ?s ?p ?o } }", {"named-graph-uri": "urn:secret"}),
    ],
)
def test_other_graphs_of_the_server_are_not_seen(
    front: Front, query: str, more: dict[str, str]
) -> None:
    answer = front.ask(query, **more)
    assert answer.status_code == 200
    assert answer.text == "o\r\n"


def test_datasets_mean_what_they_mean_embedded(front: Front, own: Front) -> None:
    core, meta = f"{DEFAULT_BASE}/graph/core", f"{DEFAULT_BASE}/graph/meta"
    count = "SELECT (COUNT(*) AS ?n)"
    for query, more in (
        (f"{count} {{ ?s ?p ?o }}", {}),
        (f"{count} FROM <{core}> {{ ?s ?p ?o }}", {}),
        (f"{count} FROM <{core}> FROM <{meta}> {{ ?s ?p ?o }}", {}),
        (f"{count} FROM NAMED <{core}> {{ ?s ?p ?o }}", {}),
        (f"{count} FROM NAMED <{core}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", {}),
        (f"{count} FROM <{core}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", {}),
        (f"{count} {{ ?s ?p ?o }}", {"default-graph-uri": core}),
        (f"{count} {{ GRAPH ?g {{ ?s ?p ?o }} }}", {"named-graph-uri": meta}),
    ):
        assert front.ask(query, **more).text == own.ask(query, **more).text, query


def test_alone_a_query_sees_the_union_of_the_server(
    tmp_path: Path,
    demo_graph: Path,
    demo_snapshot: Snapshot,
    own: Front,
    load_into: Callable[[Path, Engine], None],
    running: Running,
    library: Library,
) -> None:
    needs_oxigraph()
    with oxigraph(None) as engine:
        load_into(demo_graph, engine)
        source = source_of(engine.query, tmp_path / "cache", alone=True)
        with before(running, source, library) as front:
            assert front.ask(ROWS).content == own.ask(ROWS).content
            (count,) = front.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text.split()[1:]
            # With the one triple that says what was loaded.
            expected = own.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text.split()[1]
            assert int(count) == int(expected) + 1
            core = f"SELECT (COUNT(*) AS ?n) FROM <{DEFAULT_BASE}/graph/core> {{ ?s ?p ?o }}"
            assert front.ask(core).text == own.ask(core).text


def test_whole_graphs_are_read_and_no_other(front: Front, own: Front) -> None:
    core = f"/store?graph={DEFAULT_BASE}/graph/core"
    nt = "application/n-triples"
    assert sorted(front.get(core, nt).text.split("\n")) == sorted(
        own.get(core, nt).text.split("\n")
    )
    assert front.get("/store?graph=urn:secret", nt).status_code == 404
    assert front.get("/store?default", nt).text == ""


def test_nothing_is_changed_through_the_front(front: Front, loaded: Engine) -> None:
    update = "INSERT DATA { GRAPH <urn:new> { <urn:a> <urn:b> <urn:c> } }"
    assert front.client.post("/sparql", data={"update": update}).status_code == 403
    assert front.ask(update).status_code == 403
    assert front.ask("SELECT * { ?s ?p ?o } ; " + update).status_code in (400, 403)
    written = front.client.put("/store?graph=urn:new", content="<urn:a> <urn:b> <urn:c> .")
    assert written.status_code == 403
    asked = httpx.post(
        loaded.query, data={"query": "ASK { GRAPH <urn:new> { ?s ?p ?o } }"}, timeout=30
    )
    assert "true" not in asked.text


def test_a_service_call_is_refused_before_the_store_hears_of_it(front: Front) -> None:
    answer = front.ask("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("query-forbidden")


def test_service_is_asked_by_the_front_where_the_operator_allows_a_host(
    loaded: Engine, own: Front, remote_cache: Path, running: Running, library: Library
) -> None:
    host = own.client.base_url.netloc.decode()
    source = source_of(loaded.query, remote_cache)
    with before(running, source, library, federation_hosts=host) as front:
        answer = front.ask(
            "PREFIX fp: <https://w3id.org/fairpapers/ontology#> SELECT (COUNT(*) AS ?n) "
            f"{{ SERVICE <http://{host}/sparql> {{ ?x a fp:Model }} ?x fp:paperCount ?papers }}"
        )
    assert answer.status_code == 200, answer.text
    assert int(answer.text.split()[1]) > 10


def test_a_fault_in_the_query_is_told(front: Front, loaded: Engine) -> None:
    answer = front.ask("SELECT ?x\n{ ?x ?y }")
    assert answer.status_code == 400
    document = answer.json()
    assert document["type"].endswith("query-syntax")
    if loaded.name == "oxigraph":
        assert document["line"] == 2
    assert "default-graph-uri" not in document["detail"]
    assert "define" not in document["detail"]


def test_answers_are_kept_and_known_again(front: Front) -> None:
    query = "SELECT ?s { ?s a <https://w3id.org/fairpapers/ontology#Paper> } ORDER BY ?s LIMIT 3"
    first = front.client.get("/sparql", params={"query": query})
    again = front.client.get(
        "/sparql", params={"query": query}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304


def test_a_query_ends_at_its_deadline(
    a_virtuoso: Engine,
    demo_graph: Path,
    load_into: Callable[[Path, Engine], None],
    remote_cache: Path,
    running: Running,
    library: Library,
) -> None:
    """Oxigraph would go on with it for hours, and with that slow down all tests that follow."""
    load_into(demo_graph, a_virtuoso)
    source = source_of(a_virtuoso.query, remote_cache)
    with before(running, source, library, deadline_seconds=1) as front:
        answer = front.ask(PRODUCT)
        assert answer.status_code == 504
        assert answer.json()["type"].endswith("deadline-exceeded")
        assert front.ask("ASK { ?s ?p ?o }", "application/json").status_code == 200


def test_rows_and_bytes_are_limited(
    loaded: Engine, remote_cache: Path, running: Running, library: Library
) -> None:
    source = source_of(loaded.query, remote_cache)
    with before(running, source, library, max_result_rows=10) as front:
        assert front.ask("SELECT ?s { ?s ?p ?o } LIMIT 10").status_code == 200
        answer = front.ask("SELECT ?s { ?s ?p ?o } LIMIT 11")
        assert answer.status_code == 503
        assert answer.json()["type"].endswith("too-many-rows")
        many = front.ask("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 30", "text/turtle")
        assert many.json()["type"].endswith("too-many-rows")
    with before(running, source, library, max_result_bytes=2000) as front:
        answer = front.ask("SELECT ?s { ?s ?p ?o } LIMIT 5000")
        assert answer.status_code == 503
        assert answer.json()["type"].endswith("result-too-large")


def test_an_answer_that_virtuoso_cuts_is_no_answer(
    tmp_path: Path,
    demo_graph: Path,
    load_into: Callable[[Path, Engine], None],
    running: Running,
    library: Library,
) -> None:
    needs_virtuoso()
    folder = tmp_path / "virtuoso"
    folder.mkdir()
    with virtuoso(folder, most_rows=100) as engine:
        load_into(demo_graph, engine)
        source = source_of(engine.query, tmp_path / "cache")
        with before(running, source, library) as front:
            assert front.ask("SELECT ?s { ?s ?p ?o } LIMIT 99").status_code == 200
            answer = front.ask("SELECT ?s { ?s ?p ?o }")
            assert answer.status_code == 503
            assert answer.json()["type"].endswith("store-cut-answer")
            assert "ResultSetMaxRows" in answer.json()["detail"]


def test_another_graph_that_is_loaded_is_served_without_a_restart(
    tmp_path: Path,
    small_graph: Path,
    demo_graph: Path,
    load_into: Callable[[Path, Engine], None],
    running: Running,
    library: Library,
    eventually: Eventually,
) -> None:
    needs_oxigraph()
    count = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/fairpapers/ontology#Paper> }"
    with oxigraph(None) as engine:
        load_into(small_graph, engine)
        source = source_of(engine.query, tmp_path / "cache")
        with before(running, source, library, reload_seconds=0.1) as front:
            small, demo = current_snapshot(small_graph), current_snapshot(demo_graph)
            assert front.get("/health").json()["snapshot"] == small.id
            assert front.ask(count).text.split() == ["n", "5"]
            first = front.client.get("/sparql", params={"query": count}).headers["etag"]
            load_into(demo_graph, engine)
            assert eventually(lambda: front.get("/health").json()["snapshot"] == demo.id)
            assert front.ask(count).text.split() == ["n", "84"]
            assert front.client.get("/sparql", params={"query": count}).headers["etag"] != first
            assert eventually(lambda: front.get("/search?q=data&format=json").status_code == 200)
            # The first thing that a load does, and the last.
            graph = manifest_graph(DEFAULT_BASE)
            httpx.delete(engine.store, params={"graph": graph}).raise_for_status()
            assert eventually(lambda: front.get("/ready").status_code == 503)
            assert front.ask(count).status_code == 200
            put(engine, graph, f"{manifest(demo)} .")
            assert eventually(lambda: front.get("/ready").status_code == 200)


def test_a_store_that_is_gone_is_told_and_found_again(
    tmp_path: Path,
    small_graph: Path,
    load_into: Callable[[Path, Engine], None],
    running: Running,
    library: Library,
    eventually: Eventually,
) -> None:
    needs_oxigraph()
    with contextlib.ExitStack() as stack:
        with oxigraph(None) as engine:
            load_into(small_graph, engine)
            source = source_of(engine.query, tmp_path / "cache")
            front = stack.enter_context(before(running, source, library, reload_seconds=0.1))
            assert front.get("/ready").status_code == 200
        answer = front.ask("ASK { ?s ?p ?o }", "application/json")
        assert answer.status_code == 502
        assert answer.json()["type"].endswith("store-failed")
        assert eventually(lambda: front.get("/ready").status_code == 503)


def test_a_server_without_the_graph_is_told(run: Run, loaded: Engine, remote_cache: Path) -> None:
    source = dataclasses.replace(
        source_of(loaded.query, remote_cache), base="https://example.org/other"
    )
    with pytest.raises(NothingLoaded, match=f"--base {DEFAULT_BASE}"):
        source.first()
    done = run("serve", "--store", loaded.query, "--base", "https://example.org/other")
    assert done.exit_code == 1
    assert f"--base {DEFAULT_BASE}" in done.stderr


def test_a_graph_that_came_another_way_is_served_by_its_tag(
    tmp_path: Path, demo_snapshot: Snapshot, running: Running, library: Library, loaded: Engine
) -> None:
    source = source_of(loaded.query, tmp_path / "cache", tag="autumn")
    found = source.first()
    assert found.id == "autumn"
    assert found.triples == dict(sorted(demo_snapshot.triples.items()))
    assert found.papers == demo_snapshot.papers


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--store URL"),
        (("--base", "https://example.org/x"), "--store"),
        (("--store", "http://127.0.0.1:1/", "--user", "x"), "--token-file"),
    ],
)
def test_wrong_use_is_told(run: Run, arguments: tuple[str, ...], told: str) -> None:
    done = run("serve", *arguments)
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_directory_and_a_store_together_are_wrong(run: Run, small_graph: Path) -> None:
    done = run("serve", small_graph, "--store", "http://127.0.0.1:1/")
    assert done.exit_code == 2


def test_updates_cannot_be_allowed_with_a_store(run: Run, loaded: Engine) -> None:
    done = run("serve", "--store", loaded.query, env={"FAIRPAPERS_UPDATE_TOKEN": "t" * 32})
    assert done.exit_code == 1
    assert "FAIRPAPERS_UPDATE_TOKEN" in done.stderr


def test_a_store_that_cannot_be_reached_is_told(run: Run) -> None:
    done = run("serve", "--store", "http://127.0.0.1:1/query", "--port", 0)
    assert done.exit_code == 1
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


class Odd(threading.Thread):
    """A server that is none: after the first questions it answers each with given bytes.

    Attributes:
        url: of it.
        answer: what it sends; None sends nothing and waits for the end of the connection.
        ended: connections that the other side closed while nothing was sent.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(daemon=True)
        self.answer: bytes | None = b""
        self.ended = 0
        said = manifest(snapshot).object
        assert isinstance(said, ox.Literal)
        text = said.value
        rows = {"text": {"type": "literal", "value": text}}
        self._first = json.dumps(
            {"head": {"vars": ["text"]}, "results": {"bindings": [rows]}}
        ).encode()
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self.url = ""
        self.heard: list[bytes] = []

    def run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        port = server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/query"
        self._listening.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    def __enter__(self) -> Odd:
        self.start()
        self._listening.wait()
        return self

    def __exit__(self, *exception: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self.join()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split()[0])
        body = await reader.readexactly(length)
        self.heard.append(head + body)
        if b"loaded" in body or b"ASK+%7B%7D" in body:
            kind = b"application/sparql-results+json"
            said = self._first if b"loaded" in body else b'{"head":{},"boolean":true}'
            writer.write(
                b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: %s\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (kind, len(said), said)
            )
        elif self.answer is None:
            await reader.read()
            self.ended += 1
        else:
            writer.write(self.answer)
        with contextlib.suppress(OSError):
            await writer.drain()
        writer.close()


@pytest.fixture
def odd(demo_snapshot: Snapshot) -> Iterator[Odd]:
    with Odd(demo_snapshot) as server:
        yield server


def http(status: str, body: bytes, kind: str = "application/sparql-results+json") -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


WHOLE = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:a"}}]}}'


@pytest.mark.parametrize(
    ("answer", "status", "slug"),
    [
        (http("200 OK", WHOLE[:-9]), 502, "store-failed"),
        (http("200 OK", b"<html>"), 502, "store-failed"),
        (http("200 OK", WHOLE)[:-9], 502, "store-failed"),
        (b"", 502, "store-failed"),
        (b"SMTP ready\r\n\r\n", 502, "store-failed"),
        (
            http("302 Found", b"").replace(b"\r\n\r\n", b"\r\nLocation: /x\r\n\r\n"),
            502,
            "store-failed",
        ),
        (http("401 Unauthorized", b"no"), 502, "store-failed"),
        (http("500 Oh", b"secret /path"), 500, "evaluation-failed"),
        (http("503 Busy", b""), 503, "overloaded"),
        (http("504 Late", b""), 504, "deadline-exceeded"),
        (
            http("200 OK", WHOLE).replace(b"\r\n", b"\r\nX-SQL-State: S1TAT\r\n", 1),
            504,
            "deadline-exceeded",
        ),
        (
            http("200 OK", WHOLE).replace(b"\r\n", b"\r\nX-SPARQL-MaxRows: 9\r\n", 1),
            503,
            "store-cut-answer",
        ),
        (http("200 OK", WHOLE), 200, ""),
    ],
)
def test_whatever_the_store_does_no_half_answer_goes_out(
    odd: Odd,
    running: Running,
    library: Library,
    tmp_path: Path,
    answer: bytes,
    status: int,
    slug: str,
) -> None:
    with before(running, source_of(odd.url, tmp_path), library) as front:
        odd.answer = answer
        got = front.ask("SELECT ?s { ?s ?p 'x' }")
        assert got.status_code == status
        assert "secret" not in got.text
        if slug:
            assert got.json()["type"].endswith(slug)
        else:
            assert got.text == "s\r\nurn:a\r\n"


def test_a_store_that_never_answers_is_left_at_the_deadline(
    odd: Odd, running: Running, library: Library, tmp_path: Path, eventually: Eventually
) -> None:
    options = {"deadline_seconds": 0.5, "workers": 1, "queue_limit": 0}
    with before(running, source_of(odd.url, tmp_path), library, **options) as front:
        odd.answer = None
        assert front.ask(PRODUCT).status_code == 504
        assert eventually(lambda: odd.ended >= 1), "the connection was closed"
        odd.answer = http("200 OK", WHOLE)
        assert front.ask("SELECT ?s { ?s ?p 'y' }").status_code == 200


def test_a_client_that_leaves_closes_the_connection_to_the_store(
    odd: Odd, running: Running, library: Library, tmp_path: Path, eventually: Eventually
) -> None:
    options = {"deadline_seconds": 120, "workers": 1}
    with before(running, source_of(odd.url, tmp_path), library, **options) as front:
        odd.answer = None
        ended = odd.ended
        heard = len(odd.heard)
        with (
            httpx.Client(base_url=front.client.base_url, timeout=0.3) as hasty,
            pytest.raises(httpx.ReadTimeout),
        ):
            hasty.post("/sparql", data={"query": PRODUCT})
        assert len(odd.heard) > heard
        assert eventually(lambda: odd.ended > ended)
        odd.answer = http("200 OK", WHOLE)
        assert front.ask("SELECT ?s { ?s ?p 'y' }").status_code == 200


def test_the_operator_lists_and_stops_a_query_on_the_store(
    odd: Odd, running: Running, library: Library, tmp_path: Path, eventually: Eventually
) -> None:
    token = "an operator's token"
    options = {"deadline_seconds": 120, "admin_token": token}
    with before(running, source_of(odd.url, tmp_path), library, **options) as front:
        odd.answer = None
        answers: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: answers.append(front.ask(PRODUCT)))
        asking.start()
        bearer = {"Authorization": f"Bearer {token}"}

        def listed() -> list[dict[str, Any]]:
            found = front.client.get("/admin/queries", headers=bearer)
            return [each for each in found.json()["queries"] if each["query"] == PRODUCT]

        assert eventually(lambda: any(each["state"] == "running" for each in listed()))
        (query,) = listed()
        path = f"/admin/queries/{query['id']}"
        assert front.client.delete(path, headers=bearer).status_code == 200
        asking.join()
        assert answers[0].status_code == 503
        assert answers[0].json()["type"].endswith("cancelled")


def test_the_store_hears_the_token_and_its_own_time_limit(
    odd: Odd, running: Running, library: Library, tmp_path: Path
) -> None:
    source = source_of(odd.url, tmp_path, login=Login("t0ken"), engine="virtuoso")
    with before(running, source, library, deadline_seconds=7) as front:
        odd.answer = http("200 OK", WHOLE)
        front.ask("SELECT ?s { ?s ?p 'z' }")
    heard = odd.heard[-1]
    assert b"Authorization: Bearer t0ken" in heard or b"authorization: Bearer t0ken" in heard
    assert any(b"timeout=7000" in each for each in odd.heard)


def test_an_index_of_another_snapshot_goes(
    loaded: Engine, demo_snapshot: Snapshot, tmp_path: Path
) -> None:
    source = source_of(loaded.query, tmp_path)
    snapshot = source.first()
    old = snapshot.path.parent / ("f" * 16)
    old.mkdir(parents=True)
    file = make_index(source, snapshot)
    assert file.is_file()
    assert not old.exists()
    assert [path.name for path in snapshot.path.parent.iterdir()] == [snapshot.path.name]
    moment = file.stat().st_mtime_ns
    make_index(source, snapshot)
    assert file.stat().st_mtime_ns == moment
