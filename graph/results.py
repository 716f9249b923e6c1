"""From the figures of a record to its `fp:Result` nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from ..extract.records import Label, Record, Result
from ..ontology.terms import COMPARATORS, FP, VALUE_KINDS
from . import terms
from .iris import Iris
from .terms import node, term
from .values import find_unit, normalize, parse_decimal, parse_range

Skipped: TypeAlias = Literal["no decimal value", "no metric", "below the threshold"]
_Triple: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | RdfLiteral]
# What a figure can be about, in the order in which a name is looked up.
_SUBJECTS: Final[tuple[tuple[Label, str], ...]] = (
    ("Model", FP.ofModel),
    ("Method", FP.ofMethod),
    ("Dataset", FP.ofDataset),
)


@dataclass(frozen=True, slots=True)
class MappedResult:
    """A figure whose value is a decimal and whose metric is known.

    Attributes:
        iri: of the result.
        value: as written.
        source: the figure in the record.
        links: property and IRI of each resource that the figure is about.
        support: IRIs of the mentions nearest to the figure, one a resource.
        upper: the upper end of a range, of which ``value`` is the lower.
    """

    iri: str
    value: Decimal
    source: Result
    links: tuple[tuple[str, str], ...]
    support: tuple[str, ...]
    upper: Decimal | None = None

    def core(self) -> Iterator[_Triple]:
        """What the result says."""
        subject, unit = node(self.iri), find_unit(self.source.unit)
        yield subject, term("rdf:type"), node(FP.Result)
        for predicate, resource in self.links:
            yield subject, node(predicate), node(resource)
        yield subject, node(FP.value), terms.decimal(self.value)
        if self.upper is not None:
            yield subject, node(FP.upperValue), terms.decimal(self.upper)
        yield subject, node(FP.valueLexical), RdfLiteral(self.source.value.strip())
        yield subject, node(FP.valueKind), node(VALUE_KINDS[self.source.kind])
        yield subject, node(FP.comparator), node(COMPARATORS[self.source.comparator])
        if unit:
            yield subject, node(FP.unit), node(unit.iri)
        normalized = normalize(self.value, unit)
        if normalized is not None:
            yield subject, node(FP.valueNormalized), terms.decimal(normalized)

    def evidence(self, text: NamedNode) -> Iterator[_Triple]:
        """Where the result stands in the text, and what backs it."""
        subject = node(self.iri)
        yield subject, node(FP.inText), text
        yield subject, node(FP.start), terms.count(self.source.start)
        yield subject, node(FP.end), terms.count(self.source.end)
        yield subject, node(FP.confidence), terms.confidence(self.source.confidence)
        for mention in self.support:
            yield subject, node(FP.supportedBy), node(mention)

    def evaluated(self) -> Iterator[tuple[str, str]]:
        """IRIs of model and dataset where the figure is a score of the one on the other."""
        if self.source.kind != "absolute":
            return
        links = dict(self.links)
        if FP.ofModel in links and FP.onDataset in links:
            yield links[FP.ofModel], links[FP.onDataset]


def map_results(
    record: Record, bodies: Mapping[str, str], iris: Iris, minimum: float = 0.0
) -> tuple[list[MappedResult], Counter[Skipped]]:
    """Map the figures of a record; those without a decimal value or a metric are counted only.

    A figure keeps its number, which is its place in the record, whether others are skipped or not.

    Args:
        record: the record.
        bodies: IRI of the resource by id of each entity that is mentioned.
        iris: mints the IRIs.
        minimum: figures with a lower confidence are counted only.
    """
    found: list[MappedResult] = []
    skipped: Counter[Skipped] = Counter()
    by_name = entities_by_name(record, bodies)
    for n, result in enumerate(record.results, 1):
        ends = parse_range(result.value) if result.kind == "range" else None
        value, upper = ends or (parse_decimal(result.value), None)
        about = dict(_about(result, by_name))
        if result.confidence < minimum:
            skipped["below the threshold"] += 1
        elif value is None:
            skipped["no decimal value"] += 1
        elif FP.byMetric not in about:
            skipped["no metric"] += 1
        else:
            links = tuple((predicate, bodies[entity]) for predicate, entity in about.items())
            span = (result.start, result.end)
            support = dict.fromkeys(
                nearest_mention(record, span, each, iris) for each in about.values()
            )
            iri = iris.result(record.key, n)
            found.append(MappedResult(iri, value, result, links, tuple(sorted(support)), upper))
    return found, skipped


def _about(result: Result, by_name: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
    """Property and entity of everything that a figure names."""
    named = (("Metric", result.metric, FP.byMetric), ("Dataset", result.dataset, FP.onDataset))
    for label, name, predicate in (*named, ("Task", result.task, FP.forTask)):
        if name is not None and (label, name) in by_name:
            yield predicate, by_name[label, name]
    if result.subject is not None:
        for kind, predicate in _SUBJECTS:
            if (kind, result.subject) in by_name:
                yield predicate, by_name[kind, result.subject]
                return


def entities_by_name(record: Record, bodies: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Id of each entity that is mentioned, by label and canonical name."""
    by_name: dict[tuple[str, str], str] = {}
    for entity in record.entities:
        if entity.id in bodies:
            by_name.setdefault((entity.label, entity.canonical), entity.id)
    return by_name


def nearest_mention(record: Record, place: tuple[int, int], entity: str, iris: Iris) -> str:
    """IRI of the entity's mention nearest to a place in the text, the earlier one on a tie."""
    spans = ((each.start, each.end) for each in record.mentions if each.entity == entity)
    start, end = min(spans, key=lambda span: (max(span[0] - place[1], place[0] - span[1], 0), span))
    return iris.mention(record.key, start, end)
