"""The forms of the ontology say the same, lists and all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat, parse
from rdflib.compare import isomorphic

from fairpapers.graph.export.ontology import OntologyFiles, canonical_triples, rdf_xml
from fairpapers.ontology import ontology_file
from fairpapers.ontology.terms import PREFIXES

from .conftest import Export


@pytest.fixture(scope="module")
def folder(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    release = tmp_path_factory.mktemp("ontology") / "release"
    export(release, (OntologyFiles(),))
    return release / "ontology"


@pytest.mark.parametrize("name", ["fairpapers", "vocab", "metrics"])
@pytest.mark.parametrize(("suffix", "form"), [("rdf", "xml"), ("nt", "nt")])
def test_each_form_is_the_turtle(folder: Path, name: str, suffix: str, form: str) -> None:
    turtle = rdflib.Graph().parse(folder / f"{name}.ttl")
    other = rdflib.Graph().parse(folder / f"{name}.{suffix}", format=form)
    assert len(turtle) > 100
    assert isomorphic(turtle, other)


def test_statements_about_list_nodes_survive_rdf_xml(tmp_path: Path) -> None:
    turtle = tmp_path / "lists.ttl"
    turtle.write_text(
        "@prefix : <http://example.org/> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
        " :a :all ( :b 1 ( 'c'@en ) ) ; :odd [ rdf:first :x ; rdf:rest () ; :says 'more' ] ."
    )
    triples = canonical_triples(turtle)
    read = rdflib.Graph().parse(data=rdf_xml(triples), format="xml")
    assert isomorphic(read, rdflib.Graph().parse(turtle))
    engine = {quad.triple for quad in parse(rdf_xml(triples), format=RdfFormat.RDF_XML)}
    assert len(engine) == len(triples)


def test_rdf_xml_is_the_same_in_every_process() -> None:
    code = (
        "import sys; from fairpapers.graph.export.ontology import *;"
        " from fairpapers.ontology import ontology_file;"
        " sys.stdout.buffer.write(rdf_xml(canonical_triples(ontology_file())))"
    )
    once = rdf_xml(canonical_triples(ontology_file()))
    for _ in range(2):
        command = [sys.executable, "-c", code]
        assert subprocess.run(command, check=True, capture_output=True).stdout == once


def test_prefixes_say_what_the_graph_declares(folder: Path) -> None:
    assert json.loads((folder / "prefixes.json").read_text()) == PREFIXES
    rows = (
        rdflib.Graph()
        .parse(folder / "prefixes.ttl")
        .query(
            "PREFIX sh: <http://www.w3.org/ns/shacl#>"
            " SELECT ?prefix ?namespace { ?graph sh:declare [ sh:prefix ?prefix ;"
            " sh:namespace ?namespace ] }"
        )
    )
    found = [(str(row[0]), str(row[1])) for row in rows if isinstance(row, rdflib.query.ResultRow)]
    assert sorted(found) == sorted(PREFIXES.items())
