"""Remnants of HTML, JATS and MathML in texts that should be plain."""

from __future__ import annotations

import html
import re

_INLINE = (
    "a|abbr|b|bold|code|em|ext-link|fixed-case|font|i|inline-formula|italic|math|monospace"
    "|roman|sc|scp|small|span|strong|styled-content|sub|sup|tex-math|tt|u|underline|xref"
)
_BLOCK = (
    "abstract|blockquote|br|caption|disp-formula|div|h[1-6]|hr|label|li|list|list-item|ol|p|sec"
    "|table|tbody|td|th|title|tr|ul"
)
_PREFIX = r"(?:(?:jats|mml|m|xhtml|ns\d+):)?"
_ATTRIBUTES = r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*/?>"""
_HEADING = re.compile(rf"<{_PREFIX}title{_ATTRIBUTES}([^<>]*)</{_PREFIX}title\s*>", re.IGNORECASE)
_GENERAL = re.compile(r"(?:abstract|summary)?", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?{_PREFIX}(?:{_BLOCK}){_ATTRIBUTES}", re.IGNORECASE)
_INLINE_TAG = re.compile(
    rf"</?(?:{_PREFIX}(?:{_INLINE})|(?:mml|jats):[\w-]+){_ATTRIBUTES}", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\w{1,8}|[A-Za-z]\w{1,31});")


def strip_markup(text: str) -> str:
    """Drop tags and resolve character references, also those that were escaped twice.

    Tags of blocks give a space, tags within a line nothing. Headings are followed by a colon, but
    for "Abstract" and "Summary", which go. Only names that are known are taken for tags, for
    comparisons look alike.

    >>> strip_markup("CO<sub>2</sub><br/>&amp; more, where a <b and c> d")
    'CO2 & more, where a <b and c> d'
    """
    for _ in range(2):
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    text = _HEADING.sub(_heading, text)
    return _INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", text))


def _heading(found: re.Match[str]) -> str:
    heading = found[1].strip(" \t\r\n:.")
    return " " if _GENERAL.fullmatch(heading) else f" {heading}: "
