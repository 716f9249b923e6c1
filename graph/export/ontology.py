"""The ontology with its vocabularies, shapes, context and prefixes, in the forms that tools read."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, RdfFormat, Triple, parse
from pyoxigraph import serialize as _serialize

from ...ontology import (
    aligned_statements_file,
    alignments_file,
    context_file,
    metric_vocabulary_file,
    ontology_file,
    shapes_file,
    strict_mls_file,
    vocabulary_file,
)
from ...ontology.terms import PREFIXES
from ..licences import CC_BY
from ..terms import any_uri, node, term
from .release import Release, ReleaseFile
from .turtle import Term, Turtle

_ROOT: Final = re.compile(rb"<rdf:RDF ([^>]*)>")
_OWL: Final = "https://www.w3.org/TR/owl2-overview/"
_SKOS: Final = "https://www.w3.org/TR/skos-reference/"
_SHACL: Final = "https://www.w3.org/TR/shacl/"
_TSV: Final = "text/tab-separated-values"
_SSSOM: Final = "https://mapping-commons.github.io/sssom/"
_JSON_LD: Final = "https://www.w3.org/TR/json-ld11/"


def canonical_triples(path: Path) -> list[Triple]:
    """Triples of a Turtle file in one order, blank nodes named by RDFC-1.0."""
    dataset = Dataset(parse(path=str(path), format=RdfFormat.TURTLE))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((quad.triple for quad in dataset), key=str)


def rdf_xml(triples: list[Triple]) -> bytes:
    """RDF/XML of some triples, the same bytes each time.

    The engine writes lists as plain nodes, with each of their statements; rdflib's own writer
    drops statements about list nodes. The engine orders namespaces anew in each process.
    """
    content = _serialize(triples, format=RdfFormat.RDF_XML, prefixes=PREFIXES)
    assert content is not None
    return _ROOT.sub(lambda root: b"<rdf:RDF " + b" ".join(sorted(root[1].split())) + b">", content)


class OntologyFiles:
    """Ontology and vocabularies in three forms; shapes, context, alignments, prefixes."""

    name = "ontology"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write all of them; they are small."""
        copies = (
            (ontology_file(), "The ontology", "text/turtle", _OWL),
            (vocabulary_file(), "Closed lists of values", "text/turtle", _SKOS),
            (metric_vocabulary_file(), "Metrics and how they improve", "text/turtle", _SKOS),
            (shapes_file(), "What every graph conforms to", "text/turtle", _SHACL),
            (context_file(), "Names of the terms in JSON", "application/ld+json", _JSON_LD),
            (alignments_file(), "Matches with terms of others", _TSV, _SSSOM),
            (aligned_statements_file(), "The same matches as triples", "text/turtle", _SKOS),
            (strict_mls_file(), "Our classes below those of ML-Schema", "text/turtle", _OWL),
        )
        for source, title, media_type, standard in copies:
            path = f"ontology/{source.name}"
            shutil.copyfile(source, release.path(path))
            yield ReleaseFile(path, title, media_type, CC_BY, conforms_to=(standard,))
        for source, title, _, standard in copies[:3]:
            triples = canonical_triples(source)
            path = f"ontology/{source.stem}"
            release.path(f"{path}.rdf").write_bytes(rdf_xml(triples))
            yield ReleaseFile(
                f"{path}.rdf",
                f"{title} as RDF/XML",
                "application/rdf+xml",
                CC_BY,
                conforms_to=(standard, "https://www.w3.org/TR/rdf-syntax-grammar/"),
            )
            _serialize(triples, release.path(f"{path}.nt"), RdfFormat.N_TRIPLES)
            yield ReleaseFile(
                f"{path}.nt",
                f"{title} as N-Triples",
                "application/n-triples",
                CC_BY,
                conforms_to=(standard, "https://www.w3.org/TR/n-triples/"),
            )
        yield from _prefixes(release)


def _prefixes(release: Release) -> Iterator[ReleaseFile]:
    with release.path("ontology/prefixes.ttl").open("wb") as out:
        turtle = Turtle(out, base=f"{release.iris.base}/")
        corpus = node(release.iris.corpus())
        declarations = {name: node(release.iris.part("prefix", name)) for name in sorted(PREFIXES)}
        turtle.subject(
            corpus, [Triple(corpus, term("sh:declare"), each) for each in declarations.values()]
        )
        for name, each in declarations.items():
            said: dict[str, Term] = {
                "rdf:type": term("sh:PrefixDeclaration"),
                "sh:prefix": Literal(name),
                "sh:namespace": any_uri(PREFIXES[name]),
            }
            turtle.subject(each, [Triple(each, term(key), value) for key, value in said.items()])
    yield ReleaseFile(
        "ontology/prefixes.ttl", "Prefixes to declare", "text/turtle", CC_BY, conforms_to=(_SHACL,)
    )
    text = json.dumps(dict(sorted(PREFIXES.items())), indent=2) + "\n"
    release.path("ontology/prefixes.json").write_text(text, encoding="utf-8")
    yield ReleaseFile("ontology/prefixes.json", "Prefixes as an object", "application/json", CC_BY)
