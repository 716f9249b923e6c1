r"""The tokens of SPARQL, as far as binding and checking a query need them.

Grammar: SPARQL 1.1 Query Language, section 19.8 (terminals). A ``$name`` is recognised only where
the grammar has a variable, so never inside an IRI, a string, a comment or a prefixed name.

>>> [token.text for token in tokens('SELECT * { ?s ex:a\\$b "$x" } # $y') if token.kind == "name"]
['ex:a\\$b']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

Kind = Literal["comment", "iri", "string", "parameter", "variable", "name", "word", "other"]

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_VARIABLE = f"[{_BASE}_0-9][{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040]*"
_NAME = f"[{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040-]"
_LOCAL = rf"(?:{_NAME}|:|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%])"
_TOKEN = re.compile(
    "|".join(
        (
            r"(?P<comment>#[^\n\r]*)",
            r'(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)',
            r'(?P<string>"""(?:"{0,2}(?:[^"\\]|\\.))*"""'
            r"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''"
            r'|"(?:[^"\\\n\r]|\\.)*"'
            r"|'(?:[^'\\\n\r]|\\.)*')",
            rf"(?P<parameter>\${_VARIABLE})",
            rf"(?P<variable>\?{_VARIABLE})",
            # A local name may hold dots but not end in one: that one ends the triple.
            rf"(?P<name>(?:[{_BASE}](?:(?:{_NAME}|\.)*{_NAME})?)?:(?:(?:{_LOCAL}|\.)*{_LOCAL})?)",
            r"(?P<word>[A-Za-z_][A-Za-z_0-9]*)",
            r"(?P<other>\s+|.)",
        )
    ),
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``start`` is its offset in code points, ``text`` is as written."""

    kind: Kind
    text: str
    start: int

    @property
    def label(self) -> str:
        """The name of a variable or parameter without its sigil."""
        return self.text[1:]


def tokens(text: str) -> Iterator[Token]:
    """Split a query into tokens; their texts joined are the query again."""
    for match in _TOKEN.finditer(text):
        yield Token(cast(Kind, match.lastgroup), match.group(), match.start())


def line_of(text: str, offset: int) -> int:
    """The 1-based line on which an offset lies."""
    return text.count("\n", 0, offset) + 1
