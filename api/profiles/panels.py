"""Which panels a page has. One line of a table makes one more; a test tries each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ...ontology.terms import FP

Show = Literal["table", "bar", "line"]


@dataclass(frozen=True, slots=True)
class Panel:
    """A query of the library on a page.

    Attributes:
        query: its id.
        takes: name of the parameter that is the page's thing; empty on pages about the graph.
        title: heading of the panel; the title of the query where it is empty.
        show: a chart above the table, where the answer has enough for one.
        empty: what it means that there is no row, where the query does not say so itself.
        values: further parameters.
        note: a line below the heading.
        rows: how many are shown; the page of the query has the rest.
    """

    query: str
    takes: str = ""
    title: str = ""
    show: Show = "table"
    empty: str = ""
    values: tuple[tuple[str, str], ...] = ()
    note: str = ""
    rows: int = 10


_YEARS: Final = Panel(
    "I02",
    "resource",
    "Uses per year",
    "line",
    "No paper with a year introduces or uses it.",
    rows=60,
)
_TOGETHER: Final = Panel(
    "G03", "resource", "Used together with", "bar", "No paper uses anything else beside it."
)
_SURE: Final = Panel(
    "H03", "resource", "Papers left at each confidence", "line", "No statement is about it."
)
_ELSEWHERE: Final = Panel(
    "K07", "resource", "On other sites", empty="No address on another site is known."
)

# By class, in the order of the page. Leaderboards of a data set stand before them.
PROFILES: Final[Mapping[str, tuple[Panel, ...]]] = {
    "Dataset": (
        Panel("F09", "dataset", "Gains reported on it"),
        _YEARS,
        _TOGETHER,
        Panel("C02", "dataset", "In one table", empty="Nothing is known of it but its name."),
        _SURE,
        _ELSEWHERE,
    ),
    "Model": (
        Panel("D02", "model", "Its variants", empty="No variant of it is known."),
        _YEARS,
        _TOGETHER,
        Panel("D01", "model", "In one table", empty="Nothing is known of it but its name."),
        _SURE,
        _ELSEWHERE,
    ),
    "Method": (
        Panel("G04", "method", "Tasks it is used for", "bar", "No task of its papers is known."),
        _YEARS,
        _TOGETHER,
        _ELSEWHERE,
    ),
    "Metric": (
        Panel("E05", "metric", "How texts write it", "bar", "No text names it."),
        _YEARS,
        _TOGETHER,
        _ELSEWHERE,
    ),
    "Task": (
        Panel("C04", "task", "Datasets for it", "bar", "No paper on it names a dataset."),
        Panel(
            "D03",
            "task",
            "Methods by year, the latest first",
            empty="No paper on it names a method and a year.",
        ),
        _SURE,
        _ELSEWHERE,
    ),
    "Paper": (
        Panel("G05", "paper", "Papers that share most with it", empty="No other paper does."),
    ),
}
# A benchmark is a data set by its class too, and has all that one has.
ALIASES: Final[Mapping[str, str]] = {"Benchmark": "Dataset"}

STATISTICS: Final = (
    Panel("A02", title="Things by class", show="bar"),
    Panel("I01", show="line", empty="No paper of this graph has a year.", rows=60),
    Panel("C01", show="bar", empty="No paper uses a dataset."),
    Panel("D07", show="bar", empty="No paper uses a model."),
    Panel("C06", show="bar", empty="No figure is of a system on a dataset."),
    Panel("F07", title="Results by metric", empty="No metric has so many figures."),
    Panel("H06", rows=20, empty="The graph was made by a model whose quality is not known."),
    Panel("J02", title="Coverage: papers", show="bar", values=(("class", FP.Paper),), rows=30),
    Panel("J02", title="Coverage: results", show="bar", values=(("class", FP.Result),), rows=30),
    Panel("H05", empty="The graph names no thing."),
    Panel("H08", show="bar", empty="The graph makes no statement."),
)


def panels_of(kind: str) -> tuple[Panel, ...]:
    """Panels of the page of a thing of that kind; none of an unknown kind."""
    return PROFILES.get(ALIASES.get(kind, kind), ())
