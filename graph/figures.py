"""The results and sizes of a paper, with what reviewers decided of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Literal, NamedNode

from ..extract.records import Record
from ..ontology.terms import FP
from .claims import Verdict
from .results import MappedResult, Skipped, map_results
from .reviewing.amending import Amended
from .reviewing.decisions import Decision
from .reviewing.figures import judge_results, judge_sizes
from .reviewing.judging import Judged
from .reviewing.stating import origin_triples
from .sizes import MappedSize, map_sizes
from .terms import node, term

if TYPE_CHECKING:
    from .mapping import Context

_Triple: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal]


@dataclass(frozen=True, slots=True)
class MappedFigures:
    """Results and sizes.

    Attributes:
        results: that the graph states.
        sizes: that the graph states.
        rejected: those that it does not state because a reviewer said so.
        verdicts: what was decided, by IRI.
        given: IRIs of those that only reviewers gave.
        skipped: figures that gave no result, by reason.
        used: decisions that confirmed or changed something.
        unmatched: decisions that are about nothing in the record.
    """

    results: tuple[MappedResult, ...]
    sizes: tuple[MappedSize, ...]
    rejected: tuple[MappedResult | MappedSize, ...]
    verdicts: Mapping[str, Verdict]
    given: frozenset[str]
    skipped: Counter[Skipped]
    used: tuple[Decision, ...]
    unmatched: tuple[Decision, ...]

    @property
    def stated(self) -> tuple[MappedResult | MappedSize, ...]:
        """What the graph states."""
        return (*self.results, *self.sizes)

    def core(self) -> Iterator[_Triple]:
        """What they say."""
        for figure in self.stated:
            yield from figure.core()

    def evidence(self, text: NamedNode, run: NamedNode) -> Iterator[_Triple]:
        """Where each stands, what backs it, who found it and who judged it."""
        known = {figure.iri for figure in self.rejected}
        for figure in (*self.stated, *self.rejected):
            yield from figure.evidence(text)
            verdict = self.verdicts.get(figure.iri)
            if verdict is not None and verdict.revises not in known:
                # What was corrected had lost its metric, so it is nowhere.
                verdict = replace(verdict, revises=None)
            found = figure.iri not in self.given
            yield from origin_triples(figure.iri, verdict, run, found=found)
        for figure in self.rejected:
            # No fp:Result or fp:Size: those who ask for these want what holds.
            yield node(figure.iri), term("rdf:type"), term("prov:Entity")
            written = Literal(figure.source.value.strip())
            yield node(figure.iri), node(FP.valueLexical), written


def map_figures(
    amended: Amended, bodies: Mapping[str, str], judged: Judged, context: Context
) -> MappedFigures:
    """Map the figures of a record.

    Args:
        amended: the record and the decisions on its paper.
        bodies: IRI of the resource by id of each entity that the paper names.
        judged: what was decided of the paper's relations.
        context: what the mapping of every paper needs.
    """
    iris, minimum = context.iris, context.min_confidence
    results = judge_results(amended, iris, minimum)
    sizes = judge_sizes(amended, iris, minimum)
    record = replace(
        _relabelled(amended.record, bodies, judged),
        results=results.figures,
        sizes=sizes.figures,
    )
    key, before = record.key, amended.record
    verdicts = {
        **{iris.result(key, n + 1): verdict for n, verdict in results.verdicts.items()},
        **{iris.size(key, n + 1): verdict for n, verdict in sizes.verdicts.items()},
    }
    given = frozenset(
        (
            *(iris.result(key, n + 1) for n in range(len(before.results), len(record.results))),
            *(iris.size(key, n + 1) for n in range(len(before.sizes), len(record.sizes))),
        )
    )
    denied = {iri for iri, verdict in verdicts.items() if verdict.status == "rejected"}
    mapped, skipped = map_results(record, bodies, iris, minimum)
    counted = map_sizes(record, bodies, iris, minimum)
    figures: tuple[MappedResult | MappedSize, ...] = (*mapped, *counted)
    rejected = tuple(each for each in figures if each.iri in denied)
    return MappedFigures(
        results=tuple(each for each in mapped if each.iri not in denied),
        sizes=tuple(each for each in counted if each.iri not in denied),
        rejected=rejected,
        verdicts=verdicts,
        given=given,
        skipped=skipped,
        used=(*results.used, *sizes.used),
        unmatched=(*results.unmatched, *sizes.unmatched),
    )


def _relabelled(record: Record, bodies: Mapping[str, str], judged: Judged) -> Record:
    """The record with the labels of entities as corrected, since figures find them by these."""
    if not judged.replaced:
        return record
    labels = {iri: each.resource.label for iri, each in judged.relations.items()}
    entities = tuple(
        replace(each, label=labels[bodies[each.id]]) if each.id in bodies else each
        for each in record.entities
    )
    return replace(record, entities=entities)
