"""How good a graph and the extraction behind it are, in DQV (W3C Data Quality Vocabulary, 2016).

The figures of extraction were measured on annotated papers, not on those of the graph: they are
what to expect of its data. They are stated only where every record was made by the model that was
measured. The figures of the graph are counted in itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from ..extract.quality import Quality, QualityFigure
from ..extract.records import Generator, Label
from ..ontology.terms import FP, GRAPH_METRICS, QUALITY_METRICS
from . import terms
from .iris import Iris
from .measures import Measure
from .terms import node, term

_Triple: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal]
_SCORER = "fairpapers evaluate"


def describes(quality: Quality, generators: Collection[Generator]) -> bool:
    """Tell whether everything that made records is the model that was measured."""
    measured = quality.model.model_sha256
    return bool(generators) and all(each.model_sha256 == measured for each in generators)


def describe_quality(quality: Quality, iris: Iris) -> Iterator[_Triple]:
    """Yield the measurements, the evaluation that made them, and what it used."""
    key = _key(quality)
    run, gold = (node(iris.part(kind, key)) for kind in ("evaluation", "gold"))
    scorer = node(iris.agent(_SCORER, quality.model.version))
    yield run, term("rdf:type"), node(FP.Evaluation)
    yield run, term("prov:used"), gold
    yield run, term("prov:wasAssociatedWith"), scorer
    yield run, node(FP.minConfidence), terms.confidence(0.0)
    yield run, node(FP.modelName), Literal(quality.model.model)
    yield run, node(FP.modelSha256), terms.digest(quality.model.model_sha256)
    yield scorer, term("rdf:type"), term("prov:SoftwareAgent")
    yield scorer, term("schema:name"), Literal(_SCORER)
    yield scorer, term("schema:softwareVersion"), Literal(quality.model.version)
    yield gold, term("rdf:type"), node(FP.GoldStandard)
    yield gold, term("dcterms:title"), Literal(quality.gold)
    yield gold, term("dcterms:description"), Literal(f"{quality.papers} annotated papers")
    yield gold, node(FP.goldSha256), terms.digest(quality.gold_sha256)
    for figure in quality.figures:
        yield from _measurement(figure, key, run, iris)


def describe_measures(measures: Iterable[Measure], iris: Iris) -> Iterator[_Triple]:
    """Yield a measurement of the corpus for each figure of the graph itself."""
    for found in measures:
        measured = node(iris.part("quality", found.metric, found.label or "all"))
        number = isinstance(found.value, int)
        value = terms.count(int(found.value)) if number else terms.confidence(found.value)
        yield from _figure(measured, GRAPH_METRICS[found.metric], value, found.label, iris)


def _measurement(figure: QualityFigure, key: str, run: NamedNode, iris: Iris) -> Iterator[_Triple]:
    measured = node(iris.part("quality", key, figure.metric, figure.label or "all"))
    metric, value = QUALITY_METRICS[figure.metric], terms.confidence(figure.value)
    yield from _figure(measured, metric, value, figure.label, iris)
    yield measured, term("prov:wasGeneratedBy"), run


def _figure(
    measured: NamedNode, metric: str, value: Literal, label: Label | None, iris: Iris
) -> Iterator[_Triple]:
    corpus = node(iris.corpus())
    yield corpus, term("dqv:hasQualityMeasurement"), measured
    yield measured, term("rdf:type"), term("dqv:QualityMeasurement")
    yield measured, term("dqv:isMeasurementOf"), node(metric)
    yield measured, term("dqv:computedOn"), corpus
    yield measured, term("dqv:value"), value
    if label:
        yield measured, node(FP.measuredClass), node(getattr(FP, label))


def _key(quality: Quality) -> str:
    """Tell one evaluation from another: software, model and gold."""
    parts = (quality.model.version, quality.model.model_sha256, quality.gold_sha256)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
