"""Which columns of an answer a chart is of, and the points in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ...queries import Query
from ..cells import JsonTerm
from ..links import Links
from .charts import Chart, Point, bar_chart, finite, line_chart

Row = Mapping[str, JsonTerm]

_NUMBERS: Final = ("integer", "decimal")
_NAMES: Final = ("name", "title")


def chart_of(
    query: Query, rows: Sequence[Row], links: Links, *, visual: str = "", title: str = ""
) -> Chart | None:
    """Draw an answer in the way its query says, or in another.

    Args:
        query: whose answer it is.
        rows: of the answer.
        links: for short names of IRIs.
        visual: ``bar`` or ``line``, in place of the query's own.
        title: of the chart; without one the query's.

    Returns:
        None where the query says neither, has no number, or nothing but zeros, if anything, was
        found: that makes no picture.
    """
    columns = chart_columns(query, visual or query.visual)
    if columns is None:
        return None
    label, value = columns
    name = f"{title or query.title}: {value}"
    found = points(rows, label, value, links)
    if not any(point.value for point in found):
        return None
    return (line_chart if (visual or query.visual) == "line" else bar_chart)(found, name)


def points(rows: Iterable[Row], label: str, value: str, links: Links) -> list[Point]:
    """One point a row; rows without a finite number are in the table alone."""
    found = []
    for row in rows:
        number = finite(_text(row, value, links))
        if number is not None:
            words = _text(row, label, links)
            found.append(Point(words, number, finite(words)))
    return found


def chart_columns(query: Query, visual: str) -> tuple[str, str] | None:
    """Names of the columns of the labels and of the values; None where there is no chart."""
    types = {column.name: column.type for column in query.columns}
    named = next((name for name in _NAMES if name in types), None)
    first = next(iter(types), None)
    label = named if visual == "bar" and named else first
    value = next((name for name in types if types[name] in _NUMBERS and name != label), None)
    if visual not in ("bar", "line") or label is None or value is None:
        return None
    return label, value


def _text(row: Row, name: str, links: Links) -> str:
    term = row.get(name)
    if term is None:
        return ""
    text = str(term["value"])
    return links.short(text) if term["type"] == "uri" else text
