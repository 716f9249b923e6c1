"""A query as a picture (SVG): variables are ellipses, constants boxes, each pattern an arrow.

Nothing but the query decides the picture: nodes stand in columns by their distance from those that
no arrow leads to, in the order of the text. It has attributes and no style sheet or script, which the
pages of a server do not allow inside of them.
"""

from __future__ import annotations

from html import escape
from textwrap import wrap
from typing import Final

from .drawing import Arrow, Drawing, Node, draw, edges
from .syntax import View

_NARROWEST: Final = 90
_WIDEST: Final = 320
_LETTER: Final = 6
_NODE: Final = 190
_ROW: Final = 64
_MARGIN: Final = 16
_LINE: Final = 18
_LETTERS: Final = 23
_NOTE_LETTERS: Final = 90
_FONT: Final = 'font-family="system-ui, sans-serif" font-size="13" fill="#1b1f24"'
_HALO: Final = 'font-size="11" paint-order="stroke" stroke="#fff" stroke-width="4"'
_STROKE: Final = {
    "must": ("#57606a", "", "#0b5c8a"),
    "may": ("#57606a", ' stroke-dasharray="7 5"', "#0b5c8a"),
    "not": ("#a40e26", ' stroke-dasharray="2 4"', "#a40e26"),
}
_MARK: Final = "#a40e26"
_FILL: Final = {
    "variable": ("#e8f1fa", "#0b5c8a"),
    "blank": ("#ffffff", "#0b5c8a"),
    "iri": ("#eef7ee", "#2b6a30"),
    "literal": ("#fff8e1", "#8a6d0b"),
}


def svg(query: View | Drawing) -> str:
    """Draw a query.

    Returns:
        An SVG element, well-formed whatever the text is; a description inside says each part in
        words.
    """
    drawing = draw(query) if isinstance(query, View) else query
    places = _places(drawing)
    tall = max((y for _, y in places.values()), default=0) + _ROW // 2 + _MARGIN
    notes = [line for note in _notes(drawing) for line in _wrap(note)]
    width = max((x for x, _ in places.values()), default=0) + _NODE + _MARGIN
    width = max(width, 320, max((len(each) for each in notes), default=0) * 7 + 2 * _MARGIN)
    height = tall + len(notes) * _LINE + (_MARGIN if notes else 0)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">',
        f"<title>{escape(drawing.title)}</title><desc>{escape(drawing.words())}</desc>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<defs><marker id="query-tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#57606a"/></marker></defs>',
        f"<g {_FONT}>",
    ]
    numbered = list(edges(drawing))
    lines += [_line(arrow, number, places) for arrow, number, first in numbered if first]
    lines += [_node(node, *places[node.key]) for node in drawing.nodes.values()]
    lines += [_label(arrow, number, places) for arrow, number, _ in numbered]
    lines += [
        f'<text x="{_MARGIN}" y="{tall + place * _LINE + 12}">{escape(note)}</text>'
        for place, note in enumerate(notes)
    ]
    return "\n".join((*lines, "</g>", "</svg>\n"))


def _notes(drawing: Drawing) -> list[str]:
    more = [f"… and {drawing.left_out} more patterns"] if drawing.left_out else []
    return [drawing.title, *drawing.notes, *more]


def _wrap(text: str) -> list[str]:
    return wrap(text, _NOTE_LETTERS, subsequent_indent="    ") or [""]


def _places(drawing: Drawing) -> dict[str, tuple[int, int]]:
    """Left edge and middle of each node."""
    columns: dict[int, list[str]] = {}
    for key, depth in _depths(drawing).items():
        columns.setdefault(depth, []).append(key)
    order = {key: place for place, key in enumerate(drawing.nodes)}
    rows: dict[str, float] = {}
    for depth in sorted(columns):
        keys = columns[depth]
        led = {
            key: [
                rows[arrow.subject]
                for arrow in drawing.arrows
                if arrow.object == key and arrow.subject in rows
            ]
            for key in keys
        }
        # Beside what leads there, so that few arrows cross.
        keys.sort(key=lambda key: (sum(led[key]) / len(led[key]) if led[key] else 0, order[key]))
        rows |= {key: float(row) for row, key in enumerate(keys)}
    tallest = max(map(len, columns.values()), default=0)
    longest = max((len(_text(arrow)) for arrow in drawing.arrows), default=0)
    column = _NODE + min(max(longest * _LETTER + 40, _NARROWEST), _WIDEST)
    return {
        key: (
            _MARGIN + depth * column,
            _MARGIN + _ROW // 2 + row * _ROW + (tallest - len(keys)) * _ROW // 2,
        )
        for depth, keys in columns.items()
        for row, key in enumerate(keys)
    }


def _depths(drawing: Drawing) -> dict[str, int]:
    after: dict[str, list[str]] = {}
    led_to: set[str] = set()
    for arrow in drawing.arrows:
        after.setdefault(arrow.subject, []).append(arrow.object)
        if arrow.object != arrow.subject:
            led_to.add(arrow.object)
    depths: dict[str, int] = {}
    # Nodes on a circle have no beginning: the first of the text is taken.
    for root in [*(key for key in drawing.nodes if key not in led_to), *drawing.nodes]:
        if root in depths:
            continue
        depths[root] = 0
        waiting = [root]
        for node in waiting:
            for each in after.get(node, ()):
                if each not in depths:
                    depths[each] = depths[node] + 1
                    waiting.append(each)
    return depths


def _ends(arrow: Arrow, number: int, places: dict[str, tuple[int, int]]) -> tuple[int, ...]:
    (x1, y1), (x2, y2) = places[arrow.subject], places[arrow.object]
    # An arrow back, or in another style, stands beside the first one and within its nodes.
    shift = min(number, 3) * 4
    if x1 < x2:
        return x1 + _NODE, y1 + shift, x2, y2 + shift
    if x1 > x2:
        return x1, y1 + shift, x2 + _NODE, y2 + shift
    return x1 + _NODE // 2 + shift, y1, x2 + _NODE // 2 + shift, y2


def _line(arrow: Arrow, number: int, places: dict[str, tuple[int, int]]) -> str:
    colour, dashes, _ = _STROKE[arrow.style]
    x1, y1, x2, y2 = _ends(arrow, number, places)
    if arrow.marked:
        colour = _MARK
    width = ' stroke-width="3"' if arrow.marked else ""
    drawn = f'fill="none" stroke="{colour}"{dashes}{width} marker-end="url(#query-tip)"'
    if arrow.subject == arrow.object:
        return f'<path d="M{x1 - 20} {y1 - 16}C{x1 - 40} {y1 - 46} {x1 + 40} {y1 - 46} {x1 + 20} {y1 - 16}" {drawn}/>'
    if x1 == x2:
        # Beside the nodes that stand between.
        down = 1 if y2 > y1 else -1
        y1, y2 = y1 + 18 * down, y2 - 18 * down
        return f'<path d="M{x1} {y1}Q{x1 + 60} {(y1 + y2) // 2} {x2} {y2}" {drawn}/>'
    return f'<path d="M{x1} {y1}L{x2} {y2}" {drawn}/>'


def _label(arrow: Arrow, number: int, places: dict[str, tuple[int, int]]) -> str:
    x1, y1, x2, y2 = _ends(arrow, number, places)
    # A little nearer to the object, where arrows from one subject have spread.
    x, y = (2 * x1 + 3 * x2) // 5, (2 * y1 + 3 * y2) // 5 + 4 + number * 9
    if arrow.subject == arrow.object:
        x, y = x1, y1 - 42
    elif x1 == x2:
        x, y = x1 + 40, (y1 + y2) // 2 + 4 + number * 12
    shown = _text(arrow)
    colour = _STROKE[arrow.style][2]
    return (
        f'<text {_HALO} fill="{colour}" text-anchor="middle" x="{x}" y="{y}">{escape(shown)}</text>'
    )


def _text(arrow: Arrow) -> str:
    text = arrow.label if arrow.style != "not" else f"not {arrow.label}"
    return _short(text, 30) + (f" ({_short(arrow.where, 24)})" if arrow.where else "")


def _node(node: Node, x: int, y: int) -> str:
    middle = x + _NODE // 2
    fill, stroke = _FILL[node.kind]
    if node.kind in ("variable", "blank"):
        shape = (
            f'<ellipse cx="{middle}" cy="{y}" rx="{_NODE // 2}" ry="18" fill="{fill}" '
            f'stroke="{stroke}"/>'
        )
    else:
        shape = (
            f'<rect x="{x}" y="{y - 16}" width="{_NODE}" height="32" rx="3" fill="{fill}" '
            f'stroke="{stroke}"/>'
        )
    name = escape(_name(node))
    text = f'<text x="{middle}" y="{y + 4}" text-anchor="middle">{name}</text>'
    return f"<g><title>{escape(node.label)}</title>{shape}{text}</g>"


def _name(node: Node) -> str:
    """What fits into a node: of an IRI its end, which tells most."""
    text = node.label
    if text.startswith("<") and len(text) > _LETTERS:
        return f"…{text[1 - _LETTERS : -1]}"
    return _short(text, _LETTERS)


def _short(text: str, letters: int) -> str:
    if len(text) <= letters:
        return text
    return f"{text[: letters // 3]}…{text[letters // 3 + 1 - letters :]}"
