"""Every format that an answer comes in, and links to the same answer in the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from ..queries import Form
from .negotiation import Offer

RESULTS_JSON: Final = Offer(
    "application/sparql-results+json", ("json", "srj"), ("application/json",)
)
RESULTS_XML: Final = Offer(
    "application/sparql-results+xml", ("xml", "srx"), ("application/xml", "text/xml")
)
CSV: Final = Offer("text/csv", ("csv",))
TSV: Final = Offer("text/tab-separated-values", ("tsv",), ("text/tsv",))

# Some names are what SPARQLWrapper puts into ?format=, whatever it accepts.
TURTLE: Final = Offer("text/turtle", ("turtle", "ttl"), ("application/x-turtle",))
N_TRIPLES: Final = Offer("application/n-triples", ("nt", "ntriples"))
RDF_XML: Final = Offer(
    "application/rdf+xml", ("rdfxml", "rdf", "rdf+xml", "xml"), ("application/xml",)
)
JSON_LD: Final = Offer("application/ld+json", ("jsonld", "json-ld", "json"), ("application/json",))

HTML: Final = Offer("text/html", ("html",), ("application/xhtml+xml",))
JSON: Final = Offer("application/json", ("json",))
PROBLEM: Final = Offer("application/problem+json", ("problem",), ("application/json",))
SPARQL: Final = Offer("application/sparql-query", ("rq", "sparql"))

# In the order of preference where the client has none.
TABULAR: Final = (RESULTS_JSON, RESULTS_XML, CSV, TSV)
GRAPHS: Final = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)

_LABELS: Final = {
    "turtle": "Turtle", "nt": "N-Triples", "rdfxml": "RDF/XML", "jsonld": "JSON-LD",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alternate:
    """A link to the same thing in another format; ``type`` is its media type."""

    href: str
    name: str
    type: str


def for_form(form: Form | None) -> tuple[Offer, ...]:
    """The formats in which a query can be answered; any, where its form is unknown."""
    if form is None:
        return TABULAR + GRAPHS
    return TABULAR if form in ("SELECT", "ASK") else GRAPHS


def alternates(
    path: str, offers: Sequence[Offer], values: Iterable[tuple[str, str]] = ()
) -> list[Alternate]:
    """Links to each format of a resource.

    Args:
        path: of the resource.
        offers: the formats.
        values: further parameters of the query string.
    """
    kept = list(values)
    return [
        Alternate(
            f"{path}?{urlencode([*kept, ('format', offer.names[0])])}",
            _LABELS.get(offer.names[0], offer.names[0].upper()),
            offer.media_type,
        )
        for offer in offers
    ]


def link_header(links: Iterable[Alternate]) -> str:
    """The links as the value of a Link header (RFC 8288)."""
    return ", ".join(f'<{link.href}>; rel="alternate"; type="{link.type}"' for link in links)
