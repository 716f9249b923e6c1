"""L1, L3: the alignments are valid SSSOM, speak of our terms, and each says why it holds."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from fairpapers.ontology import (
    aligned_statements_file,
    alignments_file,
    metric_vocabulary_file,
    strict_mls_file,
)
from fairpapers.ontology.alignments import alignments_text, read_table
from fairpapers.ontology.lint.base import BAD_IRI
from fairpapers.ontology.terms import FP, PREFIXES

# Not skos:relatedMatch, which says too little.
MATCHES = {f"skos:{each}Match" for each in ("exact", "close", "broad", "narrow")}
_SIDES = ("subject_id", "object_id")
_JUSTIFICATION = "mapping_justification"


def _expanded(name: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, local = name.partition(":")
    return prefixes[prefix] + local


@pytest.fixture(scope="module")
def sssom(root: Path) -> Path:
    command = root / ".validators" / "bin" / "sssom"
    if not command.is_file():
        pytest.skip("needs the validators: make .validators/bin/python")
    return command


def errors(sssom: Path, path: Path) -> str:
    """What the validator prints of a mapping set; empty where it is valid."""
    done = subprocess.run([sssom, "validate", path], capture_output=True, text=True, timeout=300)
    faults = [line for line in done.stderr.splitlines() if "ERROR" in line or "Error" in line]
    return "\n".join(faults) or ("" if done.returncode == 0 else done.stderr)


def test_L3_the_table_is_valid_SSSOM(sssom: Path) -> None:
    assert errors(sssom, alignments_file()) == ""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("\tskos:closeMatch\t", "\t\t"),
        ("bibo:AcademicArticle", "nobody:AcademicArticle"),
    ],
)
def test_L3_the_validator_finds_a_fault(
    sssom: Path, tmp_path: Path, right: str, wrong: str
) -> None:
    text = alignments_file().read_text("utf-8")
    assert right in text
    faulty = tmp_path / "faulty.sssom.tsv"
    faulty.write_text(text.replace(right, wrong, 1), "utf-8")
    assert errors(sssom, faulty) != ""


def test_head_says_what_the_set_is_and_who_may_use_it() -> None:
    about = read_table().metadata
    assert about["mapping_set_id"].startswith("https://w3id.org/fairpapers/")
    assert about["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert about["mapping_set_version"]
    assert about["creator_label"]


def test_every_row_matches_a_term_of_ours_with_one_of_others(
    ontology: Graph, vocabulary: Graph
) -> None:
    table = read_table()
    entries = Graph().parse(metric_vocabulary_file())
    for row in table.rows:
        subject, target = (_expanded(row[side], table.prefixes) for side in _SIDES)
        defined = ontology + vocabulary + entries
        label = defined.value(URIRef(subject), RDFS.label) or defined.value(
            URIRef(subject), SKOS.prefLabel
        )
        assert row["subject_label"] == str(label), row
        assert not target.startswith((PREFIXES["fp"], PREFIXES["fpv"]))
        assert not BAD_IRI.search(target)
        assert row["object_label"].strip()
        assert row["predicate_id"] in MATCHES


def test_L1_every_row_says_why_it_holds() -> None:
    assert {row["mapping_justification"] for row in read_table().rows} == {
        "semapv:ManualMappingCuration"
    }


def test_rows_are_in_order_and_none_is_there_twice() -> None:
    keys = [(row["subject_id"], row["predicate_id"], row["object_id"]) for row in read_table().rows]
    assert keys == sorted(set(keys))


def test_a_pair_has_one_predicate() -> None:
    pairs = [(row["subject_id"], row["object_id"]) for row in read_table().rows]
    assert len(pairs) == len(set(pairs))


def test_every_prefix_is_used_and_ours_agree_with_those_of_the_graph() -> None:
    table = read_table()
    names = [
        row[column] for row in table.rows for column in (*_SIDES, "predicate_id", _JUSTIFICATION)
    ]
    used = {name.partition(":")[0] for name in names}
    assert set(table.prefixes) == used
    for prefix in used & set(PREFIXES):
        assert table.prefixes[prefix] == PREFIXES[prefix]


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.w3.org/ns/mls#",
        "https://w3id.org/fair4ml#",
        "http://data.europa.eu/it6/",
        "http://w3id.org/mlso/",
        "http://www.w3.org/ns/dcat#",
        "http://purl.org/spar/fabio/",
        "http://purl.org/ontology/bibo/",
        "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
        "https://linkedpaperswithcode.com/class/",
        "http://orkg.org/orkg/class/",
        "http://www.wikidata.org/entity/",
        "https://schema.org/",
    ],
)
def test_a_neighbour_is_aligned(namespace: str) -> None:
    table = read_table()
    assert any(
        _expanded(row["object_id"], table.prefixes).startswith(namespace) for row in table.rows
    )


def test_every_class_of_the_research_that_papers_describe_is_aligned() -> None:
    aligned = {row["subject_id"] for row in read_table().rows}
    resources = (FP.Dataset, FP.Benchmark, FP.Model, FP.Method, FP.Metric, FP.Task)
    described = (FP.Paper, FP.SourceText, FP.ResearchResource, FP.Result, FP.Mention, FP.Claim)
    for iri in (*resources, *described):
        assert f"fp:{iri.removeprefix(PREFIXES['fp'])}" in aligned


def test_statements_are_current() -> None:
    assert aligned_statements_file().read_text("utf-8") == alignments_text()


@pytest.mark.parametrize(
    "path", [aligned_statements_file(), strict_mls_file()], ids=lambda p: p.stem
)
def test_RDF1_two_parsers_read_the_same_and_each_is_a_versioned_ontology(path: Path) -> None:
    graph = Graph().parse(path)
    assert len(set(pyoxigraph.parse(path=str(path)))) == len(graph)
    (header,) = graph.subjects(RDF.type, OWL.Ontology)
    version = graph.value(header, OWL.versionInfo)
    assert str(graph.value(header, OWL.versionIRI)) == f"{header}/{version}"


def test_strict_module_says_subclass_where_the_table_says_match() -> None:
    table = read_table()
    matched = {tuple(_expanded(row[side], table.prefixes) for side in _SIDES) for row in table.rows}
    graph = Graph().parse(strict_mls_file())
    for relation in (RDFS.subClassOf, RDFS.subPropertyOf):
        strict = {(str(below), str(above)) for below, above in graph.subject_objects(relation)}
        assert strict
        assert strict <= matched
