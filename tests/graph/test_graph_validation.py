"""Each check finds the fault that it is for, and the shapes are applied to what was loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest
from pyoxigraph import Store

from fairpapers.graph.iris import Iris
from fairpapers.graph.shaping import shape
from fairpapers.graph.store_checks import CHECKS, check
from fairpapers.graph.validation import validate
from fairpapers.ontology.terms import PREFIXES

PAPER = "<https://w3id.org/fairpapers/id/paper/doi:10.5555:sample.2023.1>"
BERT = "<https://w3id.org/fairpapers/id/model/bert>"
CORE = "<https://w3id.org/fairpapers/graph/core>"
EVIDENCE = "<https://w3id.org/fairpapers/graph/evidence>"
OTHER = "<https://w3id.org/fairpapers/id/paper/arxiv:2401.01234>"


class Built(Protocol):
    def open(self) -> Store: ...


@pytest.fixture
def store(built: Built) -> Store:
    """A copy of the sample graph that may be spoilt."""
    copy = Store()
    copy.bulk_extend(built.open())
    return copy


def spoil(store: Store, update: str) -> None:
    before = set(store)
    prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
    store.update(prefixes + update)
    assert set(store) != before


FAULTS = {
    "statement-has-one-claim": f"INSERT DATA {{ GRAPH {CORE} {{ {PAPER} fp:addressesTask {BERT} }} }}",
    "claim-has-statement": f"DELETE DATA {{ GRAPH {CORE} {{ {PAPER} fp:uses {BERT} }} }}",
    "one-relation-per-resource": f"INSERT DATA {{ GRAPH {CORE} {{ {PAPER} fp:mentions {BERT} }} }}",
    "claim-has-mention-of-its-paper": f"""DELETE WHERE {{
        GRAPH {EVIDENCE} {{ {PAPER[:-1]}/c/1> fp:supportedBy ?mention }} }}""",
    "support-is-of-the-same-paper": f"""INSERT {{
        GRAPH {EVIDENCE} {{ {PAPER[:-1]}/r/1> fp:supportedBy ?mention }}
      }} WHERE {{ GRAPH {EVIDENCE} {{ ?mention fp:inText {OTHER[:-1]}/text> ; a fp:Mention }} }}""",
    "span-fits-text": f"""INSERT DATA {{ GRAPH {EVIDENCE} {{ {PAPER[:-1]}/m/0-9> fp:end 9999 }} }}""",
    "result-is-complete": f"DELETE WHERE {{ GRAPH {CORE} {{ {PAPER[:-1]}/r/1> fp:byMetric ?m }} }}",
    "size-is-complete": f"DELETE WHERE {{ GRAPH {CORE} {{ ?resource fp:size ?size }} }}",
    "resource-is-named": f"DELETE WHERE {{ GRAPH {CORE} {{ {BERT} skos:prefLabel ?name }} }}",
    "paper-count-is-right": f"""DELETE {{ GRAPH {CORE} {{ {BERT} fp:paperCount ?n }} }}
        INSERT {{ GRAPH {CORE} {{ {BERT} fp:paperCount 99 }} }}
        WHERE {{ GRAPH {CORE} {{ {BERT} fp:paperCount ?n }} }}""",
    "confidence-is-a-share": f"""INSERT DATA {{
        GRAPH {EVIDENCE} {{ {PAPER[:-1]}/c/1> fp:confidence 1.5 }} }}""",
    "surface-form-is-short": f"""INSERT DATA {{
        GRAPH {EVIDENCE} {{ {PAPER[:-1]}/m/0-9> fp:surfaceForm "{"long " * 20}" }} }}""",
}


def test_every_check_has_a_planted_fault() -> None:
    assert set(FAULTS) == {each.id for each in CHECKS}


@pytest.mark.parametrize("identity", FAULTS)
def test_a_planted_fault_is_found(identity: str, store: Store, iris: Iris) -> None:
    spoil(store, FAULTS[identity])
    found = {violation.check for violation in check(store, iris)}
    assert identity in found


def test_the_shapes_see_what_hangs_below_a_paper(store: Store, iris: Iris) -> None:
    spoil(store, f"DELETE WHERE {{ GRAPH {CORE} {{ {PAPER[:-1]}/r/1> fp:valueKind ?k }} }}")
    spoil(store, f"INSERT DATA {{ GRAPH {EVIDENCE} {{ {PAPER[:-1]}/m/0-9> fp:start 'x' }} }}")
    spoil(store, f"INSERT DATA {{ GRAPH {CORE} {{ {BERT} skos:prefLabel 'again' }} }}")
    found = shape(store, iris, [PAPER[1:-1]])
    assert {violation.focus for violation in found} >= {
        f"{PAPER[1:-1]}/r/1",
        f"{PAPER[1:-1]}/m/0-9",
        BERT[1:-1],
    }
    assert all(
        violation.check.startswith("https://w3id.org/fairpapers/shapes#") for violation in found
    )


def test_a_graph_of_many_papers_is_shaped_by_a_sample_and_says_so(store: Store, iris: Iris) -> None:
    whole, part = validate(store, iris), validate(store, iris, most=2)
    assert (whole.shaped, whole.sampled) == (5, False)
    assert (part.papers, part.shaped, part.sampled) == (5, 2, True)
    assert part.conforms
    assert part.checks == tuple(each.id for each in CHECKS)


def test_the_shipped_vocabularies_have_no_blank_nodes(built: Built, tmp_path: Path) -> None:
    graphs = {"vocab", "ontology"}
    quads = [q for q in built.open() if str(q.graph_name)[1:-1].rpartition("/")[2] in graphs]
    assert quads
    assert not [quad for quad in quads if str(quad.subject).startswith("_:")]
