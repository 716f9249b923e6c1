"""The course as pages to read: units with their worked queries, exercises, and the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ...queries.course import COURSE_PREFIXES, data_text, load_course
from ..course_pages import RUBRIC, unit_values
from ..marking import blocks
from .building import Building

_ROOT: Final = "../"
_SECTION: Final = "learn.html"


def write_course(building: Building) -> None:
    """Write the map of the course, its units, the teacher's kit and the data."""
    units = load_course().units
    minutes = sum(unit.minutes for unit in units)
    for name in ("sample", "faults"):
        building.write(f"learn/{name}.ttl", data_text(name).encode())
    building.page(
        "learn.html",
        "site-learn.html",
        about=_about("Learn SPARQL with a graph of papers", {}),
        heading="Learn",
        section=_SECTION,
        units=units,
        minutes=minutes,
        prefixes=COURSE_PREFIXES.items(),
        to=_addresses(""),
    )
    building.page(
        "learn/teacher.html",
        "learn-teacher.html",
        about=_about("Teacher's kit", {}),
        heading="Teacher's kit",
        section=_SECTION,
        units=units,
        notes={unit.number: blocks(unit.teacher) for unit in units},
        minutes=minutes,
        rubric=RUBRIC,
        to=_addresses(_ROOT),
    )
    for unit in units:
        values = unit_values(unit, building.library, building.context(_ROOT).links)
        building.page(
            f"learn/{unit.number}.html",
            "site-learn-unit.html",
            about=_about(unit.title, {"description": unit.goal, "teaches": list(unit.teaches)}),
            section=_SECTION,
            checked={},
            to=_addresses(_ROOT),
            **values,
        )


def _about(name: str, more: dict[str, Any]) -> dict[str, Any]:
    return {"@type": "LearningResource", "name": name, **more}


def _addresses(root: str) -> Callable[[str], str]:
    """Addresses of pages from one from which ``root`` leads to the start."""

    def address(target: str) -> str:
        return f"{root}{target}" if target.endswith(".ttl") else f"{root}{target}.html"

    return address
