"""Reading of triples and of what stands between braces."""

from __future__ import annotations

from typing import Final

from ...ontology.terms import PREFIXES
from .expressions import bracketted, constraint, variable
from .literals import literal
from .scanning import Cursor, Unreadable
from .syntax import (
    Bind,
    Element,
    Filter,
    Group,
    InGraph,
    Minus,
    Optional,
    Path,
    Service,
    Sub,
    Term,
    Triple,
    Union,
    Values,
)

_RDF: Final = PREFIXES["rdf"]
_BLOCKS: Final = ("OPTIONAL", "MINUS", "GRAPH", "SERVICE", "FILTER", "BIND", "VALUES")


def read_group(cursor: Cursor) -> Group:
    """Read ``{ … }``.

    What is not understood is noted and passed over, up to the end of the triple.

    Raises:
        Unreadable: there is no brace, or nesting is too deep.
    """
    start = cursor.expect("{").start
    cursor.enter()
    elements: list[Element] = []
    if cursor.is_word("SELECT"):
        # The import would be circular: a query is read from groups.
        from .reading import read_select

        query = read_select(cursor)
        elements.append(Sub(query.start, query.end, query))
    while not cursor.is_mark("}"):
        if cursor.is_over():
            cursor.note(cursor.peek())
            break
        before, depth = cursor.at, cursor.depth
        try:
            _read_element(cursor, elements)
        except Unreadable as error:
            cursor.note(error.at)
            cursor.depth = depth
            cursor.at = max(cursor.at, before + 1)
            while not cursor.is_over() and not cursor.is_mark(".", "}", "{"):
                cursor.take()
            if cursor.is_mark("{"):
                raise
    if cursor.is_mark("}"):
        cursor.take()
    cursor.leave()
    return Group(start, cursor.last_end, tuple(elements))


def _read_element(cursor: Cursor, elements: list[Element]) -> None:
    start = cursor.peek().start
    if cursor.is_mark("."):
        cursor.take()
    elif cursor.is_mark("{"):
        elements.append(_union(cursor, start))
    elif cursor.is_word(*_BLOCKS):
        word = cursor.take().upper
        elements.append(_block(cursor, word, start))
    else:
        elements.extend(read_triples(cursor))


def _union(cursor: Cursor, start: int) -> Element:
    branches = [read_group(cursor)]
    while cursor.is_word("UNION"):
        cursor.take()
        branches.append(read_group(cursor))
    only = branches[0].elements
    if len(branches) == 1 and len(only) == 1 and isinstance(only[0], Sub):
        return Sub(start, cursor.last_end, only[0].query)
    return Union(start, cursor.last_end, tuple(branches))


def _block(cursor: Cursor, word: str, start: int) -> Element:
    match word:
        case "OPTIONAL":
            group = read_group(cursor)
            return Optional(start, cursor.last_end, group)
        case "MINUS":
            group = read_group(cursor)
            return Minus(start, cursor.last_end, group)
        case "GRAPH":
            name = _name(cursor)
            group = read_group(cursor)
            return InGraph(start, cursor.last_end, name, group)
        case "SERVICE":
            if cursor.is_word("SILENT"):
                cursor.take()
            name = _name(cursor)
            group = read_group(cursor)
            return Service(start, cursor.last_end, name, group)
        case "FILTER":
            expression = constraint(cursor, read_group)
            return Filter(start, cursor.last_end, expression)
        case "BIND":
            return _bind(cursor, start)
        case _:
            return read_values(cursor, start)


def _bind(cursor: Cursor, start: int) -> Bind:
    expression = bracketted(cursor, read_group)
    words = [each.upper if each.kind == "word" else "" for each in expression.tokens]
    if len(words) < 4 or words[-3] != "AS" or expression.tokens[-2].kind != "variable":
        raise Unreadable(expression)
    made = variable(expression.tokens[-2])
    inner = expression.variables[:-1]
    read = type(expression)(
        expression.tokens[1].start,
        expression.tokens[-4].end,
        expression.tokens[1:-3],
        inner,
        expression.guarded,
        expression.calls,
        expression.exists,
        expression.iris,
    )
    return Bind(start, cursor.last_end, read, made)


def read_values(cursor: Cursor, start: int) -> Values:
    """Read what follows VALUES.

    Raises:
        Unreadable: it is no block of data.
    """
    names: list[Term] = []
    many = cursor.is_mark("(")
    if many:
        cursor.take()
    while cursor.peek().kind == "variable":
        names.append(variable(cursor.take()))
        if not many:
            break
    if many:
        cursor.expect(")")
    cursor.expect("{")
    rows, iris, depth = 0, [], 0
    while not cursor.is_mark("}"):
        if cursor.is_over():
            raise Unreadable(cursor.peek())
        token = cursor.peek()
        if token.kind == "mark" and token.text in "()":
            rows += many and token.text == "("
            depth += 1 if token.text == "(" else -1
            cursor.take()
        elif cursor.is_word("UNDEF"):
            cursor.take()
            rows += not many
        else:
            read = _node(cursor)
            rows += not many
            if read.kind == "iri":
                iris.append(read)
    cursor.take()
    return Values(start, cursor.last_end, tuple(names), rows, tuple(iris))


def _name(cursor: Cursor) -> Term:
    token = cursor.take()
    if token.kind == "variable":
        return variable(token)
    if token.kind in ("iri", "name"):
        return cursor.term_of(token)
    raise Unreadable(token)


def read_triples(cursor: Cursor) -> list[Triple]:
    """Read a subject with its properties, up to the dot or what ends it.

    Raises:
        Unreadable: it is none.
    """
    made: list[Triple] = []
    bracket = cursor.is_mark("[")
    start = cursor.peek().start
    subject = _thing(cursor, made)
    if bracket and made and not _is_verb(cursor):
        # [ … ] with its properties inside may stand alone.
        return made
    _properties(cursor, subject, start, made)
    return made


def _is_verb(cursor: Cursor) -> bool:
    token = cursor.peek()
    return (
        token.kind in ("iri", "name", "variable")
        or (token.kind == "word" and token.text == "a")
        or (token.kind == "mark" and token.text in ("^", "!", "("))
    )


def _properties(cursor: Cursor, subject: Term, start: int, made: list[Triple]) -> None:
    first = start
    while True:
        at = cursor.peek().start
        predicate = _verb(cursor)
        begin = first if first >= 0 else at
        while True:
            inner: list[Triple] = []
            object_start = cursor.peek().start
            value = _thing(cursor, inner)
            made.append(Triple(begin, value.end, subject, predicate, value))
            made.extend(inner)
            if not cursor.is_mark(","):
                break
            cursor.take()
            begin = object_start if cursor.is_over() else cursor.peek().start
        first = -1
        if not cursor.is_mark(";"):
            return
        while cursor.is_mark(";"):
            cursor.take()
        if not _is_verb(cursor):
            return


def _verb(cursor: Cursor) -> Term | Path:
    token = cursor.peek()
    if token.kind == "variable":
        return variable(cursor.take())
    return _path(cursor)


def _path(cursor: Cursor) -> Term | Path:
    start, depth, count = cursor.peek().start, 0, cursor.at
    iris: list[Term] = []
    while True:
        while cursor.is_mark("^", "!", "("):
            depth += cursor.take().text == "("
        token = cursor.peek()
        if token.kind in ("iri", "name"):
            iris.append(cursor.term_of(cursor.take()))
        elif token.kind == "word" and token.text == "a":
            cursor.take()
            iris.append(Term(token.start, token.end, "iri", _RDF + "type", "a"))
        elif not (depth and cursor.is_mark(")")):
            raise Unreadable(token)
        if _is_modifier(cursor):
            cursor.take()
        while depth and cursor.is_mark(")"):
            cursor.take()
            depth -= 1
            if _is_modifier(cursor):
                cursor.take()
        if not cursor.is_mark("/", "|"):
            break
        cursor.take()
    if depth:
        raise Unreadable(cursor.peek())
    if cursor.at - count == 1 and len(iris) == 1:
        return iris[0]
    return Path(start, cursor.last_end, cursor.text[start : cursor.last_end], tuple(iris))


def _is_modifier(cursor: Cursor) -> bool:
    if not cursor.is_mark("*", "+", "?"):
        return False
    after = cursor.peek(1)
    # A plus before a digit is the sign of a number.
    return not (after.kind == "number" and after.start == cursor.peek().end)


def _thing(cursor: Cursor, made: list[Triple]) -> Term:
    """A node; the triples inside of brackets are added to ``made``."""
    token = cursor.peek()
    if cursor.is_mark("["):
        cursor.enter()
        cursor.take()
        label, inner = cursor.fresh_blank(), list[Triple]()
        anonymous = Term(token.start, token.end, "blank", label, "[…]")
        if not cursor.is_mark("]"):
            _properties(cursor, anonymous, -1, inner)
        cursor.expect("]")
        cursor.leave()
        made.extend(inner)
        return Term(token.start, cursor.last_end, "blank", label, "[…]" if inner else "[]")
    if cursor.is_mark("("):
        return _collection(cursor, made)
    return _node(cursor)


def _collection(cursor: Cursor, made: list[Triple]) -> Term:
    start = cursor.take().start
    cursor.enter()
    items: list[Term] = []
    while not cursor.is_mark(")"):
        if cursor.is_over():
            raise Unreadable(cursor.peek())
        items.append(_thing(cursor, made))
    cursor.take()
    cursor.leave()
    end = cursor.last_end
    nil = Term(start, end, "iri", _RDF + "nil", f"<{_RDF}nil>")
    cells = [Term(start, end, "blank", cursor.fresh_blank(), "(…)") for _ in items]
    for cell, item, rest in zip(cells, items, [*cells, nil][1:], strict=True):
        for name, value in (("first", item), ("rest", rest)):
            iri = _RDF + name
            predicate = Term(item.start, item.end, "iri", iri, f"<{iri}>")
            made.append(Triple(start, end, cell, predicate, value))
    return cells[0] if cells else nil


def _node(cursor: Cursor) -> Term:
    token = cursor.peek()
    match token.kind:
        case "variable":
            return variable(cursor.take())
        case "iri" | "name":
            return cursor.term_of(cursor.take())
        case "blank":
            cursor.take()
            return Term(token.start, token.end, "blank", token.text, token.text)
        case _:
            return literal(cursor)
