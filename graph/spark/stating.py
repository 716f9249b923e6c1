"""On the executors: from records and resources to quads, by the mapping of one machine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Quad

from ...extract.records import Record
from ...extract.thresholds import sure_mentions
from ...ontology import metrics
from ...ontology.terms import FP
from ..checks import faults
from ..iris import Iris
from ..mapping import Context, map_paper, map_shared, metric_links
from ..names import fold
from ..nquads import nquad
from ..resolution import Resolution, Resource
from ..terms import node
from .gathering import parts, rows, to_batches

if TYPE_CHECKING:
    from pyarrow import RecordBatch

PARSED: Final = "key string, record string, file string, line bigint, reason string, wrong boolean"
MAPPED: Final = "kind string, value string, other string, paper string, n bigint"
SHARED: Final = "kind string, value string"

QUAD: Final = "quad"
USE: Final = "use"
EVALUATED: Final = "evaluated"
GENERATOR: Final = "generator"
SKIPPED: Final = "skipped"
WANTED: Final = "wanted"
COUNTED: Final = ("results", "unsupported", "unsure")


def map_records(
    batches: Iterable[RecordBatch], *, base: str, minimum: float
) -> Iterator[RecordBatch]:
    """Map records with the resources that each of them names, as `MAPPED`.

    Rows hold quads; for each resource of a paper its IRI and group; pairs of model and data set;
    what made the records; and figures for the report.
    """
    iris = Iris(base)

    def found() -> Iterator[tuple[str, str, str | None, str | None, int]]:
        for row in rows(batches):
            whole = Record.from_json(row["record"])
            record = sure_mentions(whole, minimum)
            resolution = Resolution(
                {parts(each["id"]): _resource(each) for each in row["resources"] or ()}
            )
            mapped = map_paper(record, Context(iris, resolution, min_confidence=minimum))
            for quad in mapped.quads:
                yield QUAD, _line(quad), None, None, 1
            for iri, resource in mapped.resources.items():
                yield USE, iri, resource.others[0], record.key, 1
            for model, dataset in mapped.evaluated:
                yield EVALUATED, model, dataset, None, 1
            yield GENERATOR, json.dumps(asdict(mapped.generator)), None, None, 1
            for reason, n in mapped.skipped.items():
                yield SKIPPED, reason, None, None, n
            unsure = len(whole.mentions) - len(record.mentions)
            counts = (mapped.results, mapped.unsupported, unsure)
            for kind, n in zip(COUNTED, counts, strict=True):
                yield kind, "", None, None, n

    return to_batches(found(), MAPPED)


def _resource(row: dict[str, Any]) -> Resource:
    """A resource for the mapping of one paper, which asks for no other names.

    The group takes their place, to tell groups apart that share an IRI.
    """
    label, _ = parts(row["id"])
    return Resource(label, row["name"], row["slug"], (row["root"],), row["variant_of"])


def state_resources(
    batches: Iterable[RecordBatch], *, base: str, iris_wanted: frozenset[str], names: frozenset[str]
) -> Iterator[RecordBatch]:
    """State what papers share of each resource, as `SHARED`.

    Resources that a list of links may mean, by IRI or by kind and folded name, and metrics that the
    vocabulary knows come as JSON too.
    """
    iris = Iris(base)

    def found() -> Iterator[tuple[str, str]]:
        for row in rows(batches):
            iri, others = row["iri"], tuple(row["others"])
            resource = Resource(row["label"], row["name"], row["slug"], others, None)
            known = {iri: resource}
            for quad in map_shared({iri: row["papers"]}, known, (), (), _metrics(), iris):
                yield QUAD, _line(quad)
            if row["family"]:
                graph = node(iris.graph("inferred"))
                yield (
                    QUAD,
                    _line(Quad(node(iri), node(FP.variantOf), node(row["family"]), graph)),
                )
            called = {
                named(resource.label, fold(each)) for each in (resource.name, *resource.others)
            }
            if (
                iri in iris_wanted
                or called & names
                or any(True for _ in metric_links(known, _metrics()))
            ):
                yield WANTED, json.dumps([iri, asdict(resource)])

    return to_batches(found(), SHARED)


def state_evaluations(batches: Iterable[RecordBatch], *, base: str) -> Iterator[RecordBatch]:
    """State on which data sets models were evaluated, as `SHARED`."""
    pairs = ((row["value"], row["other"]) for row in rows(batches))
    quads = chain.from_iterable(
        map_shared({}, {}, [pair], (), _metrics(), Iris(base)) for pair in pairs
    )
    return to_batches(((QUAD, _line(quad)) for quad in quads), SHARED)


def named(kind: str, folded: str) -> str:
    """Kind, in small letters as in IRIs, and folded name, as one string."""
    return f"{kind.lower()}\t{folded}"


def fault_of(record: Record) -> str | None:
    """What is wrong with a record, or None."""
    return next(faults(record), None)


@cache
def _metrics() -> Any:
    return metrics()


def _line(quad: Quad) -> str:
    return nquad(quad).removesuffix("\n")
