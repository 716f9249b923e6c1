"""The SERVICE clauses of a query, found in its tokens.

What is not recognised here stays in the query, where whoever asks must refuse it: a mistake in
this module can refuse too much and never reach a host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...graph.lexer import Token, tokens
from ..errors import QueriesError

_FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_OPENING: Final = "{(["
_CLOSING: Final = "})]"
_ESCAPED: Final = re.compile(r"\\(.)")
# Groups whose patterns mean something else than they would on their own.
_APART: Final = ("EXISTS", "GRAPH", "LATERAL")


_BEFORE_STAR: Final = ("SELECT", "DISTINCT", "REDUCED", "DESCRIBE")


class ClauseError(QueriesError):
    """A SERVICE clause that cannot be asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Local:
    """A subquery that stands right before a clause, so that its rows can be given to the service.

    SPARQL 1.1 Federated Query, section 2.4: the two are joined, so the service need only be asked
    for what joins with the rows.

    Attributes:
        start: offset of its opening brace in the query.
        query: what stands between the braces.
    """

    start: int
    query: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One SERVICE clause of a query.

    Attributes:
        start: offset of its first character in the query.
        end: offset behind its closing brace.
        service: the IRI that it asks.
        group: its group graph pattern with the braces.
        silent: a failure counts as an answer of one row without bindings.
        variables: names of the variables of the group, in the order in which they come.
        wanted: those of them that the rest of the query speaks of; all where it may be any.
        local: the subquery before it; None where none is, or its rows would mean something else.
    """

    start: int
    end: int
    service: str
    group: str
    silent: bool
    variables: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    local: Local | None = None


@dataclass(frozen=True, slots=True)
class Federated:
    """A query with its SERVICE clauses; ``prologue`` is what comes before its form."""

    query: str
    prologue: str
    clauses: tuple[Clause, ...]

    def question(self, clause: Clause, base_iri: str, known: str = "") -> str:
        """The query that a clause asks its service; relative IRIs mean what they mean here.

        Only what the rest of the query speaks of is asked for: less to send, and no blank nodes
        that nobody would have seen.

        Args:
            clause: one of this query.
            base_iri: of the query.
            known: a block of VALUES that the answer is to join with.
        """
        columns = " ".join(f"?{name}" for name in clause.wanted) or "*"
        return f"{self._before(base_iri)}SELECT {columns} {clause.group}\n{known}"

    def local_question(self, local: Local, base_iri: str, most: int) -> str:
        """The query for the rows of a subquery, at most so many of them."""
        # Its last line may be a comment.
        return f"{self._before(base_iri)}SELECT * {{ {{{local.query}\n}} }} LIMIT {most}"

    def with_answers(self, answers: Sequence[str], known: Sequence[str | None] = ()) -> str:
        """The query with a block of data in the place of each clause.

        Each stays on the line where it was, so that errors name the right ones.

        Args:
            answers: a block for each clause.
            known: a block for the subquery before each clause, None where it stays as it is.
        """
        parts, end = [], 0
        blocks = known or [None] * len(answers)
        for clause, answer, block in zip(self.clauses, answers, blocks, strict=True):
            start = clause.start
            if block is not None and clause.local is not None:
                start = clause.local.start
                answer = f"{block} {answer}"
            lines = self.query.count("\n", start, clause.end)
            parts += [self.query[end:start], " ", answer, "\n" * lines, " "]
            end = clause.end
        return "".join((*parts, self.query[end:]))

    def _before(self, base_iri: str) -> str:
        return f"BASE <{base_iri}>\n{self.prologue}\n"


def find_clauses(query: str) -> Federated:
    """Find the SERVICE clauses whose service is written as an IRI or a prefixed name.

    Raises:
        ClauseError: the service is a variable, or there is a SERVICE within a SERVICE.
    """
    found = [
        token for token in tokens(query) if token.kind != "comment" and not token.text.isspace()
    ]
    prologue, prefixes = _prologue(query, found)
    apart = _apart(found)
    clauses: list[Clause] = []
    position = 0
    while position < len(found):
        if not _is_word(found[position], "SERVICE"):
            position += 1
            continue
        local = None if apart[position] else _local(query, found, position)
        clause, position = _clause(query, found, position, prefixes, local)
        if clause is not None:
            clauses.append(clause)
    return Federated(query, prologue, tuple(_with_wanted(clauses, found)))


def _with_wanted(clauses: Sequence[Clause], found: Sequence[Token]) -> Iterator[Clause]:
    for clause in clauses:
        outside = [
            (before, token)
            for before, token in zip([None, *found], found, strict=False)
            if not clause.start <= token.start < clause.end
        ]
        # A star that is no multiplication and no path: every variable is a column.
        if any(token.text == "*" and before and _any_follows(before) for before, token in outside):
            yield clause
            continue
        spoken = {token.label for _, token in outside if token.kind in ("variable", "parameter")}
        wanted = tuple(name for name in clause.variables if name in spoken)
        yield replace(clause, wanted=wanted)


def _any_follows(token: Token) -> bool:
    return token.text == "(" or token.text.upper() in _BEFORE_STAR


def _clause(
    query: str,
    found: Sequence[Token],
    position: int,
    prefixes: Mapping[str, str],
    local: Local | None,
) -> tuple[Clause | None, int]:
    start = found[position].start
    position += 1
    rest = found[position : position + 3]
    silent = bool(rest) and _is_word(rest[0], "SILENT")
    if silent:
        rest, position = rest[1:], position + 1
    if len(rest) < 2 or rest[1].text != "{":
        return None, position
    service = _service(rest[0], prefixes)
    last = _closing(found, position + 1)
    if service is None or last is None:
        return None, position
    inside = found[position + 1 : last]
    if any("SERVICE" in token.text.upper() for token in _words(inside)):
        raise ClauseError("a SERVICE cannot be asked to ask another one")
    end = found[last].start + 1
    group = query[found[position + 1].start : end]
    names = dict.fromkeys(
        token.label for token in inside if token.kind in ("variable", "parameter")
    )
    return Clause(start, end, service, group, silent, tuple(names), (), local), last + 1


def _local(query: str, found: Sequence[Token], position: int) -> Local | None:
    """The subquery that ends right before a clause, in the same group."""
    if not position or found[position - 1].text != "}":
        return None
    first = _opening(found, position - 1)
    if first is None or first == 0 or not _is_word(found[first + 1], "SELECT"):
        return None
    # Behind a keyword (OPTIONAL, MINUS, UNION, GRAPH ...) it is not joined with what follows.
    if found[first - 1].text not in ("{", "}", "."):
        return None
    if any("SERVICE" in token.text.upper() for token in _words(found[first:position])):
        return None
    start = found[first].start
    return Local(start, query[start + 1 : found[position - 1].start])


def _apart(found: Sequence[Token]) -> list[bool]:
    """For each token, whether a pattern there is matched apart from the default graph as it is."""
    barred = any(token.kind == "word" and token.text.upper().startswith("FROM") for token in found)
    stack = [barred]
    apart = []
    for position, token in enumerate(found):
        if token.kind == "other" and token.text in _OPENING:
            words = [each.text.upper() for each in found[max(position - 2, 0) : position]]
            named = bool(words) and (words[-1] in _APART or words[0] == "GRAPH")
            stack.append(stack[-1] or named)
        elif token.kind == "other" and token.text in _CLOSING and len(stack) > 1:
            stack.pop()
        apart.append(stack[-1])
    return apart


def _words(found: Sequence[Token]) -> Iterator[Token]:
    return (token for token in found if token.kind in ("word", "name"))


def _service(token: Token, prefixes: Mapping[str, str]) -> str | None:
    if token.kind in ("variable", "parameter"):
        raise ClauseError(f"{token.text} may be any endpoint; name the one that you mean")
    if token.kind == "iri":
        return token.text[1:-1]
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        if prefix in prefixes:
            return prefixes[prefix] + _ESCAPED.sub(r"\1", local)
    return None


def _closing(found: Sequence[Token], opening: int) -> int | None:
    return _partner(found, range(opening, len(found)), _OPENING, _CLOSING)


def _opening(found: Sequence[Token], closing: int) -> int | None:
    return _partner(found, range(closing, -1, -1), _CLOSING, _OPENING)


def _partner(found: Sequence[Token], positions: range, deeper: str, back: str) -> int | None:
    depth = 0
    for position in positions:
        if found[position].kind != "other":
            continue
        if found[position].text in deeper:
            depth += 1
        elif found[position].text in back:
            depth -= 1
            if depth == 0:
                return position
    return None


def _prologue(query: str, found: Sequence[Token]) -> tuple[str, dict[str, str]]:
    prefixes: dict[str, str] = {}
    for position, token in enumerate(found):
        if token.kind == "word" and token.text.upper().startswith(_FORMS):
            return query[: token.start], prefixes
        if _is_word(token, "PREFIX"):
            name, iri = [*found[position + 1 : position + 3], None, None][:2]
            if name is not None and iri is not None and iri.kind == "iri":
                prefixes[name.text.removesuffix(":")] = iri.text[1:-1]
    return "", prefixes


def _is_word(token: Token, word: str) -> bool:
    return token.kind == "word" and token.text.upper() == word
