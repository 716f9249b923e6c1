"""What a corpus costs on Spark: ``python -m tests.benchmarks.spark papers.jsonl 2000``.

Extracts papers and builds their graph on Spark on this machine, with as many cores as ``--cores``, after a
run that warms it up, and beside it extracts the same papers in one process without Spark. Counted is
processor time, of Spark and of all its Python processes, so that other work on the machine does not
count; wall-clock time is printed beside it. A build is run on two sizes, since a part of its time
does not grow with the papers.

From the rate and ``--price`` follow core-hours and costs of large corpora. They are computed, not
measured: nothing is known here of a cluster's network and disks, of how busy its cores are kept, or of
texts that are longer than these.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from fairpapers.extract.corpus import read_papers
from fairpapers.extract.corpus.files import open_corpus
from fairpapers.extract.pipeline import PipelineChoice, extract_records, load_pipeline
from fairpapers.extract.spark import extract_with_spark, spark_session
from fairpapers.graph.spark import build_with_spark

from .extraction import machine

CORPORA = (1_000_000, 250_000_000)
TICKS = os.sysconf("SC_CLK_TCK")


class Spent(NamedTuple):
    """Seconds of one run: wall-clock, and of all processors."""

    wall: float
    processor: float


def processor_seconds() -> float:
    """Processor time of this process and everything below it, also what has ended."""
    parents: dict[int, int] = {}
    spent: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        number = int(stat.parent.name)
        parents[number] = int(fields[1])
        spent[number] = sum(map(int, fields[11:15])) / TICKS
    below, ours = {os.getpid()}, 0
    while len(below) > ours:
        ours = len(below)
        below |= {number for number, parent in parents.items() if parent in below}
    return sum(spent[number] for number in below)


@contextmanager
def spending(into: dict[str, Spent], name: str) -> Iterator[None]:
    """Note what the block takes."""
    wall, processor = time.perf_counter(), processor_seconds()
    yield
    into[name] = Spent(time.perf_counter() - wall, processor_seconds() - processor)


def head(source: Path, most: int, target: Path) -> int:
    """Copy the first lines of a file of JSON Lines; return how many papers they are."""
    with open_corpus(source) as file, target.open("w", encoding="utf-8") as copy:
        copy.writelines(line for _, line in islice(file.lines(lambda _, fault: None), most))
    return sum(1 for _ in read_papers(target, skipped=lambda _: None))


def measure(source: Path, most: int, cores: int, folder: Path) -> tuple[int, int, dict[str, Spent]]:
    """Run everything; return papers, papers of the smaller build, and what each run took."""
    spent: dict[str, Spent] = {}
    papers = head(source, most, folder / "all.jsonl")
    few = head(source, most // 4, folder / "few.jsonl")
    nlp = load_pipeline()
    with spending(spent, "extract, one process"):
        found = read_papers(folder / "all.jsonl", skipped=lambda _: None)
        assert sum(1 for _ in extract_records(found, nlp)) == papers
    with spending(spent, "start of Spark, first run"):
        session = spark_session(f"local[{cores}]")
        spark = session.__enter__()
        run = extract_with_spark
        run(spark, str(folder / "few.jsonl"), str(folder / "few"), PipelineChoice())
        build_with_spark(spark, str(folder / "few"), str(folder / "warm"))
    with spending(spent, "extract, Spark"):
        done = run(spark, str(folder / "all.jsonl"), str(folder / "all"), PipelineChoice())
    assert done.papers == papers
    # Java is quicker the second time, by more than what the further papers take.
    build_with_spark(spark, str(folder / "all"), str(folder / "warm"), replace=True)
    for name in ("few", "all"):
        with spending(spent, f"build, Spark, {name}"):
            build_with_spark(spark, str(folder / name), str(folder / f"{name}-graph"))
    session.__exit__(None, None, None)
    return papers, few, spent


def main() -> None:
    """Measure, print, and compute from it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("papers", type=Path, help="JSON Lines, plain or packed with gzip")
    parser.add_argument("most", type=int, help="how many of its lines")
    parser.add_argument("--cores", type=int, default=os.cpu_count(), help="[default: all]")
    parser.add_argument(
        "--price", type=float, default=0.05, help="US dollars a core-hour  [default: 0.05]"
    )
    options = parser.parse_args()
    sys.stdout.writelines(f"{line}\n" for line in machine())
    sys.stdout.write(f"spark     {version('pyspark')}, local[{options.cores}]\n")
    with tempfile.TemporaryDirectory() as folder:
        papers, few, spent = measure(options.papers, options.most, options.cores, Path(folder))
    sys.stdout.write(f"texts     {papers:,} of {options.papers.name}\n\n")
    for name, seconds in spent.items():
        sys.stdout.write(
            f"{name:<28}{seconds.wall:8.1f} s{seconds.processor:8.1f} s of processors\n"
        )
    extract = papers / spent["extract, Spark"].processor * 3600
    more = spent["build, Spark, all"].processor - spent["build, Spark, few"].processor
    build = (papers - few) / more * 3600
    sys.stdout.write("\nmeasured: papers a core-hour\n")
    sys.stdout.write(f"  extract {extract:14,.0f}\n  build   {build:14,.0f}\n")
    sys.stdout.write(f"\ncomputed, at {options.price} US dollars a core-hour\n")
    for size in CORPORA:
        hours = {"extract": size / extract, "build": size / build}
        for name, each in hours.items():
            sys.stdout.write(
                f"  {size:>12,} abstracts  {name:<8}{each:10,.1f} core-hours"
                f"{each * options.price:12,.2f} dollars\n"
            )


if __name__ == "__main__":
    main()
