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
# Stands for code while the rest is marked; no text of ours holds it.
_PLACE: Final = "\x00"
_EMPHASIS: Final = re.compile(r"(?<![\w*])\*([^*\s](?:[^*]*[^*\s])?)\*(?![\w*])")


def inline(text: str) -> Markup:
    """One line of text.

    >>> inline("a **b** `<c>` & *d*")
    Markup('a <strong>b</strong> <code>&lt;c&gt;</code> &amp; <em>d</em>')
    >>> inline("**`A * B`**: c")
    Markup('<strong><code>A * B</code></strong>: c')
    """
    codes: list[str] = []

    def aside(match: re.Match[str]) -> str:
        codes.append(match[1])
        return _PLACE

    safe = str(escape(_CODE.sub(aside, text.replace(_PLACE, ""))))
    safe = _BOLD.sub(r"<strong>\1</strong>", safe)
    safe = _EMPHASIS.sub(r"<em>\1</em>", safe)
    first, *rest = safe.split(_PLACE)
    marked = (f"<code>{escape(code)}</code>{part}" for code, part in zip(codes, rest, strict=True))
    return Markup(first + "".join(marked))  # noqa: S704 - every part was escaped


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
