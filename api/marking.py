"""The little Markdown that our own texts are written in, as HTML.

Paragraphs, lists, quotations, code blocks, ``code``, **bold**, *emphasis*: what the units of the
course use, and nothing that could bring markup in, for every character is escaped first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from markupsafe import Markup, escape

_FENCE: Final = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
_CODE: Final = re.compile(r"`([^`]+)`")
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
_EMPHASIS: Final = re.compile(r"(?<![\w*])\*([^*\s](?:[^*]*[^*\s])?)\*(?![\w*])")


def inline(text: str) -> Markup:
    """One line of text.

    >>> inline("a **b** `<c>` & *d*")
    Markup('a <strong>b</strong> <code>&lt;c&gt;</code> &amp; <em>d</em>')
    """
    parts = _CODE.split(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else _emphasized(part)
        for place, part in enumerate(parts)
    )


def blocks(text: str) -> Markup:
    """Text of several paragraphs."""
    parts = _FENCE.split(text)
    return Markup("\n").join(
        Markup("<pre><code>{}</code></pre>").format(part)
        if place % 2
        else Markup("\n").join(_paragraphs(part))
        for place, part in enumerate(parts)
    )


def _paragraphs(text: str) -> Iterator[Markup]:
    for part in re.split(r"\n\s*\n", text.strip()):
        if not part:
            continue
        lines = part.split("\n")
        if all(line.startswith("- ") for line in lines):
            items = (Markup("<li>{}</li>").format(inline(line[2:])) for line in lines)
            yield Markup("<ul>{}</ul>").format(Markup("").join(items))
        elif all(line.startswith(">") for line in lines):
            quoted = " ".join(line.lstrip("> ") for line in lines)
            yield Markup("<blockquote><p>{}</p></blockquote>").format(inline(quoted))
        else:
            broken = Markup("<br>").join(map(inline, lines))
            yield Markup("<p>{}</p>").format(broken)


def _emphasized(text: str) -> Markup:
    safe = str(escape(text))
    safe = _BOLD.sub(r"<strong>\1</strong>", safe)
    return Markup(_EMPHASIS.sub(r"<em>\1</em>", safe))  # noqa: S704 - escaped two lines above
