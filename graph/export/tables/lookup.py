"""What rows say beside their own subject, read in a pass of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from ....ontology.terms import (
    COMPARATORS,
    FP,
    FPV,
    GRAPH_METRICS,
    PREFIXES,
    QUALITY_METRICS,
    REVIEW_STATUSES,
    VALUE_KINDS,
)
from .subjects import Subject

KINDS: Final = {
    getattr(FP, name): name for name in ("Dataset", "Model", "Method", "Metric", "Task")
}
# Notation of each concept of our vocabularies.
NOTATIONS: Final = {
    iri: notation
    for concepts in (VALUE_KINDS, COMPARATORS, REVIEW_STATUSES, QUALITY_METRICS, GRAPH_METRICS)
    for notation, iri in concepts.items()
} | {FPV.higherIsBetter: "higher-is-better", FPV.lowerIsBetter: "lower-is-better"}
_LABEL: Final = PREFIXES["skos"] + "prefLabel"
_DESCRIBED: Final = (
    FP.Evaluation,
    FP.GoldStandard,
    FP.ExtractionActivity,
    PREFIXES["prov"] + "SoftwareAgent",
)


@dataclass(slots=True)
class Lookup:
    """Names of resources and what else a row joins.

    It grows with the resources, the sizes and the statements that a paper introduces something,
    never with papers, mentions or claims.

    Attributes:
        labels: name by IRI of resource.
        kinds: class by name, such as ``Dataset``, by IRI of resource.
        introduced_by: IRIs of papers by IRI of resource.
        bearers: IRI of the resource by IRI of the size.
        described: agents, runs, evaluations and gold standards by IRI.
    """

    labels: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    introduced_by: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    bearers: dict[str, str] = field(default_factory=dict)
    described: dict[str, Subject] = field(default_factory=dict)

    def label(self, resource: str | None) -> str | None:
        """Name of a resource; None without one."""
        return self.labels.get(resource) if resource else None

    def said(self, iri: str | None, predicate: str) -> str | None:
        """What is said of an agent, a run, an evaluation or a gold standard."""
        subject = self.described.get(iri) if iri else None
        return subject.one(predicate) if subject else None


def kind_of(subject: Subject) -> str | None:
    """Kind of a resource; None for anything else."""
    return next((KINDS[each] for each in subject.types if each in KINDS), None)


def look_up(found: Iterable[Subject]) -> Lookup:
    """Read what rows join from all subjects of core, evidence and meta."""
    lookup = Lookup()
    for subject in found:
        if kind := kind_of(subject):
            lookup.kinds[subject.iri] = kind
            lookup.labels[subject.iri] = subject.one(_LABEL) or subject.iri
            for size in subject.many(FP.size):
                lookup.bearers[size] = subject.iri
        elif FP.Paper in subject.types:
            for resource in subject.many(FP.introduces):
                lookup.introduced_by[resource].append(subject.iri)
        elif any(each in _DESCRIBED for each in subject.types):
            lookup.described[subject.iri] = subject
    return lookup
