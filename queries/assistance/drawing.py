"""What a picture of a query shows: nodes, arrows between them, and notes beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from ...ontology.terms import PREFIXES
from .syntax import (
    Bind,
    Element,
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
    groups,
)

Style = Literal["must", "may", "not"]
NodeKind = Literal["variable", "iri", "literal", "blank"]
MOST_ARROWS: Final = 80
_MOST_NOTES: Final = 30
_LONGEST: Final = 200
_TYPE: Final = PREFIXES["rdf"] + "type"


@dataclass(frozen=True, slots=True)
class Node:
    """A variable, or a constant; ``key`` is its own."""

    key: str
    label: str
    kind: NodeKind


@dataclass(frozen=True, slots=True)
class Arrow:
    """A triple pattern.

    Attributes:
        subject: key of a node; so for ``object``.
        label: the predicate as written.
        style: it must match, may match (OPTIONAL), or must not (MINUS, NOT EXISTS).
        where: what stands around it, such as ``either 1`` or ``in ?g``; empty where nothing does.
        marked: it is in the part that the picture points at.
    """

    subject: str
    label: str
    object: str
    style: Style
    where: str = ""
    marked: bool = False


@dataclass(slots=True)
class Drawing:
    """A query to be drawn, all of it in the order of its text.

    Attributes:
        left_out: how many patterns are not shown, since they are too many.
    """

    title: str
    nodes: dict[str, Node] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: int = 0

    def words(self) -> str:
        """The picture in words: a line for each arrow and note."""
        lines = [self.title]
        lines += [self.say(arrow) for arrow in self.arrows]
        lines += self.notes
        if self.left_out:
            lines.append(f"and {self.left_out} more patterns")
        return "\n".join(lines)

    def say(self, arrow: Arrow) -> str:
        """An arrow as a line of text."""
        subject, value = self.nodes[arrow.subject].label, self.nodes[arrow.object].label
        ways = {"must": "", "may": "optional", "not": "must not match"}
        here = "no row is left here" if arrow.marked else ""
        more = ", ".join(filter(None, (ways[arrow.style], arrow.where, here)))
        return f"{subject} {arrow.label} {value}{f' ({more})' if more else ''}"


def draw(view: View, marked: Span | None = None) -> Drawing:
    """Take from a query what its picture shows; of a text that is no query nothing.

    Args:
        view: the query.
        marked: the part after which no row is left, to be pointed at.
    """
    query = view.query
    if query is None:
        return Drawing("no query")
    return _Drawer(view, marked).draw(query)


class _Drawer:
    def __init__(self, view: View, marked: Span | None) -> None:
        self._view = view
        self._marked = marked
        self._drawing = Drawing("")
        self._subjects: set[str] = set()
        self._scopes = 0
        self._made = 0

    def draw(self, query: Select) -> Drawing:
        self._drawing.title = _head(self._view, query)
        if query.where is not None:
            self._subjects = {
                element.subject.value
                for group in groups(query.where)
                for element in group.elements
                if isinstance(element, Triple) and element.subject.kind == "iri"
            }
            self._group(query.where, "", "must", "", {})
        self._note(_tail(self._view, query))
        return self._drawing

    def _note(self, text: str) -> None:
        if text and len(self._drawing.notes) < _MOST_NOTES:
            self._drawing.notes.append(brief(text))

    def _group(
        self, group: Group, where: str, style: Style, scope: str, shared: dict[str, str]
    ) -> None:
        for element in group.elements:
            self._element(element, where, style, scope, shared)

    def _element(
        self, element: Element, where: str, style: Style, scope: str, shared: dict[str, str]
    ) -> None:
        inside = (scope, shared)
        match element:
            case Triple():
                self._triple(element, where, style, scope, shared)
            case Optional(group=group):
                self._group(group, where, "not" if style == "not" else "may", *inside)
            case Minus(group=group):
                self._group(group, where, "not", *inside)
            case Union(branches=branches):
                for number, branch in enumerate(branches, 1):
                    told = f"either {number}" if len(branches) > 1 else ""
                    self._group(branch, _both(where, told), style, *inside)
            case InGraph(name=name, group=group):
                self._group(group, _both(where, f"in {brief(name.text)}"), style, *inside)
            case Service(name=name, group=group):
                self._group(group, _both(where, f"at {brief(name.text)}"), style, *inside)
            case Sub(query=query):
                self._sub(query, where, style, scope, shared)
            case Filter(expression=expression):
                if not expression.exists:
                    self._note(self._view.slice(element))
                elif expression.tokens:
                    self._note(f"{self._view.slice(element)}")
                for each in expression.exists:
                    self._group(each.group, where, "not" if each.negated else style, *inside)
            case Bind() | Values():
                self._note(self._view.slice(element))

    def _sub(
        self, query: Select, where: str, style: Style, scope: str, shared: dict[str, str]
    ) -> None:
        """A query inside: what it does not project are variables of its own."""
        self._scopes += 1
        own = f"{self._scopes}."
        outside = {} if query.star else {each.variable.value for each in query.projection}
        names = {name: shared.get(name, f"{scope}{name}") for name in outside}
        self._note(f"{_head(self._view, query)} {_tail(self._view, query)}".strip())
        if query.where is not None:
            told = where if "query inside" in where else _both(where, "query inside")
            if query.star:
                self._group(query.where, told, style, scope, shared)
            else:
                self._group(query.where, told, style, own, names)

    def _triple(
        self, triple: Triple, where: str, style: Style, scope: str, shared: dict[str, str]
    ) -> None:
        if len(self._drawing.arrows) >= MOST_ARROWS:
            self._drawing.left_out += 1
            return
        predicate = triple.predicate
        typed = isinstance(predicate, Term) and predicate.value == _TYPE
        subject = self._node(triple.subject, scope, shared)
        # A constant of which nothing is said joins nothing: it stands beside its subject.
        alone = subject if typed or triple.object.value not in self._subjects else ""
        value = self._node(triple.object, scope, shared, alone=alone)
        label = brief(predicate.text if isinstance(predicate, Path) else _label(predicate))
        part = self._marked
        marked = part is not None and part.start <= triple.start and triple.end <= part.end
        self._drawing.arrows.append(Arrow(subject, label, value, style, where, marked))

    def _node(self, term: Term, scope: str, shared: dict[str, str], *, alone: str = "") -> str:
        match term.kind:
            case "variable":
                key = f"?{shared.get(term.value, f'{scope}{term.value}')}"
            case "blank":
                key = f"_{scope}{term.value}"
            case "literal":
                self._made += 1
                key = f"={self._made}"
            case _:
                key = f"<{term.value or term.text} {alone}"
        self._drawing.nodes.setdefault(key, Node(key, _label(term), term.kind))
        return key


def _label(term: Term) -> str:
    if term.kind == "variable":
        return f"?{term.value}"
    return brief(term.text)


def brief(text: str) -> str:
    """Text in one line that is not too long, without what XML cannot hold."""
    clean = "".join(each if _is_shown(each) else "\ufffd" for each in text)
    words = " ".join(clean.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _is_shown(letter: str) -> bool:
    code = ord(letter)
    if code < 0x20:
        return letter in "\t\n\r"
    return not (0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF))


def _both(first: str, second: str) -> str:
    return ", ".join(filter(None, (first, second)))


def _head(view: View, query: Select) -> str:
    if query.form == "CONSTRUCT":
        return "CONSTRUCT"
    return brief(view.slice(query.head))


def _tail(view: View, query: Select) -> str:
    return brief(view.slice(query.tail))


def edges(drawing: Drawing) -> Iterator[tuple[Arrow, int, bool]]:
    """Arrows, each with its number among those between two nodes, and whether it has no twin before.

    Twins lead from one node to the same other one in the same style: one line stands for them.
    """
    met: Counter[frozenset[str]] = Counter()
    drawn: set[tuple[str, str, Style, bool]] = set()
    for arrow in drawing.arrows:
        pair = frozenset((arrow.subject, arrow.object))
        ends = (arrow.subject, arrow.object, arrow.style, arrow.marked)
        yield arrow, met[pair], ends not in drawn
        met[pair] += 1
        drawn.add(ends)
