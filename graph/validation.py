"""Is the graph what it should be? Shapes on papers, and checks of the whole.

pySHACL walks the data in Python, so beyond `SHAPED_PAPERS` papers the shapes see a sample: the
papers whose IRIs have the least SHA-256, the same ones for the same papers. The checks are asked of
the whole store every time, and repeat the shapes' most important claims. The report says which
papers the shapes saw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Store

from ..ontology.terms import FP, PREFIXES
from .errors import Violation
from .iris import Iris
from .quotation import MOST_QUOTED, quoted_shares
from .shaping import shape
from .store_checks import CHECKS, SHOWN, check, iri_of
from .term_checks import TERM_CHECKS, IriWatch, check_terms

SHAPED_PAPERS: Final = 100
_QUOTATION: Final = "text-is-quoted-briefly"

# Which checks keep a rule of the list in this folder's README; the shapes are S1.
CHECKS_BY_RULE: Final = {
    rule: tuple(
        each
        for each, of in (
            *((each.id, each.rule) for each in CHECKS),
            *((each, of) for each, (of, _) in TERM_CHECKS.items()),
            (_QUOTATION, "D7"),
        )
        if of == rule
    )
    for rule in (
        *("N1", "N2", "N3", "N4"),
        *("D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8"),
        *("S2", "S3", "S4", "S5", "S6", "C4", "V1"),
    )
}


@dataclass(frozen=True, slots=True)
class Validation:
    """What was looked at and what was found.

    Attributes:
        papers: papers in the graph.
        shaped: how many of them the shapes were applied to.
        checks: ids of the checks that were asked of the whole graph.
        violations: every fault for which a build refuses a graph, at most 100 a check.
        warnings: every other fault, at most 100 a check.
    """

    papers: int
    shaped: int
    checks: tuple[str, ...]
    violations: tuple[Violation, ...]
    warnings: tuple[Violation, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not self.violations

    @property
    def sampled(self) -> bool:
        """Whether the shapes saw a part of the papers only."""
        return self.shaped < self.papers


def validate(
    store: Store,
    iris: Iris,
    *,
    most: int = SHAPED_PAPERS,
    year: int | None = None,
    watched: IriWatch | None = None,
) -> Validation:
    """Validate a store.

    Args:
        store: with every graph loaded.
        iris: of the graph.
        most: apply the shapes to at most this many papers.
        year: this year, by the calendar where it is None.
        watched: has seen every quad of the store; None where none did.
    """
    papers = paper_iris(store, iris)
    sample = shaped_of(papers, most)
    faults = (
        *check(store, iris, year=year),
        *check_terms(store, iris, watched),
        *check_quotation(store, iris),
        *shape(store, iris, sample),
    )
    return Validation(
        papers=len(papers),
        shaped=len(sample),
        checks=(*(each.id for each in CHECKS), *TERM_CHECKS, _QUOTATION),
        violations=tuple(fault for fault in faults if fault.severity == "violation"),
        warnings=tuple(fault for fault in faults if fault.severity == "warning"),
    )


def check_quotation(store: Store, iris: Iris) -> Iterator[Violation]:
    """D7: warn of texts of which the graph quotes too much, at most `SHOWN` of them."""
    found = 0
    for text, share in quoted_shares(store, iris):
        if share > MOST_QUOTED and found < SHOWN:
            found += 1
            message = f"is quoted to {share:.1%}, more than {MOST_QUOTED:.0%} of it"
            yield Violation(_QUOTATION, text, message, "warning", "D7")


def paper_iris(store: Store, iris: Iris) -> list[str]:
    """IRIs of the papers of a store, in any order."""
    kind = NamedNode(PREFIXES["rdf"] + "type")
    core = NamedNode(iris.graph("core"))
    found = store.quads_for_pattern(None, kind, NamedNode(FP.Paper), core)
    return [iri_of(quad.subject) for quad in found]


def shaped_of(papers: Iterable[str], most: int = SHAPED_PAPERS) -> list[str]:
    """The papers that the shapes see, by the IRIs of all."""
    return sorted(papers, key=_lot)[:most]


def _lot(iri: str) -> str:
    return hashlib.sha256(iri.encode()).hexdigest()
