"""Tools for assistants by the Model Context Protocol: the library, SPARQL, descriptions, evidence.

An assistant gets what any client of the endpoint gets: queries run in processes that are killed at
the deadline and cannot open sockets, and nothing can be changed. What is longer than asked for is cut
after a row and marked as cut.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Annotated, Any, Final

import pyoxigraph as ox
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from ..graph.errors import GraphError
from ..graph.iris import Iris
from ..graph.snapshot import Snapshot
from ..queries import FederatedQueryError, Library, QueriesError, Query
from ..queries.federation import hosts
from .errors import ApiError
from .inspection import inspect
from .settings import Settings
from .workers.pool import Lane, QueryRequest, WorkerPool

MOST_ROWS: Final = 1000
_ROWS: Final = 100
# A row may hold a long text; this many bytes are read of an answer at most.
_MOST_BYTES: Final = 1 << 20
_READ_ONLY: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_INSTRUCTIONS: Final = """\
A knowledge graph of the datasets, models, methods, metrics, tasks and results that paper abstracts name,
extracted by a program and therefore wrong in places: give confidences, and look at the evidence before
you build on a statement. Begin with list_queries; a query of the library is surer than SPARQL of your own.
Resources are named by their IRI, or by the path below <base>/id/, such as dataset/imagenet."""

Rows = Annotated[int, Field(ge=1, le=MOST_ROWS, description="most rows to give")]


class Tools:
    """What an assistant may call.

    Args:
        pool: query processes on the graph, started.
        snapshot: the graph.
        library: the queries.
        settings: limits, as those of the endpoint.
        evidence: evidence of a statement as JSON, from the statement in words.
    """

    def __init__(
        self,
        pool: WorkerPool,
        snapshot: Snapshot,
        library: Library,
        settings: Settings,
        evidence: Callable[[str], str],
    ) -> None:
        self._pool = pool
        self._iris = Iris(snapshot.base)
        self._library = library
        self._settings = settings
        self._evidence = evidence

    async def list_queries(
        self,
        words: Annotated[str, Field(description="words of title, question or group")] = "",
        level: Annotated[
            int | None, Field(ge=1, le=5, description="1 for beginners to 5 for experts")
        ] = None,
    ) -> dict[str, Any]:
        """List queries of the library with their questions and parameters."""
        wanted = words.casefold().split()
        found = []
        for query in self._library.values():
            text = " ".join((query.id, query.title, query.question, query.group)).casefold()
            if all(word in text for word in wanted) and level in (None, query.level):
                found.append(_listed(query))
        return {"queries": found}

    async def run_query(
        self,
        id: Annotated[str, Field(description="such as C01")],  # noqa: A002 - the tool's own word
        parameters: Annotated[
            dict[str, str] | None, Field(description="values by name; the others keep defaults")
        ] = None,
        rows: Rows = _ROWS,
    ) -> dict[str, Any]:
        """Run a query of the library with typed parameters."""
        try:
            query = self._library.find(id)
            if query.federates:
                advice = "; ask the graph with another query"
                raise FederatedQueryError(query.id, hosts(query), advice)
            text = query.bind(parameters or {}, base=self._iris.base)
        except QueriesError as error:
            raise ToolError(str(error)) from error
        answer = await self._ask(text, rows, Lane.LIBRARY)
        if query.empty and not answer.get("rows", True):
            answer["means"] = query.empty
        return {"question": query.question, "note": query.description, **answer}

    async def sparql(
        self,
        query: Annotated[str, Field(description="SELECT, ASK, CONSTRUCT or DESCRIBE")],
        rows: Rows = _ROWS,
    ) -> dict[str, Any]:
        """Answer a SPARQL 1.1 query; the default graph is the union of all named graphs."""
        return await self._ask(query, rows, Lane.SPARQL)

    async def describe(
        self,
        resource: Annotated[str, Field(description="IRI, or path such as dataset/imagenet")],
        rows: Rows = _ROWS,
    ) -> dict[str, Any]:
        """Give the statements about a paper, resource, claim, result or term."""
        path = resource.strip().strip("<>")
        try:
            thing = ox.NamedNode(path if ":" in path.partition("/")[0] else self._below(path))
        except ValueError as error:
            raise ToolError(f"{resource!r} is no IRI and no path such as dataset/squad") from error
        return await self._ask(f"DESCRIBE {thing}", rows, Lane.LIBRARY)

    async def evidence(
        self,
        statement: Annotated[
            str,
            Field(description="IRI of a claim or result, or 'PAPER uses RESOURCE' in one line"),
        ],
    ) -> dict[str, Any]:
        """Show why a statement is in the graph: claim, words, positions, run, source."""
        try:
            # It opens a store of its own, which must be used and closed on one thread.
            found = json.loads(await asyncio.to_thread(self._evidence, statement))
        except GraphError as error:
            raise ToolError(str(error)) from error
        return {"evidence": found}

    def _below(self, path: str) -> str:
        return f"{self._iris.base}/id/{path.removeprefix('id/')}"

    async def _ask(self, query: str, most: int, lane: Lane) -> dict[str, Any]:
        try:
            found = inspect(query, max_depth=self._settings.max_query_depth)
            kind = {"SELECT": "text/tab-separated-values", "ASK": "application/sparql-results+json"}
            request = QueryRequest(
                query=query,
                media_type=kind.get(found.form or "SELECT", "application/n-triples"),
                has_from=found.has_from,
            )
            async with self._pool.query(request, lane) as answer:
                # The header of a table is a line as well.
                lines = most + (found.form in (None, "SELECT"))
                body, cut = await _read(answer, lines)
        except ApiError as error:
            raise ToolError(str(error)) from error
        if found.form == "ASK":
            return {"answer": bool(json.loads(body)["boolean"])}
        if found.form in ("CONSTRUCT", "DESCRIBE"):
            return {"triples": body.decode().splitlines(), "cut": cut}
        return {**_table(body), "cut": cut}


def server(tools: Tools) -> MCPServer[Any]:
    """A server with these tools, to be run on a transport."""
    made: MCPServer[Any] = MCPServer("fairpapers", instructions=_INSTRUCTIONS)
    for tool in (tools.list_queries, tools.run_query, tools.sparql, tools.describe, tools.evidence):
        made.add_tool(tool, annotations=_READ_ONLY, structured_output=True)
    return made


async def _read(answer: Any, lines: int) -> tuple[bytes, bool]:
    """The first lines of an answer, and whether there were more."""
    body = b""
    async for chunk in answer:
        body += chunk
        if body.count(b"\n") > lines or len(body) > _MOST_BYTES:
            break
    whole = body.splitlines(keepends=True)
    cut = len(whole) > lines or len(body) > _MOST_BYTES
    kept = whole[:lines]
    if cut and kept and not kept[-1].endswith(b"\n"):
        # Where the bytes ended it, the last row is a part of one.
        kept.pop()
    return b"".join(kept), cut


def _table(body: bytes) -> dict[str, Any]:
    solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.TSV)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    rows = [[None if term is None else _plain(term) for term in solution] for solution in solutions]
    return {"columns": names, "rows": rows}


def _plain(term: object) -> str:
    value = getattr(term, "value", None)
    return str(term) if value is None else str(value)


def _listed(query: Query) -> dict[str, Any]:
    return {
        "id": query.id,
        "title": query.title,
        "question": query.question,
        "group": query.group,
        "level": query.level,
        "parameters": [
            {
                "name": each.name,
                "type": each.type,
                "description": each.description,
                "default": each.default,
            }
            for each in query.parameters
        ],
        "columns": [column.name for column in query.columns],
    }
