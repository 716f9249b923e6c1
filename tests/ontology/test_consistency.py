"""C1, C2: what HermiT finds in the core, in faulty data, and in the strict module for ML-Schema."""

from __future__ import annotations

import shutil
from pathlib import Path

import owlready2
import pytest
from rdflib import OWL, RDF, Graph

from fairpapers.ontology import aligned_statements_file, ontology_file, strict_mls_file
from fairpapers.ontology.terms import PREFIXES

MLS = Path(__file__).parent / "mls_disjoint.ttl"
STRICT = (MLS, strict_mls_file())
DOUBLE = "<https://w3id.org/fairpapers/id/model/bert> a fp:Model , fp:Method ."
CLASH = "<https://w3id.org/fairpapers/id/paper/doi:10.1000:foo> a fp:Paper , fp:Result ."
SEVERAL_KINDS = (
    ("fp:Dataset", "fp:Task"),
    ("fp:Metric", "fp:Method"),
    ("fp:Model", "fp:Task"),
)

pytestmark = pytest.mark.skipif(
    shutil.which("java") is None, reason="HermiT needs a Java runtime, which is not there"
)


def is_consistent(folder: Path, *data: Path | str) -> bool:
    """Whether HermiT finds a model for the core ontology together with the data."""
    graph = Graph().parse(ontology_file())
    for part in data:
        if isinstance(part, Path):
            graph.parse(part)
        else:
            graph.update(f"INSERT DATA {{ {part} }}", initNs=PREFIXES)
    for header in set(graph.subjects(RDF.type, OWL.Ontology)):
        graph.remove((header, None, None))
    path = folder / "all.nt"
    graph.serialize(path, format="nt", encoding="utf-8")
    world = owlready2.World()
    world.get_ontology(path.as_uri()).load()
    try:
        owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return False
    return not list(world.inconsistent_classes())


def test_C1_the_core_is_consistent(tmp_path: Path) -> None:
    assert is_consistent(tmp_path)


def test_C1_a_resource_of_two_kinds_keeps_the_core_consistent(tmp_path: Path) -> None:
    assert is_consistent(tmp_path, DOUBLE)


def test_C1_a_paper_that_is_a_result_is_caught(tmp_path: Path) -> None:
    assert not is_consistent(tmp_path, CLASH)


def test_C1_the_alignments_keep_the_core_consistent(tmp_path: Path) -> None:
    assert is_consistent(tmp_path, aligned_statements_file(), DOUBLE)


def test_C2_the_strict_module_is_consistent_on_the_core_alone(tmp_path: Path) -> None:
    assert is_consistent(tmp_path, *STRICT)


def test_C2_the_strict_module_does_not_bear_a_resource_of_two_kinds(tmp_path: Path) -> None:
    assert not is_consistent(tmp_path, *STRICT, DOUBLE)


@pytest.mark.parametrize("kinds", SEVERAL_KINDS, ids=lambda kinds: "+".join(kinds))
def test_C2_no_other_pair_of_kinds_either(tmp_path: Path, kinds: tuple[str, str]) -> None:
    both = f"<https://w3id.org/fairpapers/id/task/x> a {' , '.join(kinds)} ."
    assert is_consistent(tmp_path, both)
    assert not is_consistent(tmp_path, *STRICT, both)
