"""A few triples as a picture (SVG): ellipses for things, boxes for literals, an arrow a triple.

Nothing but the triples decides the picture: nodes stand in columns by their distance from those
that no arrow leads to, in the order of their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from statistics import mean
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from ..answers import Term
from ..rendering import compact
from .data import CourseStore
from .units import Unit

_COLUMN: Final = 350
_NODE: Final = 190
_ROW: Final = 54
_MARGIN: Final = 16
_LETTERS: Final = 23
# Attributes and no style sheet, which the pages of a server do not allow inside of them.
_TEXT: Final = (
    'font-family="system-ui, sans-serif" font-size="13" text-anchor="middle" fill="#1b1f24"'
)
_PREDICATE: Final = (
    'font-size="11" fill="#0b5c8a" paint-order="stroke" stroke="#fff" stroke-width="4"'
)


def unit_picture(unit: Unit) -> str:
    """The picture of a unit, from the sample."""
    store = CourseStore.of("sample")
    try:
        return picture(
            store.construct(unit.picture), f"Picture of unit {unit.number}: {unit.title}"
        )
    finally:
        store.close()


def picture(triples: Iterable[Triple], title: str) -> str:
    """Draw triples.

    Args:
        triples: few; each is an arrow.
        title: what a screen reader says first.

    Returns:
        An SVG element; a description inside says each triple in words.
    """
    edges = sorted(triples, key=str)
    places = _places(edges)
    width = max((x for x, _ in places.values()), default=0) + _NODE + _MARGIN
    height = max((y for _, y in places.values()), default=0) + _ROW // 2 + _MARGIN
    said = "; ".join(" ".join(map(_label, _parts(each))) for each in edges)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">',
        f"<title>{escape(title)}</title><desc>{escape(said)}</desc>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#57606a"/></marker></defs>',
        f"<g {_TEXT}>",
    ]
    lines += [_line(each, places) for each in edges]
    lines += [_node(term, *places[term]) for term in sorted(places, key=str)]
    lines += [_predicate(each, places) for each in edges]
    return "\n".join((*lines, "</g>", "</svg>\n"))


def _parts(triple: Triple) -> tuple[Term, Term, Term]:
    return triple.subject, triple.predicate, triple.object


def _places(edges: list[Triple]) -> dict[Term, tuple[int, int]]:
    """Left edge and middle of each node."""
    depths = _depths(edges)
    columns: dict[int, list[Term]] = {}
    for term in sorted(depths, key=str):
        columns.setdefault(depths[term], []).append(term)
    for depth in sorted(columns)[1:]:
        # Beside what leads there, so that few arrows cross.
        rows = {term: row for row, term in enumerate(columns.get(depth - 1, ()))}
        heights = {
            term: [
                rows[each.subject] for each in edges if each.object == term and each.subject in rows
            ]
            for term in columns[depth]
        }
        columns[depth].sort(key=lambda term: mean(heights[term] or [0]))
    tallest = max(map(len, columns.values()), default=0)
    return {
        term: (
            _MARGIN + depth * _COLUMN,
            _MARGIN + _ROW // 2 + row * _ROW + (tallest - len(terms)) * _ROW // 2,
        )
        for depth, terms in columns.items()
        for row, term in enumerate(terms)
    }


def _depths(edges: list[Triple]) -> Mapping[Term, int]:
    nodes: dict[Term, None] = {}
    for edge in edges:
        nodes |= {edge.subject: None, edge.object: None}
    led_to = {edge.object for edge in edges if edge.object != edge.subject}
    depths: dict[Term, int] = {node: 0 for node in nodes if node not in led_to}
    if not depths and nodes:
        depths = {min(nodes, key=str): 0}
    waiting = sorted(depths, key=str)
    while waiting:
        node = waiting.pop(0)
        for edge in edges:
            if edge.subject == node and edge.object not in depths:
                depths[edge.object] = depths[node] + 1
                waiting.append(edge.object)
    return {**dict.fromkeys(nodes, 0), **depths}


def _ends(triple: Triple, places: Mapping[Term, tuple[int, int]]) -> tuple[int, int, int, int]:
    (x1, y1), (x2, y2) = places[triple.subject], places[triple.object]
    if x1 < x2:
        return x1 + _NODE, y1, x2, y2
    if x1 > x2:
        return x1, y1, x2 + _NODE, y2
    return x1 + _NODE // 2, y1 + 16, x2 + _NODE // 2, y2 - 16


def _line(triple: Triple, places: Mapping[Term, tuple[int, int]]) -> str:
    x1, y1, x2, y2 = _ends(triple, places)
    return (
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#57606a" marker-end="url(#tip)"/>'
    )


def _predicate(triple: Triple, places: Mapping[Term, tuple[int, int]]) -> str:
    x1, y1, x2, y2 = _ends(triple, places)
    # A little nearer to the object, where arrows from one subject have spread.
    x, y = (2 * x1 + 3 * x2) // 5, (2 * y1 + 3 * y2) // 5
    return f'<text {_PREDICATE} x="{x}" y="{y}">{escape(_label(triple.predicate))}</text>'


def _node(term: Term, x: int, y: int) -> str:
    middle = x + _NODE // 2
    full = compact(term)
    shown = _label(term)
    name = shown if len(shown) <= _LETTERS else f"{shown[:8]}…{shown[9 - _LETTERS :]}"
    if isinstance(term, Literal) and name != shown:
        name = f'{shown[: _LETTERS - 2]}…"'
    if isinstance(term, Literal):
        shape = f'<rect x="{x}" y="{y - 16}" width="{_NODE}" height="32" rx="3" fill="#fff8e1" stroke="#8a6d0b"/>'
    else:
        shape = f'<ellipse cx="{middle}" cy="{y}" rx="{_NODE // 2}" ry="18" fill="#e8f1fa" stroke="#0b5c8a"/>'
    text = f'<text x="{middle}" y="{y + 4}">{escape(name)}</text>'
    return f"<g><title>{escape(full)}</title>{shape}{text}</g>"


def _label(term: Term) -> str:
    text = compact(term)
    if text == "rdf:type":
        return "a"
    if isinstance(term, Literal):
        return f'"{text}"'
    kind, slash, name = text.partition("/")
    return f"{kind}:{name}" if slash and isinstance(term, NamedNode) and "://" not in text else text
