"""Which papers a change touches, and which quads come and go with it.

A paper that comes can rename what others share: the commonest name of a resource gives its IRI. So
names are resolved as they were and as they will be, and whatever paper has a name whose resource
has another IRI is mapped both ways.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from ...extract.records import Generator, Record, RecordError
from ...extract.thresholds import sure_mentions
from ..aliases import shipped_aliases
from ..errors import RecordsDamaged
from ..mapping import Context, MappedPaper, map_paper
from ..progress import Progress
from ..resolution import Key, Resolver, keys_of
from ..reviewing.amending import amend
from ..reviewing.decisions import Decision

# The start of a line that `Record.to_json` wrote: the identifier, then the key.
_KEY: Final = re.compile(rb'\{"id":"(?:[^"\\]|\\.)*","key":("(?:[^"\\]|\\.)*")')
_Decisions: TypeAlias = Mapping[str, tuple[Decision, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """What is wanted of the records.

    Attributes:
        put: records by key of their paper, new ones and those that replace another.
        drop: keys of papers that go.
    """

    put: Mapping[str, Record]
    drop: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sorted:
    """What a change comes to, given the records that are there.

    Attributes:
        added: keys of new papers.
        changed: keys of papers whose record differs.
        same: keys of papers whose record is there already.
        removed: keys of papers that go.
        absent: keys of papers that were to go and are not there.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    removed: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether the records stay as they are."""
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Papers mapped as they were and as they will be.

    Attributes:
        old: what papers gave, by key; of new papers nothing.
        new: what they will give, by key; of papers that go nothing.
        unsure: mentions below the threshold, in papers that come, by key.
    """

    old: Mapping[str, MappedPaper]
    new: Mapping[str, MappedPaper]
    unsure: Mapping[str, int]


def sort_change(records: Path, change: Change) -> Sorted:
    """Compare a change with the records that are there.

    A paper that was read from another file, and is otherwise what it was, has not changed.
    """
    met: dict[str, bool] = {}
    for line in _lines(records):
        if line.key in change.put:
            met[line.key] = alike(line.record(), change.put[line.key])
        elif line.key in change.drop:
            met[line.key] = True
    return Sorted(
        added=tuple(sorted(change.put.keys() - met.keys())),
        changed=tuple(sorted(key for key in change.put if met.get(key) is False)),
        same=tuple(sorted(key for key in change.put if met.get(key))),
        removed=tuple(sorted(change.drop & met.keys())),
        absent=tuple(sorted(change.drop - met.keys())),
    )


def alike(one: Record, other: Record) -> bool:
    """Whether two records say the same, wherever each was read."""
    here = other.source
    source = replace(one.source, file=here.file, line=here.line, format=here.format)
    return replace(one, source=source) == other


def write_changed(records: Path, change: Change, path: Path) -> int:
    """Write the records as they will be, in the order of their keys, and count them."""
    fresh = deque(sorted(change.put))
    count = 0
    with path.open("wb") as file:

        def put_until(key: str | None) -> int:
            done = 0
            while fresh and (key is None or fresh[0] < key):
                file.write(change.put[fresh.popleft()].to_json().encode() + b"\n")
                done += 1
            return done

        for line in _lines(records):
            count += put_until(line.key)
            if line.key not in change.put and line.key not in change.drop:
                file.write(line.text)
                count += 1
        return count + put_until(None)


class Names:
    """The names of a corpus, as they were and as they will be."""

    def __init__(
        self,
        records: Path,
        change: Change,
        minimum: float,
        decisions: _Decisions,
        progress: Progress,
    ) -> None:
        """Read all records.

        Args:
            records: as they were.
            change: to make.
            minimum: confidence of what counts.
            decisions: of reviewers, by key.
            progress: told of each paper.
        """
        self._records, self._change = records, change
        self._minimum, self._decisions = minimum, decisions
        self._places: dict[Key, list[int]] = defaultdict(list)
        self.generators: set[Generator] = {each.generator for each in change.put.values()}
        self.old_generators: set[Generator] = set()
        resolver = Resolver(shipped_aliases())
        self._touched: dict[str, Record] = {}
        for line in _lines(records):
            record = line.record()
            self.old_generators.add(record.generator)
            meant = self._meant(record)
            resolver.add(meant)
            stays = line.key not in change.put and line.key not in change.drop
            if stays:
                self.generators.add(record.generator)
            if stays and line.key not in decisions:
                for name in set(keys_of(meant)):
                    self._places[name].append(line.place)
            else:
                self._touched[line.key] = record
            progress("resolve", line.number, None)
        self.old = resolver.resolve()
        for key in change.put.keys() | change.drop:
            if key in self._touched:
                resolver.discard(self._meant(self._touched[key]))
        for record in change.put.values():
            resolver.add(self._meant(record))
        self.new = resolver.resolve()

    def _meant(self, record: Record) -> Record:
        sure = sure_mentions(record, self._minimum)
        return amend(sure, self._decisions.get(record.key, ())).record

    def map(self, old: Context, new: Context, also: Iterable[str] = ()) -> Mapped:
        """Map every paper that the change touches.

        Args:
            old: with the resolution as it was.
            new: with the resolution as it will be.
            also: keys of papers to map although nothing of them may change.
        """
        touched = dict(self._touched)
        moved = self.old.moved(self.new)
        places = {place for name in moved for place in self._places.get(name, ())}
        touched.update((record.key, record) for record in self._at(sorted(places)))
        missing = set(also) - touched.keys() - self._change.put.keys()
        if missing:
            lines = _lines(self._records)
            touched.update((line.key, line.record()) for line in lines if line.key in missing)
        before = {key: self._map(record, old)[0] for key, record in touched.items()}
        stays = {key: each for key, each in touched.items() if key not in self._change.drop}
        after = {
            key: self._map(record, new) for key, record in (stays | dict(self._change.put)).items()
        }
        return Mapped(
            before,
            {key: mapped for key, (mapped, _) in after.items()},
            {key: unsure for key, (_, unsure) in after.items()},
        )

    def _map(self, record: Record, context: Context) -> tuple[MappedPaper, int]:
        sure = sure_mentions(record, self._minimum)
        mapped = map_paper(sure, context, self._decisions.get(record.key, ()))
        return mapped, len(record.mentions) - len(sure.mentions)

    def _at(self, places: Iterable[int]) -> Iterator[Record]:
        with self._records.open("rb") as lines:
            for place in places:
                lines.seek(place)
                yield Record.from_json(lines.readline())


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a records file: its number from 1, its offset in bytes, its paper."""

    path: Path
    number: int
    place: int
    text: bytes
    key: str

    def record(self) -> Record:
        return _record(self.path, self.number, self.text)


def _lines(path: Path) -> Iterator[_Line]:
    place = 0
    with path.open("rb") as lines:
        for number, text in enumerate(lines, 1):
            if text.strip():
                # The record is parsed only where more than its key is wanted.
                found = _KEY.match(text)
                key = json.loads(found[1]) if found else _record(path, number, text).key
                yield _Line(path, number, place, text, key)
            place += len(text)


def _record(path: Path, number: int, text: bytes) -> Record:
    try:
        return Record.from_json(text)
    except RecordError as error:
        raise RecordsDamaged(path, number, str(error)) from error
