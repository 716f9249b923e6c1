"""Reviewing a graph directory: decisions in, a graph that heeds them out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .building import build_from, describe
from .messages import SkippedRecords, say
from .recording import Reading

if TYPE_CHECKING:
    from ...extract.records import Record
    from ...graph.reviewing import Decision
    from ...graph.reviewing.reading import Refused

_TEMPLATE = (
    "statement",
    "says",
    "words",
    "confidence",
    "status",
    "decision",
    "new_role",
    "new_label",
    "new_name",
    "new_value",
    "new_unit",
    "new_metric",
    "new_subject",
    "new_dataset",
    "new_task",
    "new_number",
    "new_counted",
    "reviewer",
    "date",
    "comment",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def apply_file(
    file: Path, directory: Path, *, reviewer: str, date: str, links: Path | None
) -> tuple[list[str], int]:
    """Read decisions, keep them with the graph, and build it again from its records.

    Args:
        file: of the reviewer.
        directory: graph directory.
        reviewer: for lines that name none.
        date: for lines that give none.
        links: list of links, as for a build.

    Returns:
        The report line by line, and the number of lines that are no decision.
    """
    from ...graph.iris import Iris
    from ...graph.kept import kept_settings
    from ...graph.reviewing.reading import ReviewReader
    from ...graph.snapshot import current_snapshot, records_file
    from ...graph.store import EmbeddedStore

    refused: list[Refused] = []

    def refuse(each: Refused) -> None:
        say(f"skipped {each}")
        refused.append(each)

    snapshot = current_snapshot(directory)
    iris = Iris(snapshot.base)
    records = _records(records_file(directory))
    with EmbeddedStore(snapshot.store) as store:
        kept = decisions_of(directory)
        reader = ReviewReader(store, iris, records.get, kept, reviewer=reviewer, date=date)
        decisions = list(reader.read(file, refuse))
        kept_as = kept_settings(store, iris)
    if not decisions:
        return [f"{file}: no decision, nothing was changed"], len(refused)
    report = build_from(
        records_file(directory),
        directory,
        Reading(),
        SkippedRecords(),
        base=snapshot.base,
        min_confidence=kept_as.min_confidence,
        licence=kept_as.licence,
        links=links,
        decisions=decisions,
    )
    return [f"decisions read from {file}: {len(decisions)}", *report], len(refused)


def _records(path: Path) -> dict[str, Record]:
    from ...graph.recordfile import read_records

    return {record.key: record for record in read_records(path)}


def decisions_of(directory: Path) -> list[Decision]:
    """Decisions that a graph directory keeps."""
    from ...graph.reviewing import decisions_file, read_decisions

    return list(read_decisions(decisions_file(directory)))


def lines(directory: Path) -> Iterator[str]:
    """Each decision in a line, with what is so instead and why."""
    from dataclasses import asdict

    from .showing import safe

    for each in decisions_of(directory):
        instead = (
            ", ".join(f"{v}" for v in asdict(each.instead).values() if v) if each.instead else ""
        )
        told = f" -> {instead}" if instead else ""
        why = f" ({each.comment})" if each.comment else ""
        yield safe(f"{describe(each)}{told}{why}")


def template_lines(directory: Path, paper: str) -> str:
    """CSV of what a graph says of a paper, with empty cells for decisions.

    Args:
        directory: graph directory.
        paper: its key, or its IRI in full or from ``paper/`` on.

    Raises:
        NoEvidence: the graph says nothing of it.
    """
    from pyoxigraph import NamedNode

    from ...graph.errors import NoEvidence
    from ...graph.evidence import Pointer, evidence_of
    from ...graph.iris import Iris
    from ...graph.snapshot import current_snapshot
    from ...graph.store import EmbeddedStore
    from ...ontology.terms import FP, PREFIXES

    snapshot = current_snapshot(directory)
    iris = Iris(snapshot.base)
    bare = paper.strip("<>").removeprefix(f"{iris.base}/").removeprefix("id/")
    iri = f"{iris.base}/id/{bare}" if bare.startswith("paper/") else iris.paper(bare)
    query = (
        f"SELECT ?paper ?item WHERE {{ {{ ?item <{PREFIXES['rdf']}subject> ?paper }} UNION "
        f"{{ ?paper <{FP.reportsResult}>|<{FP.reportsSize}> ?item }} }} ORDER BY ?item"
    )
    with EmbeddedStore(snapshot.store) as store:
        rows = store.select(query, {"paper": NamedNode(iri)}).rows
        nodes = [row[1].value for row in rows if isinstance(row[1], NamedNode)]
        items = [
            evidence_of(Pointer(node=each), store, iris).items[0] for each in sorted(set(nodes))
        ]
    if not items:
        raise NoEvidence(f"anything of <{iri}>", "`fairpapers query A03` shows what papers say")
    out = io.StringIO()
    table = csv.DictWriter(out, _TEMPLATE, lineterminator="\n")
    table.writeheader()
    for item in items:
        words = "; ".join(dict.fromkeys(span.words or "" for span in item.mentions))
        facts = ", ".join(value for _, value in item.facts)
        told = item.shown if item.kind == "claim" else f"{item.kind}: {facts}"
        row = {
            "statement": item.iri,
            "says": _cell(told),
            "words": "" if item.kind != "claim" else _cell(words),
            "confidence": item.confidence or "",
            "status": item.review.status,
        }
        table.writerow(row)
    return out.getvalue()


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
