"""Panels, asked side by side and drawn; what one fails with stays in that one."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Final

from ...graph.lexer import tokens
from ...queries import Query
from ..cells import Cell, JsonTerm, cell, iri_cell
from ..context import Context
from ..drawing.answers import chart_of
from ..drawing.charts import Chart
from ..errors import ApiError
from ..library import bind
from .panels import Panel

# Queries of one page at work at the same time, so that one reader does not fill the queue.
_BESIDE: Final = 3
# A profile is to come soon: what takes longer is left to the page of the query.
SECONDS: Final = 5.0
_NAMING: Final = ("name", "title", "label")

Row = Mapping[str, JsonTerm]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A panel as the template shows it.

    Attributes:
        anchor: its id on the page.
        title: its heading.
        note: a line below the heading.
        query: id of the query.
        question: what the query asks.
        href: the query's page with the same values, where all rows are.
        columns: names of the columns that are shown.
        table: rows of cells.
        more: whether there are further rows.
        chart: a picture of the rows.
        empty: what it means that there is no row.
        problem: why there is no answer; empty where there is one.
    """

    anchor: str
    title: str
    note: str
    query: str
    question: str
    href: str
    columns: tuple[str, ...] = ()
    table: tuple[tuple[Cell, ...], ...] = ()
    more: bool = False
    chart: Chart | None = None
    empty: str = ""
    problem: str = ""


async def run_panels(
    context: Context, panels: Sequence[Panel], thing: str = "", *, seconds: float = SECONDS
) -> list[Drawn]:
    """Ask and draw panels, in their order.

    Args:
        context: of the application.
        panels: whose queries the library lacks are left out.
        thing: IRI of the page's thing.
        seconds: when the page is to be complete, if its panels do not fail by themselves.
    """
    places = asyncio.Semaphore(_BESIDE)
    end = asyncio.get_running_loop().time() + min(seconds, context.settings.deadline_seconds)
    known = [panel for panel in panels if panel.query in context.library]
    return await asyncio.gather(
        *(
            _drawn(context, panel, thing, f"panel-{number}", _within(places, end))
            for number, panel in enumerate(known, 1)
        )
    )


async def run_panels_in_turn(
    context: Context, panels: Sequence[Panel], thing: str = ""
) -> list[Drawn]:
    """The same one after the other and without a limit, for who has the graph alone."""
    known = [panel for panel in panels if panel.query in context.library]
    return [
        await _drawn(context, panel, thing, f"panel-{number}", nullcontext())
        for number, panel in enumerate(known, 1)
    ]


@asynccontextmanager
async def _within(places: asyncio.Semaphore, end: float) -> AsyncIterator[None]:
    async with asyncio.timeout_at(end), places:
        yield


def failed(drawn: Sequence[Drawn]) -> bool:
    """Whether a page lacks an answer, so that it must not be kept."""
    return any(panel.problem for panel in drawn)


def unanswered(context: Context, query: Query, anchor: str, title: str, error: ApiError) -> Drawn:
    """A panel that says what went wrong before its query could be asked."""
    href = context.links.query(query.id, {})
    problem = f"{error.title}."
    return Drawn(anchor, title, "", query.id, query.question, href, problem=problem)


async def _drawn(
    context: Context,
    panel: Panel,
    thing: str,
    anchor: str,
    limits: AbstractAsyncContextManager[object],
) -> Drawn:
    query = context.library[panel.query]
    values = dict(panel.values) | ({panel.takes: thing} if panel.takes else {})
    href = context.links.query(query.id, values)
    blank = Drawn(anchor, panel.title or query.title, panel.note, query.id, query.question, href)
    try:
        async with limits:
            answer = await context.asker.answer(bounded(context, query, values, panel.rows))
    except TimeoutError:
        return replace(blank, problem="This took too long for a page.")
    except ApiError as error:
        return replace(blank, problem=f"{error.title}.")
    rows = answer.rows[: panel.rows]
    if not rows:
        return replace(blank, empty=query.empty or panel.empty or "No row of the graph fits.")
    chart = None
    if panel.show != "table":
        title = panel.title or query.title
        chart = chart_of(query, rows, context.links, visual=panel.show, title=title)
    columns, table = _table(context, answer.columns, rows)
    return replace(
        blank, columns=columns, table=tuple(table), more=len(answer.rows) > panel.rows, chart=chart
    )


def bounded(context: Context, query: Query, values: Mapping[str, str], most: int) -> str:
    """Executable text that gives one row more than are shown, to know whether there are more.

    Raises:
        InvalidParameterError: a value that its parameter does not take.
    """
    given = dict(values)
    if any(parameter.name == "top" for parameter in query.parameters):
        given.setdefault("top", str(most + 1))
    text = bind(context, query, given)
    words = {token.text.upper() for token in tokens(text) if token.kind == "word"}
    # A query that says how many it wants is short as it is, and takes no second LIMIT.
    return text if "LIMIT" in words or query.form != "SELECT" else f"{text}\nLIMIT {most + 1}"


def _table(
    context: Context, columns: Sequence[str], rows: Sequence[Row]
) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """Cells in which an IRI and the name in the column after it are one link."""
    named = {
        first: second
        for first, second in itertools.pairwise(columns)
        if second in _NAMING and any(_is_iri(row.get(first)) for row in rows)
    }
    shown = tuple(name for name in columns if name not in named.values())
    return shown, [
        tuple(_cell(context, row, name, named.get(name)) for name in shown) for row in rows
    ]


def _cell(context: Context, row: Row, name: str, named: str | None) -> Cell:
    term = row.get(name)
    words = row.get(named) if named else None
    if term is not None and words is not None and _is_iri(term):
        return iri_cell(str(term["value"]), context.links, str(words["value"]))
    return cell(term, context.links)


def _is_iri(term: JsonTerm | None) -> bool:
    return term is not None and term["type"] == "uri"
