"""The data files of the ontology, parsed once; tests that change a graph copy it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph

from fairpapers.ontology import ontology_file, shapes_file, vocabulary_file

EXAMPLE = Path(__file__).parent / "example.ttl"


@pytest.fixture(scope="session")
def ontology() -> Graph:
    return Graph().parse(ontology_file())


@pytest.fixture(scope="session")
def vocabulary() -> Graph:
    return Graph().parse(vocabulary_file())


@pytest.fixture(scope="session")
def shapes() -> Graph:
    return Graph().parse(shapes_file())


@pytest.fixture(scope="session")
def example() -> Graph:
    return Graph().parse(EXAMPLE)
