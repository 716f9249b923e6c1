"""What was released stays: no term goes away or becomes something else."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, SKOS, Graph, Literal, URIRef

from fairpapers.ontology.released import broken, defined_terms, main, read_terms, terms_text
from fairpapers.ontology.terms import ONTOLOGY_IRI

Version = tuple[int, ...]


def number(text: str) -> Version:
    assert re.fullmatch(r"\d+\.\d+\.\d+", text)
    return tuple(map(int, text.split(".")))


@pytest.fixture(scope="module")
def released(root: Path) -> dict[Version, Path]:
    folder = root / "ontology" / "released"
    return {number(path.stem): path for path in folder.iterdir()}


def test_no_term_of_a_released_version_is_gone_or_something_else(
    released: dict[Version, Path],
) -> None:
    assert released
    now = defined_terms()
    for path in released.values():
        terms = read_terms(path)
        assert len(terms) > 50
        assert broken(terms, now) == [], path.name


def test_a_term_that_goes_or_changes_is_reported() -> None:
    old = {"fp:a": "owl:Class", "fp:b": "owl:Class", "fp:c": "owl:ObjectProperty"}
    found = broken(old, {"fp:a": "owl:Class", "fp:c": "owl:DatatypeProperty", "fp:d": "owl:Class"})
    assert [fault.split()[0] for fault in found] == ["fp:b", "fp:c"]


def test_lists_are_in_the_form_that_the_command_writes(released: dict[Version, Path]) -> None:
    for path in released.values():
        assert path.read_text("utf-8") == terms_text(read_terms(path))


def test_header_names_the_version_before(ontology: Graph, released: dict[Version, Path]) -> None:
    header = URIRef(ONTOLOGY_IRI)
    current = number(str(ontology.value(header, OWL.versionInfo)))
    assert current >= max(released), "a version is recorded when it is released"
    before = [each for each in released if each < current]
    prior = ontology.value(header, OWL.priorVersion)
    if before:
        assert prior == URIRef(f"{ONTOLOGY_IRI}/{'.'.join(map(str, max(before)))}")
    else:
        assert prior is None


def test_a_deprecated_term_says_since_when_and_why(ontology: Graph, vocabulary: Graph) -> None:
    graph = ontology + vocabulary
    for term in graph.subjects(OWL.deprecated, Literal(True)):
        notes = [str(note) for note in graph.objects(term, SKOS.changeNote)]
        assert any(re.match(r"Deprecated in \d+\.\d+\.\d+: ", note) for note in notes), term
        for other in graph.objects(term, DCTERMS.isReplacedBy):
            assert (other, None, None) in graph
            assert (other, OWL.deprecated, Literal(True)) not in graph


def test_command_records_the_version_of_the_header(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ontology: Graph
) -> None:
    shutil.copytree(root / "ontology" / "released", tmp_path / "released")
    monkeypatch.setattr(sys, "argv", ["released", str(tmp_path)])

    main()

    version = ontology.value(URIRef(ONTOLOGY_IRI), OWL.versionInfo)
    assert read_terms(tmp_path / "released" / f"{version}.tsv") == defined_terms()


def test_policy_names_each_file_that_has_a_version(root: Path) -> None:
    policy = (root / "ontology" / "VERSIONS.md").read_text("utf-8")
    for name in ("ontology", "vocab", "shapes", "context", "alignments", "align-mls"):
        assert f"{name}/<version>" in policy
    for term in ("owl:deprecated", "dcterms:isReplacedBy", "owl:priorVersion"):
        assert term in policy
