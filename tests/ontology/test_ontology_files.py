"""The Turtle files: syntax, version, and that every IRI in them can be meant."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import OWL, RDF, Graph, Literal, URIRef

from fairpapers.ontology import (
    aligned_statements_file,
    context_file,
    metric_vocabulary_file,
    ontology_file,
    shapes_file,
    strict_mls_file,
    vocabulary_file,
)
from fairpapers.ontology.lint import CHECKS

SETTLED = pytest.mark.parametrize(
    "file",
    [ontology_file, vocabulary_file, shapes_file, aligned_statements_file, strict_mls_file],
)
TURTLE = pytest.mark.parametrize(
    "file", [ontology_file, vocabulary_file, metric_vocabulary_file, shapes_file]
)


@pytest.mark.parametrize(
    "file", [ontology_file, vocabulary_file, metric_vocabulary_file, shapes_file, context_file]
)
def test_is_installed_with_the_package(file: Callable[[], Path]) -> None:
    assert file().is_file()


@TURTLE
def test_RDF1_two_parsers_read_the_same_number_of_triples(file: Callable[[], Path]) -> None:
    by_oxigraph = set(pyoxigraph.parse(path=str(file()), format=pyoxigraph.RdfFormat.TURTLE))

    assert len(by_oxigraph) == len(Graph().parse(file())) > 100


@SETTLED
def test_version_is_that_of_the_package(file: Callable[[], Path]) -> None:
    graph = Graph().parse(file())
    (header,) = graph.subjects(RDF.type, OWL.Ontology)

    released = version("fairpapers")
    assert graph.value(header, OWL.versionInfo) == Literal(released)
    assert graph.value(header, OWL.versionIRI) == URIRef(f"{str(header).rstrip('/')}/{released}")


@TURTLE
@pytest.mark.parametrize("check", ["C4", "L1", "N1", "N2", "N3", "N4"])
def test_terms_are_defined_and_iris_valid(file: Callable[[], Path], check: str) -> None:
    assert list(CHECKS[check](Graph().parse(file()))) == []
