"""Connected components of a graph that no machine holds: which names are one.

Large-star and small-star in turn, after Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii,
"Connected components in MapReduce and beyond" (SoCC 2014). Each turn is a few shuffles of the edges;
what it makes is written, so that a lost executor costs one turn.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Stage: TypeAlias = "Callable[[DataFrame, str], DataFrame]"
"""Writes rows under a name and gives them back as they lie on disk."""


def components(edges: DataFrame, stage: Stage, name: str) -> DataFrame:
    """The least member of the component of each node but the least ones themselves.

    Args:
        edges: two columns of strings, ``id`` and ``other``, in either direction.
        stage: where turns are kept.
        name: what they are called there.

    Returns:
        ``id`` and ``root``; a node that is missing is its own root.
    """
    from pyspark.sql.functions import greatest, least

    downward = edges.select(
        greatest("id", "other").alias("id"), least("id", "other").alias("other")
    )
    current = stage(downward.where("id != other").distinct(), f"{name}-0")
    for turn in count(1):
        if _are_stars(current):
            return current.withColumnRenamed("other", "root")
        current = stage(_small_star(_large_star(current)), f"{name}-{turn}")
    raise AssertionError


def _are_stars(edges: DataFrame) -> bool:
    """Whether each node has one root, and no root a root."""
    several = edges.groupBy("id").count().where("count > 1").select("id")
    roots = edges.select(edges["other"].alias("id")).join(edges, "id", "left_semi")
    return several.unionAll(roots).isEmpty()


def _large_star(edges: DataFrame) -> DataFrame:
    """Tie the greater neighbours of each node to its least one, or to itself."""
    from pyspark.sql.functions import col, least
    from pyspark.sql.functions import min as minimum

    both = edges.select("id", "other").unionAll(
        edges.select(col("other").alias("id"), col("id").alias("other"))
    )
    lowest = both.groupBy("id").agg(minimum("other").alias("low"))
    return (
        both.where("other > id")
        .join(lowest, "id")
        .select(col("other").alias("id"), least("id", "low").alias("other"))
        .distinct()
    )


def _small_star(edges: DataFrame) -> DataFrame:
    """Tie each node and its smaller neighbours to the least of them."""
    from pyspark.sql.functions import col
    from pyspark.sql.functions import min as minimum

    lowest = edges.groupBy("id").agg(minimum("other").alias("low"))
    moved = edges.join(lowest, "id").select(col("other").alias("id"), col("low").alias("other"))
    own = lowest.select("id", col("low").alias("other"))
    return moved.where("id != other").unionAll(own).distinct()
