"""Evidence in the forms of others says what the graph says, and what the library's queries say."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld  # type: ignore[import-untyped]
from pyoxigraph import Literal, NamedNode, QueryTriples, RdfFormat, Store, Triple, parse

from fairpapers.graph.export.annotations import (
    ANNOTATION_CONTEXT,
    ANNOTATIONS_FILE,
    CONTEXT_FILE,
    Annotations,
    annotation,
)
from fairpapers.graph.export.mentions import Agent, Mention
from fairpapers.graph.export.nif import NIF_FILE, Nif, phrase_triples
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore
from fairpapers.ontology.terms import FP, PREFIXES
from fairpapers.queries import load_library

from .conftest import Export

XSD = PREFIXES["xsd"]
NIF = PREFIXES["nif"]
OA = PREFIXES["oa"]
LONG = Mention(
    iri="https://example.org/m/0-90",
    text="https://example.org/text",
    length=100,
    start=0,
    end=90,
    words=None,
    confidence="0.5",
    bodies=("https://example.org/d",),
    agents=(Agent("https://example.org/a", "fairpapers 1"),),
)

CUT_SHORT = f"""
@prefix : <https://example.org/> . @prefix fp: <{PREFIXES["fp"]}> . @prefix oa: <{OA}> .
@prefix prov: <{PREFIXES["prov"]}> . @prefix schema: <{PREFIXES["schema"]}> .
:p fp:hasText :text . :text fp:textLength 100 .
:m a fp:Mention ; fp:inText :text ; fp:start 0 ; fp:end 90 ; fp:surfaceForm "{"w" * 80}" ;
  fp:confidence 0.5 ; oa:hasBody :d .
:c fp:supportedBy :m ; prov:wasGeneratedBy :run . :run prov:wasAssociatedWith :a .
:a schema:name "fairpapers" ; schema:softwareVersion "1" .
"""


@pytest.fixture(scope="module")
def released(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evidence") / "release"
    export(folder, (Annotations(), Nif()))
    return folder


@pytest.fixture(scope="module")
def store(demo_graph: Path) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(current_snapshot(demo_graph).store) as opened:
        yield opened


def constructed(store: EmbeddedStore, id_: str) -> set[tuple[object, ...]]:
    """What a query of the library gives for every paper of the graph."""
    query = load_library()[id_]
    papers = [
        row[0].value
        for row in store.select(f"SELECT ?paper {{ ?paper a <{FP.Paper}> }}").rows
        if isinstance(row[0], NamedNode)
    ]
    texts = (query.bind({"paper": paper}) for paper in papers)
    return {comparable(triple) for text in texts for triple in store.construct(text)}


def comparable(triple: Triple) -> tuple[object, ...]:
    """A triple with numbers by value: the store keeps no type derived from xsd:integer."""
    value = triple.object
    if isinstance(value, Literal):
        kind = value.datatype.value
        number = kind in {XSD + "integer", XSD + "nonNegativeInteger", XSD + "decimal"}
        return (
            str(triple.subject),
            str(triple.predicate),
            Decimal(value.value) if number else str(value),
        )
    return str(triple.subject), str(triple.predicate), str(value)


def lines(released: Path) -> list[dict[str, Any]]:
    content = gzip.decompress((released / ANNOTATIONS_FILE).read_bytes()).decode()
    return [json.loads(line) for line in content.splitlines()]


def as_rdf(released: Path, documents: list[dict[str, Any]]) -> set[tuple[object, ...]]:
    """Triples by a JSON-LD processor that has the context of the release and no network."""

    def loader(url: str, options: object) -> dict[str, Any]:
        assert url == ANNOTATION_CONTEXT
        context = json.loads((released / CONTEXT_FILE).read_text())
        return {"contextUrl": None, "documentUrl": url, "document": context}

    options = {"documentLoader": loader, "format": "application/n-quads"}
    texts = (jsonld.to_rdf(document, options) for document in documents)
    return {
        comparable(quad.triple) for text in texts for quad in parse(text, format=RdfFormat.N_QUADS)
    }


def test_annotations_are_those_that_the_query_constructs(
    released: Path, store: EmbeddedStore
) -> None:
    written = as_rdf(released, lines(released))
    assert written == constructed(store, "L07")
    targets = {subject for subject, predicate, _ in written if predicate == f"<{OA}hasSource>"}
    assert len(targets) == len(store.select(f"SELECT ?m {{ ?m a <{FP.Mention}> }}"))


def test_phrases_are_those_that_the_query_constructs(released: Path, store: EmbeddedStore) -> None:
    content = gzip.decompress((released / NIF_FILE).read_bytes())
    written = [comparable(each.triple) for each in parse(content, format=RdfFormat.N_TRIPLES)]
    assert set(written) == constructed(store, "L03")
    assert len(written) == len(set(written))


def test_no_text_is_given_away(released: Path, demo_graph: Path) -> None:
    everything = gzip.decompress((released / NIF_FILE).read_bytes()).decode()
    assert "isString" not in everything
    for each in lines(released):
        position, quote = each["target"]["selector"]
        assert len(quote["exact"]) == position["end"] - position["start"] <= 80
        assert quote.keys() == {"id", "type", "exact"}


def test_a_mention_whose_words_are_cut_short_is_not_quoted() -> None:
    (selector,) = annotation(LONG)["target"]["selector"]
    assert selector["type"] == "TextPositionSelector"
    assert NIF + "anchorOf" not in {triple.predicate.value for triple in phrase_triples(LONG)}
    store = Store()
    store.load(CUT_SHORT.encode(), format=RdfFormat.TURTLE)
    for id_, unwanted in (("L07", OA + "exact"), ("L03", NIF + "anchorOf")):
        found = store.query(load_library()[id_].bind({"paper": "https://example.org/p"}))
        assert isinstance(found, QueryTriples)
        predicates = {triple.predicate.value for triple in found}
        assert predicates
        assert unwanted not in predicates


def test_spans_are_named_as_rfc_5147_asks(released: Path) -> None:
    content = gzip.decompress((released / NIF_FILE).read_bytes())
    for quad in parse(content, format=RdfFormat.N_TRIPLES):
        if quad.predicate.value == NIF + "beginIndex":
            assert isinstance(quad.subject, NamedNode)
            text, _, span = quad.subject.value.partition("#char=")
            assert text.endswith("/text")
            assert span.partition(",")[0] == quad.object.value
