"""One paper in the terminal, in colours or, where there are none, with brackets."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from .answers import width
from .showing import FIGURE, ROLE_SIGNS, Shown, result_cells, size_cells

if TYPE_CHECKING:
    from ...extract.records import Entity, Result, Size

# Of the sixteen colours that every terminal has, so that no two fall together.
STYLES = {
    "Dataset": "black on bright_green",
    "Model": "black on bright_cyan",
    "Method": "black on bright_magenta",
    "Metric": "black on bright_yellow",
    "Task": "black on bright_red",
    FIGURE: "black on white",
}


def show_in_terminal(view: Shown, output: Path | None = None) -> None:
    """Write a paper to standard output, or without colours to a file."""
    if output is None:
        console = Console(highlight=False, width=width())
        console.print(rendered(view, colours=console.color_system is not None))
        return
    with output.open("w", encoding="utf-8") as file:
        Console(file=file, color_system=None, highlight=False, width=width()).print(
            rendered(view, colours=False)
        )


def rendered(view: Shown, *, colours: bool) -> RenderableType:
    """Lay out title, text, entities, results and sizes. No string is read as markup."""
    parts: list[RenderableType] = [
        Text(" · ".join(view.facts), style="dim"),
        "",
        marked(view, colours=colours),
        "",
        _legend(colours=colours),
    ]
    if view.entities:
        parts += ["", _entities(view.entities)]
    if view.results:
        parts += ["", _results(view.results)]
    if view.sizes:
        parts += ["", _sizes(view.sizes)]
    if not view.marks:
        parts += ["", Text("Nothing was found in this text.")]
    return Group(*parts, "", Text(f"by {view.made_by}", style="dim"))


def marked(view: Shown, *, colours: bool) -> Text:
    """Set the marks into the text, each with the sign of its role."""
    text = Text()
    done = 0
    for mark in view.marks:
        text.append(view.text[done : mark.start])
        name = view.text[mark.start : mark.end]
        sign = ROLE_SIGNS.get(mark.role or "", "")
        if colours:
            text.append(f"{name}{sign}", style=STYLES[mark.kind])
        else:
            text.append(f"[{name}|{mark.kind}{sign} {mark.confidence:.2f}]")
        done = mark.end
    text.append(view.text[done:])
    text.stylize("bold", 0, text.plain.find("\n"))
    return text


def _legend(*, colours: bool) -> Text:
    text = Text()
    if colours:
        for kind, style in STYLES.items():
            text.append(kind, style=style).append("  ")
    roles = "  ".join(f"{sign} {role}" for role, sign in ROLE_SIGNS.items())
    return text.append(roles, style="dim")


def _entities(entities: Iterable[Entity]) -> Table:
    table = _table("", "Entity", "Role", "Confidence", "Written")
    for entity in entities:
        table.add_row(
            Text(entity.label, style=STYLES[entity.label]),
            Text(entity.canonical),
            Text(f"{ROLE_SIGNS[entity.role]} {entity.role}"),
            Text(f"{entity.confidence:.2f}"),
            Text(", ".join(entity.surfaces)),
        )
    return table


def _results(results: Iterable[Result]) -> Table:
    table = _table("Metric", "Figure", "Kind", "Of", "On", "Confidence")
    for result in results:
        table.add_row(*map(Text, result_cells(result)))
    return table


def _sizes(sizes: Iterable[Size]) -> Table:
    table = _table("Of", "Size", "Counted", "Confidence")
    for size in sizes:
        table.add_row(*map(Text, size_cells(size)))
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in columns:
        table.add_column(name, overflow="fold")
    return table
