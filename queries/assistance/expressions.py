"""Reading of expressions: which variables, aggregates, groups and comparisons are in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .scanning import Cursor, Unreadable
from .syntax import Call, Exists, Expression, Group, Term, Token

AGGREGATES: Final = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
# What is inside may be unbound on purpose.
_GUARDS: Final = frozenset({"BOUND", "COALESCE", "IF"})

ReadGroup = Callable[[Cursor], Group]


class _Found:
    """What an expression holds, as it is met."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.variables: list[Term] = []
        self.guarded: set[str] = set()
        self.calls: list[Call] = []
        self.exists: list[Exists] = []
        self.iris: list[Term] = []
        # Per bracket that is open: the function before it, and where it began.
        self.open: list[tuple[str, int, int, int]] = []

    def expression(self, start: int, end: int) -> Expression:
        return Expression(
            start,
            end,
            tuple(self.tokens),
            tuple(self.variables),
            frozenset(self.guarded),
            tuple(self.calls),
            tuple(self.exists),
            tuple(self.iris),
        )


def variable(token: Token) -> Term:
    """The term of a variable."""
    return Term(token.start, token.end, "variable", token.text[1:], token.text)


def bracketted(cursor: Cursor, read_group: ReadGroup) -> Expression:
    """Read ``( … )``, the brackets included.

    Raises:
        Unreadable: there is none, or it does not end.
    """
    start = cursor.peek().start
    if not cursor.is_mark("("):
        raise Unreadable(cursor.peek())
    found = _Found()
    _take(cursor, found, read_group)
    while found.open:
        if cursor.is_over():
            raise Unreadable(cursor.peek())
        _take(cursor, found, read_group)
    return found.expression(start, cursor.last_end)


def constraint(cursor: Cursor, read_group: ReadGroup) -> Expression:
    """Read the condition of FILTER: in brackets, a call, or EXISTS.

    Raises:
        Unreadable: it is none of these.
    """
    if cursor.is_mark("("):
        return bracketted(cursor, read_group)
    start = cursor.peek().start
    found = _Found()
    if cursor.is_word("NOT", "EXISTS"):
        _take_exists(cursor, found, read_group)
        return found.expression(start, cursor.last_end)
    if cursor.peek().kind not in ("word", "iri", "name"):
        raise Unreadable(cursor.peek())
    _take(cursor, found, read_group)
    if not cursor.is_mark("("):
        raise Unreadable(cursor.peek())
    _take(cursor, found, read_group)
    while found.open:
        if cursor.is_over():
            raise Unreadable(cursor.peek())
        _take(cursor, found, read_group)
    return found.expression(start, cursor.last_end)


def until(cursor: Cursor, read_group: ReadGroup, *words: str) -> Expression:
    """Read up to one of these keywords, a closing brace or the end, outside of brackets.

    Raises:
        Unreadable: brackets do not match.
    """
    start = cursor.peek().start
    found = _Found()
    while not cursor.is_over():
        if not found.open and (cursor.is_word(*words) or cursor.is_mark("}")):
            break
        _take(cursor, found, read_group)
    if found.open:
        raise Unreadable(cursor.peek())
    return found.expression(start, max(start, cursor.last_end))


def _take(cursor: Cursor, found: _Found, read_group: ReadGroup) -> None:
    if cursor.is_word("EXISTS") or (cursor.is_word("NOT") and cursor.is_word("EXISTS", ahead=1)):
        _take_exists(cursor, found, read_group)
        return
    token = cursor.take()
    if token.kind == "mark" and token.text in "{}":
        raise Unreadable(token)
    found.tokens.append(token)
    match token.kind:
        case "variable":
            found.variables.append(variable(token))
            if any(name in _GUARDS for name, *_ in found.open):
                found.guarded.add(token.text[1:])
        case "iri" | "name":
            found.iris.append(cursor.term_of(token))
        case "mark" if token.text == "(":
            before = found.tokens[-2] if len(found.tokens) > 1 else None
            name = before.upper if before is not None and before.kind == "word" else ""
            began = before.start if before is not None and name else token.start
            found.open.append((name, began, len(found.tokens), len(found.variables)))
        case "mark" if token.text == ")":
            _close(found, token)
        case _:
            pass


def _close(found: _Found, token: Token) -> None:
    if not found.open:
        raise Unreadable(token)
    name, began, first, first_variable = found.open.pop()
    if name not in AGGREGATES:
        return
    inside = found.tokens[first:-1]
    distinct = bool(inside) and inside[0].kind == "word" and inside[0].upper == "DISTINCT"
    star = any(each.text == "*" for each in inside[: 1 + distinct])
    about = tuple(found.variables[first_variable:])
    found.calls.append(Call(began, token.end, name, distinct, about, star))


def _take_exists(cursor: Cursor, found: _Found, read_group: ReadGroup) -> None:
    start = cursor.peek().start
    negated = cursor.is_word("NOT")
    if negated:
        cursor.take()
    if not cursor.is_word("EXISTS"):
        raise Unreadable(cursor.peek())
    cursor.take()
    group = read_group(cursor)
    found.exists.append(Exists(start, cursor.last_end, negated, group))
