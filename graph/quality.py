"""How good the extraction behind a graph is, in DQV (W3C Data Quality Vocabulary, Note of 2016).

The figures were measured on annotated papers, not on those of the graph: they are what to expect of
its data. They are stated only where every record was made by the model that was measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from ..extract.quality import Quality, QualityFigure
from ..extract.records import Generator
from ..ontology.terms import FP, QUALITY_METRICS
from . import terms
from .iris import Iris
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


def _measurement(figure: QualityFigure, key: str, run: NamedNode, iris: Iris) -> Iterator[_Triple]:
    corpus = node(iris.corpus())
    measured = node(iris.part("quality", key, figure.metric, figure.label or "all"))
    yield corpus, term("dqv:hasQualityMeasurement"), measured
    yield measured, term("rdf:type"), term("dqv:QualityMeasurement")
    yield measured, term("dqv:isMeasurementOf"), node(QUALITY_METRICS[figure.metric])
    yield measured, term("dqv:computedOn"), corpus
    yield measured, term("dqv:value"), terms.confidence(figure.value)
    yield measured, term("prov:wasGeneratedBy"), run
    if figure.label:
        yield measured, node(FP.measuredClass), node(getattr(FP, figure.label))


def _key(quality: Quality) -> str:
    """Tell one evaluation from another: software, model and gold."""
    parts = (quality.model.version, quality.model.model_sha256, quality.gold_sha256)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
