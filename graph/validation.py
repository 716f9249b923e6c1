"""Is the graph what it should be? Shapes on papers, and checks of the whole.

pySHACL walks the data in Python, so beyond `SHAPED_PAPERS` papers the shapes see a sample: the
papers whose IRIs have the least SHA-256, the same ones for the same papers. The checks are asked of
the whole store every time, and repeat the shapes' most important claims. The report says which
papers the shapes saw.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyshacl
import rdflib
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store
from rdflib import RDF, SH, URIRef

from ..ontology import shapes_file
from ..ontology.terms import FP, PREFIXES
from .errors import Violation
from .iris import Iris

SHAPED_PAPERS: Final = 100
_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Validation:
    """What was looked at and what was found.

    Attributes:
        papers: papers in the graph.
        shaped: how many of them the shapes were applied to.
        checks: ids of the checks that were asked of the whole graph.
        violations: every fault found, at most 100 a check.
    """

    papers: int
    shaped: int
    checks: tuple[str, ...]
    violations: tuple[Violation, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing was found."""
        return not self.violations

    @property
    def sampled(self) -> bool:
        """Whether the shapes saw a part of the papers only."""
        return self.shaped < self.papers


def validate(store: Store, iris: Iris, *, most: int = SHAPED_PAPERS) -> Validation:
    """Validate a store.

    Args:
        store: with every graph loaded.
        iris: of the graph.
        most: apply the shapes to at most this many papers.
    """
    kind = NamedNode(PREFIXES["rdf"] + "type")
    core = NamedNode(iris.graph("core"))
    found = store.quads_for_pattern(None, kind, NamedNode(FP.Paper), core)
    papers = sorted((_iri(quad.subject) for quad in found), key=_lot)
    sample = papers[:most]
    violations = [*check(store, iris), *shape(store, iris, sample)]
    return Validation(len(papers), len(sample), tuple(_CHECKS), tuple(violations))


def _iri(term: object) -> str:
    assert isinstance(term, NamedNode)
    return term.value


def _lot(iri: str) -> str:
    return hashlib.sha256(iri.encode()).hexdigest()


_MEASURED: Final = NamedNode(PREFIXES["dqv"] + "hasQualityMeasurement")
_PREFIXES: Final = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
# Each finds the nodes at fault; %(core)s and the like stand for the graphs.
_CHECKS: Final = {
    "statement-has-one-claim": (
        "has a statement that not exactly one claim goes with",
        """SELECT ?focus WHERE {
             GRAPH <%(core)s> {
               ?focus ?p ?o
               FILTER(?p IN (fp:introduces, fp:uses, fp:mentions, fp:addressesTask))
             }
             OPTIONAL {
               GRAPH <%(evidence)s> {
                 ?claim rdf:subject ?focus ; rdf:predicate ?p ; rdf:object ?o
               }
             }
           } GROUP BY ?focus ?p ?o HAVING(COUNT(?claim) != 1)""",
    ),
    "claim-has-statement": (
        "is a claim without its statement",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> { ?focus rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }
             FILTER NOT EXISTS { GRAPH <%(core)s> { ?s ?p ?o } }
           }""",
    ),
    "one-relation-per-resource": (
        "states more than the most specific relation to a resource",
        """SELECT ?focus WHERE {
             GRAPH <%(core)s> {
               ?focus ?p ?o FILTER(?p IN (fp:introduces, fp:uses, fp:mentions))
             }
           } GROUP BY ?focus ?o HAVING(COUNT(?p) != 1)""",
    ),
    "claim-has-mention-of-its-paper": (
        "is a claim without a mention of its object in the text of its paper",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> {
               ?focus a fp:Claim ; rdf:subject ?paper ; rdf:object ?resource
               OPTIONAL {
                 ?focus fp:supportedBy ?mention .
                 ?mention oa:hasBody ?resource ; fp:inText ?text .
                 ?paper fp:hasText ?text
               }
             }
           } GROUP BY ?focus HAVING(COUNT(?mention) = 0)""",
    ),
    "support-is-of-the-same-paper": (
        "is supported by a mention in another text",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> { ?focus fp:supportedBy ?mention . ?mention fp:inText ?text }
             OPTIONAL { GRAPH <%(evidence)s> { ?focus rdf:subject ?subject } }
             OPTIONAL { GRAPH <%(core)s> { ?reporter fp:reportsResult|fp:reportsSize ?focus } }
             BIND(COALESCE(?subject, ?reporter) AS ?paper)
             FILTER NOT EXISTS { GRAPH <%(evidence)s> { ?paper fp:hasText ?text } }
           }""",
    ),
    "span-fits-text": (
        "has a span that is empty or ends behind its text",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> {
               ?focus fp:inText ?text ; fp:start ?start ; fp:end ?end .
               ?text fp:textLength ?length
               FILTER(?start >= ?end || ?end > ?length)
             }
           }""",
    ),
    "result-is-complete": (
        "is a result without value, metric, kind or place in the text",
        """SELECT ?focus WHERE {
             GRAPH <%(core)s> {
               ?focus a fp:Result
               FILTER NOT EXISTS {
                 ?focus fp:value ?v ; fp:byMetric ?m ; fp:valueKind ?k ; fp:comparator ?c
               }
             }
           }""",
    ),
    "size-is-complete": (
        "is a size without number, what is counted, or the one resource whose size it is",
        """SELECT ?focus WHERE {
             GRAPH <%(core)s> {
               ?focus a fp:Size
               OPTIONAL { ?resource fp:size ?focus }
               OPTIONAL { ?focus fp:value ?v ; fp:counted ?what ; fp:comparator ?c }
             }
           } GROUP BY ?focus HAVING(COUNT(?resource) != 1 || COUNT(?v) != 1)""",
    ),
    "resource-is-named": (
        "is related to a paper but has no type or name",
        """SELECT DISTINCT ?focus WHERE {
             GRAPH <%(core)s> {
               ?paper ?p ?focus FILTER(?p IN (fp:introduces, fp:uses, fp:mentions))
               FILTER NOT EXISTS { ?focus a ?type ; skos:prefLabel ?name ; fp:paperCount ?count }
             }
           }""",
    ),
    "paper-count-is-right": (
        "has an fp:paperCount that differs from its papers",
        """SELECT ?focus WHERE {
             GRAPH <%(core)s> {
               ?focus fp:paperCount ?stated .
               OPTIONAL { ?paper ?p ?focus FILTER(?p IN (fp:introduces, fp:uses, fp:mentions)) }
             }
           } GROUP BY ?focus ?stated HAVING(COUNT(DISTINCT ?paper) != ?stated)""",
    ),
    "confidence-is-a-share": (
        "has a confidence that is no xsd:decimal from 0 to 1",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> {
               ?focus fp:confidence ?c
               FILTER(DATATYPE(?c) != xsd:decimal || ?c < 0 || ?c > 1)
             }
           }""",
    ),
    "surface-form-is-short": (
        "quotes more than 80 characters",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> { ?focus fp:surfaceForm ?words FILTER(STRLEN(?words) > 80) }
           }""",
    ),
}


def check(store: Store, iris: Iris) -> Iterator[Violation]:
    """Ask every check of the whole store; at most 100 faults each."""
    graphs = {name: iris.graph(name) for name in ("core", "evidence")}
    for identity, (message, query) in _CHECKS.items():
        found = store.query(f"{_PREFIXES}{query % graphs} LIMIT {_SHOWN}")
        assert isinstance(found, QuerySolutions)
        for solution in found:
            yield Violation(identity, _iri(solution["focus"]), message)


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
    return sorted(_violations(report, shapes), key=str)[:_SHOWN]


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
    waiting = sorted({*shaped, *(_iri(quad.object) for quad in quality)})
    while waiting:
        iri = waiting.pop()
        if iri in seen or iri == iris.corpus():
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
            waiting.extend(_iri(quad.subject) for quad in linking)


def _is_size_elsewhere(quad: Quad, papers: frozenset[str]) -> bool:
    """Whether a resource has the size from a paper that is not looked at."""
    if quad.predicate.value != FP.size:
        return False
    return _iri(quad.object).rpartition("/s/")[0] not in papers


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
        )
