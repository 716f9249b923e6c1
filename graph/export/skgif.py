"""``data/skg-if.jsonld.gz``: papers and data sets for other graphs of science, in SKG-IF.

The Scientific Knowledge Graphs Interoperability Framework is a recommendation of the Research Data
Alliance (2025, doi:10.15497/RDA00150). A paper is a research product of literature, a data set one
of research data, which the papers that introduce it document; everything that a paper names is a
topic of it, with our confidence as the trust. The framework has no place for results, sizes and
mentions, and none for trust but at topics.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any, Final

from ...ontology.terms import FP, PREFIXES
from .release import GzipWriter, Release, ReleaseFile
from .tables.lookup import Lookup, kind_of, look_up
from .tables.subjects import Subject, subjects

SKGIF_FILE: Final = "data/skg-if.jsonld.gz"
CONTEXT: Final = "https://w3id.org/skg-if/context/1.1.0/skg-if.json"
_SANDBOX: Final = "https://w3id.org/skg-if/sandbox/fairpapers/"
_SCHEMA, _PROV, _SKOS = (PREFIXES[name] for name in ("schema", "prov", "skos"))
# Schemes of paper keys that the framework names.
_SCHEMES: Final = ("doi", "arxiv", "pmid")
_EVERY: Final = 1_000

Json = dict[str, Any]


class SkgIf:
    """Papers and data sets as research products, what they name as topics with a trust (SKG-IF).

    One JSON-LD document whose entities stand one a line, so that it can be read in a stream. Beside the names of resources (see `Lookup`), memory holds the claims of one paper, and of those
    papers whose key is the beginning of its key.
    """

    name = "skg-if"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write it."""
        lookup = look_up(subjects(release.quads("core", "evidence")))
        session = release.snapshot.id
        preamble = [CONTEXT, {"@base": _SANDBOX, "skg": _SANDBOX}]
        with GzipWriter(release.path(SKGIF_FILE)) as out:
            out.write(f'{{"@context": {json.dumps(preamble)},\n"@graph": ['.encode())
            separator = b"\n"
            for done, entity in enumerate(_entities(release, lookup, session), 1):
                out.write(separator)
                _dump(entity, out)
                separator = b",\n"
                if done % _EVERY == 0:
                    release.progress(self.name, done, None)
            out.write(b"\n]}\n")
        yield ReleaseFile(
            path=SKGIF_FILE,
            title="Papers and data sets as research products (SKG-IF)",
            media_type="application/gzip",
            licence=release.licence,
            unpacked_type="application/ld+json",
            conforms_to=("https://doi.org/10.15497/RDA00150",),
        )


def _dump(entity: Json, out: IO[bytes]) -> None:
    out.write(json.dumps(entity, ensure_ascii=False, separators=(",", ":")).encode())


def _entities(release: Release, lookup: Lookup, session: str) -> Iterator[Json]:
    # Claims hang below their paper, whose own line comes after theirs.
    claims: dict[str, dict[str, _Trust]] = {}
    for subject in subjects(release.quads("core", "evidence", "links")):
        if FP.Claim in subject.types:
            if subject.one(_PROV + "invalidatedAtTime"):
                continue  # rejected by a reviewer
            paper = subject.one(PREFIXES["rdf"] + "subject") or ""
            _add_claim(claims.setdefault(paper, {}), subject, lookup)
        elif FP.Paper in subject.types:
            yield _paper(subject, claims.pop(subject.iri, {}), lookup, session)
        elif PREFIXES["prov"] + "SoftwareAgent" in subject.types:
            parts = (subject.one(_SCHEMA + "name"), subject.one(_SCHEMA + "softwareVersion"))
            name = " ".join(filter(None, parts))
            yield {"local_identifier": subject.iri, "entity_type": "agent", "name": name}
        elif kind_of(subject) == "Dataset":
            yield _dataset(subject, lookup)
            yield _topic(subject, lookup)
        elif kind_of(subject):
            yield _topic(subject, lookup)


_Trust = tuple[Decimal, str]


def _add_claim(topics: dict[str, _Trust], claim: Subject, lookup: Lookup) -> None:
    """Keep the surest claim about each resource, and what made it."""
    resource = claim.one(PREFIXES["rdf"] + "object") or ""
    run = claim.one(_PROV + "wasGeneratedBy")
    agent = lookup.said(run, _PROV + "wasAssociatedWith") or ""
    trust = (Decimal(claim.one(FP.confidence) or 0), agent)
    topics[resource] = max(trust, topics.get(resource, trust))


def _paper(paper: Subject, topics: dict[str, _Trust], lookup: Lookup, session: str) -> Json:
    product: Json = {"local_identifier": paper.iri}
    if identifiers := _identifiers(paper):
        product["identifiers"] = identifiers
    product |= {"entity_type": "product", "product_type": "literature"}
    product["titles"] = {"none": paper.many(PREFIXES["dcterms"] + "title")}
    if topics:
        product["topics"] = [
            {
                "term": _term(resource, lookup),
                "provenance": [{"associated_with": agent, "trust": float(trust)}],
            }
            for resource, (trust, agent) in sorted(topics.items())
        ]
    if names := paper.many(FP.authorName):
        product["contributions"] = [
            {"by": _named("agent", name, session, paper.iri), "role": "author"} for name in names
        ]
    if manifestation := _manifestation(paper, session):
        product["manifestations"] = [manifestation]
    return product


def _identifiers(paper: Subject) -> list[Json]:
    scheme, _, value = (paper.one(PREFIXES["dcterms"] + "identifier") or "").partition(":")
    found = {scheme: value} if scheme in _SCHEMES else {}
    if doi := paper.one(FP.doi):
        found["doi"] = doi
    return [{"scheme": scheme, "value": value} for scheme, value in sorted(found.items())]


def _manifestation(paper: Subject, session: str) -> Json:
    """What is known of how it was published; of what kind it is and who may read it is not."""
    known: Json = {}
    if year := paper.one(_SCHEMA + "datePublished"):
        known["dates"] = {"publication": [year]}
    if address := paper.one(_SCHEMA + "url"):
        known["identifiers"] = [{"scheme": "url", "value": address}]
    if venue := paper.one(FP.venueName):
        known["biblio"] = {"in": _named("venue", venue, session)}
    return known


def _named(kind: str, name: str, session: str, of: str = "") -> Json:
    """An entity of which the graph has a name alone, with an identifier for this document."""
    digest = hashlib.sha256("\n".join((kind, of, name)).encode()).hexdigest()[:16]
    return {
        "local_identifier": f"otf___{session}___{kind}-{digest}",
        "entity_type": kind,
        "name": name,
    }


def _dataset(dataset: Subject, lookup: Lookup) -> Json:
    product: Json = {
        "local_identifier": dataset.iri,
        "entity_type": "product",
        "product_type": "research data",
        "titles": {"none": [lookup.labels[dataset.iri], *dataset.many(_SKOS + "altLabel")]},
    }
    if papers := lookup.introduced_by.get(dataset.iri):
        product["related_products"] = {"is_documented_by": papers}
    return product


def _topic(resource: Subject, lookup: Lookup) -> Json:
    topic: Json = {"local_identifier": _term(resource.iri, lookup)}
    if same := resource.many(_SKOS + "exactMatch"):
        topic["identifiers"] = [
            {"scheme": "wikidata" if each.startswith(PREFIXES["wd"]) else "url", "value": each}
            for each in same
        ]
    topic |= {"entity_type": "topic", "labels": {"none": lookup.labels[resource.iri]}}
    return topic


def _term(resource: str, lookup: Lookup) -> str:
    """Identifier of a resource as a topic; a data set is a product under its own IRI."""
    return f"{resource}#topic" if lookup.kinds.get(resource) == "Dataset" else resource
