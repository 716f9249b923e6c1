"""The units as Jupyter notebooks (nbformat 4.5), written without Jupyter.

They hold no answers, unless a teacher asks for them, and no outputs: running them makes those.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ..library import Library, load_library
from .picture import unit_picture
from .units import Course, Exercise, Unit, Worked

EXTENSION: Final = "fairpapers.api.notebook"
_KERNEL: Final = {"display_name": "Python 3", "language": "python", "name": "python3"}


def write_notebooks(course: Course, folder: Path, *, teacher: bool = False) -> list[Path]:
    """Write one notebook a unit; a file of that name is replaced.

    Args:
        course: the units.
        folder: made where it does not exist.
        teacher: with notes for teachers and the answer key.

    Returns:
        The files, in order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    library = load_library()
    written = []
    for unit in course.units:
        path = folder / f"{unit.slug}.ipynb"
        document = notebook(course, unit, library, teacher=teacher)
        text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
        path.write_text(text + "\n", "utf-8", newline="\n")
        written.append(path)
    return written


def notebook(
    course: Course, unit: Unit, library: Library, *, teacher: bool = False
) -> dict[str, Any]:
    """One unit as a notebook document."""
    cells = list(_cells(course, unit, library, teacher=teacher))
    for number, cell in enumerate(cells):
        cell["id"] = f"unit-{unit.number:02}-{number:02}"
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _cells(
    course: Course, unit: Unit, library: Library, *, teacher: bool
) -> Iterator[dict[str, Any]]:
    drawn = base64.b64encode(unit_picture(unit).encode()).decode()
    yield _markdown(f"# {unit.number}. {unit.title}\n\n*{unit.goal}* ({unit.minutes} minutes)")
    yield _code(f"%load_ext {EXTENSION}")
    yield _markdown(f'<img alt="Picture of the unit" src="data:image/svg+xml;base64,{drawn}">')
    yield _markdown(unit.text)
    for worked in unit.worked:
        yield _markdown(f"## {worked.title}\n\n{worked.text}")
        yield _code(f"%%sparql\n{_query(worked, library)}")
    for exercise in unit.exercises:
        yield _markdown(_task(exercise))
        yield _code(f"%%exercise {exercise.id}\n{exercise.start or '# Write your answer here.'}")
        if teacher:
            key = course.keys[exercise.id]
            yield _markdown(f"Answer:\n\n```{key.kind}\n{key.answer}```")
    yield _markdown("## Common mistakes\n\n" + "\n".join(f"- {each}" for each in unit.mistakes))
    yield _markdown("## Key points\n\n" + "\n".join(f"- {each}" for each in unit.points))
    if teacher:
        yield _markdown(f"## For teachers\n\n{unit.teacher}")


def _task(exercise: Exercise) -> str:
    hints = "\n".join(
        f"<details><summary>Hint {number}</summary>\n\n{hint}\n\n</details>"
        for number, hint in enumerate(exercise.hints, 1)
    )
    return f"## Exercise {exercise.id}: {exercise.title}\n\n{exercise.text}\n\n{hints}"


def _query(worked: Worked, library: Library) -> str:
    if worked.library:
        return library.find(worked.library).bind(worked.values)
    return worked.query


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.strip()}


def _code(text: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": text.rstrip(),
    }
