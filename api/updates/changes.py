"""What the writer is asked to do, in the form in which it crosses to its process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Action = Literal["put", "post", "delete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A SPARQL Update request.

    Attributes:
        text: the request.
        base_iri: what relative IRIs are relative to.
        default_graphs: of ``using-graph-uri``.
        named_graphs: of ``using-named-graph-uri``.
    """

    text: str
    base_iri: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """RDF that was sent; ``media_type`` is one that the engine reads into one graph."""

    media_type: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphChange:
    """A write of the Graph Store Protocol.

    Attributes:
        action: replace the graph, add to it, or remove it.
        graph: its IRI; None is the unnamed graph.
        parts: what to put into it.
        base_iri: what relative IRIs are relative to.
    """

    action: Action
    graph: str | None
    base_iri: str
    parts: tuple[Part, ...] = ()


Change = Update | GraphChange


def encode(change: Change) -> bytes:
    """The change as JSON."""
    return json.dumps({"kind": type(change).__name__, **asdict(change)}).encode()


def decode(data: bytes) -> Change:
    """Read what `encode` wrote."""
    content: dict[str, Any] = json.loads(data)
    if content.pop("kind") == "Update":
        return Update(**_tuples(content, "default_graphs", "named_graphs"))
    parts = tuple(Part(**each) for each in content.pop("parts"))
    return GraphChange(**content, parts=parts)


def _tuples(content: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: tuple(value) if name in names else value for name, value in content.items()}
