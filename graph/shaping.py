"""The SHACL shapes of the ontology, applied to papers and to what belongs to them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Final

import pyshacl
import rdflib
from pyoxigraph import NamedNode, Quad, Store
from rdflib import RDF, SH, URIRef

from ..ontology import shapes_file
from ..ontology.terms import FP, PREFIXES
from .errors import Violation
from .iris import Iris
from .store_checks import SHOWN, iri_of

_MEASURED: Final = NamedNode(PREFIXES["dqv"] + "hasQualityMeasurement")


def shape(store: Store, iris: Iris, papers: Iterable[str]) -> list[Violation]:
    """Apply the shapes to papers and everything that belongs to them."""
    data = rdflib.Graph()
    lines = (
        f"{quad.subject} {quad.predicate} {quad.object} .\n"
        for quad in _sample(store, iris, papers)
    )
    data.parse(io.StringIO("".join(sorted(set(lines)))), format="nt")
    shapes = rdflib.Graph().parse(shapes_file(), format="turtle")
    conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    if conforms:
        return []
    assert isinstance(report, rdflib.Graph)
    return sorted(_violations(report, shapes), key=str)[:SHOWN]


def _sample(store: Store, iris: Iris, papers: Iterable[str]) -> Iterator[Quad]:
    """Quads about papers, their texts, mentions, claims, results, sizes, and their resources.

    What measures the quality of the whole graph is always among them.
    """
    for name in ("ontology", "vocab"):
        yield from store.quads_for_pattern(None, None, None, NamedNode(iris.graph(name)))
    corpus = NamedNode(iris.corpus())
    yield from store.quads_for_pattern(corpus, None, None)
    quality = store.quads_for_pattern(corpus, _MEASURED, None)
    ours = f"{iris.base}/id/"
    subject, in_text = NamedNode(PREFIXES["rdf"] + "subject"), NamedNode(FP.inText)
    shaped = frozenset(papers)
    seen: set[str] = set()
    waiting = sorted({*shaped, *(iri_of(quad.object) for quad in quality)})
    while waiting:
        iri = waiting.pop()
        # An update can bring in blank nodes, which belong to no paper.
        if iri in seen or iri == iris.corpus() or iri.startswith("_:"):
            continue
        seen.add(iri)
        focus = NamedNode(iri)
        for quad in store.quads_for_pattern(focus, None, None):
            if _is_size_elsewhere(quad, shaped):
                continue
            yield quad
            if isinstance(quad.object, NamedNode) and quad.object.value.startswith(ours):
                waiting.append(quad.object.value)
        for link in (subject, in_text):
            linking = store.quads_for_pattern(None, link, focus)
            waiting.extend(iri_of(quad.subject) for quad in linking)


def _is_size_elsewhere(quad: Quad, papers: frozenset[str]) -> bool:
    """Whether a resource has the size from a paper that is not looked at."""
    if quad.predicate.value != FP.size:
        return False
    return iri_of(quad.object).rpartition("/s/")[0] not in papers


def _violations(report: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[Violation]:
    for result in report.subjects(RDF.type, SH.ValidationResult):
        named = report.value(result, SH.sourceShape)
        while named is not None and not isinstance(named, URIRef):
            named = shapes.value(predicate=SH.property, object=named)
        message = report.value(result, SH.resultMessage)
        value = report.value(result, SH.value)
        detail = "" if value is None or isinstance(value, rdflib.BNode) else f", here {value.n3()}"
        yield Violation(
            check=str(named or "shape"),
            focus=str(report.value(result, SH.focusNode)),
            message=f"{message}{detail}",
            rule="S1",
            component=str(report.value(result, SH.sourceConstraintComponent)),
        )
