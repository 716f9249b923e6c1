"""Servers of others with the demo graph, each started once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fairpapers.api.cli import main
from fairpapers.graph.build import build_graph
from fairpapers.graph.iris import Iris
from fairpapers.graph.recordfile import read_records
from fairpapers.ontology.terms import DEFAULT_BASE
from fairpapers.queries import library_quads, load_library

from ...engines import Engine, oxigraph, oxigraph_command, virtuoso, virtuoso_command

Run = Callable[..., Result]
ENGINES = ("oxigraph", "virtuoso")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command; defects keep their traceback instead of an exit code."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def invoke(*arguments: object, **options: Any) -> Result:
        return CliRunner().invoke(main, [*map(str, arguments)], **options)

    return invoke


def needs_oxigraph() -> None:
    if oxigraph_command() is None:
        pytest.skip("needs Oxigraph's server: make .validators/bin/python")


def needs_virtuoso() -> None:
    if virtuoso_command() is None:
        pytest.skip("needs Virtuoso: apt-get install virtuoso-opensource")


@pytest.fixture(scope="session")
def an_oxigraph() -> Iterator[Engine]:
    needs_oxigraph()
    with oxigraph(None) as engine:
        yield engine


@pytest.fixture(scope="session")
def virtuoso_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder from which Virtuoso's bulk loader may read."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="session")
def a_virtuoso(tmp_path_factory: pytest.TempPathFactory, virtuoso_files: Path) -> Iterator[Engine]:
    needs_virtuoso()
    with virtuoso(tmp_path_factory.mktemp("virtuoso"), files=virtuoso_files) as engine:
        yield engine


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each server in turn; what it holds is what the last test left."""
    found: Engine = request.getfixturevalue(
        "an_oxigraph" if request.param == "oxigraph" else "a_virtuoso"
    )
    return found


@pytest.fixture(scope="session")
def small_graph(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five sample papers as a graph directory."""
    directory = tmp_path_factory.mktemp("remote") / "graph"
    build_graph(read_records(root / "tests/graph/sample_records.jsonl"), directory)
    return directory


@pytest.fixture(scope="session")
def demo_graph(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo papers as a graph directory."""
    directory = tmp_path_factory.mktemp("remote") / "demo"
    extra = library_quads(load_library(), Iris(DEFAULT_BASE))
    build_graph(read_records(root / "tests/queries/demo_records.jsonl"), directory, extra=extra)
    return directory


@pytest.fixture(scope="session")
def load_into() -> Callable[[Path, Engine], None]:
    """Load a graph directory into a server, as the command does."""

    def load(directory: Path, engine: Engine) -> None:
        arguments = ["load", str(directory), "--endpoint", engine.query]
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.stderr

    return load
