"""A text read as a query, whatever it is: what is not understood is noted and never an error.

Why not another parser: the engine offers its parser no further than "valid or not", and rdflib's
gives an algebra in which the place of a term is lost, stops at the first fault, takes what the
engine does not and refuses what it does. This one stands on the tokens by which queries of the
library are bound and the endpoint's check is made, so all three see the same text. Whether a
query is valid is for the engine to say; see SPARQL 1.1 Query Language, section 19.8.
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from .expressions import bracketted, until, variable
from .patterns import read_group, read_triples, read_values
from .scanning import MOST_TOKENS, Cursor, Unreadable, scan
from .syntax import (
    Expression,
    Group,
    Modifiers,
    Prefix,
    Projected,
    Select,
    Span,
    Term,
    Triple,
    Values,
    View,
)

FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_SOLUTION: Final = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")


def read(text: str) -> View:
    """Read a query.

    Args:
        text: any text; of one with more than `MOST_TOKENS` tokens nothing after them is read.
    """
    tokens = tuple(islice(scan(text), MOST_TOKENS + 1))
    cursor = Cursor(text, tokens[:MOST_TOKENS])
    prefixes: dict[str, Prefix] = {}
    query: Select | None = None
    prologue = Span(0, 0)
    try:
        prologue = _prologue(cursor, prefixes)
        if not cursor.is_word(*FORMS):
            raise Unreadable(cursor.peek())
        query = read_select(cursor, whole=True)
        if not cursor.is_over():
            cursor.note(cursor.peek())
    except (Unreadable, RecursionError) as error:
        cursor.note(error.at if isinstance(error, Unreadable) else cursor.peek())
    if len(tokens) > MOST_TOKENS:
        cursor.note(tokens[-1])
    return View(text, tokens, prefixes, prologue, query, cursor.fault)


def _prologue(cursor: Cursor, prefixes: dict[str, Prefix]) -> Span:
    while cursor.is_word("PREFIX", "BASE", "VERSION"):
        start = cursor.peek().start
        word = cursor.take().upper
        if word == "PREFIX":
            name, iri = cursor.take(), cursor.take()
            if name.kind != "name" or not name.text.endswith(":") or iri.kind != "iri":
                raise Unreadable(name)
            prefix = name.text[:-1]
            cursor.prefixes[prefix] = cursor.iri_of(iri)
            prefixes[prefix] = Prefix(start, iri.end, prefix, cursor.prefixes[prefix])
        elif word == "BASE":
            cursor.base = cursor.iri_of(cursor.take())
        else:
            cursor.take()
    return Span(0, cursor.last_end)


def read_select(cursor: Cursor, *, whole: bool = False) -> Select:
    """Read a query from its form on.

    Args:
        cursor: stands at the form.
        whole: FROM may follow, and what is not SELECT.

    Raises:
        Unreadable: it cannot be told where its parts are.
    """
    form = cursor.take()
    start = form.start
    projection: tuple[Projected, ...] = ()
    described: tuple[Term, ...] = ()
    template: tuple[Triple, ...] = ()
    star = distinct = short = False
    match form.upper:
        case "SELECT":
            if cursor.is_word("DISTINCT", "REDUCED"):
                distinct = cursor.take().upper == "DISTINCT"
            projection, star = _projection(cursor)
        case "CONSTRUCT":
            # Without a template, WHERE is the template as well.
            short = not cursor.is_mark("{")
            template = () if short else _template(cursor)
        case "DESCRIBE":
            described, star = _described(cursor)
        case _:
            pass
    head = Span(start, max(cursor.last_end, form.end))
    dataset = _dataset(cursor) if whole else Span(head.end, head.end)
    where: Group | None = None
    if cursor.is_word("WHERE"):
        cursor.take()
    if cursor.is_mark("{"):
        where = read_group(cursor)
    elif form.upper != "DESCRIBE":
        raise Unreadable(cursor.peek())
    if short and where is not None:
        template = tuple(each for each in where.elements if isinstance(each, Triple))
    tail = cursor.last_end
    modifiers = Modifiers()
    try:
        modifiers = _modifiers(cursor)
    except Unreadable as error:
        # The patterns are worth more than what follows them.
        cursor.note(error.at)
    return Select(
        start,
        cursor.last_end,
        form.upper,
        head,
        dataset,
        where,
        Span(tail, cursor.last_end),
        modifiers,
        projection,
        star,
        distinct,
        template,
        described,
    )


def _projection(cursor: Cursor) -> tuple[tuple[Projected, ...], bool]:
    columns: list[Projected] = []
    if cursor.is_mark("*"):
        cursor.take()
        return (), True
    while cursor.peek().kind == "variable" or cursor.is_mark("("):
        if cursor.peek().kind == "variable":
            columns.append(Projected(variable(cursor.take())))
            continue
        expression = bracketted(cursor, read_group)
        inside = expression.tokens
        if len(inside) < 4 or inside[-3].upper != "AS" or inside[-2].kind != "variable":
            raise Unreadable(expression)
        made = variable(inside[-2])
        columns.append(Projected(made, _without_name(expression)))
    if not columns:
        raise Unreadable(cursor.peek())
    return tuple(columns), False


def _without_name(expression: Expression) -> Expression:
    """An expression in brackets without ``AS ?name``."""
    return Expression(
        expression.start,
        expression.end,
        expression.tokens[1:-3],
        expression.variables[:-1],
        expression.guarded,
        expression.calls,
        expression.exists,
        expression.iris,
    )


def _template(cursor: Cursor) -> tuple[Triple, ...]:
    cursor.expect("{")
    made: list[Triple] = []
    while not cursor.is_mark("}"):
        if cursor.is_over():
            raise Unreadable(cursor.peek())
        if cursor.is_mark("."):
            cursor.take()
        else:
            made.extend(read_triples(cursor))
    cursor.take()
    return tuple(made)


def _described(cursor: Cursor) -> tuple[tuple[Term, ...], bool]:
    if cursor.is_mark("*"):
        cursor.take()
        return (), True
    found: list[Term] = []
    while cursor.peek().kind in ("variable", "iri", "name"):
        token = cursor.take()
        found.append(variable(token) if token.kind == "variable" else cursor.term_of(token))
    if not found:
        raise Unreadable(cursor.peek())
    return tuple(found), False


def _dataset(cursor: Cursor) -> Span:
    start = cursor.peek().start
    if not cursor.is_word("FROM"):
        return Span(cursor.last_end, cursor.last_end)
    while cursor.is_word("FROM"):
        cursor.take()
        if cursor.is_word("NAMED"):
            cursor.take()
        if cursor.peek().kind not in ("iri", "name"):
            raise Unreadable(cursor.peek())
        cursor.take()
    return Span(start, cursor.last_end)


def _modifiers(cursor: Cursor) -> Modifiers:
    keys: tuple[Term, ...] | None = None
    used: tuple[Term, ...] = ()
    having: Expression | None = None
    order: Expression | None = None
    limits: dict[str, tuple[int, Span]] = {}
    values: Values | None = None
    while cursor.is_word(*_SOLUTION):
        word = cursor.take()
        if word.upper in ("GROUP", "ORDER"):
            if not cursor.is_word("BY"):
                raise Unreadable(cursor.peek())
            cursor.take()
        match word.upper:
            case "GROUP":
                read_keys = until(cursor, read_group, *_SOLUTION)
                keys, used = _keys(read_keys)
            case "HAVING":
                having = until(cursor, read_group, *_SOLUTION)
            case "ORDER":
                order = until(cursor, read_group, *_SOLUTION)
            case "VALUES":
                values = read_values(cursor, word.start)
            case _:
                number = cursor.take()
                if number.kind == "number" and number.text.isdecimal():
                    limits[word.upper] = (int(number.text[:18]), Span(word.start, number.end))
                elif number.kind != "variable":
                    raise Unreadable(number)
    limit, offset = limits.get("LIMIT"), limits.get("OFFSET")
    return Modifiers(
        keys,
        used,
        having,
        order,
        limit[0] if limit else None,
        offset[0] if offset else None,
        (limit or offset or (0, None))[1],
        values,
    )


def _keys(expression: Expression) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The keys of GROUP BY, and the variables from which they are worked out."""
    keys: list[Term] = []
    used: list[Term] = []
    depth, named = 0, False
    for token in expression.tokens:
        if token.kind == "mark":
            depth += (token.text == "(") - (token.text == ")")
        if token.kind == "variable":
            (keys if named or not depth else used).append(variable(token))
        named = token.kind == "word" and token.upper == "AS"
    return tuple(keys), tuple(used)
