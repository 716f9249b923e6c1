"""C4, L1, N1 to N4 where the terms are used: in a built graph, in the queries, in the context."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pyoxigraph
import pytest
from rdflib import (
    DCAT,
    DCTERMS,
    FOAF,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    VANN,
    VOID,
    XSD,
    Graph,
    URIRef,
)

from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.iris import Iris
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.ontology import context_file
from fairpapers.ontology.external import external_terms
from fairpapers.ontology.lint import CHECKS
from fairpapers.ontology.terms import DEFAULT_BASE, FP, FPV, PREFIXES
from fairpapers.queries import Library, load_library
from fairpapers.queries.federation.checks import bare
from fairpapers.queries.sib import library_quads

# Vocabularies of which rdflib holds the list of terms; its DCAT is version 2.
KNOWN: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "dcat": DCAT,
        "dcterms": DCTERMS,
        "foaf": FOAF,
        "owl": OWL,
        "prov": PROV,
        "rdf": RDF,
        "rdfs": RDFS,
        "schema": SDO,
        "sh": SH,
        "skos": SKOS,
        "vann": VANN,
        "void": VOID,
        "xsd": XSD,
    }
)
# What people ask for; the other graphs describe the data set and the vocabulary.
DESCRIBED = {"core", "evidence", "inferred", "links"}
# Of schema.org, and newer than the list of rdflib.
NEWER = {PREFIXES["schema"] + "observationAbout"}
_AXIOM = ("Source", "Property", "Target")
NAME = re.compile(r"(?<![\w:/#$?.-])([a-z][a-z-]*):([A-Za-z][\w-]*)")


@pytest.fixture(scope="module")
def quads(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[pyoxigraph.Quad]:
    """The whole graph of the demo records, with the library of queries in it."""
    lines = (root / "tests/queries/demo_records.jsonl").read_text("utf-8").splitlines()
    directory = tmp_path_factory.mktemp("demo")
    queries = library_quads(load_library(), Iris(DEFAULT_BASE))
    build_graph(map(Record.from_json, lines), directory, extra=queries)
    return list(pyoxigraph.Store.read_only(str(current_snapshot(directory).store)))


@pytest.fixture(scope="module")
def built(quads: list[pyoxigraph.Quad]) -> Graph:
    lines = {f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in quads}
    return Graph().parse(data="".join(sorted(lines)), format="nt")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def own_terms() -> set[str]:
    classes = (FP, FPV)
    return {
        value
        for names in classes
        for name, value in vars(names).items()
        if not name.startswith("_") and isinstance(value, str)
    }


@pytest.mark.parametrize("check", ["C4", "L1", "N1", "N2", "N3", "N4"])
def test_a_built_graph_passes(built: Graph, check: str) -> None:
    assert len(built) > 1000
    assert list(CHECKS[check](built)) == []


def test_L1_every_link_says_why_it_holds(quads: list[pyoxigraph.Quad]) -> None:
    links = {
        (quad.subject, quad.predicate, quad.object)
        for quad in quads
        if quad.predicate.value.startswith(PREFIXES["skos"])
        and quad.predicate.value.endswith("Match")
    }
    parts = [URIRef(PREFIXES["owl"] + f"annotated{part}") for part in _AXIOM]
    said = {(quad.subject, quad.predicate.value): quad.object for quad in quads}
    why = URIRef(PREFIXES["sssom"] + "mapping_justification")
    justified = {
        tuple(said[axiom, str(part)] for part in parts)
        for axiom, predicate in said
        if predicate == str(why)
    }
    assert links
    assert links <= justified


def unknown_in(text: str) -> set[str]:
    """Terms in a query that neither we nor a listed vocabulary define."""
    declared = dict(re.findall(r"PREFIX ([\w-]+): <([^>]+)>", text))
    body = re.sub(r"(?m)(^|\s)#.*$|\"[^\"\n]*\"|<[^>\s]*>|^PREFIX.*$", " ", text)
    used = {declared[prefix] + local for prefix, local in NAME.findall(body) if prefix in declared}
    terms = {iri for iri in used if not iri.startswith(PREFIXES["unit"])}
    return terms - external_terms() - own_terms()


def test_N2_queries_use_defined_terms_only(library: Library) -> None:
    assert len(library) > 10
    # What other endpoints are asked for is theirs to define.
    faults = {query.id: unknown_in(bare(query.text)) for query in library.values()}
    assert {id_: unknown for id_, unknown in faults.items() if unknown} == {}


def test_N2_a_slip_in_a_query_is_found() -> None:
    head = "PREFIX fp: <https://w3id.org/fairpapers/ontology#>\n# fp:comment\n"
    text = head + 'SELECT ?p WHERE { ?p fp:uses ?r ; fp:use "fp:text" }'
    assert unknown_in(text) == {FP.uses.removesuffix("s")}


def test_N2_every_listed_term_is_in_its_vocabulary() -> None:
    for prefix, vocabulary in KNOWN.items():
        listed = {term for term in external_terms() if term.startswith(PREFIXES[prefix])}
        assert {term for term in listed if URIRef(term) not in vocabulary} <= NEWER, prefix


def test_N2_the_list_is_in_order_and_names_no_term_twice_nor_one_of_ours(root: Path) -> None:
    lines = (root / "ontology" / "external_terms.txt").read_text("utf-8").splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    assert names == sorted(set(names), key=lambda name: name.split(":"))
    assert external_terms() & own_terms() == set()


def test_the_context_has_a_name_for_everything_that_a_graph_says(
    quads: list[pyoxigraph.Quad],
) -> None:
    context = json.loads(context_file().read_text("utf-8"))["@context"]
    named = {entry["@id"] for entry in context.values() if isinstance(entry, dict)}
    kind = PREFIXES["rdf"] + "type"
    used = set()
    for quad in quads:
        assert isinstance(quad.graph_name, pyoxigraph.NamedNode)
        if quad.graph_name.value.rpartition("/")[2] in DESCRIBED:
            used.add(quad.predicate.value)
            if quad.predicate.value == kind and isinstance(quad.object, pyoxigraph.NamedNode):
                used.add(quad.object.value)
    expanded = {PREFIXES[name.partition(":")[0]] + name.partition(":")[2] for name in named}
    assert used
    assert used - expanded - {kind} == set()
