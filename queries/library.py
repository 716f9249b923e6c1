"""The library: every query of a folder, by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from .checks import faults
from .errors import Fault, LibraryError, UnknownQueryError
from .parsing import Location, QueryFile, read_query
from .query import Query


class Library(Mapping[str, Query]):
    """Queries by id, in the order of their ids; cannot be changed."""

    def __init__(self, queries: Mapping[str, Query]) -> None:
        self._queries = {id_: queries[id_] for id_ in sorted(queries)}

    def __getitem__(self, id_: str) -> Query:
        """The query of that id.

        Raises:
            UnknownQueryError: there is none; the message names ids that look like it.
        """
        try:
            return self._queries[id_]
        except KeyError:
            raise UnknownQueryError(id_, self._queries) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)

    def __len__(self) -> int:
        return len(self._queries)

    def find(self, name: str) -> Query:
        """The query of that id in upper or lower case, or of that slug.

        Raises:
            UnknownQueryError: there is none.
        """
        for query in self._queries.values():
            if name.casefold() in (query.id.casefold(), query.slug):
                return query
        raise UnknownQueryError(name, self._queries)

    def groups(self) -> dict[str, tuple[Query, ...]]:
        """The queries of each group, both in the order of their ids."""
        names = dict.fromkeys(query.group for query in self._queries.values())
        return {
            name: tuple(query for query in self._queries.values() if query.group == name)
            for name in names
        }


def library_folder() -> Path:
    """The folder of the library that is shipped."""
    return Path(__file__).resolve().parent / "library"


def load_library(folder: Path | None = None) -> Library:
    """Read and check every ``.rq`` file of a folder, by default those that are shipped.

    Raises:
        LibraryError: one or more files have faults; it carries all of them with file and line.
    """
    folder = library_folder() if folder is None else folder
    files: list[QueryFile] = []
    found: list[Fault] = []
    paths = sorted(folder.glob("*.rq"))
    if not paths:
        raise LibraryError([Fault(folder, 1, "no .rq file in this folder")])
    for path in paths:
        try:
            files.append(read_query(path))
        except LibraryError as error:
            found += error.faults
    for file in files:
        found += faults(file)
    found += _across(files)
    if found:
        raise LibraryError(found)
    return Library({file.query.id: file.query for file in files})


def _across(files: list[QueryFile]) -> Iterator[Fault]:
    first: dict[str, Path] = {}
    groups: dict[str, Counter[str]] = {}
    for file in files:
        query = file.query
        if query.id in first:
            message = f"{query.id} is the id of {first[query.id].name} too"
            yield file.in_front_matter(("id",), message)
        first.setdefault(query.id, file.path)
        groups.setdefault(query.id[0], Counter())[query.group] += 1
    for file in files:
        yield from _references(file, first)
        ((usual, _),) = groups[file.query.id[0]].most_common(1)
        if file.query.group != usual:
            message = f"group {file.query.id[0]} is named {usual!r} elsewhere"
            yield file.in_front_matter(("group",), message)


def _references(file: QueryFile, known: Mapping[str, Path]) -> Iterator[Fault]:
    query = file.query
    named: list[tuple[Location, str]] = [
        (("related", index), id_) for index, id_ in enumerate(query.related)
    ]
    if query.next:
        named.append((("next",), query.next))
    for location, id_ in named:
        if id_ not in known:
            yield file.in_front_matter(location, str(UnknownQueryError(id_, known)))
        elif id_ == query.id:
            yield file.in_front_matter(location, f"{id_} is this query itself")
