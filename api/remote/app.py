"""The application over a graph on the operator's server."""

from __future__ import annotations

from fastapi import FastAPI

from ...queries import Library
from ..app import Parts, assemble
from ..settings import Settings
from ..updates.endpoint import no_updates
from .exchange import Asking
from .pool import RemotePool, RemoteRef
from .publication import RemotePublication
from .source import Source


def create_remote_app(source: Source, settings: Settings, library: Library) -> FastAPI:
    """Make the application for the graph that a server holds; updates are made there, not here.

    Args:
        source: the server.
        settings: limits and CORS; those of processes have no effect.
        library: curated queries.

    Raises:
        NothingLoaded: the server has no such graph.
        QueryError: it cannot be asked.
    """
    snapshot = source.first()
    reference = RemoteRef(snapshot.id, source.graphs(snapshot))
    asking = Asking(source.endpoint, source.login)
    pool = RemotePool(asking, reference, source.dialect(), settings, alone=source.alone)
    publication = RemotePublication(source, snapshot, pool)

    def graphs() -> tuple[str, ...]:
        # Servers differ in whether GRAPH finds a graph by its name alone.
        return pool.store.graphs

    return assemble(
        Parts(snapshot, pool, publication, no_updates(settings), graphs), settings, library
    )
