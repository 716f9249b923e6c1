"""Our ontology and vocabularies as quads of their own graphs, without blank nodes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from ..ontology import metric_vocabulary_file, ontology_file, vocabulary_file
from .iris import Iris
from .terms import node


def vocabulary_quads(iris: Iris) -> Iterator[Quad]:
    """Every triple of the ontology and the vocabularies, in the graph that is theirs."""
    yield from _skolemized(ontology_file(), "ontology", iris)
    for path in (vocabulary_file(), metric_vocabulary_file()):
        yield from _skolemized(path, "vocab", iris)


def _skolemized(path: Path, name: str, iris: Iris) -> Iterator[Quad]:
    """Blank nodes become IRIs that depend on the content alone (RDFC-1.0)."""
    dataset = Dataset(parse(path=str(path), format=RdfFormat.TURTLE))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    graph = node(iris.graph(name))
    for quad in sorted(dataset, key=str):
        subject = _named(quad.subject, name, iris)
        value = _named(quad.object, name, iris)
        assert isinstance(subject, NamedNode)
        yield Quad(subject, quad.predicate, value, graph)


def _named(
    value: NamedNode | BlankNode | Literal | Triple, name: str, iris: Iris
) -> NamedNode | Literal:
    if isinstance(value, BlankNode):
        return node(iris.skolem(name, value.value))
    assert isinstance(value, NamedNode | Literal)
    return value
