"""Is the graph what it should be? Shapes on papers, and checks of the whole.

pySHACL walks the data in Python, so beyond `SHAPED_PAPERS` papers the shapes see a sample: the
papers whose IRIs have the least SHA-256, the same ones for the same papers. The checks are asked of
the whole store every time, and repeat the shapes' most important claims. The report says which
papers the shapes saw.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Store

from ..ontology.terms import FP, PREFIXES
from .errors import Violation
from .iris import Iris
from .shaping import iri_of, shape
from .store_checks import CHECKS, check

SHAPED_PAPERS: Final = 100


@dataclass(frozen=True, slots=True)
class Validation:
    """What was looked at and what was found.

    Attributes:
        papers: papers in the graph.
        shaped: how many of them the shapes were applied to.
        checks: ids of the checks that were asked of the whole graph.
        violations: every fault found, at most 100 a check.
    """

    papers: int
    shaped: int
    checks: tuple[str, ...]
    violations: tuple[Violation, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing was found."""
        return not self.violations

    @property
    def sampled(self) -> bool:
        """Whether the shapes saw a part of the papers only."""
        return self.shaped < self.papers


def validate(store: Store, iris: Iris, *, most: int = SHAPED_PAPERS) -> Validation:
    """Validate a store.

    Args:
        store: with every graph loaded.
        iris: of the graph.
        most: apply the shapes to at most this many papers.
    """
    kind = NamedNode(PREFIXES["rdf"] + "type")
    core = NamedNode(iris.graph("core"))
    found = store.quads_for_pattern(None, kind, NamedNode(FP.Paper), core)
    papers = sorted((iri_of(quad.subject) for quad in found), key=_lot)
    sample = papers[:most]
    violations = [*check(store, iris), *shape(store, iris, sample)]
    return Validation(
        len(papers), len(sample), tuple(each.id for each in CHECKS), tuple(violations)
    )


def _lot(iri: str) -> str:
    return hashlib.sha256(iri.encode()).hexdigest()
