"""Ask the endpoints that queries of the library ask, and store what they answer.

``python -m fairpapers.api.federation.record --graph DIR --allow HOST ...`` asks as a server would,
no host but those on the command line, writes the fixtures anew with the day, and prints what
changed. It is in this layer because it opens connections; the fixtures are those of ``queries``.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import json
import sys
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from ...graph.errors import GraphError
from ...graph.lexer import tokens
from ...graph.snapshot import Snapshot, current_snapshot
from ...graph.store import EmbeddedStore
from ...queries import Library, QueriesError, Query, load_library
from ...queries.answers import Table
from ...queries.federation import Clause, Fixture, StoredAnswer, fixture_folder, hosts
from ...queries.rendering import render
from ..errors import ApiError
from ..settings import Settings
from .service import Federation

_SECONDS: Final = 60.0
_NOTE: Final = "Recorded from the endpoints by `python -m fairpapers.api.federation.record`."


def main(arguments: list[str] | None = None) -> int:
    """Record the fixtures of some queries, or of all that ask an allowed host.

    Returns:
        0, or 1 where a query was not recorded; its fixture is then as before.
    """
    options = _options().parse_args(arguments)
    try:
        settings = Settings(
            federation_hosts=tuple(options.allow),
            federation_seconds=options.seconds,
        )
        library = load_library()
        queries = _chosen(library, options.query, settings)
        snapshot = current_snapshot(options.graph)
    except (GraphError, QueriesError, ValidationError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    failed = False
    with EmbeddedStore(snapshot.store) as store:
        for query in queries:
            try:
                fixture = asyncio.run(record(store, snapshot, query, settings, options.date))
            except (ApiError, QueriesError, GraphError) as error:
                sys.stderr.write(f"{query.id}: {error}\n")
                failed = True
            else:
                sys.stdout.write(save(fixture, query, options.fixtures))
    return int(failed)


async def record(
    store: EmbeddedStore, snapshot: Snapshot, query: Query, settings: Settings, day: date
) -> Fixture:
    """Ask what a query asks, with the defaults of its parameters.

    Raises:
        ApiError: a host is not allowed or failed; SILENT does not hide that here.
        QueryError: the graph could not be asked.
    """
    heard: dict[str, bytes] = {}

    def hear(clause: Clause, body: bytes) -> None:
        heard[clause.service] = body

    async def local(part: str) -> bytes:
        found = store.select(part)
        return render(Table(found.variables, tuple(found.rows)), "json").encode()

    # A failure is to be told, and no row of nothing to be stored.
    text = _loud(query.bind(base=snapshot.base))
    await Federation(settings, hear).resolve(text, f"{snapshot.base}/sparql", local)
    answers = []
    for service in query.federates:
        if service not in heard:
            raise NothingAskedError(query.id, service)
        document = json.loads(heard[service])
        answers.append(
            StoredAnswer(
                service=service,
                head={"vars": document["head"]["vars"]},
                results={"bindings": document["results"]["bindings"]},
            )
        )
    return Fixture(query=query.id, recorded=day, note=_NOTE, answers=tuple(answers))


class NothingAskedError(QueriesError):
    """The graph has nothing to ask a service for."""

    def __init__(self, query: str, service: str) -> None:
        super().__init__(
            f"query {query} asked <{service}> nothing, because this graph has no row to ask it for; "
            "give a graph that has"
        )


def save(fixture: Fixture, query: Query, folder: Path) -> str:
    """Write a fixture, and tell what changed as a unified diff; a line where nothing did."""
    assert query.fixture is not None
    path = folder / query.fixture
    old = path.read_text("utf-8") if path.is_file() else ""
    new = fixture.text()
    path.write_text(new, "utf-8", newline="\n")
    diff = difflib.unified_diff(
        old.splitlines(), new.splitlines(), "stored", "answered", lineterm="", n=1
    )
    lines = "".join(f"{line}\n" for line in diff)
    return f"{query.id}: {lines or 'nothing changed'}\n"


def _loud(text: str) -> str:
    return "".join(
        "" if token.kind == "word" and token.text.upper() == "SILENT" else token.text
        for token in tokens(text)
    )


def _chosen(library: Library, names: list[str], settings: Settings) -> list[Query]:
    if names:
        return [library.find(name) for name in names]
    allowed = set(settings.federation_hosts)
    return [query for query in library.values() if query.federates and set(hosts(query)) <= allowed]


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m fairpapers.api.federation.record", description=__doc__
    )
    parser.add_argument("--graph", type=Path, required=True, help="graph directory to ask from")
    parser.add_argument(
        "--allow", action="append", default=[], metavar="HOST", help="a host that may be asked"
    )
    parser.add_argument(
        "--fixtures", type=Path, default=fixture_folder(), help="folder to write to"
    )
    parser.add_argument(
        "--date", type=date.fromisoformat, default=date.today(), help="day to note [today]"
    )
    parser.add_argument(
        "--seconds", type=float, default=_SECONDS, help="longest wait for an answer"
    )
    parser.add_argument("query", nargs="*", help="ids; without one all that ask allowed hosts")
    return parser


if __name__ == "__main__":
    sys.exit(main())
