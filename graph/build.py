"""From records to a published graph, in one call that can be killed at any moment."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from pyoxigraph import NamedNode, Quad, Store

from ..extract.quality import Quality, load_quality
from ..extract.records import LABELS, Generator, Record
from ..extract.thresholds import sure_mentions
from ..ontology import metrics
from ..ontology.terms import DEFAULT_BASE
from .aliases import shipped_aliases
from .checks import checked
from .errors import GraphInvalid, Violation
from .iris import Iris
from .licences import CC0
from .links import Link, count_linked, grounds_quads, link_quad, linked, shipped_links
from .linksets import count_links
from .mapping import Context, MappedPaper, map_paper, map_shared, metric_links
from .measures import measure
from .metadata import About, describe_graph
from .nquads import nquad, sorted_nquads
from .quality import describes
from .recordfile import read_records, write_records
from .report import describe_validation
from .resolution import Resolution, Resolver, Resource
from .results import Skipped
from .reviewing.amending import amend
from .reviewing.decisions import (
    Decision,
    by_paper,
    decisions_file,
    keep_decisions,
    merge,
    read_decisions,
)
from .reviewing.stating import reviewer_triples
from .search import build_index, index_file
from .snapshot import Snapshot, building, publish
from .statistics import count_graphs, statistics
from .terms import node
from .validation import Validation, validate
from .vocabularies import vocabulary_quads


class Progress(Protocol):
    """Told of each stage and, in a stage that goes paper by paper, of each paper."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take note; ``total`` is None where the end is not known."""
        ...


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made.

    Attributes:
        snapshot: id of the published snapshot.
        unchanged: whether the very same graph was published before this build.
        papers: number of papers.
        duplicates: records left out because another record of the same paper was there.
        resources: number of resources by label.
        results: number of results.
        skipped: figures that gave no result, by reason.
        unsupported: entities left out because no mention names them.
        unsure: mentions left out because they, or their entity, are below the threshold.
        linked: number of resources with a link to another data set, by label.
        applied: decisions of reviewers that confirmed or changed something.
        unmatched: decisions that are about nothing in the records; they are kept.
        tied: decisions left out because of another on the same statement at the same time.
        triples: number of triples by name of graph.
        validation: what was validated.
        seconds: wall-clock time.
    """

    snapshot: str
    unchanged: bool
    papers: int
    duplicates: int
    resources: Mapping[str, int]
    results: int
    skipped: Mapping[Skipped, int]
    unsupported: int
    unsure: int
    linked: Mapping[str, int]
    applied: int
    unmatched: tuple[Decision, ...]
    tied: tuple[Decision, ...]
    triples: Mapping[str, int]
    validation: Validation
    seconds: float


def _silent(stage: str, done: int, total: int | None) -> None:
    del stage, done, total


def build_graph(
    records: Iterable[Record],
    directory: Path,
    *,
    base: str = DEFAULT_BASE,
    materialize_mentions: bool = True,
    min_confidence: float = 0.0,
    quality: Quality | None = None,
    licence: str = CC0,
    links: Iterable[Link] = (),
    extra: Iterable[Quad] = (),
    decisions: Iterable[Decision] = (),
    progress: Progress = _silent,
) -> BuildReport:
    """Build a graph from records and publish it in a directory.

    The same records give the same graph to the byte, in whatever order they come, and a graph that
    is published already is left as it is. A build that fails or is killed leaves the published
    graph and its records as they were; the next build removes what it left.

    Args:
        records: in any order; may be read from the directory's own records file.
        directory: made where missing.
        base: of the IRIs.
        materialize_mentions: state in ``graph/inferred`` that a paper mentions what it introduces
            or uses.
        min_confidence: mentions, entities and results that are less sure do not enter the graph;
            the directory keeps their records.
        quality: figures of a model, stated where it made all records; None for those that come
            with fairpapers.
        licence: IRI of the licence of the data.
        links: to add to the reviewed list; where both hold one triple, these count.
        extra: quads of named graphs that other layers fill, such as ``graph/queries``.
        decisions: of reviewers, which win over what the records say; the directory keeps them, and
            each later build of it applies them again.
        progress: told how far it is.

    Raises:
        IriError: the base, or a paper's key, is no part of an IRI.
        RecordInvalid: a record contradicts itself.
        RecordsDamaged: a line of a records file is no record.
        DecisionsDamaged: a line of the directory's file of decisions is none.
        BuildInProgress: another build holds the directory.
        GraphInvalid: the graph breaks its shapes or checks.
    """
    began = time.monotonic()
    iris = Iris(base)
    with building(directory) as work:
        written = write_records(_counted(records, progress), work / "records.jsonl", work / "input")
        merged = merge((*read_decisions(decisions_file(directory)), *decisions))
        tally = _Tally(
            total=written.papers,
            links=(*links, *shipped_links()),
            decisions=by_paper(merged.decisions),
        )
        resolution = _resolve(work, min_confidence, tally, progress)
        context = Context(iris, resolution, materialize_mentions, min_confidence)
        _write_quads(work, context, tally, extra, progress)
        quality = quality or load_quality()
        measured = quality if describes(quality, tally.generators) else None
        about = About(min_confidence, measured, licence=licence)
        snapshot, validation = _make_snapshot(work, iris, written.papers, about, progress)
        progress("publish", 0, None)
        keep_decisions(merged.decisions, directory, work)
        published, unchanged = publish(directory, work, snapshot)
    return BuildReport(
        snapshot=published.id,
        unchanged=unchanged,
        papers=written.papers,
        duplicates=written.duplicates,
        resources=tally.by_label(),
        results=tally.results,
        skipped=dict(tally.skipped),
        unsupported=tally.unsupported,
        unsure=tally.unsure,
        linked=tally.linked,
        applied=tally.applied,
        unmatched=tally.left_over(),
        tied=merged.tied,
        triples=published.triples,
        validation=validation,
        seconds=time.monotonic() - began,
    )


@dataclass(slots=True)
class _Tally:
    """What papers share, and figures for the report."""

    total: int
    links: tuple[Link, ...]
    papers: Counter[str] = field(default_factory=Counter)
    resources: dict[str, Resource] = field(default_factory=dict)
    evaluated: set[tuple[str, str]] = field(default_factory=set)
    linked: dict[str, int] = field(default_factory=dict)
    generators: set[Generator] = field(default_factory=set)
    skipped: Counter[Skipped] = field(default_factory=Counter)
    results: int = 0
    unsupported: int = 0
    unsure: int = 0
    decisions: Mapping[str, tuple[Decision, ...]] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    applied: int = 0
    unmatched: list[Decision] = field(default_factory=list)
    reviewers: set[str] = field(default_factory=set)

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
        counts = Counter(resource.label for resource in self.resources.values())
        return {label: counts[label] for label in LABELS}


def _counted(records: Iterable[Record], progress: Progress) -> Iterator[Record]:
    for done, record in enumerate(records, 1):
        progress("read", done, None)
        yield checked(record)


def _sure(work: Path, minimum: float) -> Iterator[tuple[Record, int]]:
    """Each record without what is below the threshold, and the number of mentions that it lost."""
    for record in read_records(work / "records.jsonl"):
        sure = sure_mentions(record, minimum)
        yield sure, len(record.mentions) - len(sure.mentions)


def _resolve(work: Path, minimum: float, tally: _Tally, progress: Progress) -> Resolution:
    resolver = Resolver(shipped_aliases())
    for done, (record, _) in enumerate(_sure(work, minimum), 1):
        resolver.add(amend(record, tally.decisions.get(record.key, ())).record)
        progress("resolve", done, tally.total)
    return resolver.resolve()


def _write_quads(
    work: Path, context: Context, tally: _Tally, extra: Iterable[Quad], progress: Progress
) -> None:
    with (work / "data.nq").open("w", encoding="utf-8", newline="\n") as lines:
        for done, (record, unsure) in enumerate(_sure(work, context.min_confidence), 1):
            mapped = map_paper(record, context, tally.decisions.get(record.key, ()))
            if record.key in tally.decisions:
                tally.review(record.key, mapped)
            lines.writelines(map(nquad, mapped.quads))
            tally.papers.update(mapped.resources.keys())
            tally.resources.update(mapped.resources)
            tally.evaluated |= mapped.evaluated
            tally.generators.add(mapped.generator)
            tally.skipped += mapped.skipped
            tally.results += mapped.results
            tally.unsupported += mapped.unsupported
            tally.unsure += unsure
            progress("map", done, tally.total)
        lines.writelines(map(nquad, _shared(tally, context.iris)))
        lines.writelines(map(nquad, extra))


def _shared(tally: _Tally, iris: Iris) -> Iterator[Quad]:
    yield from map_shared(
        tally.papers,
        tally.resources,
        tally.evaluated,
        tally.generators,
        metrics(),
        iris,
    )
    links = linked(tally.links, tally.resources, iris)
    yield from (link_quad(link, iris) for link in links)
    links += metric_links(tally.resources, metrics())
    yield from grounds_quads(links, iris)
    tally.linked.update(count_linked(links, tally.resources))
    evidence = NamedNode(iris.graph("evidence"))
    for triple in reviewer_triples(tally.reviewers, iris):
        yield Quad(*triple, evidence)
    yield from vocabulary_quads(iris)


def _make_snapshot(
    work: Path, iris: Iris, papers: int, about: About, progress: Progress
) -> tuple[Snapshot, Validation]:
    """Load the quads of a work directory, look at what the store holds, and describe it.

    Raises:
        GraphInvalid: the store breaks the shapes or checks.
    """
    path = work / "snapshot"
    digest, faults, triples, validation = _load_and_look(
        work / "data.nq", path, iris, about, progress
    )
    if faults or not validation.conforms:
        raise GraphInvalid((*faults, *validation.violations))
    snapshot = Snapshot(
        id=digest[:16],
        path=path,
        base=iris.base,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("fairpapers"),
        papers=papers,
        triples=triples,
    )
    snapshot.write()
    return snapshot, validation


def _load_and_look(
    quads: Path, path: Path, iris: Iris, about: About, progress: Progress
) -> tuple[str, list[Violation], dict[str, int], Validation]:
    """Make the store and close it again, by giving up its only reference on return.

    Nothing may be raised for what was found while it is open: the files could not be removed.
    """
    progress("load", 0, None)
    store = _load(quads, path / "store", iris, about)
    progress("validate", 0, None)
    validation = validate(store, iris)
    if validation.conforms:
        _add_report(store, validation, iris)
    progress("index", 0, None)
    build_index(store, index_file(path))
    progress("digest", 0, None)
    digest, faults = _digest(store)
    return digest, faults, count_graphs(store, iris), validation


def _load(quads: Path, path: Path, iris: Iris, about: About) -> Store:
    """Load quads into a fresh store, then what the store says of itself."""
    path.parent.mkdir()
    store = Store(str(path))
    store.bulk_load(path=str(quads))
    about = replace(about, measures=measure(store, iris), links=count_links(store, iris))
    store.bulk_extend(describe_graph(statistics(store, iris), about, iris))
    store.optimize()
    store.flush()
    return store


def _add_report(store: Store, validation: Validation, iris: Iris) -> None:
    """State that the graph conforms; warnings depend on the date and are not stated."""
    meta = node(iris.graph("meta"))
    store.bulk_extend(Quad(*triple, meta) for triple in describe_validation(validation, iris))
    store.flush()


def _digest(store: Store) -> tuple[str, list[Violation]]:
    """SHA-256 of the sorted N-Quads, and the faults that only they show.

    Lines of one triple in two graphs stand next to each other in the order of the lines.
    """
    digest = hashlib.sha256()
    faults = []
    before = ""
    for line in sorted_nquads(store):
        digest.update(line.encode())
        triple, _, _ = line.rsplit(" ", 2)
        subject, _, value = triple.split(" ", 2)
        if triple == before:
            faults.append(Violation("graphs-are-disjoint", subject.strip("<>"), "is in two graphs"))
        if subject.startswith("_:") or value.startswith("_:"):
            faults.append(Violation("no-blank-nodes", subject, "has or is a blank node"))
        before = triple
    return digest.hexdigest(), faults
