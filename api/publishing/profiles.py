"""Panels on the pages of the resources that most papers name.

Their number is bounded, since each panel may look at the whole graph: the work grows with the graph
and not with its square.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import NamedNode

from ...ontology.terms import FP
from ..profiles.profile import profile
from ..profiles.running import Drawn, run_panels_in_turn
from .asking import drive
from .building import Building


def profiled(building: Building) -> frozenset[str]:
    """IRIs of the resources whose pages have panels."""
    most = building.options.profiles
    query = (
        f"SELECT DISTINCT ?thing ?papers {{ ?thing <{FP.paperCount}> ?papers }} "
        f"ORDER BY DESC(?papers) ?thing LIMIT {most}"
    )
    _, rows = building.asker.values(query, most)
    return frozenset(str(row["thing"]["value"]) for row in rows)


def panels(building: Building, root: str, iri: str, kind: str) -> Sequence[Drawn]:
    """Panels of the page of a resource of a kind such as ``dataset``."""
    context = building.context(root)
    return drive(profile(context, NamedNode(iri), kind.capitalize(), run_panels_in_turn))
