"""Sites of the demo graph and of a graph with hostile names, written once."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from fairpapers.api.cli import main
from fairpapers.graph.build import build_graph
from fairpapers.graph.recordfile import read_records

URL = "https://papers.example/kg"


def publish(graph: Path, folder: Path, *options: str) -> str:
    """Run the command; its messages."""
    done = CliRunner().invoke(main, ["publish", str(graph), "-o", str(folder), *options])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(name="publish", scope="session")
def publish_fixture() -> Callable[..., str]:
    return publish


@pytest.fixture(scope="session")
def demo_graph(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("demo") / "graph"
    build_graph(read_records(root / "tests/queries/demo_records.jsonl"), directory)
    return directory


@pytest.fixture(scope="session")
def demo_site(demo_graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the demo graph, with everything."""
    folder = tmp_path_factory.mktemp("published") / "site"
    publish(demo_graph, folder, "--site-url", URL)
    return folder


@pytest.fixture(scope="session")
def hostile_site(site_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a graph whose words try to be markup."""
    folder = tmp_path_factory.mktemp("hostile") / "site"
    publish(site_directory, folder, "--no-dumps")
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextlib.contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """Serve a folder's files on this machine, as any web host does; gives the address."""
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(name="hosted")
def hosted_fixture() -> Callable[[Path], AbstractContextManager[str]]:
    return hosted
