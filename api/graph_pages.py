"""Named graphs: the address of each has its triples, and a document beside it says what it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs

import pyoxigraph as ox
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..ontology.terms import PREFIXES
from .formats import GRAPHS, HTML
from .links import DOCUMENTS
from .negotiation import choose
from .service_description import Dataset

GRAPH: Final = "/graph/"


class DescribedGraphs:
    """ASGI application before the graph store that tells readers where a graph is described.

    Args:
        store: answers with the triples, and writes.
    """

    def __init__(self, store: ASGIApp) -> None:
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send whoever prefers HTML to the document, else pass on and link to it."""
        if scope["method"] not in ("GET", "HEAD") or not scope["path"].startswith(GRAPH):
            await self._store(scope, receive, send)
            return
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        document = DOCUMENTS + raw.decode("latin-1")
        accept = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
        named = "format" in parse_qs(scope["query_string"].decode("latin-1"))
        if not named and choose(accept, (*GRAPHS, HTML)) is HTML:
            await RedirectResponse(document, 303, {"Vary": "Accept"})(scope, receive, send)
            return
        # RedirectResponse quotes; here the path stands as it was sent, without what ends a link.
        link = f'<{document.replace(">", "%3E")}>; rel="describedby"'.encode("latin-1", "replace")

        async def linked(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                message["headers"] = [*message["headers"], (b"link", link)]
            await send(message)

        await self._store(scope, receive, linked)


def graph_triples(graph: str, corpus: str, dataset: Dataset) -> Iterator[ox.Triple]:
    """What is known of a graph that is served, beside what the build stated; nothing of others."""
    if graph not in dataset.triples:
        return
    node, whole = ox.NamedNode(graph), ox.NamedNode(corpus)
    yield ox.Triple(node, _name("rdf", "type"), _name("void", "Dataset"))
    yield ox.Triple(node, _name("rdf", "type"), _name("sd", "Graph"))
    yield ox.Triple(whole, _name("void", "subset"), node)
    count = dataset.triples[graph]
    if count is not None:
        number = ox.Literal(str(count), datatype=_name("xsd", "integer"))
        yield ox.Triple(node, _name("void", "triples"), number)


def _name(prefix: str, local: str) -> ox.NamedNode:
    return ox.NamedNode(PREFIXES[prefix] + local)
