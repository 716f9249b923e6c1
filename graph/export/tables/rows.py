"""From the subjects of a graph to the rows of the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from ....ontology.terms import FP, PREFIXES
from .columns import Column, Row, Table
from .lookup import NOTATIONS, Lookup, kind_of
from .schema import TABLES, table
from .subjects import Subject

_PROV, _DCTERMS = PREFIXES["prov"], PREFIXES["dcterms"]
_DQV_VALUE: Final = PREFIXES["dqv"] + "value"
_PREF, _ALT = (PREFIXES["skos"] + name for name in ("prefLabel", "altLabel"))
_EVALUATED = table("evaluated_on")
_MEASURED = table("measures").column("value")
# Measures of the graph are of the class of those of the extraction, and come first.
_BY_CLASS: Final = {each.type: each for each in TABLES if each.type}


def rows(subject: Subject, lookup: Lookup) -> Iterator[tuple[Table, Row]]:
    """Every row that one subject gives, each with its table; what reviewers rejected gives none."""
    if subject.one(_PROV + "invalidatedAtTime"):
        return
    for each in subject.types:
        if each in _BY_CLASS:
            yield from _of_class(_BY_CLASS[each], subject, lookup)
    if kind := kind_of(subject):
        yield from _of_resource(subject, kind, lookup)


def _of_class(found: Table, subject: Subject, lookup: Lookup) -> Iterator[tuple[Table, Row]]:
    """The row of a subject in the table of its class, and those in tables that hang at it."""
    if found.name == "quality" and not subject.many(_PROV + "wasGeneratedBy"):
        found = table("measures")
    row = _row(found, subject, lookup)
    if found.name == "mentions":
        for resource in subject.many(PREFIXES["oa"] + "hasBody"):
            yield found, row | _resource(resource, lookup)
    elif found.name == "papers":
        yield found, row
        for name in filter(None, subject.many(FP.authorName)):
            yield table("authors"), {"paper": subject.iri, "name": name}
    else:
        yield found, row


def _of_resource(subject: Subject, kind: str, lookup: Lookup) -> Iterator[tuple[Table, Row]]:
    found = table("resources")
    row = _row(found, subject, lookup)
    row |= {"type": getattr(FP, kind), "kind": kind}
    yield found, row | {"introduced_by": lookup.introduced_by.get(subject.iri, [])}
    name = lookup.label(subject.iri)
    for alias in filter(None, subject.many(_ALT)):
        yield table("aliases"), {"resource": subject.iri, "resource_label": name, "name": alias}
    for dataset in subject.many(FP.evaluatedOn):
        row = {"model": subject.iri, "model_label": name, "dataset": dataset}
        yield _EVALUATED, row | {"dataset_label": lookup.label(dataset)}


def _resource(iri: str, lookup: Lookup) -> Row:
    kind = lookup.kinds.get(iri)
    return {"resource": iri, "resource_label": lookup.label(iri), "resource_kind": kind}


def _row(found: Table, subject: Subject, lookup: Lookup) -> Row:
    """What the subject says itself, then what is joined."""
    row: Row = {column.name: _own(column, found, subject) for column in found.columns}
    for name, join in _JOINS.get(found.name, {}).items():
        row[name] = join(row, subject, lookup)
    for column in found.columns:
        of = column.about or ""
        if column.property == _PREF and of:
            row[column.name] = lookup.label(_text(row[of]))
        elif column.name.endswith("_name") and of in row:
            row[column.name] = NOTATIONS.get(_text(row[of]) or "", row[column.name])
    return row


def _own(column: Column, found: Table, subject: Subject) -> object:
    if column.name == found.about:
        return subject.iri
    if column.about or column.value or not column.property:
        return [] if column.many else None
    if column.many:
        return subject.many(column.property)
    return typed(column, subject.one(column.property))


def typed(column: Column, lexical: str | None) -> object:
    """A lexical form as the type of its column."""
    if lexical is None:
        return None
    if column.kind in ("count", "year"):
        return int(lexical)
    return Decimal(lexical) if column.kind in ("decimal", "share") else lexical


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


_Join = Callable[[Row, Subject, Lookup], object]


def _paper(row: Row, subject: Subject, lookup: Lookup) -> str:
    """Mentions, results and sizes hang below their paper: ``<paper>/<letter>/<what>``."""
    del row, lookup
    return subject.iri.rsplit("/", 2)[0]


def _said(of: str, predicate: str) -> _Join:
    return lambda row, _subject, lookup: lookup.said(_text(row[of]), predicate)


def _local(of: str) -> _Join:
    return lambda row, _subject, _lookup: (_text(row[of]) or "").rpartition("#")[2] or None


def _kind(of: str) -> _Join:
    return lambda row, _subject, lookup: lookup.kinds.get(_text(row[of]) or "")


_JOINS: Final[dict[str, dict[str, _Join]]] = {
    "statements": {"relation_name": _local("relation"), "resource_kind": _kind("resource")},
    "mentions": {"paper": _paper},
    "results": {"paper": _paper},
    "sizes": {
        "paper": _paper,
        "resource": lambda _row, subject, lookup: lookup.bearers.get(subject.iri),
    },
    "runs": {
        "program": _said("agent", PREFIXES["schema"] + "name"),
        "program_version": _said("agent", PREFIXES["schema"] + "softwareVersion"),
    },
    "measures": {
        "measured_kind": _local("measured_class"),
        # A number of things is an integer in the graph, a share a decimal.
        "value": lambda _row, subject, _lookup: typed(_MEASURED, subject.one(_DQV_VALUE)),
    },
    "quality": {
        "measured_kind": _local("measured_class"),
        "model_name": _said("evaluation", FP.modelName),
        "gold": _said("evaluation", _PROV + "used"),
        "gold_title": _said("gold", _DCTERMS + "title"),
    },
}
