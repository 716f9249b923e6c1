"""The sample corpus of five invented papers, and the graph that is built from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Store

from fairpapers.extract.records import Record
from fairpapers.graph.build import BuildReport, build_graph
from fairpapers.graph.iris import Iris
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore
from fairpapers.ontology.terms import DEFAULT_BASE

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Built:
    directory: Path
    report: BuildReport

    def open(self) -> Store:
        return Store.read_only(str(current_snapshot(self.directory).store))


@pytest.fixture(scope="session")
def sample_file() -> Path:
    return HERE / "sample_records.jsonl"


@pytest.fixture(scope="session")
def sample(sample_file: Path) -> tuple[Record, ...]:
    return tuple(read_records(sample_file))


@pytest.fixture(scope="session")
def sample_texts() -> dict[str, str]:
    """Text of each sample paper by its id."""
    lines = (HERE / "sample_papers.jsonl").read_text(encoding="utf-8").splitlines()
    papers = [json.loads(line) for line in lines]
    return {paper["id"]: f"{paper['title']}\n{paper['abstract']}" for paper in papers}


@pytest.fixture(scope="session")
def iris() -> Iris:
    return Iris(DEFAULT_BASE)


@pytest.fixture(scope="session")
def built(sample: tuple[Record, ...], tmp_path_factory: pytest.TempPathFactory) -> Built:
    directory = tmp_path_factory.mktemp("graph")
    return Built(directory, build_graph(sample, directory))


@pytest.fixture
def asked(built: Built) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(current_snapshot(built.directory).store) as store:
        yield store
