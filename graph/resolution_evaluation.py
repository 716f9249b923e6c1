"""Measure resolution across papers against gold files, by B-cubed.

An item is one gold entity of one paper. The gold clusters are those of one label whose gold
canonical names fold alike or are declared one name by the list of equal gold names. The system
sees the labels and surface forms of each paper's gold entities but never a gold canonical name:
the extraction's own grouping names the entity, and `Resolver` places it. So recognition and
grouping within a paper are taken as perfect, and only what happens across papers is measured.

B-cubed after A. Bagga and B. Baldwin, "Entity-based cross-document coreferencing using the vector
space model" (ACL 1998): the precision of an item is the share of its system cluster that is in its
gold cluster, its recall the share of its gold cluster that is in its system cluster; both count
the item itself, so a corpus of names that occur once scores 1. The second table therefore leaves
out the items that are alone in both.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ..extract.gold import GoldEntity, GoldPaper, LabelledSpan, load_gold, occurrences
from ..extract.pipeline.abbreviations import Abbreviation, find_abbreviations
from ..extract.pipeline.grouping import group
from ..extract.pipeline.mentions import Candidate
from ..extract.records import LABELS, Entity, Generator, Label, Mention, Record, SourceInfo
from .aliases import Aliases, read_aliases, shipped_aliases
from .names import fold
from .resolution import Resolver

Cluster: TypeAlias = tuple[Label, str]


class Item(NamedTuple):
    """One gold entity of one paper: its gold cluster, and the slug that the system gave it."""

    gold: Cluster
    system: Cluster
    canonical: str
    surfaces: tuple[str, ...]


class BCubed(NamedTuple):
    """Means over items, 1 over none."""

    items: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


class Disagreement(NamedTuple):
    """A cluster of one side that the other side divides, with the names of each part.

    Attributes:
        cluster: label and slug, or label and folded gold name.
        parts: for each part the other side's name of it and how many papers are in it.
        cost: sum over the items of what the division takes from their precision or recall.
    """

    cluster: Cluster
    parts: tuple[tuple[str, int], ...]
    cost: float


def place(papers: Sequence[GoldPaper], aliases: Aliases, equal: Aliases) -> list[Item]:
    """Resolve the gold entities of a corpus and say where each belongs and where it went.

    Args:
        papers: the corpus; entities none of whose surface forms occurs in the text are left out.
        aliases: the reviewed list that the system uses.
        equal: label and folded gold canonical name to the gold name that it stands for.
    """
    resolver = Resolver(aliases)
    records = []
    for number, paper in enumerate(papers):
        record, gold = to_record(paper, number)
        resolver.add(record)
        records.append((record, gold))
    resolution = resolver.resolve()
    items = []
    for record, gold in records:
        for entity, annotated in zip(record.entities, gold, strict=True):
            resource = resolution[entity]
            name = fold(annotated.canonical)
            gold_cluster = annotated.label, fold(equal.get((annotated.label, name), name))
            system = resource.label, resource.slug
            items.append(Item(gold_cluster, system, annotated.canonical, entity.surfaces))
    return items


def to_record(paper: GoldPaper, number: int) -> tuple[Record, list[GoldEntity]]:
    """Record of a paper with its gold entities under names of our own, and those entities."""
    pairs, taken = find_abbreviations(paper.text), paper.spans()
    entities: list[Entity] = []
    mentions: list[Mention] = []
    kept: list[GoldEntity] = []
    for gold in paper.entities:
        if spans := sorted(_spans(paper, gold, taken)):
            surfaces = Counter(paper.text[start:end] for start, end in spans)
            name = _own_name(paper.text, gold.label, spans, pairs)
            entity = Entity(
                f"e{len(kept)}", gold.label, name, tuple(surfaces), gold.role, confidence=1.0
            )
            entities.append(entity)
            mentions += [
                Mention(start, end, paper.text[start:end], gold.label, 1.0, entity.id)
                for start, end in spans
            ]
            kept.append(gold)
    record = Record(
        id=paper.id,
        key=f"gold:{number}",
        title=paper.title,
        source=SourceInfo("gold", None, "jsonl"),
        text_sha256="0" * 64,
        text_length=len(paper.text),
        mentions=tuple(sorted(mentions, key=lambda mention: mention.start)),
        entities=tuple(entities),
        results=(),
        generator=Generator("gold", "", "", ""),
    )
    return record, kept


def _own_name(
    text: str, label: Label, spans: Iterable[tuple[int, int]], pairs: Sequence[Abbreviation]
) -> str:
    """What our grouping calls the entity; of several parts the most mentioned names it."""
    candidates = [Candidate(start, end, label, 1.0, "gold") for start, end in spans]
    mentioned = Counter(text[each.start : each.end] for each in candidates)
    parts = group(text, candidates, pairs)
    return max(parts, key=lambda part: sum(mentioned[each] for each in part.surfaces)).canonical


def score(items: Iterable[Item]) -> BCubed:
    """B-cubed over the items."""
    items = list(items)
    gold = Counter(item.gold for item in items)
    system = Counter(item.system for item in items)
    both = Counter((item.gold, item.system) for item in items)
    if not items:
        return BCubed(0, 1.0, 1.0)
    precision = sum(n * n / system[item] for (_, item), n in both.items())
    recall = sum(n * n / gold[item] for (item, _), n in both.items())
    return BCubed(len(items), precision / len(items), recall / len(items))


def shared(items: Sequence[Item]) -> list[Item]:
    """The items that are not alone in both their clusters."""
    gold = Counter(item.gold for item in items)
    system = Counter(item.system for item in items)
    return [item for item in items if gold[item.gold] > 1 or system[item.system] > 1]


def wrong_merges(items: Iterable[Item]) -> list[Disagreement]:
    """System clusters with more than one gold cluster, the costliest first."""
    return _divided(items, lambda item: item.system, lambda item: item.gold, _canonical)


def misses(items: Iterable[Item]) -> list[Disagreement]:
    """Gold clusters with more than one system cluster, the costliest first."""
    return _divided(items, lambda item: item.gold, lambda item: item.system, _surfaces)


def _divided(
    items: Iterable[Item],
    whole: Callable[[Item], Cluster],
    part: Callable[[Item], Cluster],
    called: Callable[[Item], str],
) -> list[Disagreement]:
    clusters: defaultdict[Cluster, list[Item]] = defaultdict(list)
    for item in items:
        clusters[whole(item)].append(item)
    found = []
    for cluster, members in clusters.items():
        sizes = Counter(part(item) for item in members)
        if len(sizes) > 1:
            names = {each: Counter[str]() for each in sizes}
            for item in members:
                names[part(item)][called(item)] += 1
            parts = tuple((_commonest(names[each]), count) for each, count in sizes.most_common())
            cost = len(members) - sum(n * n for n in sizes.values()) / len(members)
            found.append(Disagreement(cluster, parts, cost))
    return sorted(found, key=lambda each: (-each.cost, each.cluster))


def _commonest(names: Counter[str]) -> str:
    return min(names, key=lambda name: (-names[name], name))


def _canonical(item: Item) -> str:
    return item.canonical


def _surfaces(item: Item) -> str:
    return " | ".join(item.surfaces)


def _spans(
    paper: GoldPaper, entity: GoldEntity, taken: frozenset[LabelledSpan]
) -> Iterator[tuple[int, int]]:
    for surface in dict.fromkeys(entity.surfaces):
        kept = (entity.only or {}).get(surface)
        for number, (start, end) in enumerate(occurrences(paper.text, surface)):
            if (kept is None or number in kept) and (start, end, entity.label) in taken:
                yield start, end


def table(items: Sequence[Item]) -> Iterator[str]:
    """Rows of a Markdown table: all items, then the shared ones, over all labels and by label."""
    yield "| items | label | number | precision | recall | F1 |"
    yield "|---|---|---|---|---|---|"
    for kind, chosen in (("all", items), ("shared", shared(items))):
        for label in (None, *LABELS):
            figures = score(item for item in chosen if label in (None, item.gold[0]))
            ratios = (f"{ratio:.3f}" for ratio in (figures.precision, figures.recall, figures.f1))
            yield f"| {kind} | {label or 'all'} | {figures.items} | {' | '.join(ratios)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table for the papers of all files together and, where asked, every difference."""
    parser = argparse.ArgumentParser(prog="python -m fairpapers.graph.resolution_evaluation")
    parser.add_argument("gold", nargs="+", type=Path, help="gold files, read as one corpus")
    parser.add_argument("--as-written", action="store_true", help="trust gold names to the letter")
    parser.add_argument("--differences", action="store_true", help="list wrong merges and misses")
    chosen = parser.parse_args(arguments)
    papers = [paper for path in chosen.gold for paper in load_gold(path)]
    equal: Aliases = {} if chosen.as_written else reviewed_gold_names()
    items = place(papers, shipped_aliases(), equal)
    lines = list(table(items))
    if chosen.differences:
        lines += _listed("Wrong merges", wrong_merges(items))
        lines += _listed("Misses", misses(items))
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def reviewed_gold_names() -> Aliases:
    """Read the list of gold canonical names that annotators gave to one thing."""
    with as_file(files(__package__).joinpath("gold_names.tsv")) as path:
        return read_aliases(path)


def _listed(title: str, found: Sequence[Disagreement]) -> Iterator[str]:
    yield f"\n## {title}: {len(found)}"
    for (label, name), parts, cost in found:
        told = "; ".join(f"{each} ({count})" for each, count in parts)
        yield f"{cost:.1f}\t{label}\t{name}\t{told}"


if __name__ == "__main__":
    main()
