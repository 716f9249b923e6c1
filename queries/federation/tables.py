"""Answers of other endpoints as a block of VALUES, in which no text of theirs is syntax."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Variable

# What joins with everything: the answer of a silent service that failed.
NOTHING_KNOWN: Final = "VALUES () { () }"
_UNBOUND: Final = "UNDEF"


class UnusableAnswerError(Exception):
    """An answer that cannot be joined; the message says why."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A table whose cells are written as SPARQL writes them; UNDEF where there is nothing.

    Attributes:
        names: of the variables, without question mark.
        rows: a cell for each name.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def block(self) -> str:
        """The table as inline data."""
        head = " ".join(f"?{name}" for name in self.names)
        rows = " ".join(f"({' '.join(row)})" for row in self.rows)
        return f"VALUES ({head}) {{ {rows} }}"

    def only(self, names: Iterable[str]) -> Rows:
        """Some of its columns, each row once."""
        kept = set(names)
        places = [place for place, name in enumerate(self.names) if name in kept]
        rows = dict.fromkeys(tuple(row[place] for place in places) for row in self.rows)
        return Rows(tuple(self.names[place] for place in places), tuple(rows))


def read_rows(body: bytes) -> Rows:
    """Read a table in SPARQL 1.1 Query Results JSON Format.

    Raises:
        UnusableAnswerError: it is none, or has blank nodes, which inline data cannot.
    """
    try:
        document = json.loads(body)
        # What is no name of a variable is refused here, and never becomes text of a query.
        names = tuple(Variable(name).value for name in document["head"]["vars"])
        rows = tuple(
            tuple(_term(row.get(name)) for name in names) for row in document["results"]["bindings"]
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableAnswerError("it did not answer with a table in SPARQL JSON") from error
    return Rows(names, rows)


def values_block(body: bytes) -> str:
    """Write a table in SPARQL 1.1 Query Results JSON Format as inline data.

    Raises:
        UnusableAnswerError: see `read_rows`.
    """
    return read_rows(body).block()


def _term(cell: Mapping[str, Any] | None) -> str:
    if cell is None:
        return _UNBOUND
    kind, value = cell["type"], cell["value"]
    if kind == "uri":
        return str(NamedNode(value))
    if kind in ("literal", "typed-literal"):
        datatype = cell.get("datatype")
        language = cell.get("xml:lang")
        if language is not None:
            return str(Literal(value, language=language))
        return str(Literal(value, datatype=NamedNode(datatype) if datatype else None))
    if kind == "bnode":
        raise UnusableAnswerError(
            "its answer has blank nodes, which cannot be joined; select only IRIs and literals there"
        )
    raise ValueError(kind)
