"""The graph carries the figures of the model that made it, and of no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from fairpapers.extract.quality import Quality, QualityFigure
from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.iris import Iris
from fairpapers.graph.quality import describes
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore
from fairpapers.graph.validation import validate
from fairpapers.ontology.terms import FP, PREFIXES

Records = tuple[Record, ...]
FIGURES = (
    QualityFigure("mention-precision", None, 0.6963),
    QualityFigure("mention-f1", "Dataset", 0.6471),
    QualityFigure("mention-calibration-error", None, 0.0331),
)
ASK = (
    "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    + """SELECT ?measure ?class ?value ?model ?digest ?title ?gold WHERE {
      GRAPH <%s> {
        ?corpus dqv:hasQualityMeasurement ?m .
        ?m a dqv:QualityMeasurement ; dqv:isMeasurementOf ?metric ; dqv:computedOn ?corpus ;
          dqv:value ?value ; prov:wasGeneratedBy ?run
        OPTIONAL { ?m fp:measuredClass ?class }
        ?run a fp:Evaluation ; fp:modelName ?model ; fp:modelSha256 ?digest ; prov:used ?set ;
          prov:wasAssociatedWith/schema:name "fairpapers evaluate" .
        ?set a fp:GoldStandard ; dcterms:title ?title ; fp:goldSha256 ?gold
      }
      ?metric a dqv:Metric ; skos:notation ?measure ; dqv:inDimension ldqd:semanticAccuracy
    } ORDER BY ?measure"""
)


@pytest.fixture
def of_one(sample: Records) -> Records:
    """The sample as if one model had read it all."""
    return tuple(replace(record, generator=sample[0].generator) for record in sample)


@pytest.fixture
def quality(sample: Records) -> Quality:
    return Quality(sample[0].generator, "gold.jsonl", "ab" * 32, 42, FIGURES)


def test_the_figures_are_measurements_of_the_corpus(
    of_one: Records, quality: Quality, tmp_path: Path, iris: Iris
) -> None:
    report = build_graph(of_one, tmp_path, quality=quality)
    assert report.validation.conforms
    with EmbeddedStore(current_snapshot(tmp_path).store) as store:
        found = store.select(ASK % iris.graph("meta")).rows
    said = [tuple(getattr(cell, "value", None) for cell in row) for row in found]
    model = (quality.model.model, quality.model.model_sha256, "gold.jsonl", "ab" * 32)
    assert said == [
        ("mention-calibration-error", None, "0.0331", *model),
        ("mention-f1", FP.Dataset, "0.6471", *model),
        ("mention-precision", None, "0.6963", *model),
    ]


def test_figures_of_another_model_are_not_stated(
    sample: Records, quality: Quality, tmp_path: Path, iris: Iris
) -> None:
    build_graph(sample, tmp_path, quality=quality)
    store = Store.read_only(str(current_snapshot(tmp_path).store))
    meta = NamedNode(iris.graph("meta"))
    assert not list(store.quads_for_pattern(None, None, NamedNode(FP.Evaluation), meta))


def test_only_the_measured_model_alone_is_described(quality: Quality) -> None:
    other = replace(quality.model, model_sha256="0" * 64)
    assert describes(quality, {quality.model})
    assert describes(quality, {quality.model, replace(quality.model, version="9")})
    assert not describes(quality, {quality.model, other})
    assert not describes(quality, set())


def test_a_wrong_figure_breaks_the_shapes(
    of_one: Records, quality: Quality, tmp_path: Path, iris: Iris
) -> None:
    build_graph(of_one, tmp_path / "graph", quality=quality)
    store = Store(str(tmp_path / "copy"))
    store.bulk_extend(Store.read_only(str(current_snapshot(tmp_path / "graph").store)))
    (value, *_) = store.quads_for_pattern(None, NamedNode(PREFIXES["dqv"] + "value"), None)
    store.remove(value)
    wrong = Literal("1.7", datatype=NamedNode(PREFIXES["xsd"] + "decimal"))
    store.add(Quad(value.subject, value.predicate, wrong, value.graph_name))
    (violation,) = validate(store, iris).violations
    assert violation.check == "https://w3id.org/fairpapers/shapes#QualityMeasurementShape"
    assert "dqv:value" in violation.message
