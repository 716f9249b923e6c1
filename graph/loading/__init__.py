"""A published graph brought to a SPARQL server that somebody else runs."""

from __future__ import annotations

from .files import EngineName, write_files
from .manifest import LOADED, graph_iri, manifest_graph, read_manifest
from .sending import Method, Plan, load

__all__ = [
    "LOADED",
    "EngineName",
    "Method",
    "Plan",
    "graph_iri",
    "load",
    "manifest_graph",
    "read_manifest",
    "write_files",
]
