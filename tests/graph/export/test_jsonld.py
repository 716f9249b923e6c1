"""The JSON-LD holds the quads of the graph, without network, for every processor (V4)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld  # type: ignore[import-untyped]
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.errors import IriError
from fairpapers.graph.export.jsonld import JSONLD_FILE, JsonLd, JsonLdFile, own_context
from fairpapers.graph.export.release import QUADS_FILE
from fairpapers.ontology.terms import PREFIXES

from .conftest import Export

pytestmark = pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")


@pytest.fixture(scope="module")
def release(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jsonld") / "release"
    export(folder, (JsonLdFile(),))
    return folder


@pytest.fixture(scope="module")
def small(
    export: Export, sample: tuple[Record, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A release of the sample papers."""
    folder = tmp_path_factory.mktemp("jsonld-small")
    build_graph(sample, folder / "graph")
    export(folder / "release", (JsonLdFile(),), graph=folder / "graph")
    return folder / "release"


def quads(content: bytes) -> set[Quad]:
    return set(parse(content, format=RdfFormat.N_QUADS))


def unpacked(release: Path, file: str) -> bytes:
    return gzip.decompress((release / file).read_bytes())


def no_network(url: str, options: object) -> Any:
    raise AssertionError(f"asked for {url}")


def test_the_engine_reads_the_graph(release: Path) -> None:
    read = list(parse(unpacked(release, JSONLD_FILE), format=RdfFormat.JSON_LD))
    assert len(read) == len(set(read))
    assert set(read) == quads(unpacked(release, QUADS_FILE))


def test_pyld_reads_the_graph_without_network(small: Path) -> None:
    document = json.loads(unpacked(small, JSONLD_FILE))
    read = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": no_network})
    assert quads(read.encode()) == quads(unpacked(small, QUADS_FILE))


def test_rdflib_reads_the_graph(small: Path) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=unpacked(small, JSONLD_FILE), format="json-ld")
    lines = dataset.serialize(format="nquads")
    assert quads(lines.encode()) == quads(unpacked(small, QUADS_FILE))


def test_a_line_is_a_subject(release: Path) -> None:
    lines = unpacked(release, JSONLD_FILE).decode().splitlines()
    assert lines[-1] == "]}"
    of_graph = [json.loads(line.rstrip(",")) for line in lines[2:-1]]
    (found,) = (
        node
        for graph in of_graph
        for node in graph["@graph"]
        if graph["id"].endswith("/core") and node["id"].endswith("/id/dataset/imagenet")
    )
    assert found == {
        "id": found["id"],
        "type": "Dataset",
        "prefLabel": "ImageNet",
        "paperCount": found["paperCount"],
    }
    assert isinstance(found["paperCount"], int)


XSD = PREFIXES["xsd"]
NODES = st.builds(
    lambda namespace, local: NamedNode(namespace + local),
    st.sampled_from([*PREFIXES.values(), "https://example.org/", "urn:x:"]),
    st.text("aZ0/:.-_?", max_size=6),
)
OWN = st.sampled_from(
    ["value", "start", "uses", "title", "textSha256", "surfaceForm", "Model"]
).map(lambda local: NamedNode(PREFIXES["fp"] + local))
LITERALS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(Literal),
    st.text("ab", max_size=3).map(lambda text: Literal(text, language="en")),
    st.builds(
        lambda text, kind: Literal(text, datatype=NamedNode(XSD + kind)),
        st.text("0123456789.-+e", max_size=18),
        st.sampled_from(["integer", "decimal", "double", "boolean", "hexBinary", "gYear"]),
    ),
)
PREDICATES = st.one_of(OWN, NODES, st.just(NamedNode(PREFIXES["rdf"] + "label")))


@given(st.lists(st.builds(Triple, NODES, PREDICATES, st.one_of(NODES, OWN, LITERALS)), max_size=3))
def test_every_statement_comes_back_as_it_was(triples: list[Triple]) -> None:
    context = own_context()
    nodes = [JsonLd(context).node(triple.subject, [triple]) for triple in triples]
    document = {"@context": context, "@graph": nodes}
    read = parse(json.dumps(document).encode(), format=RdfFormat.JSON_LD)
    assert {quad.triple for quad in read} == set(triples)


def test_an_iri_that_json_ld_cannot_say_is_refused() -> None:
    triple = Triple(NamedNode("schema:x"), NamedNode("urn:p"), NamedNode("urn:o"))
    with pytest.raises(IriError, match="'schema'"):
        JsonLd(own_context()).node(triple.subject, [triple])
