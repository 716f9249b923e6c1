"""What a loaded graph says of the snapshot that it is: one triple in a graph of its own.

It is taken away before anything is changed and written when everything has been counted, so where
it stands the graphs are those of that snapshot, whole.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from ..errors import LoadRefused
from ..snapshot import Snapshot
from ..store import Store
from ..terms import node, term

LOADED: Final = "loaded"
# What updates call the triples that are in no named graph.
DEFAULT_GRAPH: Final = ""
_JSON: Final = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON")


def manifest_graph(base: str) -> str:
    """IRI of the graph that holds the manifest, which is its subject too."""
    return f"{base}/graph/{LOADED}"


def graph_iri(base: str, name: str) -> str:
    """IRI of a graph by its name in ``snapshot.json``; graphs of users have theirs there."""
    return name if ":" in name else f"{base}/graph/{name}"


def manifest(snapshot: Snapshot) -> Triple:
    """The triple that says which snapshot was loaded."""
    content = {name: value for name, value in asdict(snapshot).items() if name != "path"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    subject = node(manifest_graph(snapshot.base))
    return Triple(subject, term("dcterms:description"), Literal(text, datatype=_JSON))


def read_manifest(store: Store, base: str, path: Path = Path()) -> Snapshot | None:
    """The snapshot that was loaded under a base; None where none is, or one is being loaded.

    Args:
        store: the server.
        base: of the IRIs of the graph.
        path: what the snapshot is to have as its directory.

    Raises:
        QueryError: the server cannot be asked.
        LoadRefused: there is a manifest that cannot be read.
    """
    graph = node(manifest_graph(base))
    found = store.select(
        f"SELECT ?text WHERE {{ GRAPH {graph} "
        f"{{ {graph} {term('dcterms:description')} ?text }} }} LIMIT 2"
    )
    if not found.rows:
        return None
    (text,) = found.rows[0]
    try:
        if len(found.rows) > 1 or not isinstance(text, Literal):
            raise ValueError("there is more than one")
        return Snapshot(path=path, **json.loads(text.value))
    except (ValueError, TypeError) as error:
        raise LoadRefused(f"<{graph.value}> says nothing that can be read: {error}") from error
