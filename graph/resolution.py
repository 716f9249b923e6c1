"""One resource for the same thing across papers.

Names of one label are joined when they fold alike, when they are variants of one spelling, when the
reviewed list says so, and when one is an acronym that the whole corpus expands in one way only.
Nothing depends on the order of the records.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from ..extract.records import LABELS, Entity, Label, Record
from .aliases import Aliases
from .iris import assign_slugs, readable_slug
from .names import family, fold, is_acronym
from .spelling import expand, plain

# A name as a node of the graph of equal names: a label and a folded name.
Key: TypeAlias = tuple[Label, str]
_LONGEST_ALTERNATIVE = 80


@dataclass(frozen=True, slots=True)
class Resource:
    """One dataset, model, method, metric or task of the corpus.

    Attributes:
        label: what it is.
        name: the name to show.
        slug: the last part of its IRI.
        others: every other name it was met under, sorted; none over 80 code points.
        variant_of: slug of the family that a model's name says it is a size or tuning of.
    """

    label: Label
    name: str
    slug: str
    others: tuple[str, ...]
    variant_of: str | None = None


def supported(record: Record) -> tuple[Entity, ...]:
    """Entities of a record that at least one mention names: only these enter the graph."""
    named = {mention.entity for mention in record.mentions}
    return tuple(entity for entity in record.entities if entity.id in named)


def head(entity: Entity) -> str:
    """Name that an entity is compared under: its long form where its canonical is an acronym."""
    long = [name for name in entity.surfaces if is_acronym(entity.canonical, name)]
    return min(long, key=lambda name: (len(name), fold(name), name), default=entity.canonical)


class Resolution:
    """Which resource an entity is. Made by `Resolver.resolve`."""

    def __init__(self, resources: dict[Key, Resource]) -> None:
        self._resources = resources

    def __getitem__(self, entity: Entity) -> Resource:
        """Resource of an entity of a record that was added.

        Raises:
            KeyError: the entity is of no such record.
        """
        return self._resources[entity.label, fold(head(entity))]

    def moved(self, later: Resolution) -> set[Key]:
        """Names of both whose resource has another IRI later."""
        return {
            key
            for key, before in self._resources.items()
            if (after := later._resources.get(key)) is not None and after.slug != before.slug
        }

    def resources(self) -> list[Resource]:
        """Every resource once, by label and slug."""
        return sorted(set(self._resources.values()), key=lambda each: (each.label, each.slug))


class Resolver:
    """Collect the names of a corpus, then resolve them.

    Args:
        aliases: the reviewed list.
    """

    def __init__(self, aliases: Aliases) -> None:
        self._aliases = aliases
        self._reviewed: dict[Key, str] = {}
        for (label, alias), canonical in aliases.items():
            for folded in (alias, fold(canonical), fold(plain(canonical, label))):
                self._reviewed[label, folded] = canonical
        self._papers: defaultdict[Key, Counter[str]] = defaultdict(Counter)
        self._surfaces: defaultdict[Key, Counter[str]] = defaultdict(Counter)
        self._long_forms: defaultdict[Key, Counter[Key]] = defaultdict(Counter)

    def add(self, record: Record) -> None:
        """Take in the names of one paper; add each paper once."""
        self._count(record, 1)

    def discard(self, record: Record) -> None:
        """Forget the names of a paper that was added."""
        self._count(record, -1)

    def _count(self, record: Record, sign: int) -> None:
        seen: set[tuple[Key, str]] = set()
        keys = {}
        for entity in supported(record):
            name = head(entity)
            keys[entity.id] = key = (entity.label, fold(name))
            seen |= {(key, name), (key, entity.canonical)}
            shorts = {
                each for each in (entity.canonical, *entity.surfaces) if is_acronym(each, name)
            }
            for short in {fold(_bare(each)) for each in shorts}:
                _change(self._long_forms, (entity.label, short), key, sign)
        for key, name in seen:
            _change(self._papers, key, name, sign)
        for mention in record.mentions:
            if mention.entity in keys:
                _change(self._surfaces, keys[mention.entity], mention.text, sign)

    def resolve(self) -> Resolution:
        """Group everything added so far."""
        joined = self._joined()
        reviewed: defaultdict[Key, set[str]] = defaultdict(set)
        for key, canonical in self._reviewed.items():
            reviewed[joined.root(key)].add(canonical)
        groups = joined.groups(self._papers)
        resources: dict[Key, Resource] = {}
        for label in LABELS:
            members = [group for group in groups if group[0][0] == label]
            names = [self._display(each, reviewed[joined.root(each[0])]) for each in members]
            resources.update(self._name(label, members, names))
        return Resolution(resources)

    def _joined(self) -> _Partition:
        joined = _Partition()
        for (label, folded), canonical in self._reviewed.items():
            joined.join((label, folded), (label, fold(canonical)))
        for key, names in self._papers.items():
            for name in names:
                if fold(name) == key[1]:
                    joined.join(key, self._compared(key[0], name))
        joined.join_all(list(self._unambiguous(joined)))
        return joined

    def _compared(self, label: Label, name: str) -> Key:
        """Key that all variants of a spelling share."""
        form = plain(name, label)
        return label, fold(expand(form, lambda word: self._reviewed.get((label, fold(word)))))

    def _unambiguous(self, joined: _Partition) -> Iterator[tuple[Key, Key]]:
        """Acronyms with one long form, judged after the other rules and all at once."""
        for acronym, long_forms in sorted(self._long_forms.items()):
            if acronym in self._reviewed:
                continue
            roots = {joined.root(key) for key in long_forms}
            # Two letters stand for too many things to trust one paper.
            enough = len(acronym[1]) > 2 or long_forms.total() > 1
            if enough and len(roots) == 1 and self._written_so(acronym):
                yield acronym, roots.pop()

    def _written_so(self, acronym: Key) -> bool:
        """Whether papers that give no long form write capitals: RATE may be paired, "rate" not."""
        return all(sum(map(str.isupper, name)) > 1 for name in self._papers.get(acronym, ()))

    def _name(self, label: Label, groups: list[list[Key]], names: list[str]) -> dict[Key, Resource]:
        """Resources of one label; slugs are given in view of each other.

        Groups that are shown under one name, as an acronym and a long form that nothing joins may
        be, have one IRI; so they are one resource, with the names of both.
        """
        groups, names = _by_name(groups, names)
        slugs = assign_slugs({fold(name): name for name in names})
        by_key = {key: name for group, name in zip(groups, names, strict=True) for key in group}
        resources: dict[Key, Resource] = {}
        for group, name in zip(groups, names, strict=True):
            met = {each for key in group for each in (*self._papers[key], *self._surfaces[key])}
            others = tuple(sorted(each for each in met if _alternative(each, name)))
            parent = _family(label, name, by_key)
            variant_of = slugs[fold(parent)] if parent else None
            resource = Resource(label, name, slugs[fold(name)], others, variant_of)
            resources.update(dict.fromkeys(group, resource))
        return resources

    def _display(self, group: list[Key], reviewed: set[str]) -> str:
        """The reviewed name; else the commonest one, spellings that slug alike counted together."""
        if reviewed:
            return min(reviewed)
        label = group[0][0]
        papers: Counter[str] = Counter()
        mentions: Counter[str] = Counter()
        for key in group:
            papers.update(self._papers[key])
            mentions.update(self._surfaces[key])
        slugs: Counter[str] = Counter()
        for name, count in papers.items():
            slugs[readable_slug(name)] += count

        def rank(name: str) -> tuple[int, bool, str, int, int, str]:
            slug = readable_slug(name)
            variant = self._compared(label, name)[1] != fold(name)
            # Proper names want their capitals on a tie, "Question answering" does not.
            tie = name if label in {"Dataset", "Model"} else name.swapcase()
            return -slugs[slug], variant, slug, -papers[name], -mentions[name], tie

        return min(papers, key=rank)


def _by_name(groups: list[list[Key]], names: list[str]) -> tuple[list[list[Key]], list[str]]:
    """Groups whose names fold alike as one, under the least of these names."""
    alike: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        alike.setdefault(fold(name), []).append(place)
    return (
        [[key for place in places for key in groups[place]] for places in alike.values()],
        [min(names[place] for place in places) for places in alike.values()],
    )


def keys_of(record: Record) -> Iterator[Key]:
    """What each entity of a record is resolved by."""
    for entity in supported(record):
        yield entity.label, fold(head(entity))


_Counted = TypeVar("_Counted")


def _change(
    counts: defaultdict[Key, Counter[_Counted]], key: Key, what: _Counted, sign: int
) -> None:
    """Count up or down; what is not counted any more leaves no trace."""
    counter = counts[key]
    counter[what] += sign
    if not counter[what]:
        del counter[what]
        if not counter:
            del counts[key]


def _bare(acronym: str) -> str:
    return acronym[:-1] if acronym.endswith("s") and acronym[:-1].isupper() else acronym


def _alternative(name: str, chosen: str) -> bool:
    return bool(name.strip()) and name != chosen and len(name) <= _LONGEST_ALTERNATIVE


def _family(label: Label, name: str, by_key: dict[Key, str]) -> str | None:
    """Name of the nearest family of a model that the corpus has too."""
    parent = family(name) if label == "Model" else None
    while parent:
        found = by_key.get((label, fold(parent)))
        if found and found != name:
            return found
        parent = family(parent)
    return None


class _Partition:
    """Disjoint sets whose root is their least member, whatever the order of joining."""

    def __init__(self) -> None:
        self._parent: dict[Key, Key] = {}

    def root(self, key: Key) -> Key:
        while (parent := self._parent.get(key, key)) != key:
            self._parent[key] = self._parent.get(parent, parent)
            key = parent
        return key

    def join(self, one: Key, other: Key) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        if first != second:
            self._parent[second] = first

    def join_all(self, pairs: Iterable[tuple[Key, Key]]) -> None:
        for one, other in pairs:
            self.join(one, other)

    def groups(self, keys: Iterable[Key]) -> list[list[Key]]:
        """The given keys by set, sorted within and among sets."""
        found: defaultdict[Key, list[Key]] = defaultdict(list)
        for key in sorted(keys):
            found[self.root(key)].append(key)
        return sorted(found.values())
