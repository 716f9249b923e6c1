"""Pages of the query library, each with what this graph answers to it."""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, RdfFormat

from ...graph.store import run_query
from ...queries import Query
from ...queries.answers import Table
from ...queries.federation import hosts
from ...queries.rendering import render
from ..cells import table
from ..context import SHOWN_ROWS
from ..library import Shown, file_text
from .asking import json_term, written
from .building import Building

_ROOT: Final = "../"


def write_library(building: Building) -> None:
    """Write the list of queries and the page, file and answer of each."""
    library = building.library
    building.page(
        "queries.html",
        "site-queries.html",
        about={"@type": "CollectionPage", "name": "Query library"},
        heading="Query library",
        section="queries.html",
        groups=library.groups().items(),
    )
    for done, query in enumerate(library.values(), 1):
        _write_query(building, query)
        building.progress("queries", done, len(library))


def _write_query(building: Building, query: Query) -> None:
    text = query.bind(base=building.base)
    # The engine would ask whatever a SERVICE clause names.
    answer, download = (None, None) if query.federates else _answer(building, query, text)
    building.write(f"queries/{query.id}.rq", file_text(building.library, query).encode())
    items = [(f"{query.id}.rq", "application/sparql-query")]
    if download:
        suffix, content = download
        building.write(f"queries/{query.id}.{suffix}", content)
        items.append((f"{query.id}.{suffix}", _TYPES[suffix]))
    building.page(
        f"queries/{query.id}.html",
        "site-query.html",
        about={
            "@type": "SoftwareSourceCode",
            "name": query.title,
            "description": query.question,
            "programmingLanguage": "SPARQL",
        },
        items=items,
        heading=query.title,
        section="queries.html",
        query=query,
        text=text,
        answer=answer,
        download=f"{query.id}.{download[0]}" if download else "",
        hosts=hosts(query),
        notes={column.name: column.description for column in query.columns},
        related=[building.library[name] for name in query.related],
    )


_TYPES: Final = {"csv": "text/csv", "ttl": "text/turtle"}


def _answer(building: Building, query: Query, text: str) -> tuple[Shown, tuple[str, bytes] | None]:
    """The answer as a page draws it, and as a file; both hold the first rows only."""
    found = run_query(building.asker.store, text)
    if isinstance(found, QueryBoolean):
        return Shown("", boolean=bool(found)), None
    if isinstance(found, QueryTriples):
        triples = list(islice(found, SHOWN_ROWS + 1))
        body = written(triples[:SHOWN_ROWS], RdfFormat.TURTLE)
        return Shown(_note(len(triples), "triple"), text=body.decode()), ("ttl", body)
    assert isinstance(found, QuerySolutions)
    names = tuple(variable.value for variable in found.variables)
    rows = [tuple(row) for row in islice(found, SHOWN_ROWS + 1)]
    shown: list[Any] = rows[:SHOWN_ROWS]
    described = [
        {name: json_term(term) for name, term in zip(names, row, strict=True) if term is not None}
        for row in shown
    ]
    cells = table(names, described, building.context(_ROOT).links)
    csv = render(Table(names, tuple(shown)), "csv").encode()
    del query
    return Shown(_note(len(rows), "row"), columns=names, table=cells), ("csv", csv)


def _note(count: int, unit: str) -> str:
    if count > SHOWN_ROWS:
        return f"The first {SHOWN_ROWS:,} {unit}s."
    return f"{count:,} {unit}{'' if count == 1 else 's'}."
