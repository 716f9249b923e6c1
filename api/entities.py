"""What an entity page shows, from answers of the graph to view models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from ..ontology.terms import FP, PREFIXES
from .cells import Cell, JsonTerm, cell, iri_cell
from .links import Links

Row = Mapping[str, JsonTerm]

# Strongest first: a paper that introduces a resource need not be said to use it too.
ROLES: Final[Mapping[str, str]] = {
    FP.introduces: "Introduces",
    FP.uses: "Uses",
    FP.addressesTask: "Addresses",
    FP.mentions: "Mentions",
}
KINDS: Final = ("Benchmark", "Dataset", "Model", "Method", "Metric", "Task")
# How people write the units that `graph.values` reads.
_UNITS: Final[Mapping[str, str]] = {
    "PERCENT": "%",
    "UNITLESS": "",
    "SEC": "s",
    "MilliSEC": "ms",
    "MIN": "min",
    "HR": "h",
    "KiloBYTE": "KB",
    "MegaBYTE": "MB",
    "GigaBYTE": "GB",
    "DeciB": "dB",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a paper's text; code points, end exclusive."""

    mention: Cell
    form: str
    start: int
    end: int


@dataclass(slots=True)
class Statement:
    """That a paper introduces, uses, addresses or mentions something, and why.

    Attributes:
        claim: the claim's IRI.
        thing: the resource on a paper's page, the paper on a resource's.
        kind: kind of the resource, such as ``Dataset``.
        confidence: from 0 to 1.
        year: year of the paper, on a resource's page.
        evidence: mentions that support it.
    """

    claim: str
    thing: Cell
    kind: str
    confidence: float
    year: str = ""
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Figure:
    """One reported result."""

    result: Cell
    metric: Cell
    value: str
    kind: str
    subject: Cell | None
    dataset: Cell | None
    task: Cell | None
    confidence: float
    paper: Cell | None


@dataclass(frozen=True, slots=True)
class Sized:
    """One size; ``thing`` is the resource on a paper's page, the paper on a resource's."""

    size: Cell
    value: str
    counted: str
    thing: Cell
    confidence: float


def text(row: Row, name: str) -> str:
    """Lexical form of a term; empty where it is unbound."""
    term = row.get(name)
    return "" if term is None else str(term["value"])


def statements(rows: Iterable[Row], links: Links) -> dict[str, list[Statement]]:
    """Group the claims of a paper by role, in the order of `ROLES`; one row a mention."""
    claims: dict[str, tuple[str, Statement]] = {}
    for row in rows:
        claim = text(row, "claim")
        if claim not in claims:
            resource = text(row, "resource")
            thing = iri_cell(resource, links, text(row, "label"))
            statement = Statement(claim, thing, kind_of(resource), float(text(row, "confidence")))
            claims[claim] = text(row, "role"), statement
        span = Evidence(
            iri_cell(text(row, "mention"), links),
            text(row, "form"),
            int(text(row, "start")),
            int(text(row, "end")),
        )
        claims[claim][1].evidence.append(span)
    return _by_role(claims.values())


def papers(rows: Iterable[Row], links: Links) -> dict[str, list[Statement]]:
    """Group the claims about a resource by role; the thing of each is the paper."""
    found = [
        (
            text(row, "role"),
            Statement(
                text(row, "claim"),
                iri_cell(text(row, "paper"), links, text(row, "title")),
                "",
                float(text(row, "confidence")),
                text(row, "year"),
            ),
        )
        for row in rows
    ]
    return _by_role(found)


def _by_role(claims: Iterable[tuple[str, Statement]]) -> dict[str, list[Statement]]:
    pairs = list(claims)
    grouped = {
        name: [statement for role, statement in pairs if role == iri] for iri, name in ROLES.items()
    }
    return {name: members for name, members in grouped.items() if members}


def figures(rows: Iterable[Row], links: Links) -> list[Figure]:
    """Make one figure a result; of several subjects, data sets or tasks the first is shown."""
    found: dict[str, Figure] = {}
    for row in rows:
        found.setdefault(text(row, "result"), _figure(row, links))
    return list(found.values())


def _figure(row: Row, links: Links) -> Figure:
    def named(name: str) -> Cell | None:
        return iri_cell(text(row, name), links, text(row, f"{name}Label")) if name in row else None

    metric = named("metric")
    assert metric is not None
    paper = iri_cell(text(row, "paper"), links, text(row, "title")) if "paper" in row else None
    return Figure(
        iri_cell(text(row, "result"), links),
        metric,
        _written(row),
        text(row, "kindLabel"),
        named("subject"),
        named("dataset"),
        named("task"),
        float(text(row, "confidence")),
        paper,
    )


def sizes(rows: Iterable[Row], links: Links) -> list[Sized]:
    """Make one of each size, in the order of the rows."""
    return [
        Sized(
            iri_cell(text(row, "size"), links),
            _written(row),
            text(row, "counted"),
            iri_cell(text(row, "thing"), links, text(row, "label")),
            float(text(row, "confidence")),
        )
        for row in rows
    ]


def _written(row: Row) -> str:
    unit = text(row, "unit").removeprefix(PREFIXES["unit"])
    sign = text(row, "sign")
    value = f"{text(row, 'value')} {_UNITS.get(unit, unit)}".rstrip()
    return value if sign in ("", "=") else f"{sign} {value}"


def kind_of(iri: str) -> str:
    """Kind of a resource by its IRI: ``…/id/dataset/squad`` is a Dataset; else empty."""
    parts = iri.rsplit("/", 2)
    kind = parts[-2].capitalize() if len(parts) == 3 else ""
    return kind if kind in KINDS else ""


def facts(rows: Iterable[Row], links: Links) -> list[tuple[Cell, list[Cell]]]:
    """Group statements by property, for the page of anything else."""
    grouped: dict[str, list[Cell]] = {}
    for row in rows:
        grouped.setdefault(text(row, "property"), []).append(cell(row.get("value"), links))
    return [(iri_cell(name, links), values) for name, values in grouped.items()]
