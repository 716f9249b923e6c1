"""How far a load came, on disk, so that one that was killed goes on where it was."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import LoadRefused


@dataclass
class State:
    """Progress of one load; `save` after each piece that the server took.

    Attributes:
        path: of the file.
        snapshot: id of what is sent.
        sent: number of triples that the server has, by IRI of the graph.
        obsolete: IRIs of graphs that an earlier load left, and that are to go.
    """

    path: Path
    snapshot: str
    sent: dict[str, int] = field(default_factory=dict)
    obsolete: list[str] = field(default_factory=list)

    def save(self) -> None:
        """Write the file in one rename; a machine that goes down at worst sends a piece again."""
        fresh = self.path.with_suffix(".new")
        content = {"snapshot": self.snapshot, "sent": self.sent, "obsolete": self.obsolete}
        fresh.write_text(json.dumps(content, indent=1))
        fresh.replace(self.path)

    def forget(self) -> None:
        """Remove the file: the load is complete, or begins anew."""
        self.sent, self.obsolete = {}, []
        self.path.unlink(missing_ok=True)


def state_file(directory: Path, endpoint: str) -> Path:
    """Where the state of a load from a graph directory to a server is, unless it is said."""
    digest = hashlib.sha256(endpoint.encode()).hexdigest()[:16]
    return directory / f"load-{digest}.json"


@contextmanager
def held_state(path: Path, snapshot: str) -> Iterator[State]:
    """Take the state of a load, alone; of that of another snapshot only what is to go is left.

    Raises:
        LoadRefused: another load to this server is at work, or the file cannot be written.
    """
    lock = path.with_suffix(".lock")
    try:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LoadRefused(
            f"the state of the load cannot be kept: {error}; name a file with --state"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield _read(path, snapshot)
        lock.unlink(missing_ok=True)
    except BlockingIOError:
        raise LoadRefused(
            "another load to this server is at work; wait until it has ended"
        ) from None
    finally:
        os.close(handle)


def _read(path: Path, snapshot: str) -> State:
    """The state of a file; without one that can be read everything is sent, which is always right."""
    try:
        content = json.loads(path.read_text())
        sent = {str(graph): int(count) for graph, count in content["sent"].items()}
        obsolete = [str(graph) for graph in content["obsolete"]]
        if content["snapshot"] == snapshot:
            return State(path, snapshot, sent, obsolete)
        return State(path, snapshot, {}, sorted({*sent, *obsolete}))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return State(path, snapshot)
