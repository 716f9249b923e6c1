"""The sample graph in two engines, and the values with which its queries have answers."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pyoxigraph
import pytest
import rdflib

from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.iris import Iris
from fairpapers.graph.snapshot import Snapshot, current_snapshot
from fairpapers.graph.store import EmbeddedStore, OpenStore, Store
from fairpapers.ontology.terms import DEFAULT_BASE
from fairpapers.queries import Library, library_quads, load_library

BERT = MappingProxyType({"model": "model/bert"})
BERT_ANY = MappingProxyType({"resource": "model/bert"})
SQUAD = MappingProxyType({"dataset": "dataset/squad"})
SPANFORGE = "paper/doi:10.5555:sample.2023.1"
# The defaults fit the demo graph; these fit the sample.
SAMPLE_VALUES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "A03": {"paper": "paper/title:5d0c3f1a9b2e4c77"},
        "A05": {"text": "Ner"},
        "A06": {"dataset": "dataset/ontonotes-5.0"},
        "A07": SQUAD,
        "A08": BERT,
        "C01": {"top": "3"},
        "C04": {"task": "task/question-answering"},
        "C08": {"resource": "dataset/fragebank"},
        "D01": {"model": "model/llama-2"},
        "F01": {"dataset": "dataset/conll-2003"},
        "F02": {"dataset": "dataset/conll-2003", "metric": "metric/f1"},
        "B01": {"from": "2024"},
        "B02": BERT_ANY,
        "B04": {"year": "2024"},
        "B05": {
            "first": "dataset/squad",
            "second": "dataset/conll-2003",
            "third": "dataset/triviaqa",
        },
        "B06": {"resource": "dataset/squad"},
        "B07": {"skip": "20"},
        "B08": {"pattern": "^(tag|lite)"},
        "B09": {"name": "10.5555/sample.2023.1"},
        "C02": SQUAD,
        "D02": {"model": "model/llama-2"},
        "D03": {"task": "task/named-entity-recognition"},
        "D05": {"least": "2"},
        "D06": {"since": "2024", "least": "1"},
        "D07": {"top": "3"},
        "E05": {"metric": "metric/f1"},
        "F03": {"dataset": "dataset/conll-2003", "metric": "metric/f1"},
        "F04": {"first": "model/spanforge", "second": "model/bert"},
        "F05": {"least": "0.1"},
        "F09": {"dataset": "dataset/conll-2003"},
        "G01": {"least": "1"},
        "G03": {"resource": "dataset/squad"},
        "G04": {"method": "method/retrieval-augmented-generation"},
        "G05": {"paper": SPANFORGE},
        "H02": {"resource": "model/bert"},
        "H03": {"resource": "model/bert"},
        "I02": {"resource": "model/bert"},
        "I03": {"in": "2024", "least": "1"},
        "K07": {"resource": "model/bert"},
        "L01": {"paper": SPANFORGE},
        "L02": {"dataset": "dataset/conll-2003"},
        "L06": {"resource": "dataset/squad"},
        "H01": {"paper": SPANFORGE, "resource": "task/named-entity-recognition"},
        "H09": {"paper": SPANFORGE},
        "H12": {"paper": SPANFORGE, "resource": "task/named-entity-recognition"},
        "L03": {"paper": SPANFORGE},
        "L07": {"paper": SPANFORGE},
        "L08": {"paper": SPANFORGE},
    }
)


class MemoryStore(OpenStore):
    """A store of a few triples, asked just as the one of a snapshot is."""

    def __init__(self, turtle: str, graph: str | None = None) -> None:
        store = pyoxigraph.Store()
        named = pyoxigraph.NamedNode(graph) if graph else None
        store.load(turtle.encode(), format=pyoxigraph.RdfFormat.TURTLE, to_graph=named)
        super().__init__(store)


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="session")
def sample(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The graph of the sample records."""
    lines = (root / "tests/graph/sample_records.jsonl").read_text("utf-8").splitlines()
    records = [Record.from_json(line) for line in lines]
    directory = tmp_path_factory.mktemp("sample")
    build_graph(records, directory, extra=library_quads(load_library(), Iris(DEFAULT_BASE)))
    return current_snapshot(directory)


@pytest.fixture(scope="session")
def store(sample: Snapshot) -> Iterator[Store]:
    """The sample as it is served."""
    with EmbeddedStore(sample.store) as opened:
        yield opened


@pytest.fixture(scope="session")
def demo_directory(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo graph.

    It is built from records that are kept beside this file, so that the golden results do not hang
    on the last bits of floating-point arithmetic; ``tests/extract/test_demo_records.py`` holds the
    records to what the pipeline extracts.
    """
    directory = tmp_path_factory.mktemp("demo")
    lines = (root / "tests/queries/demo_records.jsonl").read_text("utf-8").splitlines()
    queries = library_quads(load_library(), Iris(DEFAULT_BASE))
    build_graph(map(Record.from_json, lines), directory, extra=queries)
    return directory


@pytest.fixture(scope="session")
def demo(demo_directory: Path) -> Iterator[Store]:
    """The demo graph as it is served."""
    with EmbeddedStore(current_snapshot(demo_directory).store) as opened:
        yield opened


@pytest.fixture(scope="session")
def dataset(sample: Snapshot) -> rdflib.Dataset:
    """The same quads in rdflib."""
    quads = pyoxigraph.Store.read_only(str(sample.store)).dump(format=pyoxigraph.RdfFormat.N_QUADS)
    assert quads is not None
    loaded = rdflib.Dataset(default_union=True)
    with warnings.catch_warnings():
        # Its own parser and query engine call what rdflib has deprecated.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="rdflib")
        loaded.parse(data=quads, format="nquads")
    return loaded


@pytest.fixture(scope="session")
def sample_values() -> Mapping[str, Mapping[str, str]]:
    """Values of parameters with which the queries have answers on the sample."""
    return SAMPLE_VALUES


@pytest.fixture
def few() -> Callable[[str], Store]:
    """Make a store of a few triples in Turtle."""
    return MemoryStore


@pytest.fixture
def quads() -> Callable[[str], Store]:
    """Make a store of a few triples in Turtle, in one named graph."""
    return lambda turtle: MemoryStore(turtle, "urn:graph")
