"""Pages of the ontology and the vocabularies, with their files."""

from __future__ import annotations

from ...ontology import ontology_file, vocabulary_file
from ...ontology.terms import PREFIXES
from ..term_pages import read_terms
from .building import Building


def write_terms(building: Building) -> None:
    """Write both pages; each concept and term has its place on one of them."""
    for stem, heading, file, prefix, lead in (
        (
            "ontology",
            "Ontology",
            ontology_file(),
            "fp",
            "The classes and properties that the graph is written in.",
        ),
        (
            "vocab",
            "Vocabularies",
            vocabulary_file(),
            "fpv",
            "Closed lists of values for properties of the ontology.",
        ),
    ):
        building.write(f"{stem}.ttl", file.read_bytes())
        building.page(
            f"{stem}.html",
            "site-terms.html",
            about={"@type": "DefinedTermSet", "name": heading, "description": lead},
            items=[(f"{stem}.ttl", "text/turtle")],
            heading=heading,
            section="ontology.html",
            lead=lead,
            file=f"{stem}.ttl",
            groups=read_terms(file, PREFIXES[prefix]),
        )
