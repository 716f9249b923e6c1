"""HTML documentation of the ontology, the vocabularies and the shapes, from their Turtle.

`ontology_html` is a whole page that needs nothing else; `ontology_fragment` is the same without
the frame, for a site that has its own.
"""

from __future__ import annotations

from .content import (
    ONTOLOGY,
    SHAPES,
    VOCABULARIES,
    Document,
    Place,
    Places,
    Sources,
    read_document,
)
from .page import Format, ontology_fragment, ontology_html, stylesheet

__all__ = [
    "ONTOLOGY",
    "SHAPES",
    "VOCABULARIES",
    "Document",
    "Format",
    "Place",
    "Places",
    "Sources",
    "ontology_fragment",
    "ontology_html",
    "read_document",
    "stylesheet",
]
