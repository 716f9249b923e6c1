"""The threshold decides what enters the graph, and the graph says which it was."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.iris import Iris
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.snapshot import current_snapshot, records_file
from fairpapers.ontology.terms import FP, PREFIXES

Records = tuple[Record, ...]
THRESHOLDS = (0.0, 0.85, 0.95, 1.0)
TYPE = NamedNode(PREFIXES["rdf"] + "type")


def confidences(store: Store) -> list[float]:
    found = store.quads_for_pattern(None, NamedNode(FP.confidence), None)
    return [float(quad.object.value) for quad in found if isinstance(quad.object, Literal)]


def instances(store: Store, kind: str) -> set[str]:
    return {str(q.subject) for q in store.quads_for_pattern(None, TYPE, NamedNode(kind))}


@pytest.mark.parametrize("minimum", THRESHOLDS)
def test_nothing_less_sure_is_in_the_graph(
    sample: Records, tmp_path: Path, iris: Iris, minimum: float
) -> None:
    report = build_graph(sample, tmp_path, min_confidence=minimum)
    assert report.validation.conforms
    store = Store.read_only(str(current_snapshot(tmp_path).store))
    assert all(confidence >= minimum for confidence in confidences(store))
    (stated,) = store.quads_for_pattern(
        NamedNode(iris.corpus()), NamedNode(FP.minConfidence), None, NamedNode(iris.graph("meta"))
    )
    assert isinstance(stated.object, Literal)
    assert float(stated.object.value) == minimum
    mentions = sum(len(record.mentions) for record in sample)
    assert (report.unsure > 0) == (minimum > 0.8)
    assert report.unsure <= mentions


def test_records_keep_everything(sample: Records, tmp_path: Path) -> None:
    build_graph(sample, tmp_path, min_confidence=1.0)
    assert set(read_records(records_file(tmp_path))) == set(sample)


def test_a_higher_threshold_leaves_the_names_of_what_stays(sample: Records, tmp_path: Path) -> None:
    found = []
    for minimum in THRESHOLDS:
        directory = tmp_path / str(minimum)
        build_graph(sample, directory, min_confidence=minimum)
        store = Store.read_only(str(current_snapshot(directory).store))
        found.append([instances(store, kind) for kind in (FP.Paper, FP.Mention, FP.Result)])
    for more, less in pairwise(found):
        assert all(b <= a for a, b in zip(more, less, strict=True))
    assert found[0][0] == found[-1][0]
    assert len(found[-1][1]) < len(found[0][1])
