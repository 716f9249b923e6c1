"""A real server on a real store, for the tests of the serving side."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from fairpapers.api.answering.cache import AnswerCache
from fairpapers.api.app import create_app
from fairpapers.api.settings import Settings
from fairpapers.api.sparql import SparqlEndpoint
from fairpapers.api.workers.pool import StoreRef, WorkerPool
from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.snapshot import Snapshot, building, publish
from fairpapers.queries import Library, load_library

from .browsing import browser as browser

SMALL = """
@prefix ex: <http://example.org/> .
ex:core { ex:bert a ex:Model ; ex:label "BERT"@en ; ex:year 2018 .
          ex:squad a ex:Dataset ; ex:label "SQuAD, \\"v1\\"\\n2"@en ; ex:usedBy ex:bert . }
ex:evidence { ex:mention ex:about ex:bert ; ex:start 4 . }
"""


@dataclass(frozen=True)
class Server:
    """A running endpoint; ``url`` is that of /sparql."""

    url: str
    pool: WorkerPool
    client: httpx.Client
    address: tuple[str, int]
    cache: AnswerCache
    loops: list[asyncio.AbstractEventLoop]

    def swap(self, store: StoreRef) -> None:
        """Have the pool serve another store, while requests go on."""
        asyncio.run_coroutine_threadsafe(self.pool.swap(store), self.loops[0]).result(30)

    def ask(self, query: str, accept: str = "*/*", **more: Any) -> httpx.Response:
        return self.client.post(self.url, data={"query": query, **more}, headers={"Accept": accept})


Serve = Callable[..., AbstractContextManager[Server]]


def child_processes() -> dict[int, str]:
    """Every query process of this process, with its state; zombies are in state Z."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (path / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (path / "cmdline").read_bytes()
        except OSError:
            continue
        # multiprocessing keeps its tracker of shared memory until the interpreter ends.
        if int(parent) == os.getpid() and b"resource_tracker" not in command:
            found[int(path.name)] = state
    return found


def eventually(check: Callable[[], bool]) -> bool:
    """Whether something becomes true within a time that only a failure needs."""
    for _ in range(1500):
        if check():
            return True
        time.sleep(0.01)
    return False


@pytest.fixture(name="eventually")
def eventually_fixture() -> Callable[[Callable[[], bool]], bool]:
    return eventually


@pytest.fixture(name="child_processes")
def child_processes_fixture() -> Callable[[], dict[int, str]]:
    return child_processes


@pytest.fixture(scope="session", autouse=True)
def stores_on_disk() -> Iterator[None]:
    """What moves to memory in the midst of a test is what the test is about, or not there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAIRPAPERS_MEMORY_STORE_BYTES", "0")
        yield


@pytest.fixture(autouse=True)
def no_process_is_leaked() -> Iterator[None]:
    before = child_processes()
    yield
    # Others may stand in their place: a swap of the store replaces every query process.
    assert eventually(lambda: len(child_processes()) <= len(before)), child_processes()


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> StoreRef:
    """A few triples in two graphs."""
    folder = tmp_path_factory.mktemp("small") / "store"
    store = ox.Store(folder)
    store.load(SMALL, ox.RdfFormat.TRIG)
    store.flush()
    return StoreRef("small", folder)


@pytest.fixture(scope="session")
def big_store(tmp_path_factory: pytest.TempPathFactory) -> StoreRef:
    """50,000 triples: enough for a query that no machine ends within a second."""
    folder = tmp_path_factory.mktemp("big") / "store"
    store = ox.Store(folder)
    graph = ox.NamedNode("http://example.org/core")
    store.bulk_extend(
        ox.Quad(
            ox.NamedNode(f"http://example.org/thing/{number // 8}"),
            ox.NamedNode(f"http://example.org/p{number % 8}"),
            ox.Literal(f"value {number * 7919 % 50_000}"),
            graph,
        )
        for number in range(50_000)
    )
    return StoreRef("big", folder)


@contextlib.contextmanager
def running(app: Any, **options: Any) -> Iterator[tuple[str, int]]:
    """Run an application on a free port of this machine with uvicorn, in a thread."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, ws="none", proxy_headers=False, **options
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        assert eventually(lambda: server.started or not thread.is_alive())
        assert server.started
        address: tuple[str, int] = listening.getsockname()
        yield address
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture(name="running", scope="session")
def running_fixture() -> Callable[[Any], AbstractContextManager[tuple[str, int]]]:
    return running


@contextlib.contextmanager
def serve(store: StoreRef, **options: Any) -> Iterator[Server]:
    """Serve on a free port of this machine with uvicorn, in a thread."""
    editor = options.pop("editor", None)
    framework = options.pop("framework", Starlette)
    settings = Settings(**{"workers": 1, "express_workers": 0, **options})
    pool = WorkerPool(store, settings)
    cache = AnswerCache(settings.cache_bytes)
    loops = []

    @contextlib.asynccontextmanager
    async def lifespan(_: object) -> Any:
        loops.append(asyncio.get_running_loop())
        async with pool:
            yield

    endpoint = SparqlEndpoint(pool, settings, editor=editor, cache=cache)
    app = framework(routes=[Route("/sparql", endpoint=endpoint)], lifespan=lifespan)
    with running(app) as address, httpx.Client(timeout=30) as client:
        yield Server(
            f"http://{address[0]}:{address[1]}/sparql", pool, client, address, cache, loops
        )


@pytest.fixture(name="serve")
def serve_fixture() -> Serve:
    return serve


@pytest.fixture(scope="module")
def small_server(small_store: StoreRef) -> Iterator[Server]:
    """An endpoint on the few triples, shared by the tests of a module."""
    with serve(small_store, cors_origins="https://editor.example") as server:
        yield server


@dataclass(frozen=True)
class Site:
    """The whole application, served; ``client`` resolves paths against ``url``."""

    url: str
    directory: Path
    client: httpx.Client
    address: tuple[str, int]

    def get(self, path: str, accept: str = "*/*", **options: Any) -> httpx.Response:
        return self.client.get(path, headers={"Accept": accept}, **options)


HOSTILE_TITLE = "<script>alert(1)</script> \"quotes\" & 'apostrophes'"
HOSTILE_NAME = "<img src=x onerror=alert(2)>"


def hostile(record: Record) -> Record:
    """A record of a paper whose words try to be markup wherever a page shows them."""
    length = len(HOSTILE_NAME)
    mention = dataclasses.replace(record.mentions[0], start=0, end=length, text=HOSTILE_NAME)
    entity = next(each for each in record.entities if each.id == mention.entity)
    source = dataclasses.replace(
        record.source,
        doi=None,
        url="javascript:alert(3)",
        authors=("<b>Bold</b>",),
        venue='"><svg onload=alert(4)>',
    )
    return dataclasses.replace(
        record,
        id="hostile",
        key="title:0123456789abcdef",
        title=HOSTILE_TITLE,
        source=source,
        mentions=(mention,),
        entities=(dataclasses.replace(entity, canonical=HOSTILE_NAME, surfaces=(HOSTILE_NAME,)),),
        results=(),
    )


@pytest.fixture(scope="session")
def site_directory(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of the five sample papers and one with a hostile title."""
    records = list(read_records(root / "tests/graph/sample_records.jsonl"))
    directory = tmp_path_factory.mktemp("site") / "graph"
    build_graph([*records, hostile(records[0])], directory)
    return directory


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="session")
def site(site_directory: Path, library: Library) -> Iterator[Site]:
    """The application on that graph, shared by all tests; ask it nothing that must be stopped."""
    app = create_app(site_directory, Settings(workers=1), library)
    with (
        running(app) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}", timeout=30) as client,
    ):
        yield Site(f"http://{host}:{port}", site_directory, client, (host, port))


UPDATE_TOKEN = "a token that nobody guesses"


def publish_trig(directory: Path, data: str) -> Snapshot:
    """Publish quads as they are in a graph directory, without records."""
    with building(directory) as work:
        path = work / "snapshot"
        path.mkdir()
        store = ox.Store(path / "store")
        store.load(data, ox.RdfFormat.TRIG)
        store.flush()
        del store
        moment = "2024-01-01T00:00:00+00:00"
        fresh = Snapshot(os.urandom(8).hex(), path, "http://example.org", moment, "0", 0, {})
        fresh.write()
        return publish(directory, work, fresh)[0]


@pytest.fixture(name="publish_trig", scope="session")
def publish_trig_fixture() -> Callable[[Path, str], Snapshot]:
    return publish_trig


@dataclass(frozen=True)
class WritableSite(Site):
    """The application with updates enabled; ``client`` sends the token."""

    def update(self, text: str, **options: Any) -> httpx.Response:
        headers = {"Content-Type": "application/sparql-update"} | options.pop("headers", {})
        return self.client.post("/sparql", content=text, headers=headers, **options)

    def ask(self, pattern: str) -> bool:
        query = f"ASK {{ {pattern} }}"
        answer: bool = self.get("/sparql", params={"query": query}).json()["boolean"]
        return answer

    def reset(self, data: str = "") -> None:
        assert self.update(f"DROP ALL; INSERT DATA {{ {data} }}").status_code == 204


@contextlib.contextmanager
def serve_writable(directory: Path, library: Library, **options: Any) -> Iterator[WritableSite]:
    settings = Settings(
        **{"workers": 1, "express_workers": 0, "update_token": UPDATE_TOKEN, **options}
    )
    app = create_app(directory, settings, library)
    headers = {"Authorization": f"Bearer {UPDATE_TOKEN}"}
    with (
        running(app) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}", timeout=60, headers=headers) as client,
    ):
        yield WritableSite(f"http://{host}:{port}", directory, client, (host, port))


@pytest.fixture(name="serve_writable")
def serve_writable_fixture(
    library: Library, tmp_path: Path
) -> Callable[..., AbstractContextManager[WritableSite]]:
    """Serve a graph of its own for one test, with updates enabled."""

    def make(data: str = SMALL, **options: Any) -> AbstractContextManager[WritableSite]:
        directory = tmp_path / "graph"
        publish_trig(directory, data)
        return serve_writable(directory, library, **options)

    return make


@pytest.fixture(scope="module")
def writable(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WritableSite]:
    """One such server for the tests of a module; each begins with `WritableSite.reset`."""
    directory = tmp_path_factory.mktemp("writable") / "graph"
    publish_trig(directory, "")
    with serve_writable(directory, library) as made:
        yield made


AXE = Path("build/editor/node_modules/axe-core/axe.min.js")


@pytest.fixture(scope="session")
def axe(root: Path) -> Callable[..., None]:
    """Have axe-core look at an open page, which must break none of its rules.

    ``axe(page)`` looks at all of it, ``axe(page, exclude=(".part",))`` leaves parts out: give the
    reason beside it.
    """
    script = root / AXE
    if not script.is_file():
        pytest.skip("needs axe-core; make web fetches it")
    source = script.read_text(encoding="utf-8")

    def check(page: Any, exclude: tuple[str, ...] = ()) -> None:
        page.evaluate(source)
        context = {"exclude": [[selector] for selector in exclude]}
        found = page.evaluate("context => axe.run(context)", context)
        broken = {
            rule["id"]: [node["html"][:200] for node in rule["nodes"]]
            for rule in found["violations"]
        }
        assert broken == {}

    return check
