"""RDF terms as cells of an HTML table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ..ontology.terms import PREFIXES
from .links import Links

Kind = Literal["iri", "number", "text", "unbound"]
# A term as SPARQL 1.1 Query Results JSON writes it, section 3.2.2.
JsonTerm = Mapping[str, object]

_NUMBERS: Final = frozenset(
    PREFIXES["xsd"] + name
    for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a template shows of one term; every part is text that the template escapes.

    Attributes:
        text: what to read.
        kind: how to set it.
        href: where it leads, if anywhere.
        title: the IRI in full, or the datatype.
        lang: language tag.
        local: whether ``href`` is on this server.
    """

    text: str
    kind: Kind = "text"
    href: str | None = None
    title: str = ""
    lang: str = ""
    local: bool = False


UNBOUND: Final = Cell("", "unbound")


def cell(term: JsonTerm | None, links: Links) -> Cell:
    """Make the cell of one term; None is an unbound variable."""
    if term is None:
        return UNBOUND
    value = str(term["value"])
    if term["type"] == "uri":
        return iri_cell(value, links)
    if term["type"] == "bnode":
        return Cell(f"_:{value}")
    datatype = str(term.get("datatype", ""))
    return Cell(
        value,
        "number" if datatype in _NUMBERS else "text",
        title=links.short(datatype) if datatype else "",
        lang=str(term.get("xml:lang", "")),
    )


def iri_cell(iri: str, links: Links, text: str | None = None) -> Cell:
    """Make the cell of an IRI, under ``text`` instead of its short name where one is given."""
    local = links.local(iri)
    href = local or links.address(iri)
    return Cell(text or links.short(iri), "iri", href, iri, local=local is not None)


def table(
    columns: Sequence[str], rows: Iterable[Mapping[str, JsonTerm]], links: Links
) -> list[list[Cell]]:
    """Make the cells of solution mappings, in the order of the columns."""
    return [[cell(row.get(name), links) for name in columns] for row in rows]
