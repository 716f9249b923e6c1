"""Extraction on Spark makes the records of one machine, and says what it leaves out as that does."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from fairpapers.api.cli import main
from fairpapers.extract.corpus import Skipped, demo_corpus, read_papers
from fairpapers.extract.errors import CorpusError, FormatError, OutputExistsError, SparkFailedError
from fairpapers.extract.papers import Paper
from fairpapers.extract.pipeline import (
    PipelineChoice,
    extract_records,
    generator,
    load_pipeline,
)
from fairpapers.extract.pipeline.extraction import shipped_model
from fairpapers.extract.spark import Extracted, extract_with_spark, spark_session, working
from fairpapers.extract.spark.parsing import read_paper, write_paper
from fairpapers.extract.spark.session import mapped
from fairpapers.extract.spark.working import Shipped, extract_batches

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

RULES = PipelineChoice(rules_only=True)


def lines(count: int) -> list[bytes]:
    """Lines of the demo corpus, which have no identifiers: their keys are digests of titles."""
    return demo_corpus().read_bytes().splitlines(keepends=True)[:count]


def dirty(count: int = 6) -> bytes:
    """A file with whatever can be wrong with a line."""
    good = lines(count)
    return b"".join(
        [
            b"\xef\xbb\xbf" + good[0],
            b"\n",
            b'{"title": 3}\n',
            good[1].rstrip(b"\n") + b"\r\n",
            b"nonsense\n",
            b'{"title": "caf\xe9"}\n',
            good[0],
            b'{"title": "A \\ud800 year", "abstract": "We use BERT.\\rIt is.", "year": "never"}\n',
            b"  \r\n",
            *good[2:],
            b'["no", "object"]\n',
            good[1].rstrip(b"\n"),
        ]
    )


def on_one_machine(path: Path, choice: PipelineChoice = RULES) -> tuple[list[str], list[Skipped]]:
    skipped: list[Skipped] = []
    papers = list(read_papers(path, skipped=skipped.append))
    nlp = load_pipeline(choice.model, rules_only=choice.rules_only)
    return sorted(record.to_json() for record in extract_records(papers, nlp)), skipped


def on_spark(
    spark: SparkSession, source: Path, output: Path, choice: PipelineChoice = RULES
) -> tuple[list[str], Extracted]:
    extracted = extract_with_spark(spark, str(source), str(output), choice, partitions=3)
    return records_of(output), extracted


def records_of(output: Path) -> list[str]:
    assert (output / "records" / "_SUCCESS").exists()
    parts = (output / "records").glob("part-*.gz")
    return sorted(line for part in parts for line in unpacked(part))


def unpacked(part: Path) -> list[str]:
    return [line for line in gzip.decompress(part.read_bytes()).decode().split("\n") if line]


@pytest.fixture
def small_splits(spark: SparkSession) -> Iterator[None]:
    """Let Spark cut files into pieces of 2,500 bytes, two lines or three."""
    spark.conf.set("spark.sql.files.maxPartitionBytes", "2500")
    yield
    spark.conf.unset("spark.sql.files.maxPartitionBytes")


@pytest.mark.usefixtures("small_splits")
def test_records_and_what_is_skipped_are_those_of_one_machine(
    spark: SparkSession, tmp_path: Path
) -> None:
    source = tmp_path / "papers.jsonl"
    source.write_bytes(dirty())

    records, extracted = on_spark(spark, source, tmp_path / "out")

    expected, skipped = on_one_machine(source)
    assert len(expected) == 7
    assert records == expected
    assert list(extracted.first) == skipped
    assert (extracted.papers, extracted.skipped) == (7, 6)


def test_the_trained_model_of_a_folder_makes_the_same_records_too(
    spark: SparkSession, tmp_path: Path
) -> None:
    source = tmp_path / "papers.jsonl"
    source.write_bytes(b"".join(lines(3)))
    choice = PipelineChoice(model=shipped_model())

    output = tmp_path / "out"
    told: list[tuple[int, int]] = []

    extract_with_spark(
        spark,
        str(source),
        str(output),
        choice,
        progress=lambda stage, done, total: told.append((done, total)),
    )

    assert records_of(output) == on_one_machine(source, choice)[0]
    assert told
    assert all(0 <= done <= total for done, total in told)


def test_a_folder_is_read_in_the_order_of_its_names(spark: SparkSession, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    (folder / "below").mkdir(parents=True)
    (folder / "b é%25.jsonl.gz").write_bytes(gzip.compress(b"".join(lines(3))))
    (folder / "a.jsonl").write_bytes(lines(1)[0])
    (folder / "below" / "c.jsonl").write_bytes(b"".join(lines(4)[3:]))
    (folder / "empty.jsonl").touch()

    records, extracted = on_spark(spark, folder, tmp_path / "out")

    files = sorted(json.loads(record)["source"]["file"] for record in records)
    assert files == ["a.jsonl", "b é%25.jsonl.gz", "b é%25.jsonl.gz", "c.jsonl"]
    (again,) = extracted.first
    assert again.file == f"{folder}/b é%25.jsonl.gz"
    assert again.reason.startswith(f"same paper as {folder}/a.jsonl, line 1 (title:")


def test_parquet_gives_the_records_of_the_same_fields(spark: SparkSession, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in lines(3)]
    rows[0]["authors"] = [{"given": "Ada", "family": "Lovelace"}]
    rows.append({"title": None, "abstract": "nothing above"})
    names = sorted({name for row in rows for name in row})
    table = pa.table({name: [row.get(name) for row in rows] for name in names})
    pq.write_table(table, tmp_path / "papers.parquet")
    (tmp_path / "papers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    records, extracted = on_spark(spark, tmp_path / "papers.parquet", tmp_path / "out")

    def about(lines: list[str]) -> list[dict[str, object]]:
        records = [json.loads(line) for line in lines]
        for record in records:
            assert record["source"].pop("format") in {"jsonl", "parquet"}
            del record["source"]["file"], record["source"]["line"]
        return records

    assert about(records) == about(on_one_machine(tmp_path / "papers.jsonl")[0])
    (skipped,) = extracted.first
    assert (skipped.line, skipped.reason) == (4, "no title")


def test_works_of_openalex_are_read_as_on_one_machine(spark: SparkSession, tmp_path: Path) -> None:
    work = {
        "id": "https://openalex.org/W1",
        "title": "A <i>study</i> of BERT",
        "abstract_inverted_index": {
            "We": [0],
            "evaluate": [1],
            "BERT": [2],
            "on": [3],
            "GLUE.": [4],
        },
        "authorships": [{"author": {"display_name": "Ada Lovelace"}}],
    }
    broken = work | {"id": "https://openalex.org/W2", "abstract_inverted_index": {"We": "x"}}
    source = tmp_path / "part_000.gz"
    source.write_bytes(
        gzip.compress("".join(json.dumps(each) + "\n" for each in (work, broken)).encode())
    )

    records, extracted = on_spark(spark, source, tmp_path / "out")

    expected, skipped = on_one_machine(source)
    assert records == expected
    assert list(extracted.first) == skipped
    assert json.loads(records[0])["source"]["format"] == "openalex"


def test_records_can_be_written_as_parquet_and_replaced(
    spark: SparkSession, tmp_path: Path
) -> None:
    source, output = tmp_path / "papers.jsonl", tmp_path / "out"
    source.write_bytes(b"".join(lines(2)))
    first, _ = on_spark(spark, source, output)
    with pytest.raises(OutputExistsError):
        on_spark(spark, source, output)
    assert records_of(output) == first

    extract_with_spark(
        spark, str(source), str(output), RULES, output_format="parquet", replace=True
    )

    table = pq.read_table(output / "records")
    assert sorted(table["record"].to_pylist()) == first
    assert set(table["key"].to_pylist()) == {json.loads(line)["key"] for line in first}


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("papers.jsonl", b'[{"title": "x"},\n{"title": "y"}]\n', "holds a JSON array"),
        ("papers.jsonl", gzip.compress(b'{"title": "x"}\n'), "packed with gzip"),
        ("papers.jsonl", b"%PDF-1.7\n", "is a PDF"),
        ("papers.jsonl", b"\n\n", "holds no paper"),
        ("papers.jsonl", b"", "holds no paper"),
    ],
)
def test_a_file_that_is_no_list_of_papers_is_refused(
    spark: SparkSession, tmp_path: Path, name: str, content: bytes, fault: str
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(CorpusError, match=fault) as raised:
        on_spark(spark, tmp_path / name, tmp_path / "out")

    assert raised.value.path == tmp_path / name
    assert not (tmp_path / "out").exists()


def test_what_spark_cannot_read_is_told_before_anything_is_written(
    spark: SparkSession, tmp_path: Path
) -> None:
    (tmp_path / "papers.bib").write_text("@article{a, title={A}}")
    with pytest.raises(FormatError, match="--engine local"):
        on_spark(spark, tmp_path / "papers.bib", tmp_path / "out")
    with pytest.raises(CorpusError, match="no such file"):
        on_spark(spark, tmp_path / "missing.jsonl", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_names_what_it_skips_and_ends_with_3(
    spark: SparkSession, tmp_path: Path
) -> None:
    (tmp_path / "papers.jsonl").write_bytes(b"".join(lines(1)) + b"nonsense\n" * 30)
    output = tmp_path / "out"
    arguments = ["extract", str(tmp_path / "papers.jsonl"), "-o", str(output), "--rules-only"]

    done = CliRunner().invoke(main, [*arguments, "--engine", "spark"])

    assert done.exit_code == 3, done.stderr
    assert f"{tmp_path}/papers.jsonl:2: broken JSON" in done.stderr
    assert f"10 more were skipped: {output}/skipped" in done.stderr
    assert f"{output}: 1 records, 30 skipped" in done.stderr

    again = CliRunner().invoke(main, [*arguments, "--engine", "spark"])
    assert again.exit_code == 1
    assert "is there already; give another --output, or --restart" in again.stderr


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--master", "local[2]"], "--master: only with --engine spark"),
        (["--partitions", "3"], "--partitions: only with --engine spark"),
        (["--output-format", "parquet"], "--output-format: only with --engine spark"),
        (["--engine", "spark", "--workers", "2"], "Spark has executors"),
        (["--engine", "spark", "--spark-conf", "alone"], "is not KEY=VALUE"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    tmp_path: Path, options: list[str], fault: str
) -> None:
    done = CliRunner().invoke(main, ["extract", "papers.jsonl", "-o", "out", *options])

    assert done.exit_code == 2
    assert fault in done.stderr


def test_files_can_be_named_by_a_pattern(spark: SparkSession, tmp_path: Path) -> None:
    for name, line in zip(("a.jsonl", "b.jsonl", "c.txt"), lines(3), strict=True):
        (tmp_path / name).write_bytes(line)

    _, extracted = on_spark(spark, tmp_path / "*.jsonl", tmp_path / "out")

    assert (extracted.papers, extracted.skipped) == (2, 0)


def test_an_executor_with_another_model_is_refused(spark: SparkSession) -> None:
    made_by = replace(generator(load_pipeline(rules_only=True)), model_sha256="0" * 64)
    paper = next(read_papers(demo_corpus(), skipped=lambda _: None))
    rows = spark.createDataFrame([(write_paper(paper),)], "paper binary")

    work = partial(extract_batches, shipped=Shipped(made_by, RULES))
    records = mapped(rows, work, working.SCHEMA)

    with pytest.raises(SparkFailedError, match="give both the same environment"), spark_session():
        records.collect()


def test_a_file_system_that_spark_does_not_have_is_named(
    spark: SparkSession, tmp_path: Path
) -> None:
    arguments = ["extract", "nowhere://host/papers", "-o", str(tmp_path / "out")]

    done = CliRunner().invoke(main, [*arguments, "--engine", "spark"])

    assert done.exit_code == 1
    assert 'No FileSystem for scheme "nowhere"' in done.stderr


def test_a_paper_survives_the_way_to_an_executor() -> None:
    papers: list[Paper] = list(read_papers(demo_corpus(), skipped=lambda _: None))
    assert [read_paper(write_paper(paper)) for paper in papers] == papers


def test_without_java_the_remedy_is_named(tmp_path: Path) -> None:
    from subprocess import run
    from sys import executable

    command = [str(Path(executable).with_name("fairpapers")), "extract", "x", "-o", "y"]
    environment = {"PATH": str(tmp_path), "HOME": os.environ.get("HOME", "")}

    done = run([*command, "--engine", "spark"], env=environment, capture_output=True, text=True)

    assert done.returncode == 1
    assert "install Java 17" in done.stderr
