"""``CITATION.cff``: how to cite a release (Citation File Format 1.2.0)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import yaml

from ..licences import CC0
from . import about
from .release import Release, ReleaseFile

CITATION_FILE: Final = "CITATION.cff"


class Citation:
    """The file that reference managers and repositories read."""

    name = "citation"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write it."""
        content: dict[str, Any] = {
            "cff-version": "1.2.0",
            "message": "If you use these data, please cite them and the papers they describe.",
            "type": "dataset",
            "title": about.title(release),
            "abstract": about.description(release),
            "authors": [{"name": release.creator}],
            "version": release.version,
            "date-released": release.issued,
            "identifiers": [
                {"type": "url", "value": release.iri, "description": "IRI of this version"}
            ],
            "keywords": list(about.KEYWORDS),
        }
        if release.licence in about.LICENCES:
            content["license"] = about.licence(release.licence).spdx
        else:
            content["license-url"] = release.licence
        if release.homepage is not None:
            content["url"] = release.homepage
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=96)
        release.path(CITATION_FILE).write_text(text, encoding="utf-8")
        yield ReleaseFile(
            CITATION_FILE,
            "How to cite the release",
            "application/yaml",
            CC0,
            conforms_to=("https://citation-file-format.github.io/",),
        )
