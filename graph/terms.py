"""RDF terms as pyoxigraph wants them, made once, and literals in their canonical form."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from ..ontology.terms import PREFIXES
from .values import canonical_decimal

_DECIMAL: Final = NamedNode(PREFIXES["xsd"] + "decimal")
_INTEGER: Final = NamedNode(PREFIXES["xsd"] + "integer")
_HEX: Final = NamedNode(PREFIXES["xsd"] + "hexBinary")
_YEAR: Final = NamedNode(PREFIXES["xsd"] + "gYear")
_MOMENT: Final = NamedNode(PREFIXES["xsd"] + "dateTime")
_ANY_URI: Final = NamedNode(PREFIXES["xsd"] + "anyURI")


@lru_cache(maxsize=4096)
def node(iri: str) -> NamedNode:
    """Make a node of an IRI, the same one for the same IRI."""
    return NamedNode(iri)


def term(curie: str) -> NamedNode:
    """Node of a term by its prefixed name, such as ``rdf:type``."""
    prefix, _, local = curie.partition(":")
    return node(PREFIXES[prefix] + local)


def decimal(value: Decimal) -> Literal:
    """Literal of type ``xsd:decimal``."""
    return Literal(canonical_decimal(value), datatype=_DECIMAL)


def confidence(value: float) -> Literal:
    """Confidence as ``xsd:decimal`` with at most four digits behind the point."""
    return decimal(Decimal(repr(round(value, 4))))


def count(value: int) -> Literal:
    """Literal of type ``xsd:integer``: the store keeps no type derived from it."""
    return Literal(str(value), datatype=_INTEGER)


def digest(value: str) -> Literal:
    """Literal of type ``xsd:hexBinary``, in lower case as the usual tools print digests."""
    return Literal(value.lower(), datatype=_HEX)


def year(value: int) -> Literal:
    """Literal of type ``xsd:gYear``, four digits at least."""
    return Literal(f"{value:04d}", datatype=_YEAR)


def moment(value: str) -> Literal:
    """Literal of type ``xsd:dateTime`` of a point in time in its canonical form."""
    return Literal(value, datatype=_MOMENT)


def any_uri(value: str) -> Literal:
    """Literal of type ``xsd:anyURI``."""
    return Literal(value, datatype=_ANY_URI)


def web_address(value: str | None) -> NamedNode | None:
    """Node of an address that a source gives; None where it is no valid http(s) IRI."""
    if not value or not value.startswith(("https://", "http://")):
        return None
    try:
        return NamedNode(value)
    except ValueError:
        return None
