"""Every term of the ontology is used in a built graph, or is what the shapes check one for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from fairpapers.extract.quality import Quality, QualityFigure
from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore, Store
from fairpapers.ontology import shapes_file
from fairpapers.ontology.terms import DEFAULT_BASE, FP, PREFIXES

TERMS = sorted(
    value for name, value in vars(FP).items() if not name.startswith("_") and isinstance(value, str)
)
# No text says which data set is a benchmark; the shapes admit it for those who classify by hand.
# No sample paper measures a data set, which the tests of the mapping do.
# Nobody has reviewed the sample; the tests of reviewing do.
REVIEWED = {FP.Review, FP.reviewStatus, FP.reviewedIn}
ONLY_IN_SHAPES = {FP.Benchmark, FP.ResearchResource, FP.ofDataset, *REVIEWED}


@pytest.fixture(scope="module")
def asked(sample: tuple[Record, ...], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The sample graph with figures of the model that made it."""
    directory = tmp_path_factory.mktemp("measured")
    figures = (QualityFigure("mention-f1", "Dataset", 0.7),)
    quality = Quality(sample[0].generator, "gold.jsonl", "ab" * 32, 1, figures)
    of_one = [replace(record, generator=sample[0].generator) for record in sample]
    build_graph(of_one, directory, quality=quality)
    with EmbeddedStore(current_snapshot(directory).store) as store:
        yield store


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.removeprefix(PREFIXES["fp"]))
def test_the_term_is_used(asked: Store, term: str) -> None:
    if term in ONLY_IN_SHAPES:
        assert f"fp:{term.removeprefix(PREFIXES['fp'])} " in shapes_file().read_text()
        return
    graphs = ("core", "evidence", "inferred", "meta")
    values = " ".join(f"<{DEFAULT_BASE}/graph/{name}>" for name in graphs)
    assert asked.ask(
        f"ASK {{ VALUES ?graph {{ {values} }} GRAPH ?graph {{ ?s ?p ?o FILTER(?p = <{term}> "
        f"|| (?p = <{PREFIXES['rdf']}type> && ?o = <{term}>)) }} }}"
    )
