"""A query as rdflib's parser reads it: which variables can have a value, and whether it sorts.

SPARQL 1.1 Query Language, sections 18.2.1 (variable scope) and 18.2.4 (modifiers). Oxigraph tells
no algebra.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pyparsing import ParseException
from rdflib import Variable
from rdflib.paths import MulPath, Path
from rdflib.plugins.sparql import prepareQuery

_MODIFIERS: Final = frozenset(("Distinct", "Reduced", "Slice", "Project"))
# What follows a position that the line says already.
_POSITION: Final = re.compile(r"\s*\(at char \d+\), \(line:\d+, col:(\d+)\)")


class UnreadableError(ValueError):
    """The second engine does not parse the query; ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Algebra:
    """What a query's algebra says.

    Attributes:
        unbound: variables of the answer, its columns or its template, that no solution can bind.
        uncounted: variables that are counted or added up and that no solution can bind.
        ordered: whether the outermost modifiers sort.
        single: whether all solutions are one group, so that there is one row.
        names: of the operators, functions and property paths that it uses, as rdflib calls them;
            a repeated path ends in its sign, as in ``MulPath+``.
    """

    unbound: tuple[str, ...]
    uncounted: tuple[str, ...]
    ordered: bool
    single: bool
    names: frozenset[str]


def read_algebra(text: str) -> Algebra:
    """Parse a query.

    Raises:
        UnreadableError: rdflib does not parse it.
    """
    try:
        with warnings.catch_warnings():
            # Its own parser calls what rdflib has deprecated.
            warnings.simplefilter("ignore")
            query = prepareQuery(text).algebra
    except ParseException as error:
        message = _POSITION.sub(r" in column \1", str(error))
        raise UnreadableError(error.lineno, message) from error
    except Exception as error:
        # It has no class of its own for what it finds wrong behind the grammar.
        raise UnreadableError(1, str(error)) from error
    pattern = query.p
    bound = in_scope(pattern)
    shown = query.PV or _variables(query.template or ())
    unbound = (each for each in shown if isinstance(each, Variable) and each not in bound)
    return Algebra(
        unbound=tuple(map(str, unbound)),
        uncounted=tuple(dict.fromkeys(_uncounted(query))),
        ordered=_ordered(pattern),
        single=_single(pattern),
        names=frozenset(_names(query)),
    )


def in_scope(part: Any) -> set[Variable]:
    """The variables that a solution of a pattern may bind."""
    if part is None:
        return set()
    match part.name:
        case "BGP":
            return set(_variables(part.triples))
        case "Join" | "LeftJoin" | "Union":
            return in_scope(part.p1) | in_scope(part.p2)
        case "Minus":
            return in_scope(part.p1)
        case "Graph":
            return in_scope(part.p) | set(_variables([(part.term,)]))
        case "Extend":
            inner = in_scope(part.p)
            never = isinstance(part.expr, Variable) and part.expr not in inner
            return inner if never else inner | {part.var}
        case "AggregateJoin":
            inner = in_scope(part.p)
            return {each.res for each in part.A if _has_value(each, inner)}
        case "Project":
            return in_scope(part.p) & set(part.PV)
        case "values":
            return {name for row in part.res for name, value in row.items() if value != "UNDEF"}
        case "ServiceGraphPattern":
            return set(_within(part.graph)) | set(_variables([(part.term,)]))
        case _:
            return in_scope(part.p)


def _has_value(aggregate: Any, inner: set[Variable]) -> bool:
    needed = set(_within(aggregate.vars))
    return "Count" in aggregate.name or not needed or bool(needed & inner)


def _uncounted(part: Any) -> Iterator[str]:
    if not isinstance(part, dict):
        return
    if getattr(part, "name", "") == "AggregateJoin":
        inner = in_scope(part["p"])
        for each in part["A"]:
            # rdflib writes a group's own variables as samples of themselves.
            if isinstance(each.vars, Variable) and "Sample" not in each.name:
                yield from () if each.vars in inner else (str(each.vars),)
    for name, value in part.items():
        if name != "_vars":
            yield from _uncounted(value)


def _within(part: Any) -> Iterator[Variable]:
    """Every variable anywhere in a part."""
    if isinstance(part, Variable):
        yield part
    elif isinstance(part, dict):
        for name, value in part.items():
            if name != "_vars":
                yield from _within(value)
    elif isinstance(part, list | tuple | set):
        for each in part:
            yield from _within(each)


def _variables(triples: Iterable[Iterable[Any]]) -> list[Variable]:
    """The variables of triples in their order; a path has none."""
    found = (term for triple in triples for term in triple if isinstance(term, Variable))
    return list(dict.fromkeys(found))


def _ordered(part: Any) -> bool:
    while part is not None and part.name in _MODIFIERS:
        part = part.p
    return part is not None and part.name == "OrderBy"


def _single(part: Any) -> bool:
    while part is not None and part.name in _MODIFIERS | {"OrderBy", "Extend", "Filter"}:
        part = part.p
    return part is not None and part.name == "AggregateJoin" and part.p.expr is None


def _names(part: Any) -> Iterator[str]:
    if isinstance(part, Path):
        yield f"{type(part).__name__}{part.mod if isinstance(part, MulPath) else ''}"
        yield from _names(list(vars(part).values()))
    elif isinstance(part, dict):
        name = getattr(part, "name", None)
        if isinstance(name, str):
            yield name
        for key, value in part.items():
            if key != "_vars":
                yield from _names(value)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _names(each)
