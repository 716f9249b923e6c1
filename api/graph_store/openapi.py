"""The graph store in the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

from ..formats import GRAPHS
from ..problems import MEDIA_TYPE

Document = dict[str, Any]

# Name of the security scheme of writes.
SCHEME: Final = "updateToken"
_TAGS: Final = ["Graph store"]
_WAYS: Final[Document] = {
    "get": "Read a graph",
    "put": "Replace a graph",
    "post": "Add to a graph",
    "delete": "Remove a graph",
}
_NAMING: Final = [
    {
        "name": "graph",
        "in": "query",
        "required": False,
        "description": "IRI of the graph.",
        "schema": {"type": "string", "format": "uri"},
    },
    {
        "name": "default",
        "in": "query",
        "required": False,
        "allowEmptyValue": True,
        "description": "Instead of graph: the unnamed graph.",
        "schema": {"type": "string", "enum": [""]},
    },
]
_PATH: Final = [
    {
        "name": "path",
        "in": "path",
        "required": True,
        "description": "What the IRI of the graph has after the base and /graph/.",
        "schema": {"type": "string", "minLength": 1},
    }
]


def graph_store_paths(problem: Document) -> Document:
    """Operations by path and method; ``problem`` is the schema of error answers."""
    return {
        "/store": {
            way: _operation(
                way, f"{summary}, named in the query string", f"store_{way}", _NAMING, problem
            )
            for way, summary in _WAYS.items()
        },
        "/graph/{path}": {
            way: _operation(
                way, f"{summary} by the path of its IRI", f"graph_{way}", _PATH, problem
            )
            for way, summary in _WAYS.items()
        },
    }


def _operation(
    way: str, summary: str, name: str, parameters: list[Any], problem: Document
) -> Document:
    made: Document = {
        "tags": _TAGS,
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": _responses(way, problem),
    }
    if way in ("put", "post"):
        content = {offer.media_type: {"schema": {"type": "string"}} for offer in GRAPHS}
        made["requestBody"] = {"required": True, "content": content}
    if way != "get":
        made["security"] = [{SCHEME: []}]
    return made


def _responses(way: str, problem: Document) -> Document:
    if way == "get":
        content: Document = {offer.media_type: {} for offer in GRAPHS}
        done: Document = {"200": {"description": "The graph", "content": content}}
    else:
        done = {"204": {"description": "Done; the graph was there"}}
        if way != "delete":
            done["201"] = {"description": "Done; the graph is new"}
    failed = {
        "description": "What went wrong (RFC 9457)",
        "content": {MEDIA_TYPE: {"schema": problem}},
    }
    return done | {"default": failed}
