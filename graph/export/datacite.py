"""``datacite.json``: what a registry of DOIs asks for (DataCite Metadata Schema 4.5)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ...ontology.terms import ONTOLOGY_IRI
from ..licences import CC0
from . import about
from .release import Release, ReleaseFile
from .released import DATACITE_FILE, released_version

_SCHEMA = "http://datacite.org/schema/kernel-4"


class DataCite:
    """The JSON form of DataCite; it holds no DOI, which is what it is there to apply for."""

    name = "datacite"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write it."""
        text = json.dumps(_content(release), ensure_ascii=False, indent=2) + "\n"
        release.path(DATACITE_FILE).write_text(text, encoding="utf-8")
        yield ReleaseFile(
            DATACITE_FILE,
            "What a registry of DOIs asks for",
            "application/json",
            CC0,
            conforms_to=(_SCHEMA,),
        )


def _content(release: Release) -> dict[str, Any]:
    licence = about.licence(release.licence)
    content: dict[str, Any] = {
        "schemaVersion": _SCHEMA,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Knowledge graph"},
        "creators": [{"name": release.creator, "nameType": "Organizational"}],
        "titles": [{"title": about.title(release), "lang": "en"}],
        "publisher": {"name": release.creator},
        "publicationYear": str(release.issued.year),
        "dates": [{"date": release.issued.isoformat(), "dateType": "Issued"}],
        "language": "en",
        "version": release.version,
        "subjects": [{"subject": word} for word in about.KEYWORDS],
        "descriptions": [
            {
                "description": about.description(release),
                "descriptionType": "Abstract",
                "lang": "en",
            }
        ],
        "rightsList": [
            {
                "rights": licence.name,
                "rightsUri": release.licence,
                "rightsIdentifier": licence.spdx,
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
            }
        ],
        "sizes": [
            f"{release.snapshot.papers} papers",
            f"{release.triples()} triples",
            f"{sum(file.size for file in release.files)} bytes",
        ],
        "formats": sorted({file.unpacked_type or file.media_type for file in release.files}),
        "alternateIdentifiers": [
            {"alternateIdentifier": release.iri, "alternateIdentifierType": "URL"}
        ],
        "relatedIdentifiers": list(_related(release)),
    }
    if release.homepage is not None:
        content["url"] = release.homepage
    return content


def _related(release: Release) -> Iterator[dict[str, str]]:
    related = [
        ("IsVersionOf", release.iris.corpus()),
        ("IsDocumentedBy", ONTOLOGY_IRI),
    ]
    if release.previous is not None:
        before = release.iris.part("release", released_version(release.previous))
        related.append(("IsNewVersionOf", before))
    for relation, iri in related:
        yield {
            "relatedIdentifier": iri,
            "relatedIdentifierType": "URL",
            "relationType": relation,
        }
