"""The library: every query of a folder, by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .checks import faults
from .errors import Fault, LibraryError, UnknownQueryError
from .linking import across
from .parsing import QueryFile, read_query
from .query import Query


class Library(Mapping[str, Query]):
    """Queries by id, in the order of their ids; cannot be changed.

    Args:
        queries: by id.
        files: where those stand that were read from a file.
    """

    def __init__(
        self, queries: Mapping[str, Query], files: Mapping[str, Path] | None = None
    ) -> None:
        self._queries = {id_: queries[id_] for id_ in sorted(queries)}
        self._files = dict(files or {})

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

    def file(self, id_: str) -> Path | None:
        """The file of the query of that id; None where it was not read from one."""
        return self._files.get(id_)

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


def load_library(folder: Path | None = None, *, own: Path | None = None) -> Library:
    """Read and check every ``.rq`` file of a folder, by default those that are shipped.

    Args:
        folder: of the library.
        own: a folder of further queries, which may link to those of the library and may not take
            their ids, names or letters.

    Raises:
        LibraryError: one or more files have faults; it carries all of them with file and line.
    """
    library = _load(library_folder() if folder is None else folder, Library({}))
    return library if own is None else _load(own, library)


def query_files(folder: Path) -> list[Path]:
    """The ``.rq`` files of a folder, sorted.

    Raises:
        LibraryError: there is none, or no such folder.
    """
    if not folder.is_dir():
        raise LibraryError([Fault(folder, 1, "no such folder; name one that holds .rq files")])
    paths = sorted(folder.glob("*.rq"))
    if not paths:
        raise LibraryError([Fault(folder, 1, "no .rq file in this folder")])
    return paths


def read_files(paths: Iterable[Path]) -> tuple[list[QueryFile], list[Fault]]:
    """The files that can be read, and everything that is wrong with each file on its own."""
    files: list[QueryFile] = []
    found: list[Fault] = []
    for path in paths:
        try:
            files.append(read_query(path))
        except LibraryError as error:
            found += error.faults
    for file in files:
        found += faults(file)
    return files, found


def _load(folder: Path, beside: Library) -> Library:
    files, found = read_files(query_files(folder))
    found += across(files, beside)
    if found:
        raise LibraryError(found)
    queries = {**beside, **{file.query.id: file.query for file in files}}
    known = ((id_, beside.file(id_)) for id_ in beside)
    paths = {id_: path for id_, path in known if path is not None}
    return Library(queries, {**paths, **{file.query.id: file.path for file in files}})
