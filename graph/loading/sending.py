"""Graphs sent to a server in pieces, and counted there.

Specifications: SPARQL 1.1 Graph Store HTTP Protocol, sections 5.3 and 5.5; SPARQL 1.1 Update,
sections 3.1.1 and 3.2.2. A triple that is sent twice is there once, so a piece whose answer was lost
is sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote

import pyoxigraph as ox
from pyoxigraph import Literal as RdfLiteral

from ..errors import EndpointRefused, LoadRefused
from ..leases import Lease
from ..remote import Connection, Endpoint, Login, RemoteStore, Reply
from ..snapshot import Snapshot
from .chunks import chunks, ntriples, triples_of
from .manifest import DEFAULT_GRAPH, graph_iri, manifest, manifest_graph, read_manifest
from .state import State

Method = Literal["gsp", "update"]
Progress = Callable[[str, int, int | None], None]
CHUNK: Final = 20_000
# Servers make whole graphs safe on disk before they answer.
_SECONDS: Final = 600.0
_DONE: Final = frozenset((200, 201, 204))


@dataclass(frozen=True, slots=True)
class Plan:
    """Where and how a snapshot is sent.

    Attributes:
        endpoint: of queries, by which is counted.
        target: the graph store for ``gsp``, the endpoint of updates for ``update``.
        method: how.
        login: where the server asks for one.
        chunk: triples in a request.
    """

    endpoint: Endpoint
    target: Endpoint
    method: Method = "gsp"
    login: Login | None = None
    chunk: int = CHUNK


@dataclass(frozen=True, slots=True)
class Report:
    """What a load did; ``already`` where the server had the snapshot, so that nothing was sent."""

    sent: int
    triples: int
    already: bool = False


def load(
    snapshot: Snapshot, plan: Plan, state: State, progress: Progress, *, again: bool = False
) -> Report:
    """Send the named graphs of a snapshot, take away those that an earlier load left, and count.

    Raises:
        LoadRefused: a graph cannot be sent so, or the server does not have what it took.
        QueryError: the server cannot be reached, or refuses.
    """
    graphs = {
        graph_iri(snapshot.base, name): count
        for name, count in snapshot.triples.items()
        if name != DEFAULT_GRAPH
    }
    if snapshot.triples.get(DEFAULT_GRAPH):
        raise LoadRefused(
            "the graph has triples outside of named graphs, which each server treats otherwise; "
            "move them to a named graph with an update first"
        )
    with RemoteStore(plan.endpoint, login=plan.login, seconds=_SECONDS) as asked:
        before = read_manifest(asked, snapshot.base)
        if before is not None and before.id == snapshot.id and not again and not state.sent:
            verify(asked, graphs, snapshot.base)
            return Report(0, sum(graphs.values()), already=True)
        sender = _Sender(plan)
        try:
            if before is not None:
                old = {graph_iri(before.base, name) for name in before.triples}
                state.obsolete = sorted({*state.obsolete, *old})
            state.obsolete = sorted(set(state.obsolete) - set(graphs))
            # Before anything is changed, so that a load that is killed now is finished by the next.
            state.save()
            sender.remove(manifest_graph(snapshot.base))
            for graph in state.obsolete:
                sender.remove(graph)
            sent = _send_all(snapshot, graphs, plan, state, progress, sender)
            progress("count", 0, len(graphs))
            verify(asked, graphs, snapshot.base, lambda done: progress("count", done, len(graphs)))
            sender.put(manifest_graph(snapshot.base), ntriples([manifest(snapshot)]))
        finally:
            sender.close()
    state.forget()
    return Report(sent, sum(graphs.values()))


def _send_all(
    snapshot: Snapshot,
    graphs: dict[str, int],
    plan: Plan,
    state: State,
    progress: Progress,
    sender: _Sender,
) -> int:
    # Builds that are published meanwhile must not remove the files.
    lease = Lease(snapshot.store)
    try:
        return _send_leased(snapshot, graphs, plan, state, progress, sender)
    finally:
        lease.release()


def _send_leased(
    snapshot: Snapshot,
    graphs: dict[str, int],
    plan: Plan,
    state: State,
    progress: Progress,
    sender: _Sender,
) -> int:
    store = ox.Store.read_only(str(snapshot.store))
    total = sum(graphs.values())
    done = sum(min(state.sent.get(graph, 0), count) for graph, count in graphs.items())
    sent = 0
    progress("send", done, total)
    for graph in graphs:
        begun = state.sent.get(graph, 0)
        if not begun:
            # Empties what an earlier load left there, also where no triple follows.
            sender.remove(graph)
        for count, data in chunks(triples_of(store, graph, begun), plan.chunk):
            sender.add(graph, data)
            sent += count
            done += count
            state.sent[graph] = state.sent.get(graph, 0) + count
            state.save()
            progress("send", done, total)
    return sent


def verify(
    asked: RemoteStore,
    graphs: dict[str, int],
    base: str,
    counted: Callable[[int], None] = lambda _done: None,
) -> None:
    """Count each graph on the server.

    Raises:
        LoadRefused: the server has another number of triples in a graph.
    """
    wrong = []
    for done, (graph, expected) in enumerate(graphs.items(), 1):
        found = count(asked, graph)
        if found != expected:
            name = graph.removeprefix(f"{base}/graph/")
            wrong.append(f"{name}: {found:,} instead of {expected:,}")
        counted(done)
    if wrong:
        raise LoadRefused(
            "the server does not hold the triples that it took (" + "; ".join(wrong) + "); "
            "if nothing else writes to it, load again with --again"
        )


def count(asked: RemoteStore, graph: str) -> int:
    """Number of triples in a graph of the server."""
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH {ox.NamedNode(graph)} {{ ?s ?p ?o }} }}"
    rows = asked.select(query).rows
    (number,) = rows[0] if rows else (None,)
    return int(number.value) if isinstance(number, RdfLiteral) else 0


class _Sender:
    """Removes graphs and adds to them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._connection = Connection(plan.target, plan.login, _SECONDS)

    def close(self) -> None:
        self._connection.close()

    def remove(self, graph: str) -> None:
        """Empty a graph, whether it is there or not."""
        if self._plan.method == "update":
            self._update(f"CLEAR SILENT GRAPH {ox.NamedNode(graph)}".encode())
            return
        reply = self._connection.send("DELETE", self._address(graph))
        if reply.status != 404:
            self._check(reply)

    def put(self, graph: str, data: bytes) -> None:
        """Make a graph hold just these triples."""
        self.remove(graph)
        self.add(graph, data)

    def add(self, graph: str, data: bytes) -> None:
        """Add N-Triples to a graph, which is made where it is not there."""
        if self._plan.method == "update":
            # Each line of N-Triples is a triple of SPARQL too.
            head = f"INSERT DATA {{ GRAPH {ox.NamedNode(graph)} {{\n".encode()
            self._update(head + data + b"} }")
            return
        # N-Triples is Turtle, which every graph store takes.
        fields = {"Content-Type": "text/turtle"}
        self._check(self._connection.send("POST", self._address(graph), data, fields))

    def _address(self, graph: str) -> str:
        path = self._plan.target.path
        # RFC 3986 lets these stand in a query, and logs are easier to read so.
        return f"{path}{'&' if '?' in path else '?'}graph={quote(graph, safe=':/')}"

    def _update(self, update: bytes) -> None:
        path = self._plan.target.path
        fields = {"Content-Type": "application/sparql-update"}
        self._check(self._connection.send("POST", path, update, fields))

    def _check(self, reply: Reply) -> None:
        if reply.status not in _DONE:
            raise EndpointRefused(self._plan.target.url, reply.status, reply.excerpt)
