"""What is on the operator's server, looked up before anything is served."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from ...graph.dialects import DIALECTS, Dialect, Name
from ...graph.errors import GraphError
from ...graph.loading import graph_iri, manifest_graph, read_manifest
from ...graph.remote import Endpoint, Login, RemoteStore
from ...graph.snapshot import Snapshot
from ...graph.terms import term
from ...ontology.terms import FP

# Manifests that a message lists.
_LISTED = 5


class NothingLoaded(GraphError):  # noqa: N818
    """The server has no graph of that base, or one that is just being loaded."""

    def __init__(self, url: str, base: str, others: tuple[str, ...]) -> None:
        if others:
            advice = "there is one for --base " + ", --base ".join(others)
        else:
            advice = (
                "load one with `fairpapers load`, wait until a load at work has ended, or give a "
                "graph that came another way a name with --tag"
            )
        super().__init__(f"{url} has no graph with the base {base}: {advice}")


@dataclass(frozen=True, slots=True)
class Source:
    """A server and the graph on it.

    Attributes:
        endpoint: where it answers queries.
        base: of the IRIs of the graph.
        cache: folder for indexes, one folder below it for each snapshot.
        login: where the server asks for one.
        tag: stands for the version of a graph that says none; empty asks for the manifest.
        engine: what kind of server it is; empty finds that out.
        seconds: for each query of this module.
        alone: the server holds nothing but this graph.
    """

    endpoint: Endpoint
    base: str
    cache: Path
    login: Login | None = field(default=None, repr=False)
    tag: str = ""
    engine: Name | None = None
    seconds: float = 30.0
    alone: bool = False
    _live: set[RemoteStore] = field(default_factory=set, repr=False)

    @contextmanager
    def store(self, graphs: tuple[str, ...] = ()) -> Iterator[RemoteStore]:
        """The server as a store, closed behind the block; blocks, so not for the event loop."""
        dialect = DIALECTS[self.engine] if self.engine else None
        with RemoteStore(
            self.endpoint,
            graphs=graphs,
            dialect=dialect,
            login=self.login,
            seconds=self.seconds,
        ) as store:
            self._live.add(store)
            try:
                yield store
            finally:
                self._live.discard(store)

    def abort(self) -> None:
        """Break off every query that is asked from other threads."""
        for store in tuple(self._live):
            store.abort()

    def dialect(self) -> Dialect:
        """How the server is asked.

        Raises:
            QueryError: it cannot be reached.
        """
        with self.store() as store:
            return store.dialect

    def snapshot(self) -> Snapshot | None:
        """The graph that is there whole; None while one is being loaded.

        Its directory is where the index of its names is, or will be.

        Raises:
            QueryError: the server cannot be asked.
            LoadRefused: its manifest cannot be read.
        """
        with self.store() as store:
            if self.tag:
                return self._counted(store)
            found = read_manifest(store, self.base)
        return None if found is None else self._placed(found)

    def first(self) -> Snapshot:
        """The graph to begin with.

        Raises:
            NothingLoaded: there is none; the message says what to do.
            QueryError: the server cannot be asked.
        """
        found = self.snapshot()
        if found is None or not found.triples:
            with self.store() as store:
                raise NothingLoaded(self.endpoint.url, self.base, _bases(store))
        return found

    def graphs(self, snapshot: Snapshot) -> tuple[str, ...]:
        """IRIs of the graphs of a snapshot."""
        return tuple(graph_iri(self.base, name) for name in snapshot.triples)

    def _placed(self, snapshot: Snapshot) -> Snapshot:
        digest = sha256(f"{self.endpoint.url} {self.base}".encode()).hexdigest()[:16]
        safe = snapshot.id if snapshot.id.isalnum() else sha256(snapshot.id.encode()).hexdigest()
        return Snapshot(
            snapshot.id,
            self.cache / digest / safe,
            snapshot.base,
            snapshot.created,
            snapshot.version,
            snapshot.papers,
            snapshot.triples,
        )

    def _counted(self, store: RemoteStore) -> Snapshot:
        """A graph that came another way than by `load`: its graphs are those below its base."""
        below = f"{self.base}/graph/"
        rows = store.select(
            "SELECT ?graph (COUNT(*) AS ?n) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
        ).rows
        counts = {
            graph.value.removeprefix(below): int(number.value)
            for graph, number in rows
            if isinstance(graph, NamedNode)
            and isinstance(number, Literal)
            and graph.value.startswith(below)
            and graph.value != manifest_graph(self.base)
        }
        (row,) = store.select(
            f"SELECT (COUNT(DISTINCT ?paper) AS ?n) WHERE {{ GRAPH <{below}core> "
            f"{{ ?paper {term('rdf:type')} <{FP.Paper}> }} }}"
        ).rows
        papers = int(row[0].value) if isinstance(row[0], Literal) else 0
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        counted = dict(sorted(counts.items()))
        return self._placed(
            Snapshot(self.tag, Path(), self.base, moment, "unknown", papers, counted)
        )


def _bases(store: RemoteStore) -> tuple[str, ...]:
    rows = store.select(
        f"SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ ?graph {term('dcterms:description')} "
        f'?text }} FILTER(STRENDS(STR(?graph), "/graph/loaded")) }} LIMIT {_LISTED}'
    ).rows
    found = [row[0].value for row in rows if isinstance(row[0], NamedNode)]
    return tuple(sorted(graph.removesuffix("/graph/loaded") for graph in found))
