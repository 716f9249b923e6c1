"""Running the server for assistants on standard input and output."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from .evidence_shown import as_json


def serve_assistants(directory: Path, deadline: float, own: Path | None = None) -> None:
    """Serve a graph directory until standard input ends.

    Args:
        directory: graph directory.
        deadline: seconds after which a query is stopped.
        own: folder of queries that are added to those of the library.

    Raises:
        LibraryError: one of those queries has a fault.
        click.ClickException: the extra is not installed.
    """
    try:
        from ..assistants import Tools, server
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("mcp"):
            raise
        raise click.ClickException(
            "this needs the SDK of the Model Context Protocol: pip install 'fairpapers[mcp]'"
        ) from error
    from ...graph.evidence import evidence_of, point_at
    from ...graph.iris import Iris
    from ...graph.snapshot import current_snapshot
    from ...graph.store import EmbeddedStore
    from ...queries import load_library
    from ..settings import Settings
    from ..workers.pool import StoreRef, WorkerPool

    library = load_library(own=own)
    snapshot = current_snapshot(directory)
    iris = Iris(snapshot.base)
    settings = Settings(deadline_seconds=deadline, workers=1, library_workers=1, express_workers=0)

    def evidence(statement: str) -> str:
        with EmbeddedStore(snapshot.store) as store:
            found = evidence_of(point_at((statement,), store, iris), store, iris)
        return as_json(found, None, snapshot)

    async def run() -> None:
        reference = StoreRef(snapshot.id, snapshot.store)
        async with WorkerPool(reference, settings) as pool:
            tools = Tools(pool, snapshot, library, settings, evidence)
            await server(tools).run_stdio_async()

    asyncio.run(run())
