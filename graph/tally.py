"""What papers share, gathered while they are mapped, and the quads that state it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad

from ..extract.records import LABELS, Generator
from ..ontology import metrics
from .iris import Iris
from .links import Link, count_linked, grounds_quads, link_quad, linked
from .mapping import MappedPaper, map_shared, metric_links
from .resolution import Resource
from .results import Skipped
from .reviewing.decisions import Decision
from .reviewing.stating import reviewer_triples
from .vocabularies import vocabulary_quads


@dataclass(slots=True)
class Tally:
    """What papers share, and figures for the report.

    Attributes:
        total: number of papers, for the progress.
        links: to state where they are about a resource.
        decisions: of reviewers, by key of the paper.
        papers: number of papers by IRI of resource.
        resources: by IRI.
        evaluated: IRIs of models and of the datasets that they have an absolute result on.
        generators: everything that made a record.
        linked: resources with a link, by label; known after `shared_quads`.
        skipped: figures that gave no result, by reason.
        results: number of results.
        unsupported: entities without a mention.
        unsure: mentions below the threshold.
        met: keys of the papers on which there are decisions.
        applied: decisions that confirmed or changed something.
        unmatched: decisions that are about nothing in their paper.
        reviewers: who made decisions that were applied.
    """

    total: int
    links: tuple[Link, ...]
    decisions: Mapping[str, tuple[Decision, ...]] = field(default_factory=dict)
    papers: Counter[str] = field(default_factory=Counter)
    resources: dict[str, Resource] = field(default_factory=dict)
    evaluated: set[tuple[str, str]] = field(default_factory=set)
    generators: set[Generator] = field(default_factory=set)
    linked: dict[str, int] = field(default_factory=dict)
    skipped: Counter[Skipped] = field(default_factory=Counter)
    results: int = 0
    unsupported: int = 0
    unsure: int = 0
    met: set[str] = field(default_factory=set)
    applied: int = 0
    unmatched: list[Decision] = field(default_factory=list)
    reviewers: set[str] = field(default_factory=set)

    def add(self, key: str, mapped: MappedPaper, unsure: int = 0) -> None:
        """Take in what one paper gave, and the number of its mentions that were left out."""
        if key in self.decisions:
            self.review(key, mapped)
        self.papers.update(mapped.resources.keys())
        self.resources.update(mapped.resources)
        self.evaluated |= mapped.evaluated
        self.generators.add(mapped.generator)
        self.skipped += mapped.skipped
        self.results += mapped.results
        self.unsupported += mapped.unsupported
        self.unsure += unsure

    def review(self, key: str, mapped: MappedPaper) -> None:
        """Take note of what came of the decisions on a paper."""
        self.met.add(key)
        self.applied += len(mapped.used)
        self.unmatched += mapped.unmatched
        self.reviewers |= {each.reviewer for each in mapped.used}

    def left_over(self) -> tuple[Decision, ...]:
        """Decisions that are about nothing, those of papers that are not here too."""
        absent = (each for key, of in self.decisions.items() if key not in self.met for each in of)
        return tuple(sorted((*self.unmatched, *absent), key=lambda each: each.key))

    def by_label(self) -> dict[str, int]:
        """Number of resources by label."""
        counts = Counter(resource.label for resource in self.resources.values())
        return {label: counts[label] for label in LABELS}


def shared_quads(tally: Tally, iris: Iris, only: Set[str] | None = None) -> Iterator[Quad]:
    """State what papers share, and the vocabularies; count the linked resources in the tally.

    Args:
        tally: of all papers.
        iris: mints the IRIs.
        only: IRIs of the resources to describe; None for all.
    """
    described = tally.resources if only is None else {iri: tally.resources[iri] for iri in only}
    yield from map_shared(
        tally.papers,
        tally.resources,
        tally.evaluated,
        tally.generators,
        metrics(),
        iris,
        only,
    )
    links = linked(tally.links, tally.resources, iris)
    yield from (link_quad(link, iris) for link in links)
    links += metric_links(described, metrics())
    yield from grounds_quads(links, iris)
    tally.linked.update(count_linked(links, tally.resources))
    evidence = NamedNode(iris.graph("evidence"))
    for triple in reviewer_triples(tally.reviewers, iris):
        yield Quad(*triple, evidence)
    yield from vocabulary_quads(iris)
