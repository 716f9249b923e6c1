"""The process that makes one change: copies the published store, changes the copy, publishes it.

It reads the change from standard input and says on standard output, one line of JSON each, that
the change is applied, then, after it is told to go on, which snapshot is published. Killed at any
moment, it leaves the published graph as it was or the new one, whole. Started by `writer.py` as
``python -m fairpapers.api.updates.main ARGUMENTS``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from ...graph.errors import BuildInProgress, GraphError
from ...graph.snapshot import Snapshot, building, current_snapshot, publish
from ..workers import confinement
from .applying import ChangeFault, apply
from .changes import Change, decode
from .indexing import count_triples, index_snapshot

# The engine recurses over long chains such as 1+1+…; see `workers/main.py`.
_STACK_BYTES: Final = 256 * 1024 * 1024
# What the buffers and threads of a store open for writing take, whatever the change is.
_ENGINE_BYTES: Final = 256 * 1024 * 1024
_LONGEST_MESSAGE: Final = 2000
# Of the time that is left when a change is made: indexing is an extra, to be reported and not killed.
_INDEXING: Final = 0.8


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the writer says at the start.

    Attributes:
        directory: graph directory.
        memory_bytes: most memory for the change.
        cpu_seconds: most processor time.
        seconds: until the writer ends the process, unless the change is made.
        max_depth: of brackets in an update.
        parent: process id of the writer.
    """

    directory: str
    memory_bytes: int
    cpu_seconds: float
    seconds: float
    max_depth: int
    parent: int


def change_graph(arguments: Arguments) -> None:
    """Make the change that comes in, and report; after a fault nothing is published.

    Raises:
        GraphError: the directory has no graph, or a build holds it.
    """
    length = int(sys.stdin.buffer.readline())
    change = decode(sys.stdin.buffer.read(length))
    directory = Path(arguments.directory)
    with building(directory) as work:
        before = current_snapshot(directory)
        fresh = replace(
            before,
            # No digest of the content: that would cost a sort of all triples for each change.
            id=os.urandom(8).hex(),
            path=work / "snapshot",
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        report, triples = _apply(change, before, fresh, arguments)
        if triples is not None:
            fresh = replace(fresh, triples=triples)
            fresh.write()
            _say(report)
            if sys.stdin.buffer.readline().strip() == b"publish":
                published, _ = publish(directory, work, fresh)
                _say({"published": published.id})
            return
    # After the work directory is gone, since the writer ends this process on a fault.
    _say(report)


def _apply(
    change: Change, before: Snapshot, fresh: Snapshot, arguments: Arguments
) -> tuple[dict[str, Any], dict[str, int] | None]:
    """Change a copy; the report and the triples by graph, None after a fault.

    Both stores are closed on return, by giving up their only references. So no exception may
    leave: it would hold them, and their files could not be removed.
    """
    end = time.monotonic() + arguments.seconds
    fresh.path.mkdir()
    published = ox.Store.read_only(str(before.store))
    # Files that never change are linked, the others copied: the published store is not touched.
    published.backup(str(fresh.store))
    store = ox.Store(str(fresh.store))
    confinement.deny_sockets()
    confinement.limit_memory(arguments.memory_bytes + _ENGINE_BYTES)
    confinement.limit_cpu(arguments.cpu_seconds)
    try:
        applied = apply(change, store, published, max_depth=arguments.max_depth)
        triples = count_triples(store, before.base)
        store.flush()
        seconds = _INDEXING * (end - time.monotonic())
        unsearchable = index_snapshot(change, (published, store), (before, fresh), seconds)
    except BaseException as error:
        return _fault(error), None
    report = {"applied": True, "created": applied.created, "snapshot": fresh.id}
    return report | {"unsearchable": unsearchable}, triples


def _say(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)  # noqa: T201


def _fault(error: BaseException) -> dict[str, Any]:
    kind = "evaluation"
    if isinstance(error, ChangeFault):
        kind = error.kind
    elif isinstance(error, BuildInProgress):
        kind = "busy"
    elif isinstance(error, MemoryError):
        kind = "memory"
    elif isinstance(error, GraphError):
        kind = "directory"
    return {
        "fault": kind,
        "message": str(error)[:_LONGEST_MESSAGE],
        "line": getattr(error, "line", None),
        "column": getattr(error, "column", None),
    }


def _run(arguments: Arguments) -> None:
    try:
        change_graph(arguments)
    except BaseException as error:
        _say(_fault(error))


def main() -> None:
    """Run as the process of a change; the only argument is a JSON object."""
    arguments = Arguments(**json.loads(sys.argv[1]))
    confinement.die_with_parent(arguments.parent)
    # Ctrl+C reaches every process of the terminal; the writer decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.stack_size(_STACK_BYTES)
    thread = threading.Thread(target=_run, args=(arguments,))
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
