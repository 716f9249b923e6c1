"""Tokens of a query in the form in which it is read, and a cursor over them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ...graph import lexer
from .syntax import Span, Term, Token

# More than people write; what comes after is not looked at.
MOST_TOKENS: Final = 5_000
# Of braces and brackets together; the reading recurses over them.
MOST_DEPTH: Final = 100
_NUMBER: Final = re.compile(
    r"[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+\.[0-9]*[eE][+-]?[0-9]+|[0-9]+(?:[eE][+-]?[0-9]+)?"
)


class Unreadable(Exception):  # noqa: N818 - says what is the case
    """The reading cannot go on at a place."""

    def __init__(self, at: Span) -> None:
        super().__init__(f"not understood at {at.start}")
        self.at = at


def scan(text: str) -> Iterator[Token]:
    """Tokens that mean something; a text may hold any characters."""
    done = 0
    waiting: lexer.Token | None = None
    for token in lexer.tokens(text):
        if waiting is not None:
            label = token.kind == "name" and token.text.startswith(":")
            if label and token.start == waiting.start + 1:
                done = token.start + len(token.text)
                yield Token(waiting.start, done, "blank", text[waiting.start : done])
            else:
                yield Token(waiting.start, waiting.start + 1, "word", waiting.text)
            waiting = None
        if token.start < done or token.kind == "comment":
            continue
        if token.kind == "word" and token.text == "_":
            waiting = token
            continue
        made = _token(text, token)
        if made is not None:
            done = made.end
            yield made
    if waiting is not None:
        yield Token(waiting.start, waiting.start + 1, "word", waiting.text)


def _token(text: str, token: lexer.Token) -> Token | None:
    start, end = token.start, token.start + len(token.text)
    match token.kind:
        case "parameter" | "variable":
            return Token(start, end, "variable", token.text)
        case "iri":
            return Token(start, end, "iri", token.text)
        case "name":
            return Token(start, end, "name", token.text)
        case "string":
            return Token(start, end, "string", token.text)
        case "word":
            return Token(start, end, "word", token.text)
        case _:
            pass
    if token.text.isspace():
        return None
    number = _NUMBER.match(text, start)
    if number is not None:
        return Token(start, number.end(), "number", number[0])
    return Token(start, end, "mark", token.text)


class Cursor:
    """Where the reading is, and what it has met so far."""

    def __init__(self, text: str, tokens: tuple[Token, ...]) -> None:
        self.text = text
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.fault: Span | None = None
        self.prefixes: dict[str, str] = {}
        self.base = ""
        self.blanks = 0
        self._end = Token(len(text), len(text), "mark", "")

    def peek(self, ahead: int = 0) -> Token:
        """The next token, or one further on; an empty mark at the end."""
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else self._end

    def take(self) -> Token:
        """Move past the next token."""
        token = self.peek()
        self.at += 1
        return token

    def is_over(self) -> bool:
        """Whether there are no more tokens."""
        return self.at >= len(self.tokens)

    def is_word(self, *words: str, ahead: int = 0) -> bool:
        """Whether the next token is one of these keywords, which are given in capitals."""
        token = self.peek(ahead)
        return token.kind == "word" and token.upper in words

    def is_mark(self, *marks: str, ahead: int = 0) -> bool:
        """Whether the next token is one of these characters."""
        token = self.peek(ahead)
        return token.kind == "mark" and token.text in marks

    def expect(self, mark: str) -> Token:
        """Move past a character.

        Raises:
            Unreadable: there is another.
        """
        if not self.is_mark(mark):
            raise Unreadable(self.peek())
        return self.take()

    @property
    def last_end(self) -> int:
        """Where the token before ends."""
        return self.tokens[min(self.at, len(self.tokens)) - 1].end if self.at else 0

    def enter(self) -> None:
        """Go a level deeper.

        Raises:
            Unreadable: that is too deep.
        """
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise Unreadable(self.peek())

    def leave(self) -> None:
        """Come back up."""
        self.depth -= 1

    def note(self, at: Span) -> None:
        """Keep the first place that was not understood."""
        if self.fault is None:
            self.fault = Span(at.start, at.end)

    def fresh_blank(self) -> str:
        """A label that no blank node of the text can have."""
        self.blanks += 1
        return f"[{self.blanks}]"

    def iri_of(self, token: Token) -> str:
        """The IRI that an IRI or a prefixed name stands for; empty where it cannot be told."""
        if token.kind == "iri":
            iri = token.text[1:-1]
            return iri if ":" in iri or not self.base else self.base + iri
        prefix, _, local = token.text.partition(":")
        namespace = self.prefixes.get(prefix)
        if namespace is None:
            return ""
        # A backslash hides a character that would end the name.
        return namespace + re.sub(r"\\(.)", r"\1", local)

    def term_of(self, token: Token) -> Term:
        """The term of an IRI or prefixed name."""
        return Term(token.start, token.end, "iri", self.iri_of(token), token.text)
