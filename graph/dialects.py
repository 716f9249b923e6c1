"""What SPARQL servers do differently, as far as anyone who asks them has to know.

A server is told by its ``Server`` header; one that is not known gets what the specification says and
nothing else. Specification: SPARQL 1.1 Protocol, section 2.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

Name = Literal["generic", "oxigraph", "virtuoso", "qlever", "fuseki"]

RESULTS_JSON: Final = "application/sparql-results+json"
# The second for servers that write no N-Triples; both are read.
GRAPHS: Final = "application/n-triples, text/turtle;q=0.5"


class IncompleteAnswer(Exception):  # noqa: N818
    """The server says that it left out rows; ``late`` where its own time limit did it."""

    def __init__(self, message: str, *, late: bool) -> None:
        super().__init__(message)
        self.late = late


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of server is asked.

    Attributes:
        name: of the kind.
        servers: beginnings of its ``Server`` header, in lower case.
        timeout: name of its parameter for a time limit; empty where it has none.
        timeout_unit: what one second is in that parameter.
        timeout_suffix: what stands behind the number.
        graph_store: path of its graph store, empty where none is usual.
        update: path at which it takes updates, as above.
        union: name of its parameter that makes the default graph the union of all graphs; empty where
            it is so anyway, or cannot be had.
    """

    name: Name
    servers: tuple[str, ...] = ()
    timeout: str = ""
    timeout_unit: int = 1
    timeout_suffix: str = ""
    graph_store: str = ""
    update: str = ""
    union: str = ""

    def form(
        self,
        query: str,
        *,
        default_graphs: Iterable[str] = (),
        named_graphs: Iterable[str] = (),
        seconds: float | None = None,
        everything: bool = False,
    ) -> bytes:
        """The body of a query operation (``application/x-www-form-urlencoded``).

        Args:
            query: SPARQL query.
            default_graphs: graphs whose union is the default graph; none says nothing about it.
            named_graphs: graphs that GRAPH may reach; none says nothing about them.
            seconds: time limit for the server itself, where it takes one.
            everything: make the default graph the union of all that the server has.
        """
        fields = [("query", query)]
        fields += [("default-graph-uri", graph) for graph in default_graphs]
        fields += [("named-graph-uri", graph) for graph in named_graphs]
        if self.union and everything:
            fields.append((self.union, "true"))
        if self.timeout and seconds is not None:
            limit = max(int(seconds * self.timeout_unit), 1)
            fields.append((self.timeout, f"{limit}{self.timeout_suffix}"))
        return urlencode(fields).encode()


GENERIC: Final = Dialect("generic")
DIALECTS: Final[Mapping[Name, Dialect]] = {
    each.name: each
    for each in (
        GENERIC,
        Dialect(
            "oxigraph",
            ("oxigraph",),
            graph_store="/store",
            update="/update",
            union="union-default-graph",
        ),
        Dialect(
            "virtuoso",
            ("virtuoso",),
            timeout="timeout",
            timeout_unit=1000,
            graph_store="/sparql-graph-crud",
            update="/sparql",
        ),
        Dialect("qlever", ("qlever",), timeout="timeout", timeout_suffix="s"),
        Dialect("fuseki", ("apache jena fuseki", "fuseki"), timeout="timeout"),
    )
}


def dialect_of(server: str) -> Dialect:
    """The dialect of a server from its ``Server`` header.

    >>> dialect_of("Virtuoso/07.20.3229 (Linux)").name
    'virtuoso'
    >>> dialect_of("nginx").name
    'generic'
    """
    folded = server.strip().casefold()
    for dialect in DIALECTS.values():
        if dialect.servers and folded.startswith(dialect.servers):
            return dialect
    return GENERIC


def check_complete(headers: Mapping[str, str]) -> None:
    """Refuse an answer that its server cut short with a status of 200.

    Virtuoso gives what it had when its time limit was over (``X-SQL-State: S1TAT``), and the first
    rows where there are more than its ``ResultSetMaxRows`` (``X-SPARQL-MaxRows``).

    Args:
        headers: by name in lower case.

    Raises:
        IncompleteAnswer: the answer is not whole.
    """
    if headers.get("x-sql-state", "").strip():
        raise IncompleteAnswer("the server stopped at its time limit", late=True)
    most = headers.get("x-sparql-maxrows", "").strip()
    if most:
        raise IncompleteAnswer(
            f"the server cuts answers after {most} rows; add a LIMIT, or raise its ResultSetMaxRows",
            late=False,
        )
