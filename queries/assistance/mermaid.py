"""A query as text for Mermaid (https://mermaid.js.org), which documents and notebooks draw."""

from __future__ import annotations

import re
from typing import Final

from .drawing import Drawing, Node, draw
from .syntax import View

# Letters that mean something there, in text or in the HTML that is made of it.
_SPECIAL: Final = re.compile(r"""["#<>&`\\\[\](){}|;%*_~]""")
_ARROWS: Final = {"must": "-->", "may": "-.->", "not": "--x"}


def mermaid(query: View | Drawing) -> str:
    """Write a query as a flow chart, whatever its text is."""
    drawing = draw(query) if isinstance(query, View) else query
    names = {key: f"n{place}" for place, key in enumerate(drawing.nodes)}
    lines = ["flowchart LR"]
    lines += [f"  {names[key]}{_shape(node)}" for key, node in drawing.nodes.items()]
    for arrow in drawing.arrows:
        label = _safe(f"{arrow.label} ({arrow.where})" if arrow.where else arrow.label)
        line = _ARROWS[arrow.style]
        lines.append(f'  {names[arrow.subject]} {line}|"{label}"| {names[arrow.object]}')
    lines += [f'  note{place}>"{_safe(note)}"]' for place, note in enumerate(drawing.notes)]
    if drawing.left_out:
        lines.append(f'  more>"… and {drawing.left_out} more patterns"]')
    return "\n".join((*lines, ""))


def _shape(node: Node) -> str:
    label = _safe(node.label)
    if node.kind in ("variable", "blank"):
        return f'(["{label}"])'
    return f'["{label}"]'


def _safe(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"#{ord(match[0])};", text)
