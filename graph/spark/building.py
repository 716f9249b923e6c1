"""The job: records in, the quads of a graph out, sorted and in parts.

::

    OUT/quads/part-…      N-Quads, each line once; the parts in order of their names are sorted
    OUT/records/part-…    the records they were made from, one a paper, sorted by key in the same way
    OUT/summary/part-…    figures of the build, one line of JSON
    OUT/work/             tables between two steps; removed in the end

A build is complete when OUT/summary holds ``_SUCCESS``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import Quad

from ...extract.corpus import Skipped
from ...extract.errors import CorpusError, OutputExistsError
from ...extract.records import LABELS, Generator, Record, RecordError
from ...extract.spark.extracting import NAMED, partitions_for
from ...extract.spark.parsing import numbered
from ...extract.spark.places import Naming, Place
from ...extract.spark.progress import Progress, following, silent
from ...extract.spark.reading import Input, Starts, read_input
from ...extract.spark.session import mapped, shuffled
from ...ontology import metrics
from ...ontology.terms import DEFAULT_BASE
from ..errors import GraphError, RecordInvalid
from ..iris import Iris
from ..licences import CC0
from ..links import Link, count_linked, grounds_quads, link_quad, linked, shipped_links
from ..mapping import map_shared, metric_links
from ..names import fold
from ..resolution import Resource
from ..vocabularies import vocabulary_quads
from .gathering import NEEDS, needed_names, to_batches
from .joining import Stage
from .resolving import Resolved, resolve
from .stating import (
    COUNTED,
    EVALUATED,
    GENERATOR,
    MAPPED,
    PARSED,
    QUAD,
    SHARED,
    SKIPPED,
    USE,
    WANTED,
    _line,
    fault_of,
    map_records,
    named,
    state_evaluations,
    state_resources,
)

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyspark import Broadcast
    from pyspark.sql import DataFrame, SparkSession

_SKIPPED_KIND: Final = SKIPPED


@dataclass(frozen=True, slots=True)
class Built:
    """What a job made.

    Attributes:
        base: what instance IRIs start with.
        licence: IRI of the licence of the data.
        min_confidence: what is less sure is not in the quads.
        papers: number of papers.
        duplicates: records left out because another record of the same paper was there.
        resources: number of resources by label.
        linked: number of resources with a link to another data set, by label.
        results: number of results.
        skipped: figures that gave no result, by reason.
        unsupported: entities left out because no mention names them.
        unsure: mentions left out because they, or their entity, are below the threshold.
        quads: number of lines of N-Quads.
        generators: what made the records.
        damaged: lines that are no records; the first `NAMED` of them are in ``first``.
        first: see ``damaged``.
    """

    base: str
    licence: str
    min_confidence: float
    papers: int
    duplicates: int
    resources: Mapping[str, int]
    linked: Mapping[str, int]
    results: int
    skipped: Mapping[str, int]
    unsupported: int
    unsure: int
    quads: int
    generators: tuple[Generator, ...]
    damaged: int
    first: tuple[Skipped, ...] = ()


def build_with_spark(
    spark: SparkSession,
    source: str,
    output: str,
    *,
    base: str = DEFAULT_BASE,
    min_confidence: float = 0.0,
    licence: str = CC0,
    links: Iterable[Link] = (),
    extra: Iterable[Quad] = (),
    partitions: int | None = None,
    replace: bool = False,
    progress: Progress = silent,
) -> Built:
    """Map and resolve records into quads, those that `build_graph` loads into its store.

    Args:
        spark: a session by `spark_session`.
        source: records, a file or folder on any file system that Spark reads: lines, plain or
            packed, or Parquet with the column record; or the folder that `extract_with_spark` made.
        output: folder to make.
        base: of the IRIs.
        min_confidence: mentions, entities and results that are less sure give no quads.
        licence: IRI of the licence of the data, for the snapshot.
        links: to add to the reviewed list.
        extra: quads of named graphs that other layers fill.
        partitions: tasks of a shuffle, and parts of the output; by default as in extraction.
        replace: remove what ``output`` holds.
        progress: told of each stage of Spark.

    Raises:
        CorpusError: there is no input, or no record in it.
        OutputExistsError: ``output`` is there and ``replace`` is off.
        RecordInvalid: a record contradicts itself.
        IriError: the base is none.
        pyspark.errors.PySparkException: Spark gave up; `spark_session` says why.
    """
    iris, target = Iris(base), Place(spark, output)
    if target.exists() and not replace:
        raise OutputExistsError(output)
    below = f"{source.rstrip('/')}/records"
    place = Place(spark, below if Place(spark, below).exists() else source)
    with following(spark, progress):
        found = read_input(spark, place)
        target.remove()
        work = Place(spark, f"{output}/work")
        with shuffled(spark, partitions or partitions_for(spark, found.records)):
            try:
                job = _Job(spark, output, iris, min_confidence)
                built = job.run(
                    found, Naming(place.given, place.uri), (*links,), (*extra,), licence
                )
            except (CorpusError, GraphError):
                target.remove()
                raise
        work.remove()
    return built


class _Job:
    """One build, with the place of its tables."""

    def __init__(self, spark: SparkSession, output: str, iris: Iris, minimum: float) -> None:
        self._spark = spark
        self._output = output
        self._iris = iris
        self._minimum = minimum

    def stage(self, rows: DataFrame, name: str) -> DataFrame:
        """Write a table and read it again, so that nothing is computed twice."""
        path = f"{self._output}/work/{name}"
        rows.write.parquet(path)
        return self._spark.read.schema(rows.schema).parquet(path)

    def run(
        self,
        found: Input,
        naming: Naming,
        links: tuple[Link, ...],
        extra: tuple[Quad, ...],
        licence: str,
    ) -> Built:
        from pyspark.sql.functions import col

        parsed = self.stage(self._parsed(found, naming), "parsed")
        damaged, first = _damaged(parsed)
        records, valid = self._records(parsed, naming)
        papers = records.count()
        resolved = resolve(self._spark, records.select("record"), self._minimum, self.stage)
        found_quads = self._mapped(records, resolved, self.stage)
        tally = _tally(found_quads)
        generators = tuple(
            Generator(**json.loads(row["value"]))
            for row in found_quads.where(col("kind") == GENERATOR)
            .select("value")
            .distinct()
            .collect()
        )
        used = self.stage(_used(found_quads, resolved, self._iris), "used")
        shared = self.stage(self._shared(used, (*links, *shipped_links())), "shared")
        evaluations = found_quads.where(col("kind") == EVALUATED).select("value", "other")
        evaluated = mapped(
            evaluations.distinct(), partial(state_evaluations, base=self._iris.base), SHARED
        )
        here, counted = self._stated_here(shared, (*links, *shipped_links()), generators, extra)
        quads = self._write_quads(
            found_quads.where(col("kind") == QUAD).select("value"),
            shared.where(col("kind") == QUAD).select("value"),
            evaluated.select("value"),
            self._spark.createDataFrame([(line,) for line in here], "value string"),
        )
        by_label = {row["label"]: row["count"] for row in used.groupBy("label").count().collect()}
        built = Built(
            base=self._iris.base,
            licence=licence,
            min_confidence=self._minimum,
            papers=papers,
            duplicates=valid - papers,
            resources={label: by_label.get(label, 0) for label in LABELS},
            linked=counted,
            results=tally["results", ""],
            skipped={
                reason: n for (kind, reason), n in sorted(tally.items()) if kind == _SKIPPED_KIND
            },
            unsupported=tally["unsupported", ""],
            unsure=tally["unsure", ""],
            quads=quads,
            generators=tuple(sorted(generators, key=repr)),
            damaged=damaged,
            first=first,
        )
        # The links that were brought go on with the graph when papers are added to it.
        content = asdict(built) | {"links": [asdict(link) for link in links]}
        line = json.dumps(content, default=str)
        summary = self._spark.createDataFrame([(line,)], "value string")
        summary.coalesce(1).write.text(f"{self._output}/summary")
        return built

    def _parsed(self, found: Input, naming: Naming) -> DataFrame:
        if found.format == "parquet":
            from ...extract.spark.reading import FILE, ROW

            rows = found.rows.select("record", FILE, ROW)
            return mapped(rows, partial(parse_rows, naming=naming), PARSED)
        starts = self._spark.sparkContext.broadcast(found.starts)
        return mapped(found.rows, partial(parse_lines, starts=starts, naming=naming), PARSED)

    def _records(self, parsed: DataFrame, naming: Naming) -> tuple[DataFrame, int]:
        """One record a paper: of several the one whose line sorts first. And their number before."""
        from pyspark.sql.functions import min as minimum

        for row in parsed.where("wrong").orderBy("file", "line").limit(1).collect():
            raise RecordInvalid(row["key"], row["reason"])
        valid = parsed.where("record is not null")
        count = valid.count()
        if not count:
            raise CorpusError(
                Path(naming.given), "holds no record; `fairpapers extract` makes them"
            )
        records = valid.groupBy("key").agg(minimum("record").alias("record"))
        records = self.stage(records, "records")
        ordered = records.repartitionByRange("key").sortWithinPartitions("key").select("record")
        ordered.write.text(f"{self._output}/records", compression="gzip", lineSep="\n")
        return records, count

    def _mapped(self, records: DataFrame, resolved: Resolved, stage: Stage) -> DataFrame:
        """Each record meets the resources that it names, and no others, where it is mapped."""
        from pyspark.sql.functions import col, collect_list, struct

        needs = mapped(
            records.select("record"), partial(needed_names, minimum=self._minimum), NEEDS
        )
        about = resolved.resources.select("root", "name", "slug", "variant_of")
        known = (
            needs.join(resolved.keys, "id")
            .join(about, "root")
            .groupBy(col("paper").alias("key"))
            .agg(
                collect_list(struct("id", "root", "name", "slug", "variant_of")).alias("resources")
            )
        )
        rows = records.join(known, "key", "left").select("record", "resources")
        return stage(
            mapped(rows, partial(map_records, base=self._iris.base, minimum=self._minimum), MAPPED),
            "mapped",
        )

    def _shared(self, used: DataFrame, links: Iterable[Link]) -> DataFrame:
        wanted: set[str] = set()
        names: set[str] = set()
        for link in links:
            for base in (self._iris.base, DEFAULT_BASE):
                path = link.subject.removeprefix(f"{base}/id/")
                if path != link.subject:
                    wanted.add(f"{self._iris.base}/id/{path}")
                    names.add(named(path.partition("/")[0], fold(link.subject_label)))
        state = partial(
            state_resources,
            base=self._iris.base,
            iris_wanted=frozenset(wanted),
            names=frozenset(names),
        )
        return mapped(used, state, SHARED)

    def _stated_here(
        self,
        shared: DataFrame,
        links: Iterable[Link],
        generators: Iterable[Generator],
        extra: Iterable[Quad],
    ) -> tuple[list[str], dict[str, int]]:
        """What is as small as the lists that it comes from, stated by the driver."""
        from pyspark.sql.functions import col

        resources: dict[str, Resource] = {}
        for row in shared.where(col("kind") == WANTED).select("value").collect():
            iri, fields = json.loads(row["value"])
            resources[iri] = Resource(**fields | {"others": tuple(fields["others"])})
        iris = self._iris
        to_others = linked(links, resources, iris)
        all_links = to_others + metric_links_of(resources)
        quads = [
            *map_shared({}, {}, (), generators, metrics(), iris),
            *(link_quad(link, iris) for link in to_others),
            *grounds_quads(all_links, iris),
            *vocabulary_quads(iris),
            *extra,
        ]
        return [_line(quad) for quad in quads], count_linked(all_links, resources)

    def _write_quads(self, first: DataFrame, *more: DataFrame) -> int:
        for each in more:
            first = first.unionAll(each)
        path = f"{self._output}/quads"
        # Ranges of lines: equal lines meet in one task, and the parts follow each other in order.
        ranges = first.repartitionByRange("value").dropDuplicates().sortWithinPartitions("value")
        ranges.write.text(path, compression="gzip", lineSep="\n")
        return self._spark.read.text(path).count()


def metric_links_of(resources: Mapping[str, Resource]) -> list[Link]:
    """Links from metrics of papers to the vocabulary."""
    return list(metric_links(resources, metrics()))


def parse_lines(
    batches: Iterable[RecordBatch], *, starts: Broadcast[Starts], naming: Naming
) -> Iterator[RecordBatch]:
    """On the executors: records from lines, as `PARSED`; blank lines are passed over."""
    lines = (line for batch in numbered(batches, starts.value) for line in batch if line[0].strip())
    found = (_record(data, number, naming.shown(file)) for data, number, file in lines)
    return to_batches(found, PARSED)


def parse_rows(batches: Iterable[RecordBatch], *, naming: Naming) -> Iterator[RecordBatch]:
    """On the executors: records from rows of Parquet, as `PARSED`."""
    rows = (
        row
        for batch in batches
        for row in zip(*(c.to_pylist() for c in batch.columns), strict=True)
    )
    found = (_record(data or "", number, naming.shown(file)) for data, file, number in rows)
    return to_batches(found, PARSED)


def _record(data: bytes | str, number: int, file: str) -> tuple[Any, ...]:
    try:
        record = Record.from_json(data)
    except RecordError as error:
        return None, None, file, number, f"no record: {error}", False
    if fault := fault_of(record):
        return record.key, None, file, number, fault, True
    return record.key, record.to_json(), file, number, None, False


def _damaged(parsed: DataFrame) -> tuple[int, tuple[Skipped, ...]]:
    damaged = parsed.where("key is null")
    first = damaged.orderBy("file", "line").limit(NAMED).collect()
    told = tuple(Skipped(row["file"], row["line"], row["reason"]) for row in first)
    return (damaged.count() if len(told) == NAMED else len(told)), told


def _tally(found: DataFrame) -> Counter[tuple[str, str]]:
    from pyspark.sql.functions import col
    from pyspark.sql.functions import sum as total

    counted = found.where(col("kind").isin(_SKIPPED_KIND, *COUNTED))
    rows = counted.groupBy("kind", "value").agg(total("n").alias("n")).collect()
    return Counter({(row["kind"], row["value"]): row["n"] for row in rows})


def _used(found: DataFrame, resolved: Resolved, iris: Iris) -> DataFrame:
    """Resources that papers are related to, the number of papers, and the family where it is used.

    Where groups share an IRI, the one that the last paper means stands for it.
    """
    from pyspark.sql.functions import col, concat, lit, lower, max_by
    from pyspark.sql.functions import count as number

    uses = (
        found.where(col("kind") == USE)
        .groupBy(col("value").alias("iri"))
        .agg(number("*").alias("papers"), max_by("other", "paper").alias("root"))
    )
    resources = uses.join(resolved.resources, "root").withColumn(
        "wanted",
        concat(lit(f"{iris.base}/id/"), lower("label"), lit("/"), col("variant_of")),
    )
    families = uses.select(col("iri").alias("family"))
    return resources.join(families, col("wanted") == col("family"), "left").select(
        "iri", "papers", "label", "name", "slug", "others", "family"
    )
