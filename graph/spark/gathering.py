r"""On the executors: what `Resolver` collects and decides, one record or one group of names at a time.

A name as a node is one string here, ``<label>\t<folded name>``: folded names hold no tab, and the
strings sort as the pairs do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, cast

from ...extract.records import Label, Record
from ...extract.thresholds import sure_mentions
from ..aliases import shipped_aliases
from ..iris import assign_slugs, readable_slug
from ..names import family, fold
from ..resolution import Resolver, _alternative, head, supported

if TYPE_CHECKING:
    from pyarrow import RecordBatch

NAME: Final = "name"
SURFACE: Final = "surface"
LONG: Final = "long"
REVIEWED: Final = "reviewed"

COUNTS: Final = "kind string, id string, text string, n bigint"
DESCRIBED: Final = "id string, compared string, capitals boolean"
GROUPS: Final = (
    "root string, label string, name string, ident string, first string, share string, "
    "others array<string>, parents array<string>"
)
SLUGS: Final = "label string, ident string, slug string"
NEEDS: Final = "paper string, id string"

_BATCH: Final = 4096
_LONGEST_SLUG: Final = 80


def identity(label: str, folded: str) -> str:
    """A name as a node."""
    return f"{label}\t{folded}"


def parts(identity: str) -> tuple[Label, str]:
    """Label and folded name of a node."""
    label, _, folded = identity.partition("\t")
    return cast("Label", label), folded


class Gathering(Resolver):
    """A resolver that is filled and read in pieces."""

    def counts(self) -> Iterator[tuple[str, str, str, int]]:
        """Yield everything that was added, in the columns of `COUNTS`."""
        for kind, counted in ((NAME, self._papers), (SURFACE, self._surfaces)):
            for key, texts in counted.items():
                for text, n in texts.items():
                    yield kind, identity(*key), text, n
        for key, long_forms in self._long_forms.items():
            for long, n in long_forms.items():
                yield LONG, identity(*key), identity(*long), n

    def reviewed(self) -> list[tuple[str, str, str]]:
        """Node, node of the canonical name and canonical name of each entry of the list."""
        return [
            (identity(label, folded), identity(label, fold(canonical)), canonical)
            for (label, folded), canonical in self._reviewed.items()
        ]

    def compared(self, node: str, name: str) -> str | None:
        """Node that all variants of a spelling share; None where the name is not of the node."""
        label, folded = parts(node)
        return identity(*self._compared(label, name)) if fold(name) == folded else None

    def display(self, rows: Iterable[dict[str, Any]]) -> tuple[str, str, tuple[str, ...]] | None:
        """First node, name and other names of one group; None where no paper has it."""
        self._papers.clear()
        self._surfaces.clear()
        reviewed: set[str] = set()
        for row in rows:
            if row["kind"] == REVIEWED:
                reviewed.add(row["text"])
            else:
                counted = self._papers if row["kind"] == NAME else self._surfaces
                counted[parts(row["id"])][row["text"]] = row["n"]
        group = sorted(self._papers)
        if not group:
            return None
        name = self._display(group, reviewed)
        met = {each for key in group for each in (*self._papers[key], *self._surfaces[key])}
        others = tuple(sorted(each for each in met if _alternative(each, name)))
        return identity(*group[0]), name, others


@cache
def resolver() -> Gathering:
    """One a process, with the reviewed list."""
    return Gathering(shipped_aliases())


def count_names(batches: Iterable[RecordBatch], *, minimum: float) -> Iterator[RecordBatch]:
    """The names of each record, as `COUNTS`."""

    def found() -> Iterator[tuple[str, str, str, int]]:
        for record in records(batches, minimum):
            gathered = Gathering({})
            gathered.add(record)
            yield from gathered.counts()

    return to_batches(found(), COUNTS)


def describe_names(batches: Iterable[RecordBatch]) -> Iterator[RecordBatch]:
    """What each name is compared under, and whether it is written in capitals, as `DESCRIBED`."""

    def found() -> Iterator[tuple[str, str | None, bool]]:
        for row in rows(batches):
            node, name = row["id"], row["text"]
            yield node, resolver().compared(node, name), sum(map(str.isupper, name)) > 1

    return to_batches(found(), DESCRIBED)


def name_groups(batches: Iterable[RecordBatch]) -> Iterator[RecordBatch]:
    """Name each group, whose rows come one after the other, as `GROUPS`."""

    def found() -> Iterator[tuple[Any, ...]]:
        for root, group in groupby(rows(batches), key=lambda row: row["root"]):
            if shown := resolver().display(group):
                first, name, others = shown
                label, _ = parts(first)
                share = readable_slug(name)[:_LONGEST_SLUG].strip("-.")
                parents = list(_parents(name)) if label == "Model" else []
                yield root, label, name, fold(name), first, share, list(others), parents

    return to_batches(found(), GROUPS)


def _parents(name: str) -> Iterator[str]:
    """Folded names of the families of a model, the nearest first."""
    parent = family(name)
    while parent:
        yield fold(parent)
        parent = family(parent)


def give_slugs(batches: Iterable[RecordBatch]) -> Iterator[RecordBatch]:
    """Give slugs to the names of one label that want the same, which come together; as `SLUGS`."""

    def found() -> Iterator[tuple[str, str, str]]:
        for (label, _), wanting in groupby(
            rows(batches), key=lambda row: (row["label"], row["share"])
        ):
            slugs = assign_slugs({row["ident"]: row["name"] for row in wanting})
            yield from ((label, ident, slug) for ident, slug in slugs.items())

    return to_batches(found(), SLUGS)


def needed_names(batches: Iterable[RecordBatch], *, minimum: float) -> Iterator[RecordBatch]:
    """The nodes that each paper asks the resolution for, as `NEEDS`."""

    def found() -> Iterator[tuple[str, str]]:
        for record in records(batches, minimum):
            nodes = {identity(each.label, fold(head(each))) for each in supported(record)}
            yield from ((record.key, node) for node in nodes)

    return to_batches(found(), NEEDS)


def records(batches: Iterable[RecordBatch], minimum: float) -> Iterator[Record]:
    """Parse the column ``record``, and leave out what is below the threshold."""
    for batch in batches:
        for line in batch.column("record").to_pylist():
            yield sure_mentions(Record.from_json(line), minimum)


def rows(batches: Iterable[RecordBatch]) -> Iterator[dict[str, Any]]:
    """Each row as a dictionary."""
    for batch in batches:
        yield from batch.to_pylist()


def to_batches(found: Iterable[tuple[Any, ...]], schema: str) -> Iterator[RecordBatch]:
    """Rows as Arrow batches with the columns of a schema."""
    import pyarrow as pa

    fields = _arrow_schema(schema)
    names = [field.name for field in fields]
    waiting: list[tuple[Any, ...]] = []
    for row in found:
        waiting.append(row)
        if len(waiting) == _BATCH:
            yield pa.RecordBatch.from_pylist(_named(names, waiting), schema=fields)
            waiting = []
    if waiting:
        yield pa.RecordBatch.from_pylist(_named(names, waiting), schema=fields)


def _named(names: list[str], waiting: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in waiting]


@cache
def _arrow_schema(schema: str) -> Any:
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "bigint": pa.int64(),
        "boolean": pa.bool_(),
        "array<string>": pa.list_(pa.string()),
    }
    columns = (column.strip().partition(" ") for column in schema.split(","))
    return pa.schema([(name, types[kind]) for name, _, kind in columns])
