"""Which graphs a query sees on a server that may hold others: those of the loaded graph, no more.

Servers differ in what the default graph of a query is, and in what FROM means where a request names
a dataset too. So each request names its dataset (SPARQL 1.1 Protocol, section 2.1.4), which is always
part of the graph that is served, and FROM is taken out of the query and into the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from ...graph.lexer import Token, tokens
from ..workers.answers import QueryRequest

# No server has a graph of this name; it stands for none, since an empty list stands for all.
NO_GRAPH: Final = "urn:x-fairpapers:no-graph"
_ESCAPED: Final = re.compile(r"\\(.)")
_ABSOLUTE: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with its dataset, ready for the wire.

    Attributes:
        query: without FROM.
        default_graphs: their union is the default graph.
        named_graphs: what GRAPH reaches.
        everything: nothing narrows the dataset, so both are all graphs that are served.
    """

    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    everything: bool = False


def asked(request: QueryRequest, graphs: tuple[str, ...]) -> Asked:
    """Put a request into the form in which it is sent.

    Args:
        request: what the client wants.
        graphs: IRIs of all graphs that are served; the default graph is their union unless the
            request, or FROM in the query, says otherwise.
    """
    query, default, named = request.query, request.default_graphs, request.named_graphs
    found = _Clauses(query, request.base_iri or "")
    query = found.rest
    if default or named:
        return Asked(_based(query, request), _only(default, graphs), _only(named, graphs))
    if found.default or found.named:
        return Asked(
            _based(query, request), _only(found.default, graphs), _only(found.named, graphs)
        )
    if request.has_from:
        # The unnamed graph alone is meant, and nothing is in it.
        return Asked(_based(query, request), (NO_GRAPH,), graphs or (NO_GRAPH,))
    everything = graphs or (NO_GRAPH,)
    return Asked(_based(query, request), everything, everything, everything=True)


def _only(wanted: Iterable[str], graphs: tuple[str, ...]) -> tuple[str, ...]:
    served = set(graphs)
    return tuple(graph for graph in wanted if graph in served) or (NO_GRAPH,)


def _based(query: str, request: QueryRequest) -> str:
    """With the base of relative IRIs, where there may be any; on the same line, for positions."""
    if request.base_iri is None or not any(
        token.kind == "iri" and not _ABSOLUTE.match(token.text) for token in tokens(query)
    ):
        return query
    return f"BASE <{request.base_iri}> {query}"


class _Clauses:
    """FROM and FROM NAMED of a query, and the query with blanks in their places.

    A clause whose graph is no IRI and no name with a declared prefix stays, for the server to refuse.
    """

    def __init__(self, query: str, base: str) -> None:
        self.rest = query
        self.default: list[str] = []
        self.named: list[str] = []
        if "FROM" not in query.upper():
            return
        self._prefixes: dict[str, str] = {}
        self._base = base
        self._read([t for t in tokens(query) if t.kind != "comment" and not t.text.isspace()])

    def _read(self, found: list[Token]) -> None:
        depth, position = 0, 0
        while position < len(found):
            token = found[position]
            word = token.text.upper() if token.kind == "word" else ""
            depth += (token.text == "{") - (token.text == "}")
            if word == "PREFIX" and position + 2 < len(found):
                self._prefixes[found[position + 1].text.partition(":")[0]] = self._iri(
                    found[position + 2]
                )
            elif word == "BASE" and position + 1 < len(found):
                self._base = self._iri(found[position + 1])
            elif word == "FROM" and depth == 0:
                position = self._clause(found, position)
            position += 1

    def _clause(self, found: list[Token], position: int) -> int:
        last = position + 1
        named = last < len(found) and found[last].text.upper() == "NAMED"
        last += named
        graph = self._graph(found[last]) if last < len(found) else None
        if graph is None:
            return position
        (self.named if named else self.default).append(graph)
        start, end = found[position].start, found[last].start + len(found[last].text)
        # Line ends stay, so that the server's positions are those of the query.
        blank = re.sub(r"[^\r\n]", " ", self.rest[start:end])
        self.rest = self.rest[:start] + blank + self.rest[end:]
        return last

    def _graph(self, token: Token) -> str | None:
        if token.kind == "iri":
            return self._iri(token)
        prefix, _, local = token.text.partition(":")
        if token.kind == "name" and prefix in self._prefixes:
            return self._prefixes[prefix] + _ESCAPED.sub(r"\1", local)
        return None

    def _iri(self, token: Token) -> str:
        iri = token.text[1:-1]
        return iri if _ABSOLUTE.match(token.text) else urljoin(self._base, iri)
