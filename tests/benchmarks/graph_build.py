"""Time and memory of a build from synthetic records: ``python tests/benchmarks/graph_build.py 1000``.

The records are drawn with a fixed seed; few names are frequent and many are rare. It prints
wall-clock and processor seconds by stage, and the most memory that the process held.
"""

from __future__ import annotations

import hashlib
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from fairpapers.extract.records import (
    ROLES,
    Entity,
    Generator,
    Label,
    Mention,
    Record,
    Result,
    SourceInfo,
)
from fairpapers.graph.build import build_graph

ENTITIES: dict[Label, int] = {"Dataset": 2, "Model": 3, "Method": 4, "Metric": 2, "Task": 2}
NAMES: dict[Label, int] = {"Dataset": 400, "Model": 300, "Method": 800, "Metric": 60, "Task": 250}
MAKER = Generator("fairpapers", "0", "synthetic", hashlib.sha256(b"").hexdigest())


def synthetic_records(papers: int) -> Iterator[Record]:
    draw = random.Random(0)
    share = max(1.0, papers / 1000) ** 0.5
    for number in range(papers):
        entities: list[Entity] = []
        mentions: list[Mention] = []
        end = 0
        for label, most in ENTITIES.items():
            names = int(NAMES[label] * share)
            ranks = {min(int(draw.paretovariate(0.6)), names) for _ in range(most)}
            for name in sorted(f"{label} name {rank}" for rank in ranks):
                identity = f"e{len(entities)}"
                entities.append(
                    Entity(
                        identity, label, name, (name,), draw.choice(ROLES), round(draw.random(), 2)
                    )
                )
                for _ in range(draw.choice((1, 1, 2, 3))):
                    start, end = end + 5, end + 5 + len(name)
                    mentions.append(Mention(start, end, name, label, 0.9, identity))
        yield record(number, tuple(entities), tuple(mentions), end + 100, draw)


def record(
    number: int,
    entities: tuple[Entity, ...],
    mentions: tuple[Mention, ...],
    length: int,
    draw: random.Random,
) -> Record:
    first = {entity.label: entity.canonical for entity in reversed(entities)}
    results = tuple(
        Result(
            metric=first["Metric"],
            value=f"{draw.random() * 100:.2f}",
            unit="%",
            kind=kind,
            comparator="=",
            subject=first["Model"],
            dataset=first["Dataset"],
            task=first["Task"],
            start=length - 20,
            end=length - 15,
            confidence=0.5,
        )
        for kind in ("absolute", "improvement")
    )
    return Record(
        id=str(number),
        key=f"doi:10.5555/synthetic.{number}",
        title=f"Synthetic paper {number}",
        source=SourceInfo(
            "synthetic", number, "jsonl", 2000 + number % 25, ("A. N. Other",), "Venue"
        ),
        text_sha256=hashlib.sha256(str(number).encode()).hexdigest(),
        text_length=length,
        mentions=mentions,
        entities=entities,
        results=results,
        generator=MAKER,
    )


def main(papers: int) -> None:
    marks = [("start", time.monotonic(), time.process_time())]

    def progress(stage: str, done: int, total: int | None) -> None:
        if stage != marks[-1][0]:
            marks.append((stage, time.monotonic(), time.process_time()))

    with tempfile.TemporaryDirectory() as directory:
        report = build_graph(synthetic_records(papers), Path(directory), progress=progress)
    progress("end", 0, None)
    lines = [f"{report.papers:,} papers, {sum(report.triples.values()):,} triples"]
    for (stage, wall, processor), (_, next_wall, next_processor) in pairwise(marks):
        lines.append(f"{stage:<10}{next_wall - wall:8.1f} s{next_processor - processor:8.1f} s CPU")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    lines.append(
        f"{'all':<10}{report.seconds:8.1f} s{time.process_time():8.1f} s CPU, {peak} MiB at most"
    )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
