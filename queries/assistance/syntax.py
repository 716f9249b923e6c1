"""A query as its reader sees it: patterns, filters and blocks, each with its place in the text.

This is a view and no algebra: order, nesting and spelling are those of the text, so that a message
can point at what it is about. Places are offsets in code points, end exclusive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

TermKind = Literal["variable", "iri", "literal", "blank"]
TokenKind = Literal["iri", "name", "variable", "string", "number", "word", "blank", "mark"]


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Token(Span):
    """A token without white space and comments; numbers and blank node labels are one each."""

    kind: TokenKind
    text: str

    @property
    def upper(self) -> str:
        """The text in capitals, as keywords are compared."""
        return self.text.upper()


@dataclass(frozen=True, slots=True)
class Term(Span):
    """A node of a pattern.

    Attributes:
        value: the name of a variable, the IRI, the characters of a literal, or a label that is the
            same for the same blank node. Empty for an IRI whose prefix is not declared.
        text: as written; ``[…]`` and ``(…)`` for what stands in brackets.
        datatype: IRI of a literal's datatype; empty where it has a language tag.
        language: of a literal.
    """

    kind: TermKind
    value: str
    text: str
    datatype: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Path(Span):
    """A property path that is more than one IRI; ``iris`` are those in it."""

    text: str
    iris: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Triple(Span):
    """A triple pattern.

    Its place is from the subject, or from the predicate where ``;`` or ``,`` share a subject.
    """

    subject: Term
    predicate: Term | Path
    object: Term

    @property
    def terms(self) -> tuple[Term, ...]:
        """Subject, the predicate unless it is a path, and object."""
        if isinstance(self.predicate, Path):
            return (self.subject, self.object)
        return (self.subject, self.predicate, self.object)


@dataclass(frozen=True, slots=True)
class Call(Span):
    """An aggregate: its name in capitals, whether DISTINCT, and the variables it is about."""

    name: str
    distinct: bool
    variables: tuple[Term, ...]
    star: bool = False


@dataclass(frozen=True, slots=True)
class Exists(Span):
    """EXISTS or NOT EXISTS with its group."""

    negated: bool
    group: Group


@dataclass(frozen=True, slots=True)
class Expression(Span):
    """What FILTER, BIND, HAVING, ORDER BY or a projection works out.

    Attributes:
        tokens: all but those inside EXISTS.
        variables: each use outside of EXISTS.
        guarded: names inside BOUND, COALESCE or IF, which may be unbound on purpose.
        calls: the aggregates.
        exists: the groups of EXISTS.
        iris: constants and functions by IRI.
    """

    tokens: tuple[Token, ...] = ()
    variables: tuple[Term, ...] = ()
    guarded: frozenset[str] = frozenset()
    calls: tuple[Call, ...] = ()
    exists: tuple[Exists, ...] = ()
    iris: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter(Span):
    """FILTER with its condition."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Bind(Span):
    """BIND(expression AS variable)."""

    expression: Expression
    variable: Term


@dataclass(frozen=True, slots=True)
class Values(Span):
    """VALUES; ``rows`` counts the rows, ``iris`` are the IRIs in them."""

    variables: tuple[Term, ...]
    rows: int
    iris: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Optional(Span):
    """OPTIONAL { … }."""

    group: Group


@dataclass(frozen=True, slots=True)
class Minus(Span):
    """MINUS { … }."""

    group: Group


@dataclass(frozen=True, slots=True)
class Union(Span):
    """Groups between UNION; one alone is a group in braces of its own."""

    branches: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class InGraph(Span):
    """GRAPH name { … }."""

    name: Term
    group: Group


@dataclass(frozen=True, slots=True)
class Service(Span):
    """SERVICE name { … }, answered elsewhere."""

    name: Term
    group: Group


@dataclass(frozen=True, slots=True)
class Sub(Span):
    """A query inside of the query."""

    query: Select


Element: TypeAlias = (
    Triple | Filter | Bind | Values | Optional | Minus | Union | InGraph | Service | Sub
)


@dataclass(frozen=True, slots=True)
class Group(Span):
    """What stands between braces, which the place includes, in the order of the text."""

    elements: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True)
class Projected:
    """A column: its variable, and the expression where there is one."""

    variable: Term
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Modifiers:
    """What follows WHERE.

    Attributes:
        keys: variables of GROUP BY, those made by AS there included; None without GROUP BY.
        used: variables that GROUP BY reads.
        limit: None without LIMIT; so for ``offset``.
        limit_at: place of LIMIT with its number, or of OFFSET where that stands alone.
        values: VALUES after the query.
    """

    keys: tuple[Term, ...] | None = None
    used: tuple[Term, ...] = ()
    having: Expression | None = None
    order: Expression | None = None
    limit: int | None = None
    offset: int | None = None
    limit_at: Span | None = None
    values: Values | None = None


@dataclass(frozen=True, slots=True)
class Select(Span):
    """A query without its prologue.

    Attributes:
        form: SELECT, ASK, CONSTRUCT or DESCRIBE.
        head: from the form to before FROM or WHERE.
        dataset: the FROM clauses; empty where there are none.
        tail: what follows WHERE.
        template: of CONSTRUCT.
        described: of DESCRIBE.
    """

    form: str
    head: Span
    dataset: Span
    where: Group | None
    tail: Span
    modifiers: Modifiers = field(default_factory=Modifiers)
    projection: tuple[Projected, ...] = ()
    star: bool = False
    distinct: bool = False
    template: tuple[Triple, ...] = ()
    described: tuple[Term, ...] = ()

    @property
    def calls(self) -> tuple[Call, ...]:
        """The aggregates of projection, HAVING and ORDER BY."""
        parts = [each.expression for each in self.projection]
        parts += [self.modifiers.having, self.modifiers.order]
        return tuple(call for each in parts if each for call in each.calls)


@dataclass(frozen=True, slots=True)
class Prefix(Span):
    """A declared prefix, without its colon."""

    name: str
    iri: str


@dataclass(frozen=True, slots=True)
class View:
    """A text that was read as a query.

    Attributes:
        prefixes: the last declaration of each.
        prologue: all declarations; empty at 0 where there are none.
        query: None where no query was found.
        fault: the first place that was not understood; what comes after it may be wrong.
    """

    text: str
    tokens: tuple[Token, ...]
    prefixes: Mapping[str, Prefix]
    prologue: Span
    query: Select | None
    fault: Span | None

    def slice(self, span: Span) -> str:
        """The text at a place."""
        return self.text[span.start : span.end]


def nested(element: Element) -> tuple[Group, ...]:
    """The groups directly inside an element, those of EXISTS and of a query inside included."""
    match element:
        case Optional(group=group) | Minus(group=group):
            return (group,)
        case InGraph(group=group) | Service(group=group):
            return (group,)
        case Union(branches=branches):
            return branches
        case Sub(query=query):
            return (query.where,) if query.where else ()
        case Filter(expression=expression) | Bind(expression=expression):
            return tuple(each.group for each in expression.exists)
        case _:
            return ()


def groups(group: Group) -> Iterator[Group]:
    """A group and all groups inside of it."""
    yield group
    for element in group.elements:
        for inner in nested(element):
            yield from groups(inner)


def selects(query: Select) -> Iterator[Select]:
    """A query and all queries inside of it."""
    yield query
    if query.where is not None:
        for group in groups(query.where):
            for element in group.elements:
                if isinstance(element, Sub):
                    # Deeper ones are met as their own groups are.
                    yield element.query


def names(terms: tuple[Term, ...]) -> set[str]:
    """Names of the variables among terms."""
    return {term.value for term in terms if term.kind == "variable"}
