"""Answers of other endpoints as a block of VALUES, in which no text of theirs is syntax."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Variable

# What joins with everything: the answer of a silent service that failed.
NOTHING_KNOWN: Final = "VALUES () { () }"


class UnusableAnswerError(Exception):
    """An answer that cannot be joined; the message says why."""


def values_block(body: bytes) -> str:
    """Write a table in SPARQL 1.1 Query Results JSON Format as inline data.

    Raises:
        UnusableAnswerError: it is none, or has blank nodes, which inline data cannot.
    """
    try:
        document = json.loads(body)
        names = [Variable(name) for name in document["head"]["vars"]]
        rows = [
            " ".join(_term(row.get(name.value)) for name in names)
            for row in document["results"]["bindings"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableAnswerError("it did not answer with a table in SPARQL JSON") from error
    head = " ".join(str(name) for name in names)
    return f"VALUES ({head}) {{ {' '.join(f'({row})' for row in rows)} }}"


def _term(cell: Mapping[str, Any] | None) -> str:
    if cell is None:
        return "UNDEF"
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
