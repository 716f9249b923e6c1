"""What a query answers: a table, yes or no, or triples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True, slots=True)
class Table:
    """Answer of a SELECT: rows in the order of the query; None where a cell is empty."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """Answer of an ASK."""

    value: bool


@dataclass(frozen=True, slots=True)
class Triples:
    """Answer of a CONSTRUCT or DESCRIBE, sorted by its N-Triples."""

    triples: tuple[Triple, ...]

    def table(self) -> Table:
        """The triples as rows."""
        rows = tuple((each.subject, each.predicate, each.object) for each in self.triples)
        return Table(("subject", "predicate", "object"), rows)


Answer: TypeAlias = Table | Truth | Triples
