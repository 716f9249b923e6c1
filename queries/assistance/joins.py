"""Patterns that have nothing in common, and counts that a join multiplies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .findings import Finding, Fix
from .known import Known
from .scopes import binds, mentioned
from .syntax import (
    Bind,
    Call,
    Element,
    Exists,
    Filter,
    Group,
    InGraph,
    Minus,
    Optional,
    Path,
    Select,
    Service,
    Span,
    Sub,
    Term,
    Triple,
    Union,
    Values,
    View,
    nested,
    selects,
)

_MOST_SHOWN = 60
# What is worked out for each count grows with the square of the patterns.
_MOST_COUNTS = 10
_MOST_TRIPLES = 200


def join_findings(view: View, known: Known) -> Iterator[Finding]:
    """Cartesian products, counts of rows instead of things, and LIMIT without an order."""
    assert view.query is not None
    if view.query.where is not None:
        yield from _products(view, view.query.where, set())
    for query in selects(view.query):
        yield from _counts(query, known)
        yield from _unordered(query)


def _products(view: View, group: Group, outer: set[str]) -> Iterator[Finding]:
    parts = _Parts(outer, group)
    for element in group.elements:
        parts.add(element)
    found = parts.separate()
    if len(found) > 1:
        first, second = found[0], found[1]
        message = (
            f"“{_brief(view, first)}” and “{_brief(view, second)}” share no variable, so each row "
            "of one meets each row of the other; join them by a variable that both have"
        )
        yield Finding(second.start, second.end, "cartesian-product", message)
    bound = Counter(name for element in group.elements for name in binds(element))
    for element in group.elements:
        groups_inside = nested(element)
        if not groups_inside:
            continue
        here = binds(element)
        others = {name for name, times in bound.items() if times > (name in here)} | outer
        if isinstance(element, Sub):
            others = set()
        for inner in groups_inside:
            yield from _products(view, inner, others)


def _brief(view: View, span: Span) -> str:
    text = " ".join(view.slice(span).split())
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


class _Parts:
    """Elements of a group by the variables that connect them."""

    def __init__(self, outer: set[str], group: Group) -> None:
        self._above: dict[str, str] = {}
        self._subjects = {each for element in group.elements for each in _subjects(element)}
        self._elements: list[tuple[Element, str]] = []
        self._link(outer)

    def add(self, element: Element) -> None:
        """Take an element in; conditions connect what they are about."""
        match element:
            case Filter(expression=expression):
                self._link(
                    {each.value for each in expression.variables}
                    | {name for each in expression.exists for name in _inside(each)}
                )
            case Bind(expression=expression, variable=variable):
                self._link(
                    {variable.value}
                    | {each.value for each in expression.variables}
                    | {name for each in expression.exists for name in _inside(each)}
                )
            case Minus():
                pass
            case _:
                bound = binds(element) | _blanks(element)
                # What is said of one thing belongs together, if only by its IRI.
                self._link(bound | (_constants(element) & self._subjects))
                if bound and not _is_one_row(element):
                    self._elements.append((element, min(bound)))

    def separate(self) -> list[Element]:
        """The first element of each part that nothing connects with the others."""
        found: dict[str, Element] = {}
        for element, name in self._elements:
            found.setdefault(self._root(name), element)
        return list(found.values())

    def _link(self, names: Iterable[str]) -> None:
        roots = sorted({self._root(name) for name in names})
        for root in roots[1:]:
            self._above[root] = roots[0]

    def _root(self, name: str) -> str:
        while self._above.setdefault(name, name) != name:
            name = self._above[name]
        return name


def _inside(exists: Exists) -> set[str]:
    return mentioned(exists.group)


def _blanks(element: Element) -> set[str]:
    if not isinstance(element, Triple):
        return set()
    return {term.value for term in element.terms if term.kind == "blank"}


def _subjects(element: Element) -> set[str]:
    """IRIs about which an element says something, in the form of `_constants`."""
    found = {f"<{each}>" for each in _iris(element, objects=False)}
    return found.union(*(_subjects(each) for group in nested(element) for each in group.elements))


def _constants(element: Element) -> set[str]:
    """IRIs in subject and object position, in the form in which no variable is called."""
    found = {f"<{each}>" for each in _iris(element, objects=True)}
    return found.union(*(_constants(each) for group in nested(element) for each in group.elements))


def _iris(element: Element, *, objects: bool) -> Iterator[str]:
    if isinstance(element, Triple):
        terms = (element.subject, element.object) if objects else (element.subject,)
        yield from (term.value for term in terms if term.kind == "iri")


def _is_one_row(element: Element) -> bool:
    """Whether an element gives one row at most, or few on purpose, which multiplies nothing."""
    match element:
        case Values(rows=rows):
            return rows <= 1
        case Sub(query=query):
            modifiers = query.modifiers
            return modifiers.limit == 1 or (bool(query.calls) and modifiers.keys is None)
        case Optional(group=group):
            # With a condition of its own it is a look-up, such as of a name without its capitals.
            return any(isinstance(each, Filter) for each in group.elements)
        case Union(branches=branches):
            return len(branches) == 1 and all(map(_is_one_row, branches[0].elements))
        case _:
            return False


def _counts(query: Select, known: Known) -> Iterator[Finding]:
    if query.where is None:
        return
    calls = [
        call
        for call in query.calls
        if call.name == "COUNT" and not call.distinct and not call.star and len(call.variables) == 1
    ]
    seen: set[str] = set()
    for call in calls[:_MOST_COUNTS]:
        counted = call.variables[0]
        if counted.value in seen:
            continue
        seen.add(counted.value)
        keys = {key.value for key in query.modifiers.keys or ()}
        many = _multiplier(query.where, counted.value, keys, known)
        if many is not None:
            yield _count(call, counted, many)


def _count(call: Call, counted: Term, many: Term) -> Finding:
    message = (
        f"COUNT({counted.text}) counts rows, and there is one for each {many.text}; write "
        f"COUNT(DISTINCT {counted.text}) to count each {counted.text} once"
    )
    fix = Fix(counted.start, counted.start, "DISTINCT ", f"write COUNT(DISTINCT {counted.text})")
    return Finding(call.start, call.end, "count-without-distinct", message, (fix,))


def _multiplier(group: Group, counted: str, keys: set[str], known: Known) -> Term | None:
    """A variable that has several values for one of the counted; None where that cannot be told."""
    triples = _triples(group)
    if triples is None or len(triples) > _MOST_TRIPLES:
        return None
    fixed = {counted, *keys}
    while True:
        more = {
            each
            for triple in triples
            if _is_fixed(triple.subject, fixed) and _is_single(triple, known)
            for each in (triple.object.value,)
        }
        more |= {
            element.variable.value
            for element in group.elements
            if isinstance(element, Bind)
            and {each.value for each in element.expression.variables} <= fixed
        }
        # Rows of one value of a key that is worked out are counted together on purpose.
        more |= {
            each.value
            for element in group.elements
            if isinstance(element, Bind) and element.variable.value in fixed
            for each in element.expression.variables
        }
        if more <= fixed:
            break
        fixed |= more
    for triple in triples:
        if isinstance(triple.predicate, Term) and triple.predicate.kind == "variable":
            # Who asks for any property counts statements.
            return None
    for triple in triples:
        for term in (triple.object, triple.subject):
            if term.kind == "variable" and term.value not in fixed:
                return term
    return None


def _triples(group: Group) -> list[Triple] | None:
    """The patterns that make the rows; None where there are also parts that are not looked into."""
    found: list[Triple] = []
    for element in group.elements:
        match element:
            case Triple():
                found.append(element)
            case Optional(group=inner) | InGraph(group=inner):
                deeper = _triples(inner)
                if deeper is None:
                    return None
                found += deeper
            case Sub() | Union() | Service() | Values():
                return None
            case _:
                pass
    return found


def _is_fixed(term: Term, fixed: set[str]) -> bool:
    return term.kind in ("iri", "literal") or term.value in fixed


def _is_single(triple: Triple, known: Known) -> bool:
    predicate = triple.predicate
    if isinstance(predicate, Path):
        plain = not set(predicate.text) & set("|*+?^!")
        return plain and all(each.value in known.single for each in predicate.iris)
    return predicate.value in known.single


def _unordered(query: Select) -> Iterator[Finding]:
    modifiers = query.modifiers
    if modifiers.limit_at is None or modifiers.order is not None or query.form == "ASK":
        return
    if modifiers.limit == 0:
        return
    elements = query.where.elements if query.where is not None else ()
    looks_around = len(elements) <= 1 and not query.calls and not modifiers.offset
    if looks_around and all(isinstance(each, Triple) for each in elements):
        return
    word = "OFFSET" if modifiers.limit is None else "LIMIT"
    message = f"{word} without ORDER BY takes any of the rows; say in which order they should come"
    yield Finding(modifiers.limit_at.start, modifiers.limit_at.end, "limit-without-order", message)
