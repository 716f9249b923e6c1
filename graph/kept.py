"""What a graph says of how it was built, so that the next one is built alike."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from ..ontology.terms import FP, PREFIXES
from .iris import Iris
from .licences import CC0
from .store import EmbeddedStore

_QUERY = f"""SELECT ?corpus ?minimum ?licence WHERE {{
  ?corpus <{FP.minConfidence}> ?minimum
  OPTIONAL {{ ?corpus <{PREFIXES["dcterms"]}license> ?licence }}
}}"""


@dataclass(frozen=True, slots=True)
class Kept:
    """Settings of a published graph.

    Attributes:
        min_confidence: what was less sure did not enter it.
        licence: IRI of the licence of its data.
    """

    min_confidence: float = 0.0
    licence: str = CC0


def kept_settings(store: EmbeddedStore, iris: Iris) -> Kept:
    """Read the settings of a graph; those of a graph that states none are the defaults."""
    for _, minimum, licence in store.select(_QUERY, {"corpus": NamedNode(iris.corpus())}).rows:
        if isinstance(minimum, Literal):
            stated = licence.value if isinstance(licence, NamedNode) else CC0
            return Kept(float(minimum.value), stated)
    return Kept()
