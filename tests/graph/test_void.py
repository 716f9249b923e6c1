"""The VoID description says what rdflib counts, and editors find what they ask for."""

from __future__ import annotations

from collections import Counter
from typing import Protocol

import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Store
from rdflib import RDF, VOID, Namespace, URIRef

from fairpapers.graph.iris import Iris
from fairpapers.ontology.terms import FP, PREFIXES

EXT = Namespace(PREFIXES["void-ext"])


class Built(Protocol):
    def open(self) -> Store: ...


def graph(store: Store, iris: Iris, *names: str) -> rdflib.Graph:
    found = rdflib.Graph()
    for name in names:
        graph_name = NamedNode(iris.graph(name))
        triples = store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph_name)
        assert triples is not None
        found.parse(data=triples.decode(), format="nt")
    return found


@pytest.fixture(scope="module")
def data(built: Built, iris: Iris) -> rdflib.Graph:
    return graph(built.open(), iris, "core", "evidence", "inferred")


@pytest.fixture(scope="module")
def meta(built: Built, iris: Iris) -> rdflib.Graph:
    return graph(built.open(), iris, "meta")


def number(meta: rdflib.Graph, node: rdflib.term.Node | None, predicate: URIRef) -> int:
    assert node is not None
    return int(str(meta.value(node, predicate)))


def test_totals(data: rdflib.Graph, meta: rdflib.Graph, iris: Iris) -> None:
    corpus = URIRef(iris.corpus())
    assert number(meta, corpus, VOID.triples) == len(data)
    assert number(meta, corpus, VOID.distinctSubjects) == len(set(data.subjects()))
    assert number(meta, corpus, VOID.distinctObjects) == len(set(data.objects()))
    assert number(meta, corpus, VOID.classes) == len(set(data.objects(None, RDF.type)))
    assert number(meta, corpus, VOID.properties) == len(set(data.predicates()))


def test_subsets(meta: rdflib.Graph, built: Built, iris: Iris) -> None:
    subsets = {str(subset) for subset in meta.objects(URIRef(iris.corpus()), VOID.subset)}
    assert subsets == {iris.graph(name) for name in ("core", "evidence", "inferred")}
    for name in ("core", "evidence", "inferred"):
        counted = len(graph(built.open(), iris, name))
        assert number(meta, URIRef(iris.graph(name)), VOID.triples) == counted


def test_class_and_property_partitions(data: rdflib.Graph, meta: rdflib.Graph, iris: Iris) -> None:
    corpus = URIRef(iris.corpus())
    classes = Counter(data.objects(None, RDF.type))
    uses = Counter(
        (kind, predicate) for s, predicate, _ in data for kind in data.objects(s, RDF.type)
    )
    described: Counter[object] = Counter()
    used: Counter[object] = Counter()
    for partition in meta.objects(corpus, VOID.classPartition):
        kind = meta.value(partition, VOID["class"])
        described[kind] = number(meta, partition, VOID.entities)
        for inner in meta.objects(partition, VOID.propertyPartition):
            by = meta.value(inner, VOID.property)
            used[kind, by] = number(meta, inner, VOID.triples)
    assert described == classes
    assert used == uses
    properties = {
        meta.value(partition, VOID.property): number(meta, partition, VOID.triples)
        for partition in meta.objects(corpus, VOID.propertyPartition)
    }
    assert properties == Counter(data.predicates())


def test_object_partitions(data: rdflib.Graph, meta: rdflib.Graph) -> None:
    expected: Counter[object] = Counter()
    for s, p, o in data:
        for kind in data.objects(s, RDF.type):
            if isinstance(o, rdflib.Literal):
                expected[kind, p, o.datatype or rdflib.XSD.string] += 1
            else:
                expected.update((kind, p, last) for last in data.objects(o, RDF.type))
    found: Counter[object] = Counter()
    for partition in meta.subjects(VOID["class"]):
        of = meta.value(partition, VOID["class"])
        for inner in meta.objects(partition, VOID.propertyPartition):
            by = meta.value(inner, VOID.property)
            for link, says in (
                (VOID.classPartition, VOID["class"]),
                (EXT.datatypePartition, EXT.datatype),
            ):
                for last in meta.objects(inner, link):
                    found[of, by, meta.value(last, says)] = number(meta, last, VOID.triples)
    assert found == expected


def test_editors_find_prefixes_and_completion(built: Built) -> None:
    """The shapes of the questions that SPARQL editors ask when they start."""
    store = built.open()
    prefixes = """PREFIX sh: <http://www.w3.org/ns/shacl#>
        SELECT DISTINCT ?prefix ?namespace WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix }"""
    found = {
        row["prefix"].value: row["namespace"].value
        for row in store.query(prefixes, use_default_graph_as_union=True)  # type: ignore[union-attr]
    }
    assert found == dict(PREFIXES)
    completion = """PREFIX void: <http://rdfs.org/ns/void#> PREFIX ext: <http://ldf.fi/void-ext#>
        SELECT ?class ?prop ?object ?datatype WHERE {
          ?cp void:class ?class ; void:propertyPartition ?pp . ?pp void:property ?prop
          OPTIONAL { { ?pp void:classPartition [ void:class ?object ] }
            UNION { ?pp ext:datatypePartition [ ext:datatype ?datatype ] } }
        }"""
    rows = {
        tuple(term and term.value for term in row)
        for row in store.query(completion, use_default_graph_as_union=True)  # type: ignore[union-attr]
    }
    assert (FP.Paper, FP.introduces, FP.Model, None) in rows
    assert (FP.Result, FP.value, None, PREFIXES["xsd"] + "decimal") in rows


def test_links_to_other_data_are_linksets(meta: rdflib.Graph, built: Built, iris: Iris) -> None:
    links = graph(built.open(), iris, "links")
    counted = Counter(
        (predicate, str(target).rpartition("/")[0] + "/")
        for _, predicate, target in links
        if str(predicate).startswith(PREFIXES["skos"])
    )
    described = {
        (
            meta.value(linkset, VOID.linkPredicate),
            str(meta.value(meta.value(linkset, VOID.objectsTarget), VOID.uriSpace)),
        ): number(meta, linkset, VOID.triples)
        for linkset in meta.subjects(RDF.type, VOID.Linkset)
        if meta.value(linkset, VOID.subjectsTarget) == URIRef(iris.corpus())
    }
    assert described == counted
    assert len(described) > 1
