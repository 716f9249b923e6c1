"""The checks by name, for reports and for the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        name: as reports give it.
        holds: what it makes sure of, as a sentence.
        warning: whether a query that fails it can be used as it is.
        on_graph: whether it needs a graph to ask.
    """

    name: str
    holds: str
    warning: bool = False
    on_graph: bool = False


_ALL: Final = (
    Check("file", "The file is UTF-8 text with front matter and a query below it."),
    Check("front-matter", "Every field is there, once, and valid."),
    Check("name", "The file is named after the id."),
    Check("ids", "No two queries have one id; none has an id or a name of the library."),
    Check("groups", "One letter is one group, under one name."),
    Check("links", "`related` and `next` name queries that exist."),
    Check("parameters", "Parameters are declared once, used, and their defaults valid."),
    Check(
        "service",
        "No other server is asked that `federates` does not name; stored answers are there.",
    ),
    Check("choices", "A SELECT under `values` gives `?value` and `?label`."),
    Check("syntax", "Oxigraph parses the query."),
    Check("columns", "`columns` are the variables of the query, in its order."),
    Check("second-engine", "rdflib parses the query too."),
    Check("terms", "Every term is defined by the ontology or by the vocabulary that it is of."),
    Check("unbound", "Every variable that the answer shows or counts can get a value."),
    Check("prefixes", "Prefixes are used, and stand for what they stand for elsewhere.", True),
    Check(
        "union", "The query reads the union of all named graphs, or `teaches` named graphs.", True
    ),
    Check("advice", "Nothing that `fairpapers explain` would say of the query.", True),
    Check("order", "Rows come in an order that the query fixes.", True),
    Check("offers", "A parameter of type `resource` offers values.", True),
    Check("width", "No line of the query is wider than 110 characters.", True),
    Check("answer", "With its defaults it has an answer, or says what none means.", on_graph=True),
    Check("cells", "Cells are of the type of their column, and filled.", on_graph=True),
    Check("offered", "Every value that is offered is valid and has a label.", on_graph=True),
    Check("distinct", "No row stands twice.", True, on_graph=True),
)
CHECKS: Final[Mapping[str, Check]] = MappingProxyType({each.name: each for each in _ALL})
