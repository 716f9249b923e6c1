"""Reading of literals."""

from __future__ import annotations

import re
from typing import Final

from ...ontology.terms import PREFIXES
from .scanning import Cursor, Unreadable
from .syntax import Term, Token

XSD: Final = PREFIXES["xsd"]
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def literal(cursor: Cursor) -> Term:
    """Read a string with its tag or datatype, a number or a truth value.

    Raises:
        Unreadable: it is none.
    """
    token = cursor.peek()
    if token.kind == "string":
        return _string(cursor)
    if cursor.is_mark("+", "-") and cursor.peek(1).kind == "number":
        sign = cursor.take()
        number = cursor.take()
        text = cursor.text[sign.start : number.end]
        return Term(sign.start, number.end, "literal", text, text, number_type(number))
    if token.kind == "number":
        cursor.take()
        return Term(token.start, token.end, "literal", token.text, token.text, number_type(token))
    if cursor.is_word("TRUE", "FALSE"):
        cursor.take()
        return Term(
            token.start, token.end, "literal", token.text.lower(), token.text, XSD + "boolean"
        )
    raise Unreadable(token)


def number_type(token: Token) -> str:
    """Datatype of a bare number."""
    if "e" in token.text.lower():
        return XSD + "double"
    return XSD + ("decimal" if "." in token.text else "integer")


def content(quoted: str) -> str:
    r"""The characters between the quotes.

    >>> content('"a\\"b"')
    'a"b'
    """
    width = 3 if quoted[:3] in ('"""', "'''") and len(quoted) >= 6 else 1
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), quoted[width:-width])


def _string(cursor: Cursor) -> Term:
    token = cursor.take()
    value = content(token.text)
    if cursor.is_mark("@") and cursor.peek(1).kind == "word":
        cursor.take()
        language = cursor.take().text
        while cursor.is_mark("-") and cursor.peek(1).kind in ("word", "number"):
            cursor.take()
            language += f"-{cursor.take().text}"
        end = cursor.last_end
        text = cursor.text[token.start : end]
        return Term(token.start, end, "literal", value, text, "", language)
    datatype = XSD + "string"
    if cursor.is_mark("^") and cursor.is_mark("^", ahead=1):
        cursor.take()
        cursor.take()
        if cursor.peek().kind not in ("iri", "name"):
            raise Unreadable(cursor.peek())
        datatype = cursor.iri_of(cursor.take())
    end = cursor.last_end
    return Term(token.start, end, "literal", value, cursor.text[token.start : end], datatype)
