"""From records to a graph that can be asked: IRIs, mapping, resolution, snapshots, validation.

What readers of a graph need is here; ``graph.build`` makes one and imports much more.
"""

from __future__ import annotations

from .errors import GraphError
from .snapshot import Snapshot, current_snapshot
from .store import EmbeddedStore, SelectResult, Store, Term

__all__ = [
    "EmbeddedStore",
    "GraphError",
    "SelectResult",
    "Snapshot",
    "Store",
    "Term",
    "current_snapshot",
]
