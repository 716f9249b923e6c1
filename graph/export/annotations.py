"""Mentions as annotations of the W3C Web Annotation Data Model, one a line of JSON-LD.

Query L07 of the library gives the same triples for one paper. Of a text only the words of the
mention are quoted. Specification: https://www.w3.org/TR/annotation-model/
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from ...ontology.terms import FP, PREFIXES
from .mentions import Mention, mentions
from .release import GzipWriter, Release, ReleaseFile

ANNOTATIONS_FILE: Final = "evidence/annotations.jsonl.gz"
CONTEXT_FILE: Final = "evidence/annotation-context.jsonld"
ANNOTATION_CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"

_MODEL: Final = "https://www.w3.org/TR/annotation-model/"
_EVERY: Final = 1000
# What the model has no term for.
_OWN: Final = {"confidence": {"@id": FP.confidence, "@type": PREFIXES["xsd"] + "decimal"}}


def annotation(mention: Mention) -> dict[str, Any]:
    """One mention as JSON-LD."""
    selectors: list[dict[str, Any]] = [
        {
            "id": f"{mention.iri}#position",
            "type": "TextPositionSelector",
            "start": mention.start,
            "end": mention.end,
        }
    ]
    if mention.words is not None:
        selectors.append(
            {"id": f"{mention.iri}#quote", "type": "TextQuoteSelector", "exact": mention.words}
        )
    return {
        "@context": [ANNOTATION_CONTEXT, _OWN],
        "id": mention.iri,
        "type": "Annotation",
        "motivation": "identifying",
        "creator": [
            {"id": agent.iri, "type": "Software", "name": agent.name} for agent in mention.agents
        ],
        "generator": [agent.iri for agent in mention.agents],
        "confidence": mention.confidence,
        "body": list(mention.bodies),
        "target": {
            "id": f"{mention.iri}#target",
            "type": "SpecificResource",
            "source": mention.text,
            "selector": selectors,
        },
    }


def annotation_context() -> dict[str, Any]:
    """The part of the Web Annotation context that these annotations use, in our own words."""
    oa, terms = PREFIXES["oa"], {}
    kinds = ("Annotation", "SpecificResource", "TextPositionSelector", "TextQuoteSelector")
    links = {"body": "hasBody", "target": "hasTarget", "source": "hasSource"}
    for name, local in (*links.items(), ("selector", "hasSelector")):
        terms[name] = {"@id": oa + local, "@type": "@id"}
    for name in ("start", "end"):
        terms[name] = {"@id": oa + name, "@type": PREFIXES["xsd"] + "nonNegativeInteger"}
    return {
        "@context": {
            "id": "@id",
            "type": "@type",
            **{kind: oa + kind for kind in kinds},
            **terms,
            "exact": oa + "exact",
            "identifying": oa + "identifying",
            "motivation": {"@id": oa + "motivatedBy", "@type": "@vocab"},
            "Software": PREFIXES["as"] + "Application",
            "generator": {"@id": PREFIXES["as"] + "generator", "@type": "@id"},
            "creator": {"@id": PREFIXES["dcterms"] + "creator", "@type": "@id"},
            "name": PREFIXES["foaf"] + "name",
        }
    }


class Annotations:
    """Every mention as a Web Annotation, and the context to read them without network."""

    name = "annotations"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write one annotation a line, in the order of the papers."""
        with GzipWriter(release.path(ANNOTATIONS_FILE)) as out:
            for done, mention in enumerate(mentions(release), 1):
                line = json.dumps(annotation(mention), ensure_ascii=False, separators=(",", ":"))
                out.write(f"{line}\n".encode())
                if done % _EVERY == 0:
                    release.progress(self.name, done, None)
        yield ReleaseFile(
            path=ANNOTATIONS_FILE,
            title="Every mention as a W3C Web Annotation, one a line of JSON-LD",
            media_type="application/gzip",
            licence=release.licence,
            unpacked_type="application/x-ndjson",
            conforms_to=(_MODEL,),
        )
        content = json.dumps(annotation_context(), indent=2) + "\n"
        release.path(CONTEXT_FILE).write_text(content, "utf-8", newline="\n")
        yield ReleaseFile(
            path=CONTEXT_FILE,
            title="The terms of the Web Annotation context that the annotations use",
            media_type="application/ld+json",
            licence=release.licence,
        )
