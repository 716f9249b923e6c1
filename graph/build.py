"""From records to a published graph, in one call that can be killed at any moment."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import Quad, Store

from ..extract.quality import Quality, load_quality
from ..extract.records import Record
from ..extract.thresholds import sure_mentions
from ..ontology.terms import DEFAULT_BASE
from .aliases import shipped_aliases
from .checks import checked
from .content import Content, look_at
from .errors import GraphInvalid, Violation
from .iris import Iris
from .licences import CC0
from .links import Link, shipped_links
from .linksets import count_links
from .mapping import Context, map_paper
from .measures import PaperTally, measure, tally_papers
from .metadata import About, describe_graph
from .nquads import nquad
from .progress import Progress, silent
from .quality import describes
from .recordfile import read_records, write_records
from .report import describe_validation
from .resolution import Resolution, Resolver
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
from .search import build_index, index_file
from .snapshot import Snapshot, building, publish
from .state import State, keep_state
from .statistics import Statistics, count_graphs, statistics
from .tally import Tally, shared_quads
from .term_checks import IriWatch
from .terms import node
from .validation import Validation, validate


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
    progress: Progress = silent,
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
    iris, brought = Iris(base), tuple(links)
    with building(directory) as work:
        written = write_records(_counted(records, progress), work / "records.jsonl", work / "input")
        merged = merge((*read_decisions(decisions_file(directory)), *decisions))
        tally = Tally(
            total=written.papers,
            links=(*brought, *shipped_links()),
            decisions=by_paper(merged.decisions),
        )
        resolution = _resolve(work, min_confidence, tally, progress)
        context = Context(iris, resolution, materialize_mentions, min_confidence)
        _write_quads(work, context, tally, extra, progress)
        quality = quality or load_quality()
        measured = quality if describes(quality, tally.generators) else None
        about = About(min_confidence, measured, licence=licence)
        snapshot, validation = make_snapshot(
            work,
            iris,
            written.papers,
            about,
            progress,
            materialize_mentions=materialize_mentions,
            links=brought,
        )
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


def _counted(records: Iterable[Record], progress: Progress) -> Iterator[Record]:
    for done, record in enumerate(records, 1):
        progress("read", done, None)
        yield checked(record)


def _sure(work: Path, minimum: float) -> Iterator[tuple[Record, int]]:
    """Each record without what is below the threshold, and the number of mentions that it lost."""
    for record in read_records(work / "records.jsonl"):
        sure = sure_mentions(record, minimum)
        yield sure, len(record.mentions) - len(sure.mentions)


def _resolve(work: Path, minimum: float, tally: Tally, progress: Progress) -> Resolution:
    resolver = Resolver(shipped_aliases())
    for done, (record, _) in enumerate(_sure(work, minimum), 1):
        resolver.add(amend(record, tally.decisions.get(record.key, ())).record)
        progress("resolve", done, tally.total)
    return resolver.resolve()


def _write_quads(
    work: Path, context: Context, tally: Tally, extra: Iterable[Quad], progress: Progress
) -> None:
    with (work / "data.nq").open("w", encoding="utf-8", newline="\n") as lines:
        for done, (record, unsure) in enumerate(_sure(work, context.min_confidence), 1):
            mapped = map_paper(record, context, tally.decisions.get(record.key, ()))
            lines.writelines(map(nquad, mapped.quads))
            tally.add(record.key, mapped, unsure)
            progress("map", done, tally.total)
        lines.writelines(map(nquad, shared_quads(tally, context.iris)))
        lines.writelines(map(nquad, extra))


def make_snapshot(
    work: Path,
    iris: Iris,
    papers: int,
    about: About,
    progress: Progress,
    *,
    materialize_mentions: bool = True,
    links: tuple[Link, ...] = (),
) -> tuple[Snapshot, Validation]:
    """Load the quads of a work directory, look at what the store holds, and describe it.

    Args:
        work: with ``data.nq``; gets the folder ``snapshot``.
        iris: of the graph.
        papers: number of papers.
        about: how it was built.
        progress: told of each stage.
        materialize_mentions: whether mentions were stated in ``graph/inferred``.
        links: that were given beside those that come with fairpapers.

    Raises:
        GraphInvalid: the store breaks the shapes or checks.
    """
    path = work / "snapshot"
    looked = _load_and_look(work / "data.nq", path, iris, about, progress)
    if looked.faults or not looked.validation.conforms:
        raise GraphInvalid((*looked.faults, *looked.validation.violations))
    snapshot = Snapshot(
        id=looked.content.snapshot_id,
        path=path,
        base=iris.base,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("fairpapers"),
        papers=papers,
        triples=looked.triples,
    )
    snapshot.write()
    state = State(
        version=snapshot.version,
        content=looked.content.value,
        min_confidence=about.min_confidence,
        licence=about.licence,
        materialize_mentions=materialize_mentions,
        links=links,
        statistics=looked.statistics,
        papers=looked.papers,
    )
    keep_state(state, path)
    return snapshot, looked.validation


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found in a store."""

    content: Content
    faults: list[Violation]
    triples: dict[str, int]
    validation: Validation
    statistics: Statistics
    papers: PaperTally


def _load_and_look(
    quads: Path, path: Path, iris: Iris, about: About, progress: Progress
) -> _Looked:
    """Make the store and close it again, by giving up its only reference on return.

    Nothing may be raised for what was found while it is open: the files could not be removed.
    """
    progress("load", 0, None)
    path.mkdir()
    store = Store(str(path / "store"))
    store.bulk_load(path=str(quads))
    progress("count", 0, None)
    counted = tally_papers(store, iris)
    found = statistics(store, iris)
    about = replace(about, measures=measure(store, iris, counted), links=count_links(store, iris))
    store.bulk_extend(describe_graph(found, about, iris))
    progress("digest", 0, None)
    watched = IriWatch(iris)
    content, faults = look_at(store, watched)
    progress("validate", 0, None)
    validation = validate(store, iris, watched=watched)
    if validation.conforms:
        content.add(_add_report(store, validation, iris))
    progress("index", 0, None)
    build_index(store, index_file(path))
    store.optimize()
    store.flush()
    triples = count_graphs(store, iris)
    return _Looked(content, faults, triples, validation, found, counted)


def _add_report(store: Store, validation: Validation, iris: Iris) -> list[Quad]:
    """State that the graph conforms; warnings depend on the date and are not stated."""
    meta = node(iris.graph("meta"))
    quads = [Quad(*triple, meta) for triple in describe_validation(validation, iris)]
    store.bulk_extend(quads)
    return quads
