"""Questions about parts of a query: how many rows some of its patterns have together.

A probe is put together from slices of the query itself, and from names of variables that do not
occur in it. What the parts mean is so what they mean in the query, and no text comes from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .scopes import binds
from .syntax import (
    Bind,
    Element,
    Filter,
    Group,
    Minus,
    Optional,
    Path,
    Select,
    Service,
    Span,
    Term,
    Triple,
    View,
    nested,
)


@dataclass(frozen=True, slots=True)
class Probe:
    """A question.

    Attributes:
        query: a SELECT of one column and one row, the number of rows, at most ``most``.
        most: where counting ends.
        has_from: FROM says what the dataset is.
    """

    query: str
    most: int
    has_from: bool = False


@dataclass(frozen=True, slots=True)
class Step(Span):
    """A part of a group that is added at once.

    Attributes:
        element: what it is.
        text: it as SPARQL.
        names: variables that it reads or binds, blank nodes as what stands for them included.
    """

    element: Element
    text: str
    names: frozenset[str]

    @property
    def can_empty(self) -> bool:
        """Whether it can leave no row of those before it."""
        return not isinstance(self.element, Optional | Bind)


class Writer:
    """Writes probes for one query."""

    def __init__(self, view: View) -> None:
        self._view = view
        used = {token.text[1:] for token in view.tokens if token.kind == "variable"}
        stem = "probe"
        while any(name.startswith(stem) for name in used):
            stem += "_"
        self._stem = stem
        self._blanks: dict[str, str] = {}

    def fresh(self, name: str) -> str:
        """A variable that does not occur in the query."""
        return f"?{self._stem}{name}"

    def count(self, body: str, most: int, dataset: Span | None) -> Probe:
        """Count the rows of what stands in a group.

        Args:
            body: what stands between the braces.
            most: where counting ends.
            dataset: the FROM clauses; None leaves them out.
        """
        prologue = self._view.slice(self._view.prologue)
        graphs = self._view.slice(dataset) if dataset is not None else ""
        inner = f"SELECT (1 AS {self.fresh('one')}) WHERE {{\n{body}\n}} LIMIT {most}"
        query = (
            f"{prologue}\nSELECT (COUNT(*) AS {self.fresh('rows')})\n{graphs}\n"
            f"WHERE {{ {{ {inner} }} }}"
        )
        return Probe(query, most, bool(graphs))

    def inner_query(self, query: Select) -> str:
        """A query with its modifiers as a query inside of another."""
        assert query.where is not None
        head = self._view.slice(query.head) if query.form == "SELECT" else "SELECT *"
        where, tail = self._view.slice(query.where), self._view.slice(query.tail)
        return f"{{ {head} WHERE {where}\n{tail} }}"

    def steps(self, group: Group) -> list[Step]:
        """The parts of a group in an order in which each meets what it shares variables with.

        Conditions come last, since a FILTER is about all of its group.
        """
        made = [self._step(each) for each in group.elements if not _asks_elsewhere(each)]
        elsewhere = {
            name
            for each in group.elements
            if _asks_elsewhere(each)
            for name in (binds(each) or {""})
        }
        if elsewhere:
            # A condition on what comes from there cannot be judged here.
            made = [
                each
                for each in made
                if not (isinstance(each.element, Filter | Bind) and each.names & elsewhere)
            ]
        rows = [each for each in made if not isinstance(each.element, Filter)]
        return _connected(rows) + [each for each in made if isinstance(each.element, Filter)]

    def triple(
        self,
        triple: Triple,
        *,
        subject: str | None = None,
        predicate: str | None = None,
        value: str | None = None,
    ) -> str:
        """A triple pattern, with other terms in the place of some of its own."""
        words = (
            subject or self.term(triple.subject),
            predicate or self.term(triple.predicate),
            value or self.term(triple.object),
        )
        return f"{' '.join(words)} ."

    def term(self, term: Term | Path) -> str:
        """A term as it is written; a variable stands for a blank node, as it does in a pattern."""
        if isinstance(term, Path) or term.kind != "blank":
            return term.text
        number = len(self._blanks)
        return self._blanks.setdefault(term.value, self.fresh(f"blank{number}"))

    def _step(self, element: Element) -> Step:
        if isinstance(element, Triple):
            names = {
                each.value if each.kind == "variable" else self.term(each)[1:]
                for each in element.terms
                if each.kind in ("variable", "blank")
            }
            text = self.triple(element)
        else:
            names = binds(element)
            if isinstance(element, Filter | Bind):
                names |= {each.value for each in element.expression.variables}
            names |= {name for group in nested(element) for name in _inside(group)}
            text = self._view.slice(element)
        return Step(element.start, element.end, element, text, frozenset(names))


def _inside(group: Group) -> set[str]:
    return {
        name
        for each in group.elements
        for name in binds(each).union(*(_inside(inner) for inner in nested(each)))
    }


def _asks_elsewhere(element: Element) -> bool:
    if isinstance(element, Service):
        return True
    return any(_asks_elsewhere(each) for group in nested(element) for each in group.elements)


def asks_elsewhere(group: Group) -> bool:
    """Whether a SERVICE is anywhere in a group."""
    return any(map(_asks_elsewhere, group.elements))


def _connected(steps: list[Step]) -> list[Step]:
    """The same steps; triples that stand beside each other are put in the order of their joins."""
    ordered: list[Step] = []
    seen: set[str] = set()
    waiting: list[Step] = []

    def flush() -> None:
        while waiting:
            near = next((each for each in waiting if each.names & seen), waiting[0])
            waiting.remove(near)
            ordered.append(near)
            seen.update(near.names)

    for step in steps:
        if isinstance(step.element, Triple):
            waiting.append(step)
            continue
        flush()
        ordered.append(step)
        if not isinstance(step.element, Minus):
            seen.update(step.names)
    flush()
    return ordered


def component(steps: Iterable[Step], of: Step) -> list[Step]:
    """Those steps that variables connect with one of them, itself left out."""
    left = [each for each in steps if each is not of]
    names, found = set(of.names), list[Step]()
    while True:
        near = [each for each in left if each.names & names]
        if not near:
            return sorted(found, key=lambda each: each.start)
        for each in near:
            names |= each.names
            left.remove(each)
            found.append(each)
