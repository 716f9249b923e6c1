"""`Resolver` as aggregations: nothing is collected, and no task holds more than one group of names.

What is global in it: the groups of equal names (connected components), the acronyms with one long form
in the whole corpus, the slugs of names that want the same one, and the families of models. Each is a
join or a grouping below. The reviewed list is small, and each executor has it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from ...extract.spark.session import mapped
from .gathering import (
    COUNTS,
    DESCRIBED,
    GROUPS,
    NAME,
    REVIEWED,
    SLUGS,
    count_names,
    describe_names,
    give_slugs,
    name_groups,
    resolver,
)
from .joining import Stage, components

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_TAB: Final = "\t"


class Resolved(NamedTuple):
    """The resolution as two tables.

    ``keys`` has the group (``root``) of each name (``id``); ``resources`` has for each group label,
    name, slug, others and variant_of, as `Resource`.
    """

    keys: DataFrame
    resources: DataFrame


def resolve(spark: SparkSession, records: DataFrame, minimum: float, stage: Stage) -> Resolved:
    """Resolve the names of all records.

    Args:
        spark: the session.
        records: with the column ``record``, one a paper.
        minimum: mentions that are less sure do not count.
        stage: where intermediate tables are kept.
    """
    from pyspark.sql.functions import coalesce, col, lit
    from pyspark.sql.functions import sum as total

    each = mapped(records.select("record"), partial(count_names, minimum=minimum), COUNTS)
    counts = stage(each.groupBy("kind", "id", "text").agg(total("n").alias("n")), "counts")
    names = counts.where(col("kind") == NAME).select("id", "text")
    described = stage(mapped(names, describe_names, DESCRIBED), "described")
    reviewed = spark.createDataFrame(
        resolver().reviewed(), "id string, other string, canonical string"
    )
    roots = _joined(counts, described, reviewed, stage)
    keys = names.select("id").distinct().join(roots, "id", "left")
    keys = stage(keys.select("id", coalesce("root", "id").alias("root")), "keys")
    listed = reviewed.join(roots, "id", "left").select(
        coalesce("root", "id").alias("root"),
        "id",
        lit(REVIEWED).alias("kind"),
        col("canonical").alias("text"),
        lit(0).cast("bigint").alias("n"),
    )
    met = counts.where("kind != 'long'").join(keys, "id")
    members = met.select("root", "id", "kind", "text", "n").unionAll(listed)
    sorted_members = members.repartition("root").sortWithinPartitions("root")
    groups = stage(mapped(sorted_members, name_groups, GROUPS), "groups")
    return Resolved(keys, stage(_resources(groups, keys), "resources"))


def _joined(
    counts: DataFrame, described: DataFrame, reviewed: DataFrame, stage: Stage
) -> DataFrame:
    """Root of each name that is not alone: by spelling and list, then by acronym."""
    from pyspark.sql.functions import broadcast, coalesce, col, count_distinct, length
    from pyspark.sql.functions import min as minimum
    from pyspark.sql.functions import substring_index as after
    from pyspark.sql.functions import sum as total

    spelled = described.where("compared is not null").select("id", col("compared").alias("other"))
    first = components(spelled.unionAll(reviewed.select("id", "other")), stage, "spelled")
    # Written without capitals somewhere, a name is more than an acronym.
    plain = described.where("not capitals").select("id").distinct()
    acronyms = (
        counts.where("kind = 'long'")
        .join(broadcast(reviewed.select("id").distinct()), "id", "left_anti")
        .join(first.select(col("id").alias("text"), "root"), "text", "left")
        .withColumn("root", coalesce("root", "text"))
        .groupBy("id")
        .agg(
            count_distinct("root").alias("roots"),
            minimum("root").alias("root"),
            total("n").alias("n"),
        )
        .where((col("roots") == 1) & ((col("n") > 1) | (length(after("id", _TAB, -1)) > 2)))
        .join(plain, "id", "left_anti")
        .select("id", col("root").alias("other"))
    )
    edges = first.select("id", col("root").alias("other")).unionAll(acronyms)
    return components(edges, stage, "expanded")


def _resources(groups: DataFrame, keys: DataFrame) -> DataFrame:
    from pyspark.sql.functions import col, concat, lit, max_by, min_by, posexplode, struct

    # Two groups may show one name; as in a dictionary filled in order, the last one's spelling holds.
    shown = groups.groupBy("label", "ident").agg(
        max_by(struct("name", "share"), "first").alias("shown")
    )
    wanted = shown.select("label", "ident", "shown.name", "shown.share")
    together = wanted.repartition("label", "share").sortWithinPartitions("label", "share", "ident")
    slugs = mapped(together, give_slugs, SLUGS)
    parents = (
        groups.where("label = 'Model'")
        .select("root", "name", posexplode("parents").alias("depth", "parent"))
        .withColumn("id", concat(lit(f"Model{_TAB}"), col("parent")))
    )
    families = groups.select(
        col("root").alias("family"), col("name").alias("found"), col("ident").alias("of")
    )
    nearest = (
        parents.join(keys.select("id", col("root").alias("family")), "id")
        .join(families, "family")
        .where("found != name")
        .groupBy("root")
        .agg(min_by("of", "depth").alias("of"))
    )
    of_models = slugs.where("label = 'Model'").select(
        col("ident").alias("of"), col("slug").alias("variant_of")
    )
    variants = nearest.join(of_models, "of").select("root", "variant_of")
    return (
        groups.join(slugs, ["label", "ident"])
        .join(variants, "root", "left")
        .select("root", "label", "name", "slug", "others", "variant_of")
    )
