"""What a release defined: no term that was once released goes away or becomes something else.

``python -m fairpapers.ontology.released ontology`` records the terms of the version in the header
in ``released/<version>.tsv``; do it when a version is released, see VERSIONS.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from rdflib import OWL, RDF, SKOS, Graph, URIRef

from ._files import metric_vocabulary_file, ontology_file, vocabulary_file
from .terms import ONTOLOGY_IRI, PREFIXES

KINDS: Final = (
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    SKOS.ConceptScheme,
    SKOS.Concept,
    URIRef(PREFIXES["dqv"] + "Metric"),
)
_OURS: Final = (PREFIXES["fp"], PREFIXES["fpv"])


def defined_terms(files: Iterable[Path] | None = None) -> dict[str, str]:
    """Every term that the files define, with what it is, both as prefixed names.

    Args:
        files: in Turtle; the ontology and the vocabularies unless others are named.

    >>> defined_terms()["fp:uses"]
    'owl:ObjectProperty'
    """
    graph = Graph()
    for path in files or (ontology_file(), vocabulary_file(), metric_vocabulary_file()):
        graph.parse(path, format="turtle")
    found = {
        _short(str(term)): _short(str(kind))
        for kind in KINDS
        for term in graph.subjects(RDF.type, kind)
        if str(term).startswith(_OURS)
    }
    return dict(sorted(found.items()))


def read_terms(path: Path) -> dict[str, str]:
    """The terms that a file in ``released/`` lists."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split("\t") for line in lines)


def terms_text(terms: Mapping[str, str]) -> str:
    """Terms as they stand in a file in ``released/``: tab-separated, with a header line."""
    rows = [f"{term}\t{kind}" for term, kind in sorted(terms.items())]
    return "\n".join(("term\tkind", *rows)) + "\n"


def broken(released: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What a new version breaks of a released one, a sentence each."""
    gone = [f"{term} is gone: deprecate it instead" for term in released if term not in now]
    changed = [
        f"{term} was {kind} and is {now[term]}: give the new thing a new name"
        for term, kind in released.items()
        if term in now and now[term] != kind
    ]
    return gone + changed


def main() -> None:
    """Write the list of terms of the version in the header."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder ontology/ of a checkout")
    folder: Path = parser.parse_args().folder
    version = Graph().parse(ontology_file()).value(URIRef(ONTOLOGY_IRI), OWL.versionInfo)
    path = folder / "released" / f"{version}.tsv"
    path.write_text(terms_text(defined_terms()), encoding="utf-8")


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


if __name__ == "__main__":
    main()
