"""A graph from Spark is the graph of one machine, to the byte."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from pyoxigraph import RdfFormat, Store

from fairpapers.api.cli import main
from fairpapers.extract.errors import CorpusError, OutputExistsError
from fairpapers.extract.records import Entity, Label, Mention, Record
from fairpapers.extract.spark.session import shuffled
from fairpapers.graph.aliases import shipped_aliases
from fairpapers.graph.build import build_graph
from fairpapers.graph.errors import DecisionsLeft, NoQuads, RecordInvalid
from fairpapers.graph.links import shipped_links
from fairpapers.graph.nquads import sorted_nquads
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.resolution import Resolver, Resource, head
from fairpapers.graph.reviewing.decisions import decisions_file
from fairpapers.graph.snapshot import current_snapshot, records_file
from fairpapers.graph.spark import build_with_spark, finish
from fairpapers.graph.spark.gathering import identity
from fairpapers.graph.spark.joining import components
from fairpapers.graph.spark.resolving import resolve
from fairpapers.graph.state import read_state

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

BASE = "https://example.org/kg"
LABELS: tuple[Label, ...] = ("Model", "Method", "Task", "Metric")
NAMES = (
    *("named entity recognition", "NER", "Named Entity Recognizer", "ner", "NERs"),
    *("Llama 2", "Llama 2 7B", "Llama-2-7B-chat", "llama 2 70B", "LLaMA 2 (7B)"),
    *("BERT", "BERT-large", "bert large", "BERT-base-cased", "Bert"),
    *("F1", "F1 score", "f1-scores", "accuracy", "Accuracies", "A B", "a/b", "A-B", "中文", "日本"),
    *("graph neural network", "GNN", "GNNs", "global nearest neighbour", "question answering"),
    *("QA", "answering questions", "Question-Answering", "detection of events", "event detection"),
)


class Tables:
    """Keeps intermediate tables in a folder."""

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self._spark = spark
        self._folder = folder

    def __call__(self, rows: DataFrame, name: str) -> DataFrame:
        path = str(self._folder / name)
        rows.write.parquet(path)
        return self._spark.read.schema(rows.schema).parquet(path)


def quads_of(output: Path) -> list[str]:
    parts = sorted((output / "quads").glob("part-*.gz"))
    return b"".join(gzip.decompress(part.read_bytes()) for part in parts).decode().splitlines(True)


def random_record(number: int, draw: random.Random, model: Record) -> Record:
    """A paper that names a few things of few names, often by two of them."""
    entities: list[Entity] = []
    mentions: list[Mention] = []
    start = 0
    for n in range(draw.randint(1, 6)):
        names = tuple(dict.fromkeys(draw.choices(NAMES, k=draw.choice((1, 1, 2)))))
        label = draw.choice(LABELS)
        entities.append(Entity(f"e{n}", label, names[0], names, "used", 0.9))
        for name in names[: draw.randint(0, 2)]:
            mentions.append(Mention(start, start + len(name), name, label, 0.9, f"e{n}"))
            start += len(name) + 1
    return replace(
        model,
        key=f"doi:10.1/{number}",
        text_length=start + 1,
        entities=tuple(entities),
        mentions=tuple(mentions),
        results=(),
        sizes=(),
    )


def written(records: Iterable[Record], path: Path) -> Path:
    path.write_text("".join(record.to_json() + "\n" for record in records), encoding="utf-8")
    return path


def test_the_snapshot_is_that_of_one_machine(
    spark: SparkSession, root: Path, sample_file: Path, tmp_path: Path
) -> None:
    demo = list(read_records(root / "tests" / "queries" / "demo_records.jsonl"))[:12]
    sample = list(read_records(sample_file))
    again = replace(demo[0], title="A later title of the same paper")
    records = [*demo, *sample, again]
    source = written(records, tmp_path / "records.jsonl")
    with source.open("a") as lines:
        lines.write('\nnonsense\n{"key": "doi:10.1/x"}\n')
    local, graph, output = tmp_path / "local", tmp_path / "graph", tmp_path / "out"
    links = [replace(shipped_links()[0], confidence=Decimal("0.25"), comment="brought")]
    expected = build_graph(records, local, base=BASE, min_confidence=0.4, links=links)

    built = build_with_spark(
        spark,
        str(source),
        str(output),
        base=BASE,
        min_confidence=0.4,
        links=links,
        partitions=3,
    )
    report = finish(spark, str(output), graph)

    quads = quads_of(output)
    assert quads == sorted(set(quads))
    loaded = Store()
    loaded.bulk_load("".join(quads).encode(), format=RdfFormat.N_QUADS)
    store = Store.read_only(str(current_snapshot(local).store))
    meta = f"<{BASE}/graph/meta> .\n"
    of_one_machine = [line for line in sorted_nquads(store) if not line.endswith(meta)]
    assert list(sorted_nquads(loaded)) == of_one_machine
    assert report.snapshot == expected.snapshot
    assert read_state(current_snapshot(graph)) == read_state(current_snapshot(local))
    assert records_file(graph).read_bytes() == records_file(local).read_bytes()
    assert asdict(report) | {"seconds": 0} == asdict(expected) | {"seconds": 0}
    assert (built.quads, built.duplicates, built.damaged) == (len(quads), 1, 2)
    assert [each.line for each in built.first] == [len(records) + 2, len(records) + 3]
    assert not (output / "work").exists()


def test_names_are_resolved_as_by_one_resolver(
    spark: SparkSession, sample: tuple[Record, ...], tmp_path: Path
) -> None:
    draw = random.Random(7)
    records = [random_record(n, draw, sample[0]) for n in range(120)]
    resolver = Resolver(shipped_aliases())
    for record in records:
        resolver.add(record)
    resolution = resolver.resolve()

    rows = spark.createDataFrame([(record.to_json(),) for record in records], "record string")
    with shuffled(spark, 3):
        resolved = resolve(spark, rows, 0.0, Tables(spark, tmp_path))
        found = resolved.keys.join(resolved.resources, "root").collect()

    named = {
        row["id"]: Resource(
            row["label"], row["name"], row["slug"], tuple(row["others"]), row["variant_of"]
        )
        for row in found
    }
    wanted = {
        identity(entity.label, key): resolution[entity]
        for record in records
        for entity in record.entities
        if any(mention.entity == entity.id for mention in record.mentions)
        for key in [fold_of(entity)]
    }
    assert named == wanted
    assert any(resource.variant_of for resource in named.values())
    assert len(set(named.values())) < len(named) > 60


def fold_of(entity: Entity) -> str:
    from fairpapers.graph.names import fold

    return fold(head(entity))


def test_components_of_long_chains_are_found(spark: SparkSession, tmp_path: Path) -> None:
    draw = random.Random(1)
    chain = [f"c{n:02}" for n in range(24)]
    draw.shuffle(chain)
    pairs = [(chain[n], chain[n + 1]) for n in range(len(chain) - 1)]
    pairs += [("x1", "x2"), ("x3", "x1"), ("y", "y")]
    edges = spark.createDataFrame(pairs, "id string, other string")

    with shuffled(spark, 2):
        rows = components(edges, Tables(spark, tmp_path), "turn").collect()

    roots = {row["id"]: row["root"] for row in rows}
    assert roots == {name: "c00" for name in chain if name != "c00"} | {"x2": "x1", "x3": "x1"}


def test_what_cannot_be_built_leaves_nothing(
    spark: SparkSession, sample: tuple[Record, ...], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    (tmp_path / "papers.jsonl").write_text('{"title": "A paper"}\n')
    with pytest.raises(CorpusError, match="holds no record"):
        build_with_spark(spark, str(tmp_path / "papers.jsonl"), str(output))
    wrong = written([replace(sample[0], title=" ")], tmp_path / "wrong.jsonl")
    with pytest.raises(RecordInvalid, match="it has no title"):
        build_with_spark(spark, str(wrong), str(output))
    assert not output.exists()
    with pytest.raises(NoQuads):
        finish(spark, str(output), tmp_path / "graph")
    output.mkdir()
    with pytest.raises(OutputExistsError):
        build_with_spark(spark, str(wrong), str(output))


def test_the_command_loads_a_complete_build_and_keeps_to_decisions(
    spark: SparkSession, sample_file: Path, tmp_path: Path
) -> None:
    output, graph = tmp_path / "out", tmp_path / "graph"
    run = ["build", str(sample_file), "-o", str(output), "--engine", "spark", "--partitions", "2"]

    made = CliRunner().invoke(main, run)
    loaded = CliRunner().invoke(main, [*run, "--snapshot", str(graph)])

    assert made.exit_code == 0, made.stderr
    assert f"{'papers':<20}{5:>12}" in made.stdout
    assert f"quads in{output!s:>24}".replace(" ", "") in made.stdout.replace(" ", "")
    assert loaded.exit_code == 0, loaded.stderr
    assert f"{output} is complete; loading it" in loaded.stderr
    local = CliRunner().invoke(main, ["build", str(sample_file), "-o", str(tmp_path / "local")])
    assert local.exit_code == 0, local.stderr
    assert current_snapshot(graph).id == current_snapshot(tmp_path / "local").id

    decisions_file(graph).parent.mkdir(parents=True, exist_ok=True)
    decisions_file(graph).touch()
    refused = CliRunner().invoke(main, [*run, "--snapshot", str(graph)])
    assert refused.exit_code == 1
    assert str(DecisionsLeft(graph)) in refused.stderr


def test_records_of_parquet_and_of_an_extraction_are_found(
    spark: SparkSession, sample: tuple[Record, ...], tmp_path: Path
) -> None:
    from fairpapers.extract.spark.places import Naming, Place
    from fairpapers.extract.spark.reading import read_input
    from fairpapers.graph.iris import Iris
    from fairpapers.graph.spark.building import _Job  # what is read is seen before it is mapped

    rows = [(record.key, record.to_json()) for record in sample]
    path = str(tmp_path / "records.parquet")
    spark.createDataFrame([*rows, ("x", None)], "key string, record string").write.parquet(path)
    place = Place(spark, path)
    job = _Job(spark, str(tmp_path / "out"), Iris(BASE), 0.0)

    found = job._parsed(read_input(spark, place), Naming(path, place.uri)).collect()

    assert {row["record"] for row in found} == {line for _, line in rows} | {None}
    assert [json.loads(row["record"])["key"] for row in found if row["key"]] == [
        row["key"] for row in found if row["key"]
    ]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--snapshot", "graph"], "only with --engine spark"),
        (["--restart"], "only with --engine spark"),
        (["--engine", "spark", "--decisions", __file__], "--decisions: only with --engine local"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: list[str], fault: str) -> None:
    done = CliRunner().invoke(main, ["build", "records.jsonl", "-o", "out", *options])

    assert done.exit_code == 2
    assert fault in done.stderr
