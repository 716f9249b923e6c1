"""The release as a data set with a distribution for each of its files (DCAT 3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from ...ontology.terms import ONTOLOGY_IRI, PREFIXES
from ..terms import node
from ..terms import term as _known
from . import about
from .release import Release, ReleaseFile
from .released import released_version

# These occur in no graph, only in the description of a release.
EXTRA_PREFIXES: Final = {"spdx": "http://spdx.org/rdf/terms#"}
# Files of a release without homepage are addressed relative to the description; the writers
# take this, which is never to be found (RFC 6761), for the place where the description lies.
HERE: Final = "https://release.invalid/"
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_IRREGULAR: Final = "http://purl.org/cld/freq/irregular"


def term(curie: str) -> NamedNode:
    """Node of a prefixed name, of the description's own prefixes too."""
    prefix, _, local = curie.partition(":")
    return node(EXTRA_PREFIXES[prefix] + local) if prefix in EXTRA_PREFIXES else _known(curie)


def download(release: Release, file: str) -> NamedNode:
    """Address of a file, below `HERE` where the release has no homepage."""
    return node(release.address(file) or HERE + quote(file))


def distribution(release: Release, file: str) -> NamedNode:
    """IRI of a file as a distribution; it names the version, the address may change."""
    return node(f"{release.iri}/file/{quote(file)}")


def series(release: Release) -> NamedNode:
    """IRI of all releases together."""
    return node(release.iris.part("releases"))


def agent(release: Release) -> NamedNode:
    """IRI of who publishes the release."""
    return node(f"{release.iri}/publisher")


def dataset_triples(release: Release) -> Iterator[Triple]:
    """The release and its series.

    Raises:
        ReleaseUnusable: the release before names no version.
    """
    this, corpus = node(release.iri), node(release.iris.corpus())
    issued = Literal(release.issued.isoformat(), datatype=_known("xsd:date"))
    says: list[tuple[str, NamedNode | Literal]] = [
        ("rdf:type", term("dcat:Dataset")),
        ("rdf:type", term("void:Dataset")),
        ("dcterms:title", Literal(about.title(release), language="en")),
        ("dcterms:description", Literal(about.description(release), language="en")),
        ("dcterms:bibliographicCitation", Literal(about.citation(release))),
        ("dcterms:identifier", Literal(release.iri)),
        ("dcterms:issued", issued),
        ("dcterms:license", node(release.licence)),
        ("dcterms:creator", agent(release)),
        ("dcterms:publisher", agent(release)),
        ("dcterms:accrualPeriodicity", node(_IRREGULAR)),
        ("dcterms:conformsTo", node(ONTOLOGY_IRI)),
        ("dcat:version", Literal(release.version)),
        ("dcat:isVersionOf", corpus),
        ("dcat:inSeries", series(release)),
        *(("dcat:keyword", Literal(word, language="en")) for word in about.KEYWORDS),
        *(("dcat:distribution", distribution(release, file.path)) for file in release.files),
    ]
    if release.homepage is not None:
        says.append(("dcat:landingPage", node(release.homepage)))
    if release.previous is not None:
        before = node(release.iris.part("release", released_version(release.previous)))
        says += [("dcat:previousVersion", before), ("dcat:prev", before)]
    for curie, value in says:
        yield Triple(this, term(curie), value)
    yield Triple(corpus, term("dcat:hasVersion"), this)
    yield Triple(series(release), term("rdf:type"), term("dcat:DatasetSeries"))
    name = "Releases of the graph of research resources"
    yield Triple(series(release), term("dcterms:title"), Literal(name, language="en"))
    yield Triple(agent(release), term("rdf:type"), term("foaf:Agent"))
    yield Triple(agent(release), term("foaf:name"), Literal(release.creator))


def distribution_triples(release: Release, file: ReleaseFile) -> Iterator[Triple]:
    """One file, with its size and digest.

    The media type is that of what is inside a compressed file (DCAT 3, section 6.8.17).
    """
    this = distribution(release, file.path)
    checksum = node(f"{this.value}/sha256")
    address = download(release, file.path)
    size = Literal(str(file.size), datatype=_known("xsd:nonNegativeInteger"))
    says: list[tuple[str, NamedNode | Literal]] = [
        ("rdf:type", term("dcat:Distribution")),
        ("dcterms:title", Literal(file.title, language="en")),
        ("dcterms:license", node(file.licence)),
        ("dcat:accessURL", node(release.homepage) if release.homepage else address),
        ("dcat:downloadURL", address),
        ("dcat:byteSize", size),
        ("dcat:mediaType", media_type(file.unpacked_type or file.media_type)),
        ("spdx:checksum", checksum),
        *(("dcterms:conformsTo", node(each)) for each in file.conforms_to),
    ]
    if file.unpacked_type is not None:
        says.append(("dcat:compressFormat", media_type(file.media_type)))
    for curie, value in says:
        yield Triple(this, term(curie), value)
    digest = Literal(file.sha256, datatype=_known("xsd:hexBinary"))
    yield Triple(checksum, term("rdf:type"), term("spdx:Checksum"))
    yield Triple(checksum, term("spdx:algorithm"), term("spdx:checksumAlgorithm_sha256"))
    yield Triple(checksum, term("spdx:checksumValue"), digest)


def media_type(name: str) -> NamedNode:
    """IRI of a media type in the registry."""
    return node(_MEDIA_TYPES + quote(name, safe="/+.-"))


def prefixes() -> dict[str, str]:
    """All prefixes of the description."""
    return {**PREFIXES, **EXTRA_PREFIXES}
