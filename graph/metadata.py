"""What a graph says of itself in ``graph/meta``: DCAT basics, quality, VoID partitions, prefixes.

Editors complete classes, properties and prefixes from exactly these triples. No dates and no
snapshot id, which is a digest of these triples too: both are in ``snapshot.json``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from ..extract.quality import Quality
from ..ontology.terms import FP, ONTOLOGY_IRI, PREFIXES
from . import terms
from .iris import Iris
from .licences import CC0
from .linksets import describe_links
from .measures import Measure
from .quality import describe_measures, describe_quality
from .statistics import DATA_GRAPHS, ClassUse, PropertyUse, Statistics
from .terms import node, term

_Triple: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal]
_LOCAL = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class About:
    """What the description says beside figures.

    Attributes:
        min_confidence: threshold below which nothing entered the graph.
        quality: figures of the model that made the records, where they are known.
        measures: figures of the graph itself, as `measure` counts them.
        licence: IRI of the licence of the data.
        links: number of links to other data, as `count_links` counts them.
    """

    min_confidence: float = 0.0
    quality: Quality | None = None
    measures: Sequence[Measure] = ()
    licence: str = CC0
    links: Mapping[tuple[str, str], int] = field(default_factory=dict)


def describe_graph(found: Statistics, about: About, iris: Iris) -> Iterator[Quad]:
    """Describe a graph by its figures.

    Args:
        found: counted after every other graph was loaded; the meta graph is not counted.
        about: how it was built.
        iris: mints the IRIs.
    """
    graph = node(iris.graph("meta"))
    for subject, predicate, value in _triples(found, about, iris):
        yield Quad(subject, predicate, value, graph)


def _triples(found: Statistics, about: About, iris: Iris) -> Iterator[_Triple]:
    corpus = node(iris.corpus())
    yield corpus, node(FP.minConfidence), terms.confidence(about.min_confidence)
    yield corpus, term("dcterms:license"), node(about.licence)
    if about.quality is not None:
        yield from describe_quality(about.quality, iris)
    yield from describe_measures(about.measures, iris)
    yield from describe_links(about.links, iris)
    papers = found.classes[FP.Paper].entities if FP.Paper in found.classes else 0
    yield from _corpus(corpus, papers, iris)
    yield from _counts(corpus, found)
    for name, count in found.graphs.items():
        if name in DATA_GRAPHS:
            subset = node(iris.graph(name))
            yield corpus, term("void:subset"), subset
            yield subset, term("rdf:type"), term("void:Dataset")
            yield subset, term("dcterms:title"), Literal(f"graph {name}")
            yield subset, term("void:triples"), terms.count(count)
    for iri, count in found.properties.items():
        partition = node(iris.part("void", "property", _short(iri)))
        yield corpus, term("void:propertyPartition"), partition
        yield partition, term("void:property"), node(iri)
        yield partition, term("void:triples"), terms.count(count)
    for iri, use in found.classes.items():
        partition = node(iris.part("void", "class", _short(iri)))
        yield corpus, term("void:classPartition"), partition
        yield from _class_partition(partition, iri, use, iris)
    for prefix, namespace in PREFIXES.items():
        declaration = node(iris.part("prefix", prefix))
        yield corpus, term("sh:declare"), declaration
        yield declaration, term("rdf:type"), term("sh:PrefixDeclaration")
        yield declaration, term("sh:prefix"), Literal(prefix)
        yield declaration, term("sh:namespace"), terms.any_uri(namespace)


def _corpus(corpus: NamedNode, papers: int, iris: Iris) -> Iterator[_Triple]:
    for kind in (FP.Corpus, PREFIXES["dcat"] + "Dataset", PREFIXES["void"] + "Dataset"):
        yield corpus, term("rdf:type"), node(kind)
    yield corpus, term("dcterms:title"), Literal(f"Research resources in {papers} papers")
    yield (
        corpus,
        term("dcterms:description"),
        Literal(
            "Datasets, models, methods, metrics, tasks and results that the titles and abstracts"
            " of these papers name, each with the place in the text that supports it."
        ),
    )
    yield corpus, term("dcterms:conformsTo"), node(ONTOLOGY_IRI)
    yield corpus, term("void:uriSpace"), Literal(f"{iris.base}/id/")
    yield corpus, term("void:vocabulary"), node(PREFIXES["fp"])


def _counts(corpus: NamedNode, found: Statistics) -> Iterator[_Triple]:
    yield corpus, term("void:triples"), terms.count(found.triples)
    yield corpus, term("void:distinctSubjects"), terms.count(found.subjects)
    yield corpus, term("void:distinctObjects"), terms.count(found.objects)
    yield corpus, term("void:classes"), terms.count(len(found.classes))
    yield corpus, term("void:properties"), terms.count(len(found.properties))


def _class_partition(
    partition: NamedNode, iri: str, use: ClassUse, iris: Iris
) -> Iterator[_Triple]:
    yield partition, term("void:class"), node(iri)
    yield partition, term("void:entities"), terms.count(use.entities)
    for by, property_use in use.properties.items():
        names = ("class", _short(iri), _short(by))
        inner = node(iris.part("void", *names))
        yield partition, term("void:propertyPartition"), inner
        yield inner, term("void:property"), node(by)
        yield inner, term("void:triples"), terms.count(property_use.triples)
        yield from _object_partitions(inner, names, property_use, iris)


def _object_partitions(
    partition: NamedNode, names: tuple[str, ...], use: PropertyUse, iris: Iris
) -> Iterator[_Triple]:
    kinds: tuple[tuple[str, str, Mapping[str, int]], ...] = (
        ("void:classPartition", "void:class", use.classes),
        ("void-ext:datatypePartition", "void-ext:datatype", use.datatypes),
    )
    for link, says, counts in kinds:
        for iri, count in counts.items():
            inner = node(iris.part("void", *names, _short(iri)))
            yield partition, term(link), inner
            yield inner, term(says), node(iri)
            yield inner, term("void:triples"), terms.count(count)


def _short(iri: str) -> str:
    """Prefix and local name with a dot; a digest where no prefix of ours fits."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and _LOCAL.fullmatch(local):
            return f"{prefix}.{local}"
    return hashlib.sha256(iri.encode()).hexdigest()[:16]
