"""``ro-crate-metadata.json``: the release as a research object (RO-Crate 1.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

from ..licences import CC0
from . import about
from .checksums import CHECKSUMS_FILE
from .release import Release, ReleaseFile

CRATE_FILE: Final = "ro-crate-metadata.json"
CRATE: Final = "https://w3id.org/ro/crate/1.1"
# The context of RO-Crate lacks this term of schema.org, under which registries look for digests.
_CONTEXT: Final = [f"{CRATE}/context", {"sha256": "http://schema.org/sha256"}]


class RoCrate:
    """All files with what they are, in schema.org's terms, for archives and search engines."""

    name = "ro-crate"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write it; of the checksums, which come after it, it says only that they are there."""
        content = {"@context": _CONTEXT, "@graph": list(_entities(release))}
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        release.path(CRATE_FILE).write_text(text, encoding="utf-8")
        yield ReleaseFile(
            CRATE_FILE,
            "The release as a research object",
            "application/ld+json",
            CC0,
            conforms_to=(CRATE,),
        )


def _entities(release: Release) -> Iterator[dict[str, Any]]:
    checksums = ReleaseFile(CHECKSUMS_FILE, "SHA-256 of every other file", "text/plain", CC0)
    files = [*release.files, checksums]
    creator = {"@id": "#publisher"}
    software = f"#fairpapers-{release.snapshot.version}"
    yield {
        "@id": CRATE_FILE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": CRATE},
        "about": {"@id": "./"},
        "license": {"@id": CC0},
    }
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title(release),
        "description": about.description(release),
        "identifier": release.iri,
        "version": release.version,
        "datePublished": release.issued.isoformat(),
        "license": {"@id": release.licence},
        "author": creator,
        "publisher": creator,
        "keywords": ", ".join(about.KEYWORDS),
        "hasPart": [{"@id": quote(file.path)} for file in files],
        "mentions": {"@id": "#export"},
    }
    if release.homepage is not None:
        root["url"] = release.homepage
    yield root
    for file in files:
        yield _file(file)
    where = release.homepage or release.iris.base
    yield {**creator, "@type": "Organization", "name": release.creator, "url": where}
    yield {
        "@id": "#export",
        "@type": "CreateAction",
        "name": "Extraction from titles and abstracts, and export",
        "instrument": {"@id": software},
        "result": {"@id": "./"},
    }
    yield {
        "@id": software,
        "@type": "SoftwareApplication",
        "name": "fairpapers",
        "version": release.snapshot.version,
        "url": "https://w3id.org/fairpapers",
    }
    for iri in sorted({CC0, release.licence, *(file.licence for file in files)}):
        known = about.licence(iri)
        yield {
            "@id": iri,
            "@type": "CreativeWork",
            "name": known.name,
            "identifier": known.spdx,
            "description": f"Licence of files of this release: {known.name}",
        }
    for iri in sorted({iri for file in files for iri in file.conforms_to}):
        yield {"@id": iri, "@type": "CreativeWork", "name": iri}


def _file(file: ReleaseFile) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "@id": quote(file.path),
        "@type": "File",
        "name": file.title,
        "encodingFormat": file.media_type,
        "license": {"@id": file.licence},
    }
    if file.unpacked_type is not None:
        entity["description"] = f"Compressed {file.unpacked_type}"
    if file.sha256:
        entity["contentSize"] = str(file.size)
        entity["sha256"] = file.sha256
    if file.conforms_to:
        entity["conformsTo"] = _references(file.conforms_to)
    return entity


def _references(iris: Sequence[str]) -> dict[str, str] | list[dict[str, str]]:
    """One reference or a list of several, as RO-Crate wants."""
    references = [{"@id": iri} for iri in iris]
    return references[0] if len(references) == 1 else references
