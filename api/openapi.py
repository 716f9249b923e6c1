"""The OpenAPI document: each query of the library with its parameters, and the endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ..queries import Library, Parameter, Query
from ..queries.federation import hosts
from .assistance import MOST_BYTES
from .assistance import OFFERS as EXPLAINED
from .assistance import PATH as EXPLAIN
from .formats import GRAPHS, HTML, JSON, JSON_LD, SPARQL, TABULAR, TSV, for_form
from .graph_store.openapi import SCHEME, graph_store_paths
from .negotiation import Offer
from .problems import MEDIA_TYPE
from .protocol import FORM, UPDATE
from .void_document import PATH

Document = dict[str, Any]

_TYPES: Final[Mapping[str, Document]] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "year": {"type": "string", "pattern": "^[0-9]{4}$"},
}
# Formats of the routes that FastAPI knows, which decide them for each request.
_OFFERED: Final[Mapping[str, tuple[Offer, ...]]] = {
    "/queries": (JSON, HTML),
    "/queries/{query_id}": (*TABULAR, *GRAPHS, HTML),
    "/queries/{query_id}/text": (SPARQL,),
    "/id/{path}": (*GRAPHS, HTML),
    "/agent/{path}": (*GRAPHS, HTML),
    "/doc/{path}": (*GRAPHS, HTML),
    "/ontology": (*GRAPHS, HTML),
    "/ontology/{version}": (*GRAPHS, HTML),
    "/ontology/alignments": GRAPHS,
    "/ontology/align-mls": GRAPHS,
    "/ontology/alignments.sssom.tsv": (TSV,),
    "/ontology/{name}/{version}": GRAPHS,
    "/context": (JSON_LD,),
    "/context/{version}": (JSON_LD,),
    "/shapes": (*GRAPHS, HTML),
    "/shapes/{version}": (*GRAPHS, HTML),
    "/vocab/": (*GRAPHS, HTML),
    "/vocab/{name}": (*GRAPHS, HTML),
    EXPLAIN: (JSON, HTML),
    "/fair": (JSON, HTML),
    "/statistics": (HTML,),
    "/problems/": (JSON, HTML),
    "/problems/{slug}": (JSON, HTML),
    PATH: GRAPHS,
    "/health": (JSON,),
    "/ready": (JSON,),
}


def describe_with(app: FastAPI, library: Library) -> None:
    """Make the application answer ``/openapi.json`` with the library and the endpoint in it."""

    def document() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, library)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI, library: Library) -> Document:
    made: Document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    paths = made["paths"]
    for path, offers in _OFFERED.items():
        paths[path]["get"]["responses"] = _responses(offers)
    for query in library.values():
        paths[f"/queries/{query.id}"] = {"get": _operation(query)}
    paths["/sparql"] = _endpoint()
    paths[EXPLAIN]["post"] = _explain()
    paths.update(graph_store_paths(_PROBLEM))
    schemes = made.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes[SCHEME] = {"type": "http", "scheme": "bearer"}
    return made


def _operation(query: Query) -> Document:
    return {
        "tags": ["Query library"],
        "operationId": f"query_{query.id}",
        "summary": query.title,
        "description": f"{query.question}\n\n{query.description}{_asks(query)}",
        "parameters": [*map(_parameter, query.parameters), _format(for_form(query.form))],
        "responses": _responses((*for_form(query.form), HTML)),
    }


def _asks(query: Query) -> str:
    if not query.federates:
        return ""
    return f"\n\nAsks {', '.join(hosts(query))} too; 403 where the operator has not allowed that."


def _parameter(parameter: Parameter) -> Document:
    schema = dict(_TYPES.get(parameter.type, {"type": "string"}))
    number = {"integer": int, "decimal": float}.get(parameter.type, str)
    schema["default"] = number(parameter.default)
    if isinstance(parameter.values, tuple):
        schema["enum"] = list(parameter.values)
    for name in ("minimum", "maximum"):
        if parameter.type in ("integer", "decimal") and getattr(parameter, name) is not None:
            schema[name] = number(getattr(parameter, name))
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": f"{parameter.label}: {parameter.description}",
        "schema": schema,
    }


def _format(offers: Iterable[Offer]) -> Document:
    names = [offer.names[0] for offer in (*offers, HTML)]
    return {
        "name": "format",
        "in": "query",
        "required": False,
        "description": "Format of the answer, instead of the Accept header.",
        "schema": {"type": "string", "enum": names},
    }


def _responses(offers: Iterable[Offer]) -> Document:
    return {
        "200": {
            "description": "The answer",
            "content": {offer.media_type: {} for offer in offers},
        },
        "default": {
            "description": "What went wrong (RFC 9457)",
            "content": {MEDIA_TYPE: {"schema": _PROBLEM}},
        },
    }


_PROBLEM: Final[Document] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "line": {"type": "integer", "description": "of a syntax error, from 1"},
        "column": {"type": "integer", "description": "of a syntax error, from 1"},
    },
}


def _explain() -> Document:
    """Help with a query, whose form of answer is described in ``api/README.md``."""
    switch = {"type": "boolean", "default": False}
    properties = {
        "query": {"type": "string", "description": "any text", "maxLength": MOST_BYTES},
        "empty": switch | {"description": "ask the graph why the query has no rows"},
        "picture": switch | {"description": "add the picture as SVG, Mermaid and words"},
    }
    schema = {
        "type": "object",
        "required": ["query"],
        "additionalProperties": False,
        "properties": properties,
    }
    return {
        "tags": ["Help"],
        "operationId": "explain",
        "summary": "Say what may be wrong with a query, why it has no rows, and draw it",
        "requestBody": {"required": True, "content": {JSON.media_type: {"schema": schema}}},
        "responses": _responses(EXPLAINED),
    }


def _endpoint() -> Document:
    """The ways of the SPARQL 1.1 Protocol to send a query or an update."""
    text = {"type": "string", "description": "SPARQL 1.1 query"}
    graphs = {"type": "array", "items": {"type": "string", "format": "uri"}}
    fields = {"query": text, "default-graph-uri": graphs, "named-graph-uri": graphs}
    updates = {
        "update": {"type": "string", "description": "SPARQL 1.1 update"},
        "using-graph-uri": graphs,
        "using-named-graph-uri": graphs,
    }
    shared: Document = {
        "tags": ["SPARQL endpoint"],
        "responses": _responses((*TABULAR, *GRAPHS)),
    }
    return {
        "get": {
            **shared,
            "operationId": "sparql_get",
            "summary": "Answer a SPARQL query, or describe the service without one",
            "parameters": [
                {"name": name, "in": "query", "required": False, "schema": schema}
                for name, schema in fields.items()
            ],
        },
        "post": {
            **shared,
            "operationId": "sparql_post",
            "summary": "Answer a SPARQL query, or make an update, which needs the token",
            "responses": {**shared["responses"], "204": {"description": "The update is made"}},
            "security": [{}, {SCHEME: []}],
            "requestBody": {
                "required": True,
                "content": {
                    FORM: {"schema": {"type": "object", "properties": fields | updates}},
                    SPARQL.media_type: {"schema": {"type": "string"}},
                    UPDATE: {"schema": {"type": "string"}},
                },
            },
        },
    }
