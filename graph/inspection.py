"""Everything that can be said of how good a published graph is, in one look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from ..ontology.terms import FP, GRAPH_METRICS, PREFIXES, QUALITY_METRICS
from .double_types import DoubleType, double_types
from .errors import SnapshotDamaged, Violation
from .iris import Iris
from .leases import Lease
from .measures import Measure, measure
from .places import Place, find_places, paper_of
from .quality import describe_measures
from .report import ReportTriple, describe_validation, describe_warnings
from .snapshot import Snapshot, current_snapshot, records_file
from .store_checks import SHOWN
from .terms import node, term
from .validation import SHAPED_PAPERS, Validation, validate

_METRIC, _VALUE = (NamedNode(PREFIXES["dqv"] + name) for name in ("isMeasurementOf", "value"))
_CLASS: Final = NamedNode(FP.measuredClass)
_GENERATED: Final = NamedNode(PREFIXES["prov"] + "wasGeneratedBy")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in a graph directory.

    Attributes:
        snapshot: that was looked at.
        records: path of the records file.
        validation: what shapes and checks found.
        measures: figures of the graph, counted now.
        extraction: figures of the extraction model, as the graph states them: metric, kind of
            resource or None, value.
        double_types: names of several kinds, at most 100.
        places: of the papers at fault, by the focus of the fault.
        words: by the focus of a fault, its surface form or name.
        triples: the reports and all figures in RDF.
        outdated: whether the graph states no figures of its own, as older versions built it.
    """

    snapshot: Snapshot
    records: Path
    validation: Validation
    measures: tuple[Measure, ...]
    extraction: tuple[tuple[str, str | None, str], ...]
    double_types: tuple[DoubleType, ...]
    places: dict[str, Place]
    words: dict[str, str]
    triples: tuple[ReportTriple, ...]
    outdated: bool

    @property
    def faults(self) -> tuple[Violation, ...]:
        """Violations, then warnings."""
        return (*self.validation.violations, *self.validation.warnings)

    @property
    def other_version(self) -> str | None:
        """The version that built the graph, where it is not this one."""
        built = self.snapshot.version
        return built if built != version("fairpapers") else None


def inspect(directory: Path, *, most: int | None = None, year: int | None = None) -> Inspection:
    """Validate and measure the published graph of a directory.

    Args:
        directory: as a build made it.
        most: apply the shapes to at most this many papers; None for what a build does.
        year: this year, by the calendar where it is None.

    Raises:
        NoSnapshot: nothing is published there.
        SnapshotDamaged: the files are incomplete, or cannot be read.
    """
    snapshot = current_snapshot(directory)
    lease = Lease(snapshot.store)
    try:
        store = Store.read_only(str(snapshot.store))
        return _inspect(store, snapshot, records_file(directory), most or SHAPED_PAPERS, year)
    except (OSError, RuntimeError) as error:
        raise SnapshotDamaged(snapshot.path, f"its store cannot be read ({error})") from error
    finally:
        lease.release()


def _inspect(
    store: Store, snapshot: Snapshot, records: Path, most: int, year: int | None
) -> Inspection:
    iris = Iris(snapshot.base)
    found = validate(store, iris, most=most, year=year)
    measures = tuple(measure(store, iris))
    faults = (*found.violations, *found.warnings)
    papers = {fault.focus: paper_of(store, iris, fault.focus) for fault in faults}
    by_key = find_places(records, {key for key in papers.values() if key})
    own = (NamedNode(iri) for iri in GRAPH_METRICS.values())
    stated = any(next(store.quads_for_pattern(None, _METRIC, each), None) for each in own)
    return Inspection(
        snapshot=snapshot,
        records=records,
        validation=found,
        measures=measures,
        extraction=tuple(sorted(_extraction(store), key=str)),
        double_types=tuple(islice(double_types(store, iris), SHOWN)),
        places={focus: by_key[key] for focus, key in papers.items() if key in by_key},
        words={focus: words for focus in papers if (words := _words(store, focus))},
        triples=(
            *describe_measures(measures, iris),
            *describe_validation(found, iris),
            *describe_warnings(found, iris),
            *_evaluation(store),
        ),
        outdated=not stated,
    )


def _extraction(store: Store) -> Iterator[tuple[str, str | None, str]]:
    for name, iri in QUALITY_METRICS.items():
        for quad in store.quads_for_pattern(None, _METRIC, NamedNode(iri)):
            kind = _one(store, quad.subject, _CLASS)
            value = _one(store, quad.subject, _VALUE)
            label = kind.value.removeprefix(PREFIXES["fp"]) if kind else None
            if isinstance(value, Literal):
                yield name, label, value.value


def _evaluation(store: Store) -> Iterator[ReportTriple]:
    """What the graph says of the figures of its extraction, and of the run that measured them."""
    runs: set[NamedNode] = set()
    for iri in QUALITY_METRICS.values():
        for quad in store.quads_for_pattern(None, _METRIC, NamedNode(iri)):
            yield from _about(store, quad.subject)
            for linking in store.quads_for_pattern(None, None, quad.subject):
                yield from _triple(linking)
            run = _one(store, quad.subject, _GENERATED)
            if isinstance(run, NamedNode):
                runs.add(run)
    for run in runs:
        yield from _about(store, run)


def _about(store: Store, subject: object) -> Iterator[ReportTriple]:
    assert isinstance(subject, NamedNode | BlankNode)
    for quad in store.quads_for_pattern(subject, None, None):
        yield from _triple(quad)


def _triple(quad: Quad) -> Iterator[ReportTriple]:
    if isinstance(quad.subject, NamedNode) and not isinstance(quad.object, Triple):
        yield quad.subject, quad.predicate, quad.object


def _one(store: Store, subject: object, predicate: NamedNode) -> NamedNode | Literal | None:
    assert isinstance(subject, NamedNode | BlankNode)
    for quad in store.quads_for_pattern(subject, predicate, None):
        if isinstance(quad.object, NamedNode | Literal):
            return quad.object
    return None


def _words(store: Store, focus: str) -> str | None:
    """Surface form, figure, name or title of a node."""
    if focus.startswith("_:"):
        return None
    for curie in ("fp:surfaceForm", "fp:valueLexical", "skos:prefLabel", "dcterms:title"):
        if words := _one(store, node(focus), term(curie)):
            return words.value
    return None
