"""What the start page says of the graph to programs: schema.org for search engines, and DCAT.

https://developers.google.com/search/docs/appearance/structured-data/dataset lists what search
engines read; the F-UJI metrics F2-01M, F4-01M and I1-01M read the same block.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from markupsafe import Markup

from ..graph.snapshot import Snapshot
from ..ontology.terms import FP, ONTOLOGY_IRI, PREFIXES
from .formats import GRAPHS, Alternate
from .links import Links
from .signposting import Signposts

TITLE: Final = "Research resources in papers"
_KEYWORDS: Final = (
    "knowledge graph", "research resources", "datasets", "models", "methods", "metrics",
    "scholarly papers", "SPARQL", "linked data",
)  # fmt: skip
_MAKER: Final = "fairpapers"
# As a data block, which a browser never runs.
_UNSAFE: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the graph that is served.

    Attributes:
        address: of this server, without a slash at its end.
        snapshot: what is published.
        counts: names of classes in the plural, and how many things are in each.
        licence: IRI of the licence that the graph states; empty where it states none.
    """

    address: str
    snapshot: Snapshot
    counts: Sequence[tuple[str, int]]
    licence: str = ""

    @property
    def corpus(self) -> str:
        """IRI of the graph as a data set."""
        return f"{self.snapshot.base}/id/corpus"

    @property
    def description(self) -> str:
        """One sentence with figures."""
        triples = sum(self.snapshot.triples.values())
        return (
            f"What the titles and abstracts of {self.snapshot.papers} papers say of datasets, "
            f"models, methods, metrics, tasks and results, as {triples} triples of RDF; each "
            "statement has the place in the text that supports it and a confidence."
        )


def dataset_json(facts: Facts) -> Mapping[str, object]:
    """The graph as a ``Dataset`` of schema.org, in JSON-LD that needs no context from elsewhere."""
    snapshot, address = facts.snapshot, facts.address
    maker = {"@type": "Organization", "name": _MAKER, "url": snapshot.base}
    document: dict[str, object] = {
        "@context": {"@vocab": "https://schema.org/"},
        "@type": "Dataset",
        "@id": facts.corpus,
        "identifier": facts.corpus,
        "name": TITLE,
        "description": facts.description,
        "url": f"{address}/",
        "version": snapshot.id,
        "dateCreated": snapshot.created,
        "datePublished": snapshot.created,
        "keywords": list(_KEYWORDS),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "conditionsOfAccess": "Free to read, without registration.",
        "creator": maker,
        "publisher": maker,
        "size": f"{sum(snapshot.triples.values())} triples",
        "measurementTechnique": "Information extraction from titles and abstracts",
        "variableMeasured": [
            {"@type": "PropertyValue", "name": name, "value": count, "unitText": "things"}
            for name, count in facts.counts
        ],
        "isBasedOn": {"@type": "CreativeWork", "@id": ONTOLOGY_IRI, "name": "fairpapers ontology"},
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": snapshot.base,
            "url": f"{address}/",
            "name": _MAKER,
        },
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"Named graph {name}",
                "contentUrl": f"{address}/graph/{name}",
                "encodingFormat": [offer.media_type for offer in GRAPHS],
                "contentSize": f"{count} triples",
            }
            for name, count in sorted(snapshot.triples.items())
        ],
    }
    if facts.licence:
        document["license"] = facts.licence
    return document


def dataset_block(facts: Facts) -> Markup:
    """The content of a ``script`` element of type ``application/ld+json``."""
    text = json.dumps(dataset_json(facts), ensure_ascii=False, indent=1)
    for character, escape in _UNSAFE.items():
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704


def catalog_triples(facts: Facts) -> Iterator[ox.Triple]:
    """The base IRI as a catalogue (DCAT 3) of the one data set, and where to read and ask it."""
    snapshot, address = facts.snapshot, facts.address
    catalog, corpus = ox.NamedNode(snapshot.base), ox.NamedNode(facts.corpus)
    yield ox.Triple(catalog, _name("rdf:type"), _name("dcat:Catalog"))
    yield ox.Triple(catalog, _name("dcterms:title"), ox.Literal(_MAKER))
    yield ox.Triple(catalog, _name("foaf:homepage"), ox.NamedNode(f"{address}/"))
    yield ox.Triple(catalog, _name("dcat:dataset"), corpus)
    for kind in (FP.Corpus, PREFIXES["dcat"] + "Dataset", PREFIXES["void"] + "Dataset"):
        yield ox.Triple(corpus, _name("rdf:type"), ox.NamedNode(kind))
    yield ox.Triple(corpus, _name("dcterms:title"), ox.Literal(TITLE, language="en"))
    yield ox.Triple(
        corpus, _name("dcterms:description"), ox.Literal(facts.description, language="en")
    )
    yield ox.Triple(corpus, _name("dcterms:conformsTo"), ox.NamedNode(ONTOLOGY_IRI))
    yield ox.Triple(corpus, _name("dcterms:publisher"), ox.Literal(_MAKER))
    yield ox.Triple(
        corpus,
        _name("dcterms:issued"),
        ox.Literal(snapshot.created, datatype=_name("xsd:dateTime")),
    )
    yield ox.Triple(corpus, _name("dcat:landingPage"), ox.NamedNode(f"{address}/"))
    yield ox.Triple(corpus, _name("void:sparqlEndpoint"), ox.NamedNode(f"{address}/sparql"))
    if facts.licence:
        yield ox.Triple(corpus, _name("dcterms:license"), ox.NamedNode(facts.licence))
    for name in sorted(snapshot.triples):
        graph = ox.NamedNode(f"{snapshot.base}/graph/{name}")
        yield ox.Triple(corpus, _name("void:subset"), graph)
        yield ox.Triple(graph, _name("void:dataDump"), ox.NamedNode(f"{address}/graph/{name}"))


def signposts(facts: Facts, formats: Sequence[Alternate], links: Links) -> Signposts:
    """Links of the start page: it is the landing page of the data set."""
    graphs = [f"{facts.snapshot.base}/graph/{name}" for name in sorted(facts.snapshot.triples)]
    items = [
        Alternate(path, path, GRAPHS[0].media_type)
        for graph in graphs
        if (path := links.local(graph)) is not None
    ]
    return Signposts(
        cite_as=facts.corpus,
        formats=formats,
        types=(PREFIXES["schema"] + "Dataset",),
        licence=facts.licence,
        items=items,
    )


def _name(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)
