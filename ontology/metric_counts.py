"""How many annotated papers name each metric: by this the vocabulary of metrics was chosen.

``python -m fairpapers.ontology.metric_counts extract/training/annotations.jsonl`` prints the fifty
listed metrics that the most papers name, and every other name that as many papers have.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ._files import left_out_file
from .metrics import fold_metric, metrics

MOST_MET: Final = 50


@dataclass(frozen=True, slots=True)
class MetricCount:
    """One name under which annotated papers name a metric.

    Attributes:
        papers: number of papers that name it, or a listed variant of it.
        name: name of the listed metric, else the commonest spelling.
        listed: whether the vocabulary has it.
        why: why it is left out of the vocabulary; empty where nobody has looked at it.
    """

    papers: int
    name: str
    listed: bool
    why: str = ""


def left_out() -> dict[str, str]:
    """Why a name is no entry of the vocabulary, by folded name."""
    with left_out_file().open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {fold_metric(row["name"]): row["why"] for row in rows}


def count_metrics(lines: Iterable[str]) -> list[MetricCount]:
    """Count the papers that name each metric, the most first.

    Args:
        lines: JSON objects with ``entities`` that have ``label`` and ``canonical``, one a paper.
    """
    known, refused = metrics(), left_out()
    papers: Counter[str] = Counter()
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        named: set[str] = set()
        for entity in json.loads(line)["entities"]:
            if entity["label"] == "Metric":
                folded = fold_metric(entity["canonical"])
                name = known[folded].name if folded in known else folded
                named.add(name)
                spellings[name][entity["canonical"]] += 1
        papers.update(named)
    listed = {metric.name for metric in known.values()}
    counts = [
        MetricCount(count, name, listed=True)
        if name in listed
        else MetricCount(
            count, min(spellings[name], key=lambda each: (-spellings[name][each], each)),
            listed=False, why=refused.get(name, ""),
        )
        for name, count in papers.items()
    ]  # fmt: skip
    return sorted(counts, key=lambda each: (-each.papers, each.name.casefold(), each.name))


def most_met(counts: list[MetricCount]) -> list[MetricCount]:
    """The fifty listed metrics that come first, and the other names that come as early."""
    listed = [each for each in counts if each.listed][:MOST_MET]
    least = listed[-1].papers if listed else 0
    return [each for each in counts if each in listed or (not each.listed and each.papers > least)]


def main() -> None:
    """Print the table for the file of annotations that the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("annotations", type=Path, help="JSON lines of annotated papers")
    with parser.parse_args().annotations.open(encoding="utf-8") as lines:
        found = most_met(count_metrics(lines))
    print("papers\tmetric\tin the vocabulary")  # noqa: T201
    for each in found:
        print(each.papers, each.name, "yes" if each.listed else f"no: {each.why}", sep="\t")  # noqa: T201


if __name__ == "__main__":
    main()
