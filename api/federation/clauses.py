"""The SERVICE clauses of a query, found in its tokens.

What is not recognised here stays in the query, where the check of `inspection` refuses it: a
mistake in this module can refuse too much and never reach a host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...graph.lexer import Token, tokens
from ..errors import QueryForbiddenError

_FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_OPENING: Final = "{(["
_CLOSING: Final = "})]"
_ESCAPED: Final = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Clause:
    """One SERVICE clause of a query.

    Attributes:
        start: offset of its first character in the query.
        end: offset behind its closing brace.
        service: the IRI that it asks.
        group: its group graph pattern with the braces.
        silent: a failure counts as an answer of one row without bindings.
    """

    start: int
    end: int
    service: str
    group: str
    silent: bool


@dataclass(frozen=True, slots=True)
class Federated:
    """A query with its SERVICE clauses; ``prologue`` is what comes before its form."""

    query: str
    prologue: str
    clauses: tuple[Clause, ...]

    def question(self, clause: Clause, base_iri: str) -> str:
        """The query that a clause asks its service; relative IRIs mean what they mean here."""
        return f"BASE <{base_iri}>\n{self.prologue}\nSELECT * {clause.group}"

    def with_answers(self, answers: Sequence[str]) -> str:
        """The query with a block of data in the place of each clause.

        Each stays on the line where it was, so that errors name the right ones.
        """
        parts, end = [], 0
        for clause, answer in zip(self.clauses, answers, strict=True):
            lines = self.query.count("\n", clause.start, clause.end)
            parts += [self.query[end : clause.start], " ", answer, "\n" * lines, " "]
            end = clause.end
        return "".join((*parts, self.query[end:]))


def find_clauses(query: str) -> Federated:
    """Find the SERVICE clauses whose service is written as an IRI or a prefixed name.

    Raises:
        QueryForbiddenError: the service is a variable, or there is a SERVICE within a SERVICE.
    """
    found = [
        token for token in tokens(query) if token.kind != "comment" and not token.text.isspace()
    ]
    prologue, prefixes = _prologue(query, found)
    clauses = []
    position = 0
    while position < len(found):
        if not _is_word(found[position], "SERVICE"):
            position += 1
            continue
        clause, position = _clause(query, found, position, prefixes)
        if clause is not None:
            clauses.append(clause)
    return Federated(query, prologue, tuple(clauses))


def _clause(
    query: str, found: Sequence[Token], position: int, prefixes: Mapping[str, str]
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
    if any("SERVICE" in token.text.upper() for token in _words(found[position + 1 : last])):
        raise QueryForbiddenError("SERVICE", "a SERVICE cannot be asked to ask another one")
    end = found[last].start + 1
    group = query[found[position + 1].start : end]
    return Clause(start, end, service, group, silent), last + 1


def _words(found: Sequence[Token]) -> Iterator[Token]:
    return (token for token in found if token.kind in ("word", "name"))


def _service(token: Token, prefixes: Mapping[str, str]) -> str | None:
    if token.kind in ("variable", "parameter"):
        raise QueryForbiddenError(
            "SERVICE", f"{token.text} may be any endpoint; name the one that you mean"
        )
    if token.kind == "iri":
        return token.text[1:-1]
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        if prefix in prefixes:
            return prefixes[prefix] + _ESCAPED.sub(r"\1", local)
    return None


def _closing(found: Sequence[Token], opening: int) -> int | None:
    depth = 0
    for position in range(opening, len(found)):
        if found[position].kind != "other":
            continue
        if found[position].text in _OPENING:
            depth += 1
        elif found[position].text in _CLOSING:
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
