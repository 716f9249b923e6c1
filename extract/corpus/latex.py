"""LaTeX in titles and abstracts, decoded to plain text."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from pybtex.exceptions import PybtexError  # type: ignore[import-untyped]
from pybtex.richtext import Text  # type: ignore[import-untyped]

from ..papers import normalize_line
from .fields import MAX_ABSTRACT

MAX_WORK: Final = 10**9
"""Opening braces times characters of one text, with which the parser's time can grow."""

# Escaped signs travel through the decoder as private characters, which it leaves alone.
_SIGNS = {"{": "\ue000", "}": "\ue001", "$": "\ue002", "%": "\ue003"}
_TILDE = "\ue004"
_BACK = {ord(private): sign for sign, private in _SIGNS.items()}
_LATEX = re.compile(r"[\\{}$%~`']|--")
_ESCAPED = re.compile(r"\\([{}$%])")
_SPACING = re.compile(r"\\(?:[,;:!/ \n]|\\|$)|\\-")
_STYLE = re.compile(
    r"\\(?:emph|text(?:it|bf|tt|sc|sf|sl|rm|up|md|normal)?|math(?:it|bf|tt|sf|rm|cal|bb)"
    r"|(?:it|bf|tt|sc|sf|sl|rm|em|url)(?![A-Za-z])|uppercase|lowercase|mbox|ensuremath)"
    r"(?![A-Za-z])\s*"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)\s?")


def decode_latex(text: str) -> str:
    r"""Turn LaTeX into normalized plain text.

    Accents, symbols and Greek letters become their characters; commands of style, braces and
    the dollars of a formula go; other commands leave their name. Values with unbalanced braces
    keep what cannot be decoded. A bare per cent sign is text, since abstracts pasted into BibTeX
    mean it so.

    >>> decode_latex(r"{BERT} by G{\"o}del: \emph{50\%} of $\alpha$ --- 5% more")
    'BERT by Gödel: 50% of α — 5% more'
    """
    if not _LATEX.search(text):
        return normalize_line(text)
    text = _ESCAPED.sub(lambda found: _SIGNS[found[1]], text).replace("%", _SIGNS["%"])
    text = _SPACING.sub(lambda found: "" if found[0] in (r"\-", r"\/") else " ", text)
    text = _STYLE.sub("", text)
    try:
        text = str(Text.from_latex(text))
    except (PybtexError, UnicodeError, RecursionError):
        text = text.replace("{", "").replace("}", "")
    text = _COMMAND.sub(_command, text.replace("$", ""))
    return normalize_line(text.translate(_BACK))


def decode_prose(text: str) -> str:
    r"""Decode LaTeX in a text that is shown as it stands, such as an abstract on arXiv.

    As `decode_latex`, but a tilde is no space, since it stands for "about". What would take too
    long is left alone.

    >>> decode_prose(r"~10\% of $n$-grams")
    '~10% of n-grams'
    """
    if len(text) > MAX_ABSTRACT or text.count("{") * len(text) > MAX_WORK:
        return text
    return decode_latex(text.replace("~", _TILDE)).replace(_TILDE, "~")


def strip_latex(text: str) -> str:
    r"""Undo escapes in a value that is no prose, such as an address or identifier.

    >>> strip_latex(r"\url{10.1000/a\_b}")
    '10.1000/a_b'
    """
    text = re.sub(r"\\url\s*(?=\{)", "", text)
    return normalize_line(re.sub(r"\\([_%&#~$])", r"\1", text).replace("{", "").replace("}", ""))


def _command(found: re.Match[str]) -> str:
    name = found[1]
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name.upper()}")
    except KeyError:
        return name + found[0][1 + len(name) :]
