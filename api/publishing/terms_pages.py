"""Pages of the ontology, the vocabularies and the shapes, with their files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from ...ontology import metric_vocabulary_file, ontology_file, shapes_file, vocabulary_file
from ...ontology.documenting import Format, Place, Places, ontology_fragment, stylesheet
from .building import Building

_PLACES: Final = Places("ontology.html", "vocab.html", "shapes.html")
_PAGES: Final[Sequence[tuple[Place, str, str, Sequence[Callable[[], Path]]]]] = (
    ("ontology", "ontology", "Ontology", (ontology_file,)),
    ("vocabularies", "vocab", "Vocabularies", (vocabulary_file, metric_vocabulary_file)),
    ("shapes", "shapes", "Shapes", (shapes_file,)),
)


def write_terms(building: Building) -> None:
    """Write the pages; each term, concept and shape has its place on one of them."""
    building.write("ontology.css", stylesheet().encode())
    for place, stem, heading, files in _PAGES:
        # Turtle after Turtle is Turtle.
        building.write(f"{stem}.ttl", b"\n".join(file().read_bytes() for file in files))
        building.page(
            f"{stem}.html",
            "site-terms.html",
            about={"@type": "DefinedTermSet", "name": heading},
            items=[(f"{stem}.ttl", "text/turtle")],
            heading=heading,
            section="ontology.html",
            fragment=ontology_fragment(
                place, _PLACES, [Format("Turtle", f"{stem}.ttl", "text/turtle")]
            ),
        )
