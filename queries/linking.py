"""What must hold between the queries of a library: ids, names, groups and links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from .checks import named
from .errors import Fault, UnknownQueryError
from .parsing import Location, QueryFile
from .query import Query

_SHIPPED: Final = "in the library that comes with fairpapers"


def across(files: Sequence[QueryFile], beside: Mapping[str, Query]) -> list[Fault]:
    """Everything that is wrong between files that make one library.

    Args:
        files: the queries that are checked.
        beside: further queries by id, which are there and cannot be changed.
    """
    return [
        *named("ids", _ids(files, beside)),
        *named("groups", _groups(files, beside)),
        *named("links", _links(files, beside)),
    ]


def _ids(files: Sequence[QueryFile], beside: Mapping[str, Query]) -> Iterator[Fault]:
    slugs = {query.slug: query.id for query in beside.values()}
    first: dict[str, Path] = {}
    for file in files:
        query = file.query
        if query.id in beside:
            message = (
                f"{query.id} is the id of {beside[query.id].slug!r} {_SHIPPED}; take another, "
                f"best with a letter that is free, such as {_free(beside)}"
            )
            yield file.in_front_matter(("id",), message)
        elif query.slug in slugs:
            message = f"{query.slug!r} is the name of {slugs[query.slug]} {_SHIPPED}; take another"
            yield file.in_front_matter(("id",), message)
        if query.id in first:
            message = f"{query.id} is the id of {first[query.id].name} too"
            yield file.in_front_matter(("id",), message)
        first.setdefault(query.id, file.path)


def _free(beside: Mapping[str, Query]) -> str:
    """An id whose letter no query has, from the end of the alphabet."""
    letters = sorted({chr(code) for code in range(ord("A"), ord("Z") + 1)} - {i[0] for i in beside})
    return f"{letters[-1]}01" if letters else "Z99"


def _groups(files: Sequence[QueryFile], beside: Mapping[str, Query]) -> Iterator[Fault]:
    fixed = {query.id[0]: query.group for query in beside.values()}
    named_so: dict[str, Counter[str]] = {}
    for file in files:
        named_so.setdefault(file.query.id[0], Counter())[file.query.group] += 1
    for file in files:
        query, letter = file.query, file.query.id[0]
        usual = fixed.get(letter) or named_so[letter].most_common(1)[0][0]
        if query.group != usual:
            message = f"group {letter} is named {usual!r} elsewhere"
            yield file.in_front_matter(("group",), message)


def _links(files: Sequence[QueryFile], beside: Mapping[str, Query]) -> Iterator[Fault]:
    known = sorted({*beside, *(file.query.id for file in files)})
    for file in files:
        query = file.query
        links: list[tuple[Location, str]] = [
            (("related", index), id_) for index, id_ in enumerate(query.related)
        ]
        if query.next:
            links.append((("next",), query.next))
        for location, id_ in links:
            if id_ not in known:
                error = UnknownQueryError(id_, known)
                # The ids of a library are too many for one line.
                unlike = f"no query {id_!r} in the library; `fairpapers queries` lists its ids"
                yield file.in_front_matter(location, str(error) if error.near else unlike)
            elif id_ == query.id:
                yield file.in_front_matter(location, f"{id_} is this query itself")
