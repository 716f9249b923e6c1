"""Measuring a graph: how complete, connected and consistent it is, one figure a metric.

Each figure is an aggregate that the store computes, or one pass over the names or the spans. What
has no denominator, such as results in a graph without any, is not measured. What belongs to papers
is tallied, so that a graph that grows is measured without a look at the papers that stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import Literal, QuerySolutions, Store

from ..extract.records import LABELS, Label
from ..ontology.terms import DEFAULT_BASE, PREFIXES
from .double_types import double_types
from .iris import Iris
from .quotation import Quotation, quoted_shares

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
# A share is how many ?x match the first pattern, out of those that match the second. What follows
# counts papers, or what belongs to one paper only, so that the papers of a graph add up.
_OF_PAPERS: Final = (
    ("papers-with-resource", f"{_PAPERS} FILTER EXISTS {{ {_RELATED} }}", _PAPERS),
    (
        "papers-with-result",
        f"{_PAPERS} FILTER EXISTS {{ GRAPH <%(core)s> {{ ?x fp:reportsResult ?r }} }}",
        _PAPERS,
    ),
    (
        "papers-with-digest",
        # No FILTER EXISTS: the store would go through all digests for each paper.
        f"GRAPH <%(evidence)s> {{ ?text fp:textSha256 ?d . ?x fp:hasText ?text }} {_PAPERS}",
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
)
_OF_PAPERS_BY_KIND: Final = (
    (
        "papers-with-resource",
        _RELATED + " GRAPH <%(core)s> { ?resource a fp:%(label)s }",
        _PAPERS,
    ),
)
_COUNTS_OF_PAPERS: Final = (
    (
        "mentions-without-resource",
        """GRAPH <%(evidence)s> {
             ?x a fp:Mention FILTER NOT EXISTS { ?x oa:hasBody ?resource }
           }""",
    ),
)
# Papers share these.
_SHARED: Final = (
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
_SHARED_BY_KIND: Final = (
    (
        "linked-resources",
        f"{_OF_KIND} FILTER EXISTS {{ {_LINKED} }}",
        _OF_KIND,
    ),
)
_COUNTS_SHARED: Final = (
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


_Share: TypeAlias = tuple[str, Label | None]


@dataclass(frozen=True, slots=True)
class PaperTally:
    """What is counted paper by paper: the tally of some papers and that of others add up.

    Attributes:
        shares: how many out of how many, by metric and kind.
        counts: how many, by metric.
        quotation: of the texts.
    """

    shares: Mapping[_Share, tuple[int, int]]
    counts: Mapping[str, int]
    quotation: Quotation

    def plus(self, other: PaperTally) -> PaperTally:
        """The tally of the papers of both."""
        return self._with(other, 1, self.quotation.plus(other.quotation))

    def minus(self, other: PaperTally) -> PaperTally:
        """The tally without papers that are in it."""
        return self._with(other, -1, self.quotation.minus(other.quotation))

    def _with(self, other: PaperTally, sign: int, quotation: Quotation) -> PaperTally:
        return PaperTally(
            {
                key: (part + sign * other.shares[key][0], whole + sign * other.shares[key][1])
                for key, (part, whole) in self.shares.items()
            },
            {key: count + sign * other.counts[key] for key, count in self.counts.items()},
            quotation,
        )


def tally_papers(store: Store, iris: Iris) -> PaperTally:
    """Count what belongs to papers.

    Args:
        store: with core and evidence of whole papers, and the types of their resources.
        iris: of the graph.
    """
    return PaperTally(
        dict(_asked(store, iris, _OF_PAPERS, _OF_PAPERS_BY_KIND)),
        {metric: _count(store, iris, pattern) for metric, pattern in _COUNTS_OF_PAPERS},
        Quotation.of(share for _, share in quoted_shares(store, iris)),
    )


def measure(store: Store, iris: Iris, papers: PaperTally | None = None) -> list[Measure]:
    """Measure a graph.

    Args:
        store: with core, evidence and, where there are any, links.
        iris: of the graph.
        papers: what `tally_papers` would count.

    Returns:
        Figures in the order of their metrics' names, all kinds together first.
    """
    papers = papers or tally_papers(store, iris)
    shares = (*papers.shares.items(), *_asked(store, iris, _SHARED, _SHARED_BY_KIND))
    found = [Measure(*key, part / whole) for key, (part, whole) in shares if whole]
    counts = {metric: _count(store, iris, pattern) for metric, pattern in _COUNTS_SHARED}
    counts["double-typed-names"] = sum(1 for _ in double_types(store, iris))
    found += [Measure(metric, None, n) for metric, n in {**papers.counts, **counts}.items()]
    found += _quotation(papers.quotation)
    return sorted(found, key=lambda each: (each.metric, each.label or ""))


def _asked(
    store: Store,
    iris: Iris,
    shares: Iterable[tuple[str, str, str]],
    by_kind: Iterable[tuple[str, str, str]],
) -> Iterator[tuple[_Share, tuple[int, int]]]:
    labels: tuple[Label | None, ...] = (None, *LABELS)
    for asked, of in ((shares, labels[:1]), (by_kind, labels[1:])):
        for metric, part, whole in asked:
            for label in of:
                total = _count(store, iris, whole, label)
                yield (metric, label), (_count(store, iris, part, label) if total else 0, total)


def _count(store: Store, iris: Iris, pattern: str, label: Label | None = None) -> int:
    names = {name: iris.graph(name) for name in ("core", "evidence", "links")}
    where = pattern % (names | {"label": label or "", "base": iris.base})
    found = store.query(f"{_PREFIXES}SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {where} }}")
    assert isinstance(found, QuerySolutions)
    (count,) = next(found)
    assert isinstance(count, Literal)
    return int(count.value)


def _quotation(found: Quotation) -> Iterator[Measure]:
    if found.texts:
        yield Measure("quoted-share", None, found.mean)
        yield Measure("largest-quoted-share", None, found.largest[0])
        yield Measure("texts-quoted-at-length", None, found.at_length)
