"""``metadata.ttl`` and ``metadata.jsonld``: the release and its files in DCAT 3 and VoID."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from pyoxigraph import Triple

from ..licences import CC0
from .dcat import HERE, dataset_triples, distribution_triples, prefixes
from .jsonld import JsonLd, own_context
from .release import Release, ReleaseFile
from .turtle import Turtle
from .void import figures

TURTLE_FILE: Final = "metadata.ttl"
JSON_FILE: Final = "metadata.jsonld"
_CONFORMS: Final = ("https://www.w3.org/TR/vocab-dcat-3/", "https://www.w3.org/TR/void/")


class Metadata:
    """DCAT and VoID of the files that were written before.

    Addresses are relative where the release has no homepage: they lead to the files as long as
    these lie beside the description.
    """

    name = "metadata"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write both forms of the same triples; these are as many as classes, properties, files."""
        triples = sorted(set(described(release)), key=str)
        with release.path(TURTLE_FILE).open("wb") as out:
            turtle = Turtle(out, base=HERE, prefixes=prefixes(), declare_base=False)
            for subject, group in groupby(triples, key=lambda triple: triple.subject):
                turtle.subject(subject, group)
        context = {**own_context(), **prefixes()}
        writer = JsonLd(context, base=HERE)
        nodes = [
            writer.node(subject, group)
            for subject, group in groupby(triples, key=lambda triple: triple.subject)
        ]
        text = json.dumps({"@context": context, "@graph": nodes}, ensure_ascii=False, indent=1)
        release.path(JSON_FILE).write_text(text + "\n", encoding="utf-8")
        for file, media_type in ((TURTLE_FILE, "text/turtle"), (JSON_FILE, "application/ld+json")):
            yield ReleaseFile(
                file, "The release, its files and figures", media_type, CC0, conforms_to=_CONFORMS
            )


def described(release: Release) -> Iterator[Triple]:
    """Everything that the description says."""
    yield from dataset_triples(release)
    for file in release.files:
        yield from distribution_triples(release, file)
    yield from figures(release)
