"""What `fairpapers validate` prints: lines, JSON or Turtle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...graph.errors import Violation
    from ...graph.inspection import Inspection

_NAMES_SHOWN = 10


def as_lines(found: Inspection, *, with_words: bool = False) -> Iterator[str]:
    """Tell figures, names of several kinds, and faults.

    Args:
        found: in the graph.
        with_words: below each fault, the title of its paper and the words that it is about.
    """
    yield "quality of the graph"
    for each in found.measures:
        yield _figure(each.metric, each.label, _rounded(each.value))
    if found.extraction:
        yield "quality of the extraction, on annotated papers (--format json: by class)"
        for metric, label, value in found.extraction:
            if label is None:
                yield _figure(metric, label, value)
    if found.double_types:
        yield "names of several kinds"
        for double in found.double_types[:_NAMES_SHOWN]:
            yield f"  {double.name}: {', '.join(label for label, _ in double.resources)}"
        if (more := len(found.double_types) - _NAMES_SHOWN) > 0:
            yield f"  and {more} more, which --format json lists"
    for fault in found.faults:
        yield _fault(fault, found)
        if with_words and (words := _words(fault, found)):
            yield f"    {words}"


def _figure(metric: str, label: str | None, value: str) -> str:
    return f"  {metric:<28}{label or 'all':<10}{value:>10}"


def _rounded(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4f}"


def _fault(fault: Violation, found: Inspection) -> str:
    place = found.places.get(fault.focus)
    where = f"{found.records}:{place.line}" if place else str(found.snapshot.path)
    of = f" {place.key}, from {place.read_from}" if place else ""
    return f"{where}: {fault.severity}: {fault}{of}"


def _words(fault: Violation, found: Inspection) -> str:
    place, words = found.places.get(fault.focus), found.words.get(fault.focus)
    said = [] if place is None else [f"in {place.title!r}"]
    if words and (place is None or words != place.title):
        said.insert(0, repr(words))
    return " ".join(said)


def as_json(found: Inspection) -> str:
    """Tell everything as one JSON object."""
    validation = found.validation
    content = {
        "snapshot": found.snapshot.id,
        "version": found.snapshot.version,
        "papers": validation.papers,
        "shaped": validation.shaped,
        "checks": list(validation.checks),
        "conforms": validation.conforms,
        "quality": [
            {"metric": each.metric, "class": each.label, "value": _number(each.value)}
            for each in found.measures
        ],
        "extraction": [
            {"metric": metric, "class": label, "value": float(value)}
            for metric, label, value in found.extraction
        ],
        "double_types": [
            {
                "name": double.name,
                "resources": [
                    {"class": label, "resource": resource} for label, resource in double.resources
                ],
            }
            for double in found.double_types
        ],
        "violations": [_fault_fields(fault, found) for fault in validation.violations],
        "warnings": [_fault_fields(fault, found) for fault in validation.warnings],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def _number(value: float) -> float:
    return value if isinstance(value, int) else round(value, 4)


def _fault_fields(fault: Violation, found: Inspection) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "check": fault.check,
        "rule": fault.rule,
        "focus": fault.focus,
        "message": fault.message,
        "words": found.words.get(fault.focus),
        "paper": None,
    }
    if place := found.places.get(fault.focus):
        fields["paper"] = {"key": place.key, "title": place.title}
        fields["record"] = {"file": str(found.records), "line": place.line}
        fields["source"] = {"file": place.source, "line": place.source_line}
    return fields


def as_turtle(found: Inspection) -> str:
    """Write the reports and the measurements as Turtle, sorted, with the prefixes that they use."""
    from pyoxigraph import RdfFormat, Triple, serialize

    from ...ontology.terms import PREFIXES

    triples = sorted({Triple(*each) for each in found.triples}, key=str)
    content = serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    assert content is not None
    lines = content.decode().splitlines(keepends=True)
    # The serializer writes every prefix, in an order of its own.
    heads = sorted(line for line in lines if line.startswith("@prefix "))
    body = "".join(line for line in lines if not line.startswith("@prefix "))
    return "".join(line for line in heads if f"{line.split()[1]}" in body) + body
