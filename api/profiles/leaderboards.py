"""Leaderboards of a data set, one a metric, the best system first.

Only absolute figures are compared, by query F02, which knows which direction is the better one;
gains have a panel of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import NamedNode

from ...ontology.terms import FPV
from ..context import Context
from ..entities import text
from .panels import Panel

# More metrics than a page has room for are in query F01.
SHOWN: Final = 4
QUERY: Final = "F02"

_METRICS: Final = f"""
SELECT ?metric ?label ?direction (COUNT(DISTINCT ?result) AS ?figures) WHERE {{
  ?result fp:onDataset $entity ; fp:valueKind <{FPV.absolute}> ; fp:byMetric ?metric ;
    fp:ofModel|fp:ofMethod ?system .
  ?metric skos:prefLabel ?label .
  OPTIONAL {{ ?metric fp:direction ?direction }}
}} GROUP BY ?metric ?label ?direction ORDER BY DESC(?figures) ?label ?metric LIMIT {SHOWN}
"""
_DIRECTIONS: Final = {
    "higher-is-better": "Higher is better.",
    "lower-is-better": "Lower is better.",
}
_UNKNOWN: Final = "Which direction is better is not known; high is taken for it."


async def leaderboards(context: Context, node: NamedNode) -> Sequence[Panel]:
    """Panels for the metrics by which most figures of systems on a data set are reported.

    Raises:
        ApiError: the metrics could not be asked for.
    """
    return [
        Panel(
            QUERY,
            "dataset",
            f"Leaderboard: {text(row, 'label')}",
            "bar",
            values=(("metric", text(row, "metric")),),
            note=_DIRECTIONS.get(text(row, "direction").rpartition("/")[2], _UNKNOWN),
        )
        for row in await context.asker.rows(_METRICS, node)
    ]
