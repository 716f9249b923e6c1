"""A published graph with some papers more or less, made from the one before.

The new snapshot begins as a copy whose files are links to those of the old one; then the quads
that differ are written. What comes out is, quad by quad, what a build from all records would make.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from ...extract.quality import load_quality
from ...extract.records import Record
from ...ontology.terms import FP, PREFIXES
from ..checks import checked
from ..content import Content
from ..errors import CannotGrow, GraphInvalid, Violation
from ..iris import Iris
from ..links import shipped_links
from ..linksets import count_links
from ..mapping import Context
from ..measures import PaperTally, measure, tally_papers
from ..metadata import About, describe_graph
from ..progress import Progress, silent
from ..quality import describes
from ..quotation import Quotation, quoted_shares
from ..report import describe_validation
from ..reviewing.decisions import by_paper, decisions_file, keep_decisions, merge, read_decisions
from ..search import index_file
from ..search_amending import amend_index
from ..snapshot import Snapshot, building, current_snapshot, publish, records_file
from ..state import State, keep_state, read_state
from ..statistics import Statistics, count_graphs
from ..tally import Tally, shared_quads
from ..terms import node, term
from ..validation import SHAPED_PAPERS, Validation, paper_iris, shaped_of
from .difference import Change, Mapped, Names, Sorted, sort_change, write_changed
from .edit import Edit
from .inspection import faults_of, part_of
from .recount import Side, recount
from .shared import changed_resources, tallies

# What decides about the entries of a thing in the index of names.
_NAMING: Final = frozenset(
    {
        *map(term, ("rdf:type", "skos:prefLabel", "skos:altLabel", "dcterms:title")),
        node(FP.paperCount),
    }
)


@dataclass(frozen=True, slots=True)
class GrowReport:
    """What a change came to.

    Attributes:
        snapshot: id of the published snapshot.
        papers: number of papers after it.
        sorted: which papers came, changed, went, or were as they are.
        moved: papers beside those that have a resource whose IRI changed.
        added: number of quads that came.
        removed: number of quads that went.
        left: id of the replaced snapshot where it had to go and somebody still reads it.
        seconds: wall-clock time.
    """

    snapshot: str
    papers: int
    sorted: Sorted
    moved: int = 0
    added: int = 0
    removed: int = 0
    left: str | None = None
    seconds: float = 0.0


def grow(
    directory: Path,
    put: Iterable[Record] = (),
    drop: Iterable[str] = (),
    *,
    extra: Iterable[Quad] = (),
    progress: Progress = silent,
) -> GrowReport:
    """Put papers into a published graph, or take them out, and publish what comes of it.

    A paper that is put again with the same record stays as it is; with another record it is
    replaced. Of a paper that goes, its record and the decisions on it go too, its words go from the
    files of the store, which takes a rewrite of it all, and the snapshot that held it goes, unless
    a server still reads that one.

    Args:
        directory: with a graph that `build_graph` or this published.
        put: records of papers; of several of one paper the last counts.
        drop: keys of papers that go.
        extra: quads of the graph ``queries``, as for `build_graph`.
        progress: told how far it is.

    Raises:
        NoSnapshot: nothing is published there.
        CannotGrow: the published graph was made by an update or by another version.
        GraphDiffers: the published graph is not what its records say.
        RecordInvalid: a record contradicts itself.
        BuildInProgress: a build or another change holds the directory.
        GraphInvalid: the graph would break its shapes or checks.
    """
    began = time.monotonic()
    change = Change({each.key: checked(each) for each in put}, frozenset(drop))
    with building(directory) as work:
        before = current_snapshot(directory)
        state = read_state(before)
        if state.version != version("fairpapers"):
            raise CannotGrow(before.path, f"fairpapers {state.version} built it")
        found = sort_change(records_file(directory), change)
        if found.nothing:
            return GrowReport(before.id, before.papers, found, seconds=time.monotonic() - began)
        wanted = {*found.added, *found.changed}
        change = Change(
            {key: each for key, each in change.put.items() if key in wanted},
            frozenset(found.removed),
        )
        growth = _Growth(directory, work, before, state, change, tuple(extra), progress)
        snapshot, faults = growth.run()
        if faults:
            raise GraphInvalid(tuple(faults))
        progress("publish", 0, None)
        growth.keep_decisions()
        published, _ = publish(directory, work, snapshot, keep_replaced=not change.drop)
    left = change.drop and before.path.exists() and before.id != published.id
    return replace(
        growth.report,
        snapshot=published.id,
        papers=published.papers,
        sorted=found,
        left=before.id if left else None,
        seconds=time.monotonic() - began,
    )


class _Growth:
    """One change to one graph, and what it came to."""

    def __init__(
        self,
        directory: Path,
        work: Path,
        before: Snapshot,
        state: State,
        change: Change,
        extra: tuple[Quad, ...],
        progress: Progress,
    ) -> None:
        self._directory, self._work, self._before = directory, work, before
        self._state, self._change, self._extra = state, change, extra
        self._progress = progress
        self._iris = Iris(before.base)
        self._kept = merge(read_decisions(decisions_file(directory))).decisions
        self._decisions = by_paper(self._kept)
        self.report = GrowReport("", 0, Sorted((), (), (), (), ()))

    def run(self) -> tuple[Snapshot, list[Violation]]:
        """Write the new records and the new snapshot into the work directory."""
        records, path = records_file(self._directory), self._work / "snapshot"
        papers = write_changed(records, self._change, self._work / "records.jsonl")
        names = Names(
            records, self._change, self._state.min_confidence, self._decisions, self._progress
        )
        path.mkdir()
        state, triples, faults = self._write(names, path, papers)
        keep_state(state, path)
        snapshot = replace(
            self._before,
            id=Content(state.content).snapshot_id,
            path=path,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            papers=papers,
            triples=triples,
        )
        snapshot.write()
        return snapshot, faults

    def keep_decisions(self) -> None:
        """Forget the decisions on papers that went: nobody has the text that they judge."""
        left = [each for each in self._kept if each.paper not in self._change.drop]
        if len(left) < len(self._kept):
            keep_decisions(left, self._directory, self._work)

    def _write(
        self, names: Names, path: Path, papers: int
    ) -> tuple[State, dict[str, int], list[Violation]]:
        """Change a copy of the store; both are closed on return, by giving up all references."""
        iris, state = self._iris, self._state
        old = Store.read_only(str(self._before.store))
        place = self._work / "edited" if self._change.drop else path / "store"
        old.backup(str(place))
        new = Store(str(place))
        self._progress("map", 0, None)
        mapped = self._map(names, old)
        edit = Edit(old, new, Content(state.content))
        edit.replace(
            (quad for each in mapped.old.values() for quad in each.quads),
            (quad for each in mapped.new.values() for quad in each.quads),
        )
        links = (*state.links, *shipped_links())
        before, after = tallies(names, mapped, (old, new), links, self._decisions, iris)
        changed = changed_resources(before, after)
        edit.replace(
            *(shared_quads(each, iris, changed & each.resources.keys()) for each in (before, after))
        )
        queries = node(iris.graph("queries"))
        edit.replace(old.quads_for_pattern(None, None, None, queries), self._extra)
        self._progress("count", 0, None)
        statistics = recount(
            state.statistics, Side(old, edit.removed, iris), Side(new, edit.added, iris)
        )
        part = part_of(new, mapped.new.values(), iris)
        counted = self._count(old, new, part, mapped)
        self._describe(edit, old, new, statistics, counted, after, papers)
        self._progress("validate", 0, None)
        papers_of = {iri: after.papers[iri] for iri in changed}
        faults = faults_of(new, part, edit.added, papers_of, iris)
        self._progress("index", 0, None)
        things = {
            quad.subject.value
            for quad in edit.added | edit.removed
            if quad.predicate in _NAMING and isinstance(quad.subject, NamedNode)
        }
        amend_index(index_file(self._before.path), index_file(path), new, things)
        if self._change.drop:
            self._rewrite(new, path / "store")
        new.flush()
        self.report = replace(
            self.report,
            moved=len(mapped.old.keys() & mapped.new.keys() - self._change.put.keys()),
            added=len(edit.added),
            removed=len(edit.removed),
        )
        state = replace(state, content=edit.content.value, statistics=statistics, papers=counted)
        return state, count_graphs(new, iris), faults

    def _rewrite(self, edited: Store, place: Path) -> None:
        """Load everything into a fresh store: the files of the other still have what was deleted."""
        self._progress("rewrite", 0, None)
        quads = self._work / "whole.nq"
        with quads.open("wb") as file:
            edited.dump(file, RdfFormat.N_QUADS)
        fresh = Store(str(place))
        fresh.bulk_load(path=str(quads))
        fresh.optimize()
        fresh.flush()

    def _map(self, names: Names, old: Store) -> Mapped:
        """Map the papers that change, and those that the shapes see for the first time."""
        iris, state = self._iris, self._state
        before = set(paper_iris(old, iris))
        come = {iris.paper(key) for key in self._change.put}
        gone = {iris.paper(key) for key in self._change.drop}
        seen = set(shaped_of(before))
        fresh = set(shaped_of((before | come) - gone)) - seen - come
        core, identifier = node(iris.graph("core")), node(PREFIXES["dcterms"] + "identifier")
        keys = [
            quad.object.value
            for iri in sorted(fresh)
            for quad in old.quads_for_pattern(node(iri), identifier, None, core)
            if isinstance(quad.object, Literal)
        ]
        contexts = [
            Context(iris, each, state.materialize_mentions, state.min_confidence)
            for each in (names.old, names.new)
        ]
        return names.map(contexts[0], contexts[1], keys)

    def _count(self, old: Store, new: Store, part: Store, mapped: Mapped) -> PaperTally:
        """Count what belongs to papers."""
        iris = self._iris
        went = tally_papers(part_of(old, mapped.old.values(), iris), iris)
        counted = self._state.papers.minus(went).plus(tally_papers(part, iris))
        if counted.quotation.forgotten:
            shares = (share for _, share in quoted_shares(new, iris))
            counted = replace(counted, quotation=Quotation.of(shares))
        return counted

    def _describe(
        self,
        edit: Edit,
        old: Store,
        new: Store,
        statistics: Statistics,
        counted: PaperTally,
        tally: Tally,
        papers: int,
    ) -> None:
        """Describe the graph anew in its graph ``meta``."""
        iris, state = self._iris, self._state
        quality = load_quality()
        about = About(
            state.min_confidence,
            quality if describes(quality, tally.generators) else None,
            measures=measure(new, iris, counted),
            licence=state.licence,
            links=count_links(new, iris),
        )
        meta = node(iris.graph("meta"))
        seen = Validation(papers, min(papers, SHAPED_PAPERS), (), ())
        edit.replace(
            old.quads_for_pattern(None, None, None, meta),
            (
                *describe_graph(statistics, about, iris),
                *(Quad(*triple, meta) for triple in describe_validation(seen, iris)),
            ),
        )
