"""A Turtle file in every format that graphs come in."""

from __future__ import annotations

import pyoxigraph as ox

from ..ontology.terms import PREFIXES
from .formats import GRAPHS, TURTLE


def every_form(turtle: bytes) -> dict[str, bytes]:
    """The file by media type: Turtle as it is; the others with triples in one order.

    Blank nodes are named by the content (RDFC-1.0), so that they are the same each time.

    Raises:
        SyntaxError: it is no Turtle.
    """
    dataset = ox.Dataset(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    triples = [quad.triple for quad in sorted(dataset, key=str)]
    made = {TURTLE.media_type: turtle}
    for offer in GRAPHS:
        if offer is not TURTLE:
            format_ = ox.RdfFormat.from_media_type(offer.media_type)
            made[offer.media_type] = ox.serialize(triples, format=format_, prefixes=PREFIXES) or b""
    return made
