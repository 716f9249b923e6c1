"""Which variables a group binds, and findings about those that are not where they are asked for.

SPARQL 1.1 Query Language, sections 18.2.1 (variable scope) and 18.2.2 (translation of groups).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .findings import Finding, Fix
from .spelling import distance, near_names
from .syntax import (
    Bind,
    Element,
    Exists,
    Expression,
    Filter,
    Group,
    InGraph,
    Minus,
    Optional,
    Select,
    Service,
    Sub,
    Term,
    Triple,
    Union,
    Values,
    View,
    groups,
    names,
    nested,
    selects,
)

_SHORTEST = 4
# Of more, none is compared with each other.
_MOST_NAMES = 300


def binds(element: Element) -> set[str]:
    """Names of the variables to which an element may give a value."""
    match element:
        case Triple():
            return names(element.terms)
        case Bind(variable=variable):
            return {variable.value}
        case Values(variables=variables):
            return names(variables)
        case Optional(group=group):
            return visible(group.elements)
        case InGraph(name=name, group=group) | Service(name=name, group=group):
            return visible(group.elements) | names((name,))
        case Union(branches=branches):
            return {name for branch in branches for name in visible(branch.elements)}
        case Sub(query=query):
            return projected(query)
        case _:
            return set()


def visible(elements: Iterable[Element]) -> set[str]:
    """Names that some of the elements may bind."""
    return {name for element in elements for name in binds(element)}


def projected(query: Select) -> set[str]:
    """Names of the columns of a query."""
    if query.star and query.where is not None:
        return visible(query.where.elements)
    return {each.variable.value for each in query.projection}


def mentioned(group: Group) -> set[str]:
    """Every name inside of a group, in filters and groups inside as well."""
    found: set[str] = set()
    for inner in groups(group):
        for element in inner.elements:
            found |= binds(element)
            if isinstance(element, Filter | Bind):
                found |= names(element.expression.variables)
    return found


def scope_findings(view: View) -> Iterator[Finding]:
    """Variables that are unbound where they are asked for."""
    assert view.query is not None
    for query in selects(view.query):
        yield from _unbound(query)
    if view.query.where is not None:
        everywhere = mentioned(view.query.where)
        yield from _in_group(view.query.where, set(), set(), everywhere)
    yield from _misspelt(view)


def _unbound(query: Select) -> Iterator[Finding]:
    bound = visible(query.where.elements) if query.where is not None else set()
    modifiers = query.modifiers
    bound |= names(modifiers.values.variables) if modifiers.values else set()
    bound |= names(modifiers.keys or ())
    if query.where is None:
        return
    asked: list[Term] = [
        term for triple in query.template for term in triple.terms if term.kind == "variable"
    ]
    asked += [term for term in query.described if term.kind == "variable"]
    for column in query.projection:
        if column.expression is None:
            asked.append(column.variable)
        else:
            asked += _sure(column.expression)
    named = {each.variable.value for each in query.projection if each.expression is not None}
    for expression in (modifiers.having, modifiers.order):
        if expression is not None:
            asked += _sure(expression)
    seen: set[str] = set()
    for term in asked:
        if term.value in bound | named | seen:
            continue
        seen.add(term.value)
        near = near_names(term.value, bound)
        fixes = tuple(Fix(term.start, term.end, f"?{each}", f"write ?{each}") for each in near)
        advice = f"; did you mean ?{near[0]}?" if near else ""
        message = f"no pattern gives {term.text} a value{advice}"
        yield Finding(term.start, term.end, "unbound-variable", message, fixes)


def _sure(expression: Expression) -> list[Term]:
    return [each for each in expression.variables if each.value not in expression.guarded]


def _in_group(
    group: Group, always: set[str], here: set[str], everywhere: set[str]
) -> Iterator[Finding]:
    """Findings within a group.

    Args:
        group: the group.
        always: names of rows for which an EXISTS around the group is worked out.
        here: names that a FILTER right in this group sees besides, as that of an OPTIONAL does.
        everywhere: names anywhere in the query.
    """
    seen = visible(group.elements) | always
    before: set[str] = set()
    for place, element in enumerate(group.elements):
        match element:
            case Filter(expression=expression):
                yield from _blind(expression, seen | here, everywhere)
                yield from _exists(expression.exists, seen | here, everywhere)
            case Bind(expression=expression):
                yield from _early(expression, before | always, seen, everywhere)
                yield from _exists(expression.exists, before | always, everywhere)
            case Optional(group=inner):
                yield from _in_group(inner, always, before, everywhere)
                later = group.elements[place + 1 :]
                if not before and visible(later) & binds(element):
                    yield Finding(
                        element.start,
                        element.start + len("OPTIONAL"),
                        "optional-first",
                        "OPTIONAL stands before the patterns that it should add to; move it behind "
                        "them",
                    )
            case Minus(group=inner):
                yield from _in_group(inner, always, set(), everywhere)
                if before and not visible(inner.elements) & (before | always):
                    yield Finding(
                        element.start,
                        element.start + len("MINUS"),
                        "minus-shares-nothing",
                        "MINUS shares no variable with what stands before it, so it takes nothing "
                        f"away; use one of {_listed(before)} in it",
                    )
            case Service():
                pass
            case _:
                for inner in nested(element):
                    yield from _in_group(inner, always, set(), everywhere)
        before |= binds(element)


def _blind(expression: Expression, seen: set[str], everywhere: set[str]) -> Iterator[Finding]:
    for term in _sure(expression):
        if term.value not in seen:
            yield _out_of_scope(term, "FILTER", seen, everywhere)


def _early(
    expression: Expression, before: set[str], seen: set[str], everywhere: set[str]
) -> Iterator[Finding]:
    for term in _sure(expression):
        if term.value in before:
            continue
        if term.value in seen:
            message = (
                f"BIND reads {term.text} before a pattern gives it a value; move BIND behind that"
            )
            yield Finding(term.start, term.end, "bind-too-early", message)
        else:
            yield _out_of_scope(term, "BIND", seen, everywhere)


def _out_of_scope(term: Term, what: str, seen: set[str], everywhere: set[str]) -> Finding:
    near = near_names(term.value, seen)
    if term.value in everywhere:
        cause = f"{what} does not see {term.text} within these braces"
        advice = f"move {what} to where it is bound, or bind it in here"
    else:
        cause = f"no pattern gives {term.text} a value"
        advice = f"did you mean ?{near[0]}?" if near else "check its spelling"
    fixes = tuple(Fix(term.start, term.end, f"?{each}", f"write ?{each}") for each in near)
    return Finding(term.start, term.end, "out-of-scope", f"{cause}; {advice}", fixes)


def _exists(found: tuple[Exists, ...], seen: set[str], everywhere: set[str]) -> Iterator[Finding]:
    for each in found:
        yield from _in_group(each.group, seen, set(), everywhere)
        inside = mentioned(each.group)
        if inside and seen and not inside & seen:
            word = "NOT EXISTS" if each.negated else "EXISTS"
            message = (
                f"{word} shares no variable with the rows that it is about; use one of "
                f"{_listed(seen)} in it"
            )
            yield Finding(each.start, each.group.start, "exists-shares-nothing", message)


def _misspelt(view: View) -> Iterator[Finding]:
    assert view.query is not None
    used = Counter(token.text[1:] for token in view.tokens if token.kind == "variable")
    if len(used) > _MOST_NAMES:
        return
    shown = {name for query in selects(view.query) for name in projected(query)}
    if view.query.star:
        shown -= {name for name in shown if used[name] == 1}
    for token in view.tokens:
        name = token.text[1:]
        if token.kind != "variable" or used[name] > 1 or name in shown:
            continue
        if len(name) < _SHORTEST:
            continue
        near = [
            other
            for other in sorted(used)
            if used[other] > 1
            and distance(name, other, 1) == 1
            and name.rstrip("0123456789") != other.rstrip("0123456789")
            # A plural is a name of its own.
            and name != f"{other}s"
            and other != f"{name}s"
        ]
        if near:
            message = f"{token.text} occurs only here; did you mean ?{near[0]}?"
            fix = Fix(token.start, token.end, f"?{near[0]}", f"write ?{near[0]}")
            yield Finding(token.start, token.end, "misspelt-variable", message, (fix,))


def _listed(found: set[str]) -> str:
    return ", ".join(f"?{name}" for name in sorted(found)[:5])
