"""The query process: one read-only store, one socket to the front, one query at a time.

A running query cannot be stopped from within, so the front kills the process. Results of the
engine must be made, read and dropped on one thread; this process has one that does it all.
Started by `process.py` as ``python -m fairpapers.api.workers.main ARGUMENTS``.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from socket import socket
from typing import IO, Any, Final, cast

import pyoxigraph as ox

from . import confinement, frames
from .rows import TooManyRows, at_most, row_counter

# The engine recurses over long chains such as 1+1+…; the default stack of 8 MiB overflows early.
_STACK_BYTES: Final = 256 * 1024 * 1024


class ResultTooLarge(Exception):  # noqa: N818
    """The answer grew beyond its limit; the message says nothing, the fault's kind says it."""


class FrameWriter:
    """A file that cuts what is written into DATA frames and counts it."""

    def __init__(self, connection: socket, limit: int) -> None:
        self._connection = connection
        self._limit = limit
        self.count: Callable[[bytes], None] | None = None
        self._written = 0
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        """Take some bytes; blocks while the front does not read on.

        Raises:
            ResultTooLarge: together with what came before they exceed the limit.
            TooManyRows: ``count`` says so.
        """
        self._written += len(data)
        if self._written > self._limit:
            raise ResultTooLarge
        if self.count is not None:
            self.count(data)
        self._buffer += data
        while len(self._buffer) >= frames.DATA_BYTES:
            self._connection.sendall(frames.frame(frames.DATA, self._buffer[: frames.DATA_BYTES]))
            del self._buffer[: frames.DATA_BYTES]
        return len(data)

    def flush(self) -> None:
        """Do nothing: frames go out when they are full."""

    def finish(self) -> None:
        """Send what is left and the END frame, in one piece."""
        rest = frames.frame(frames.DATA, self._buffer) if self._buffer else b""
        self._connection.sendall(rest + frames.frame(frames.END))


def serve(connection: socket, store: ox.Store) -> None:
    """Answer queries until the front closes the connection."""
    while True:
        header = _read(connection, frames.HEADER.size)
        if header is None:
            return
        _, length = frames.HEADER.unpack(header)
        payload = _read(connection, length)
        if payload is None:
            return
        answer(connection, store, json.loads(payload))


def answer(connection: socket, store: ox.Store, request: dict[str, Any]) -> None:
    """Run one query and send its answer, or the fault that ended it.

    Raises:
        OSError: the front is gone.
    """
    confinement.limit_cpu(request["cpu_seconds"])
    writer = FrameWriter(connection, request["max_bytes"])
    try:
        _write_results(_evaluate(store, request), request, writer)
    except (BrokenPipeError, ConnectionError):
        raise
    except BaseException as error:
        fault = {"kind": _fault_kind(error), "message": str(error)}
        connection.sendall(frames.frame(frames.FAULT, json.dumps(fault).encode()))
    else:
        writer.finish()


def _evaluate(
    store: ox.Store, request: dict[str, Any]
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    default, named = request["default_graphs"], request["named_graphs"]
    if default or named:
        # An empty list, unlike None, stands for no graph at all (SPARQL 1.1 Protocol, 2.1.4).
        dataset: dict[str, Any] = {
            "default_graph": [ox.NamedNode(iri) for iri in default],
            "named_graphs": [ox.NamedNode(iri) for iri in named],
        }
    else:
        # With the union on, the engine would ignore FROM.
        dataset = {"use_default_graph_as_union": not request["has_from"]}
    return store.query(request["query"], base_iri=request["base_iri"], **dataset)


def _write_results(
    results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
    request: dict[str, Any],
    writer: FrameWriter,
) -> None:
    media_type, prefixes = request["media_type"], request["prefixes"]
    most, output = request.get("max_rows", 0), cast(IO[bytes], writer)
    if not isinstance(results, ox.QueryTriples):
        tabular = ox.QueryResultsFormat.from_media_type(media_type)
        if tabular is None:
            raise TypeError(f"rows cannot be written as {media_type}")
        if most and isinstance(results, ox.QuerySolutions):
            writer.count = row_counter(media_type, most)
        results.serialize(output, tabular)
        return
    graph = ox.RdfFormat.from_media_type(media_type)
    if graph is None:
        raise TypeError(f"triples cannot be written as {media_type}")
    if prefixes or most:
        triples: Iterable[ox.Triple] = at_most(results, most) if most else results
        ox.serialize(triples, output, graph, prefixes=prefixes or None)
    else:
        results.serialize(output, graph)


def _fault_kind(error: BaseException) -> str:
    if isinstance(error, ResultTooLarge):
        return "too-large"
    if isinstance(error, TooManyRows):
        return "too-many"
    if isinstance(error, SyntaxError):
        return "syntax"
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, TypeError):
        return "format"
    if isinstance(error, ValueError) or "custom function" in str(error):
        return "request"
    return "evaluation"


def _read(connection: socket, length: int) -> bytes | None:
    """Exactly so many bytes, or None where the front closed the connection."""
    data = bytearray()
    while len(data) < length:
        piece = connection.recv(min(length - len(data), 1 << 20))
        if not piece:
            return None
        data += piece
    return bytes(data)


def lease(store: str) -> None:
    """Keep the files from removal as `fairpapers.graph.leases` does, whose import takes longer."""
    handle = os.open(store, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)


def attend(handle: int, opened: Callable[[], ox.Store], memory_bytes: int) -> None:
    """Be the query process of a socket: confined, on a thread with room for deep recursion.

    Ends the process with the connection.

    Args:
        handle: of the socket to the front.
        opened: makes the store, on that thread.
        memory_bytes: most memory for one query.
    """
    threading.stack_size(_STACK_BYTES)
    thread = threading.Thread(target=_run, args=(handle, opened, memory_bytes))
    thread.start()
    thread.join()


def _run(handle: int, opened: Callable[[], ox.Store], memory_bytes: int) -> None:
    connection = socket(fileno=handle)
    store = opened()
    confined = confinement.deny_sockets()
    limited = confinement.limit_memory(memory_bytes)
    ready = json.dumps({"confined": confined, "memory_limited": limited}).encode()
    connection.sendall(frames.frame(frames.READY, ready))
    try:
        serve(connection, store)
    except OSError:
        return
    finally:
        # Closing a read-only store may touch files of its owner: end without it.
        os._exit(0)


def _open(store: str) -> ox.Store:
    lease(store)
    return ox.Store.read_only(store)


def main() -> None:
    """Run as a query process; the only argument is a JSON object."""
    arguments = json.loads(sys.argv[1])
    confinement.die_with_parent(arguments["parent"])
    # Ctrl+C reaches every process of the terminal, and what stops a service may reach all of its
    # processes; the front decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    folder = arguments["store"]
    attend(arguments["socket"], lambda: _open(folder), arguments["memory_bytes"])


if __name__ == "__main__":
    main()
