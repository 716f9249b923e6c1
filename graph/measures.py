"""Measuring a graph: how complete, connected and consistent it is, one figure a metric.

Each figure is an aggregate that the store computes, or one pass over the names or the spans. What
has no denominator, such as results in a graph without any, is not measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum
from typing import Final

from pyoxigraph import Literal, QuerySolutions, Store

from ..extract.records import LABELS, Label
from ..ontology.terms import DEFAULT_BASE, PREFIXES
from .double_types import double_types
from .iris import Iris
from .quotation import MOST_QUOTED, quoted_shares

_PREFIXES: Final = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a graph.

    Attributes:
        metric: key of `GRAPH_METRICS`, the notation of the ``dqv:Metric``.
        label: the kind of resource it is of; None for all kinds.
        value: a share from 0 to 1 as a float, a number of things as an int.
    """

    metric: str
    label: Label | None
    value: float | int


_PAPERS: Final = "GRAPH <%(core)s> { ?x a fp:Paper }"
_RESOURCES: Final = "GRAPH <%(core)s> { ?x fp:paperCount ?n }"
_OF_KIND: Final = "GRAPH <%(core)s> { ?x a fp:%(label)s }"
_LEADING: Final = "GRAPH <%(core)s> { ?result fp:valueKind fpv:absolute ; fp:byMetric ?x }"
_RELATED: Final = "GRAPH <%(core)s> { ?x fp:introduces|fp:uses|fp:mentions ?resource }"
# Links to our own vocabularies connect with nothing else.
_LINKED: Final = (
    "GRAPH <%(links)s> { ?x ?link ?far FILTER(isIRI(?far)"
    f' && !STRSTARTS(STR(?far), "{DEFAULT_BASE}/") && !STRSTARTS(STR(?far), "%(base)s/")) }}'
)
# A share is how many ?x match the first pattern, out of those that match the second.
_SHARES: Final = (
    ("papers-with-resource", f"{_PAPERS} FILTER EXISTS {{ {_RELATED} }}", _PAPERS),
    (
        "papers-with-result",
        f"{_PAPERS} FILTER EXISTS {{ GRAPH <%(core)s> {{ ?x fp:reportsResult ?r }} }}",
        _PAPERS,
    ),
    (
        "papers-with-digest",
        f"{_PAPERS} FILTER EXISTS {{ GRAPH <%(evidence)s> {{ ?x fp:hasText/fp:textSha256 ?d }} }}",
        _PAPERS,
    ),
    (
        "papers-with-year",
        f"{_PAPERS} FILTER EXISTS {{ GRAPH <%(core)s> {{ ?x schema:datePublished ?d }} }}",
        _PAPERS,
    ),
    (
        "papers-with-doi",
        f"{_PAPERS} FILTER EXISTS {{ GRAPH <%(core)s> {{ ?x fp:doi ?d }} }}",
        _PAPERS,
    ),
    (
        "results-without-dataset",
        "GRAPH <%(core)s> { ?x a fp:Result FILTER NOT EXISTS { ?x fp:onDataset|fp:ofDataset ?d } }",
        "GRAPH <%(core)s> { ?x a fp:Result }",
    ),
    (
        "metrics-without-direction",
        f"{_LEADING} FILTER NOT EXISTS {{ GRAPH <%(core)s> {{ ?x fp:direction ?d }} }}",
        _LEADING,
    ),
    ("resources-in-one-paper", "GRAPH <%(core)s> { ?x fp:paperCount 1 }", _RESOURCES),
    (
        "linked-resources",
        f"{_RESOURCES} FILTER EXISTS {{ {_LINKED} }}",
        _RESOURCES,
    ),
)
_SHARES_BY_KIND: Final = (
    (
        "papers-with-resource",
        _RELATED + " GRAPH <%(core)s> { ?resource a fp:%(label)s }",
        _PAPERS,
    ),
    (
        "linked-resources",
        f"{_OF_KIND} FILTER EXISTS {{ {_LINKED} }}",
        _OF_KIND,
    ),
)
_COUNTS: Final = (
    (
        "mentions-without-resource",
        """GRAPH <%(evidence)s> {
             ?x a fp:Mention FILTER NOT EXISTS { ?x oa:hasBody ?resource }
           }""",
    ),
    (
        "ambiguous-names",
        """GRAPH <%(core)s> {
             ?x skos:altLabel ?name ; a ?kind . ?other skos:prefLabel ?name ; a ?kind
             FILTER(?x != ?other)
           }""",
    ),
    (
        "blank-labels",
        """GRAPH <%(core)s> {
             ?x skos:prefLabel|skos:altLabel ?name FILTER(!REGEX(?name, "\\\\S"))
           }""",
    ),
)


def measure(store: Store, iris: Iris) -> list[Measure]:
    """Measure a graph.

    Args:
        store: with core, evidence and, where there are any, links.
        iris: of the graph.

    Returns:
        Figures in the order of their metrics' names, all kinds together first.
    """
    return sorted(
        (*_shares(store, iris), *_counts(store, iris), *_quotation(store, iris)),
        key=lambda found: (found.metric, found.label or ""),
    )


def _shares(store: Store, iris: Iris) -> Iterator[Measure]:
    asked: list[tuple[str, Label | None, str, str]] = [
        (metric, None, part, whole) for metric, part, whole in _SHARES
    ]
    asked += [
        (metric, label, part, whole) for metric, part, whole in _SHARES_BY_KIND for label in LABELS
    ]
    for metric, label, part, whole in asked:
        if total := _count(store, iris, whole, label):
            yield Measure(metric, label, _count(store, iris, part, label) / total)


def _counts(store: Store, iris: Iris) -> Iterator[Measure]:
    for metric, pattern in _COUNTS:
        yield Measure(metric, None, _count(store, iris, pattern))
    yield Measure("double-typed-names", None, sum(1 for _ in double_types(store, iris)))


def _count(store: Store, iris: Iris, pattern: str, label: Label | None = None) -> int:
    names = {name: iris.graph(name) for name in ("core", "evidence", "links")}
    where = pattern % (names | {"label": label or "", "base": iris.base})
    found = store.query(f"{_PREFIXES}SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {where} }}")
    assert isinstance(found, QuerySolutions)
    (count,) = next(found)
    assert isinstance(count, Literal)
    return int(count.value)


def _quotation(store: Store, iris: Iris) -> Iterator[Measure]:
    shares = [share for _, share in quoted_shares(store, iris)]
    if shares:
        # Exact sums, so that the order in which the store gives them does not matter.
        yield Measure("quoted-share", None, fsum(shares) / len(shares))
        yield Measure("largest-quoted-share", None, max(shares))
        over = sum(share > MOST_QUOTED for share in shares)
        yield Measure("texts-quoted-at-length", None, over)
