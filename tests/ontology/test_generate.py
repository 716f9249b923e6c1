"""What is generated from the Turtle is current, and the context means what the Turtle means."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, XSD, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from fairpapers.ontology import context_file
from fairpapers.ontology.generate import context_text, main, term_tables, with_tables
from fairpapers.ontology.terms import FP, PREFIXES

# rdflib's JSON-LD parser makes a ConjunctiveGraph, which rdflib deprecates.
RDFLIB_OWN_WARNING = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")


def test_context_is_current() -> None:
    assert context_file().read_text(encoding="utf-8") == context_text()


def test_tables_of_the_readme_are_current(root: Path) -> None:
    readme = (root / "ontology" / "README.md").read_text(encoding="utf-8")
    assert term_tables() in readme
    assert with_tables(readme) == readme


def test_a_stale_readme_is_renewed_between_its_marks_only() -> None:
    stale = "before\n<!-- terms: begin -->\nthe table of last year\n<!-- terms: end -->\nafter\n"
    fresh = with_tables(stale)
    assert "last year" not in fresh
    assert fresh.startswith("before\n")
    assert fresh.endswith("after\n")


def test_command_writes_context_and_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "README.md").write_text("<!-- terms: begin -->\n<!-- terms: end -->\n")
    monkeypatch.setattr(sys, "argv", ["generate", str(tmp_path)])

    main()

    assert (tmp_path / "context.jsonld").read_text(encoding="utf-8") == context_text()
    assert "`fp:Paper`" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_context_names_every_term_and_coerces_its_values() -> None:
    entries = json.loads(context_text())["@context"]
    for name in (name for name in vars(FP) if not name.startswith("_")):
        assert entries[name]["@id"] == f"fp:{name}"
    assert entries["uses"]["@type"] == "@id"
    assert entries["confidence"]["@type"] == "xsd:decimal"
    assert "@type" not in entries["title"]


def test_only_the_prefix_that_is_a_property_too_gives_way() -> None:
    entries = json.loads(context_text())["@context"]
    assert {prefix for prefix in PREFIXES if entries[prefix] != PREFIXES[prefix]} == {"unit"}


@RDFLIB_OWN_WARNING
def test_example_survives_json_ld(example: Graph) -> None:
    document = example.serialize(format="json-ld", context=json.loads(context_text()))

    keys = {key for node in json.loads(document)["@graph"] for key in node}
    assert [key for key in keys if ":" in key] == []
    assert isomorphic(Graph().parse(data=document, format="json-ld"), example)


@RDFLIB_OWN_WARNING
def test_plain_json_means_what_it_says() -> None:
    paper = "https://w3id.org/fairpapers/id/paper/title:0123456789abcdef"
    document = {
        **json.loads(context_text()),
        "id": paper,
        "type": "Paper",
        "title": "Foo",
        "mentions": [f"{paper}/a", f"{paper}/b"],
        "reportsResult": {"id": f"{paper}/r/1", "type": "Result", "value": "91.30"},
    }
    graph = Graph().parse(data=json.dumps(document), format="json-ld")

    result = URIRef(f"{paper}/r/1")
    assert set(graph) == {
        (URIRef(paper), RDF.type, URIRef(FP.Paper)),
        (URIRef(paper), DCTERMS.title, Literal("Foo")),
        (URIRef(paper), URIRef(FP.mentions), URIRef(f"{paper}/a")),
        (URIRef(paper), URIRef(FP.mentions), URIRef(f"{paper}/b")),
        (URIRef(paper), URIRef(FP.reportsResult), result),
        (result, RDF.type, URIRef(FP.Result)),
        (result, URIRef(FP.value), Literal("91.30", datatype=XSD.decimal)),
    }
