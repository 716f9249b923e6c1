"""The figures of a release (VoID): of the whole, of each named graph, of classes and properties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from ...ontology.terms import FP, PREFIXES
from ..iris import GRAPHS
from ..terms import count, node, term
from .dcat import download
from .jsonld import JSONLD_FILE
from .release import QUADS_FILE, Release
from .trig import TRIG_FILE
from .turtle import turtle_file

_EXAMPLES: Final = (FP.Paper, FP.Dataset, FP.Model, FP.Method, FP.Metric, FP.Task, FP.Result)
_FORMATS: Final = ("JSON-LD", "N-Quads", "TriG", "Turtle")
_FORMAT: Final = "http://www.w3.org/ns/formats/"


def figures(release: Release) -> Iterator[Triple]:
    """What the graph says of itself, to the triple, and of the release as a whole.

    The figures of classes and properties are of the graphs that hold data, which is what
    ``<base>/id/corpus`` stands for; the release has the vocabularies and this description too.
    """
    stated = {quad.triple for quad in release.quads("meta")}
    yield from sorted(stated, key=str)
    this, corpus = node(release.iri), node(release.iris.corpus())
    yield Triple(this, term("void:triples"), count(release.triples()))
    yield Triple(this, term("void:subset"), corpus)
    yield Triple(this, term("void:uriSpace"), Literal(f"{release.iris.base}/id/"))
    pattern = f"^{re.escape(release.iris.base)}/id/.+$"
    yield Triple(this, term("void:uriRegexPattern"), Literal(pattern))
    for name in _FORMATS:
        yield Triple(this, term("void:feature"), node(_FORMAT + name.replace("-", "_")))
    for vocabulary in _vocabularies(stated):
        yield Triple(this, term("void:vocabulary"), vocabulary)
    for example in _examples(release):
        yield Triple(this, term("void:exampleResource"), example)
    written = {file.path for file in release.files}
    for file in (QUADS_FILE, TRIG_FILE, JSONLD_FILE):
        if file in written:
            yield Triple(this, term("void:dataDump"), download(release, file))
    for name in GRAPHS:
        if release.triples(name):
            yield from _graph(release, name)
        if (dump := turtle_file(release, name)) in written and dump is not None:
            graph = node(release.iris.graph(name))
            yield Triple(graph, term("void:dataDump"), download(release, dump))


def _graph(release: Release, name: str) -> Iterator[Triple]:
    graph = node(release.iris.graph(name))
    yield Triple(node(release.iri), term("void:subset"), graph)
    yield Triple(graph, term("rdf:type"), term("void:Dataset"))
    yield Triple(graph, term("dcterms:title"), Literal(f"graph {name}"))
    yield Triple(graph, term("void:triples"), count(release.triples(name)))


def _vocabularies(stated: set[Triple]) -> Iterator[NamedNode]:
    """Namespaces of the classes and properties that the partitions name."""
    names = {term("void:property"), term("void:class")}
    used = {triple.object.value for triple in stated if triple.predicate in names}  # type: ignore[union-attr]
    for namespace in sorted(PREFIXES.values()):
        if any(iri.startswith(namespace) for iri in used):
            yield node(namespace)


def _examples(release: Release) -> Iterator[NamedNode]:
    """One resource of each of the main classes: the first in the order of IRIs."""
    for iri in _EXAMPLES:
        query = f"SELECT (MIN(STR(?each)) AS ?first) {{ ?each a <{iri}> }}"
        for (first,) in release.store.select(query).rows:
            if isinstance(first, Literal):
                yield node(first.value)
