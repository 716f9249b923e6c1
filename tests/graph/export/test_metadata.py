"""What a release says of itself is so: figures (V1), files (V2), IRIs."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse
from rdflib import RDF, VOID, Literal, Namespace, URIRef

from fairpapers.graph.export.metadata import Metadata
from fairpapers.graph.iris import GRAPHS, Iris
from fairpapers.ontology.terms import DEFAULT_BASE, PREFIXES

from .conftest import Export

DCAT = Namespace(PREFIXES["dcat"])
DCTERMS = Namespace(PREFIXES["dcterms"])
SPDX = Namespace("http://spdx.org/rdf/terms#")
MEDIA = "https://www.iana.org/assignments/media-types/"
IRIS = Iris(DEFAULT_BASE)
CORPUS = URIRef(IRIS.corpus())
RELEASE = URIRef(f"{IRIS.corpus()}/release/1.0")
HERE = "https://example.org/here/"
# The description cannot hold itself; these are written after it.
LATER = {
    "metadata.ttl",
    "metadata.jsonld",
    "README.md",
    "LICENSES.md",
    "ro-crate-metadata.json",
    "SHA256SUMS",
}


@pytest.fixture(scope="module")
def said(whole: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(whole / "metadata.ttl", publicID=HERE)


@pytest.fixture(scope="module")
def quads(whole: Path) -> list[Quad]:
    with gzip.open(whole / "data/graph.nq.gz") as lines:
        return list(parse(lines.read(), format=RdfFormat.N_QUADS))


def number(said: rdflib.Graph, node: rdflib.term.Node, predicate: URIRef) -> int:
    value = said.value(node, predicate, any=False)
    assert isinstance(value, Literal)
    return int(value)


def test_figures_of_the_whole_and_of_each_graph_are_counted(
    said: rdflib.Graph, quads: list[Quad]
) -> None:
    assert number(said, RELEASE, VOID.triples) == len(quads)
    counted = Counter(str(quad.graph_name)[1:-1] for quad in quads)
    subsets = {str(subset) for subset in said.objects(RELEASE, VOID.subset)} - {str(CORPUS)}
    assert subsets == counted.keys()
    for name, count in counted.items():
        assert number(said, URIRef(name), VOID.triples) == count


def test_figures_of_the_data_classes_and_properties_are_counted(
    said: rdflib.Graph, quads: list[Quad]
) -> None:
    names = {NamedNode(IRIS.graph(name)) for name in ("core", "evidence", "inferred")}
    data = [quad for quad in quads if quad.graph_name in names]
    kind = NamedNode(str(RDF.type))
    assert number(said, CORPUS, VOID.triples) == len(data)
    assert number(said, CORPUS, VOID.distinctSubjects) == len({quad.subject for quad in data})
    assert number(said, CORPUS, VOID.distinctObjects) == len({quad.object for quad in data})
    properties = Counter(quad.predicate.value for quad in data)
    stated = {
        str(said.value(part, VOID.property)): number(said, part, VOID.triples)
        for part in said.objects(CORPUS, VOID.propertyPartition)
    }
    assert stated == properties
    classes = Counter(str(quad.object)[1:-1] for quad in data if quad.predicate == kind)
    stated = {
        str(said.value(part, VOID["class"])): number(said, part, VOID.entities)
        for part in said.objects(CORPUS, VOID.classPartition)
    }
    assert stated == classes


def test_each_distribution_is_a_file_of_that_size_and_digest(
    whole: Path, said: rdflib.Graph
) -> None:
    found = set()
    for each in said.objects(RELEASE, DCAT.distribution):
        address = str(said.value(each, DCAT.downloadURL, any=False))
        assert address.startswith(HERE)
        path = whole / address.removeprefix(HERE)
        content = path.read_bytes()
        assert number(said, each, DCAT.byteSize) == len(content)
        checksum = said.value(each, SPDX.checksum, any=False)
        assert said.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        digest = said.value(checksum, SPDX.checksumValue)
        assert isinstance(digest, Literal)
        assert digest.datatype == rdflib.XSD.hexBinary
        assert str(digest).lower() == hashlib.sha256(content).hexdigest()
        assert said.value(each, DCTERMS.license, any=False) is not None
        packed = said.value(each, DCAT.compressFormat)
        assert (packed == URIRef(MEDIA + "application/gzip")) == (path.suffix == ".gz")
        assert str(said.value(each, DCAT.mediaType, any=False)).startswith(MEDIA)
        found.add(path.relative_to(whole).as_posix())
    there = {path.relative_to(whole).as_posix() for path in whole.rglob("*") if path.is_file()}
    assert found == there - LATER


def test_each_dump_is_there(whole: Path, said: rdflib.Graph) -> None:
    dumps = [str(dump) for dump in said.objects(None, VOID.dataDump)]
    assert len(dumps) >= 3 + len(set(GRAPHS) - {"links", "queries"})
    for dump in dumps:
        assert (whole / dump.removeprefix(HERE)).is_file()


def test_examples_exist_and_match_the_pattern(said: rdflib.Graph, quads: list[Quad]) -> None:
    (pattern,) = said.objects(RELEASE, VOID.uriRegexPattern)
    subjects = {quad.subject for quad in quads}
    examples = [str(example) for example in said.objects(RELEASE, VOID.exampleResource)]
    assert len(examples) == 7
    for example in examples:
        assert NamedNode(example) in subjects
        assert re.search(str(pattern), example)


def test_it_is_a_data_set_of_a_series_with_what_catalogues_ask_for(said: rdflib.Graph) -> None:
    assert {DCAT.Dataset, VOID.Dataset} <= set(said.objects(RELEASE, RDF.type))
    one = (
        *(DCTERMS[name] for name in ("title", "description", "license", "issued", "publisher")),
        *(DCTERMS[name] for name in ("creator", "identifier", "accrualPeriodicity", "conformsTo")),
        *(DCAT[name] for name in ("version", "inSeries", "isVersionOf")),
    )
    for predicate in one:
        assert len(list(said.objects(RELEASE, predicate))) == 1, predicate
    series = said.value(RELEASE, DCAT.inSeries)
    assert (series, RDF.type, DCAT.DatasetSeries) in said
    assert not list(said.objects(RELEASE, DCAT.previousVersion))


def test_nothing_is_blank_and_every_iri_parses(whole: Path) -> None:
    content = (whole / "metadata.ttl").read_bytes()
    for quad in parse(content, format=RdfFormat.TURTLE, base_iri=HERE):
        for term in (quad.subject, quad.predicate, quad.object):
            assert not str(term).startswith("_:")
            if isinstance(term, NamedNode):
                assert term.value.startswith(("https://", "http://")), term
                assert "release.invalid" not in term.value


def triples(content: bytes, form: RdfFormat) -> set[Triple]:
    return {quad.triple for quad in parse(content, format=form, base_iri=HERE)}


def test_the_json_ld_says_the_same(whole: Path) -> None:
    turtle = triples((whole / "metadata.ttl").read_bytes(), RdfFormat.TURTLE)
    assert turtle == triples((whole / "metadata.jsonld").read_bytes(), RdfFormat.JSON_LD)


def test_with_a_homepage_addresses_are_absolute_and_versions_follow_each_other(
    whole: Path, export: Export, tmp_path: Path
) -> None:
    homepage = "https://example.org/data/1.1"
    changed: dict[str, Any] = {"homepage": homepage, "version": "1.1", "previous": whole}
    export(tmp_path / "release", (Metadata(),), **changed)
    content = (tmp_path / "release" / "metadata.ttl").read_bytes()
    said = rdflib.Graph().parse(data=content, format="turtle", publicID=HERE)
    release = URIRef(f"{IRIS.corpus()}/release/1.1")
    assert said.value(release, DCAT.landingPage) == URIRef(homepage)
    (each,) = said.objects(release, DCAT.distribution)
    assert str(said.value(each, DCAT.downloadURL)) == f"{homepage}/data/graph.nq.gz"
    assert said.value(release, DCAT.previousVersion) == RELEASE
    assert json.loads((whole / "datacite.json").read_text())["version"] == "1.0"
