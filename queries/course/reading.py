"""Read the files of the course: Markdown with YAML front matter, one for a unit and one for its key.

A unit has the sections ``## Text``, three ``## Worked: title``, ``## Exercise: title``,
``## Common mistakes``, ``## Key points`` and ``## Teacher``. The key has ``## 3.1`` with the answer
in a code block, and below it ``### cause: what to say`` with a wrong answer for each usual mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from ..errors import CourseError, Fault
from .data import course_folder
from .units import Course, Key, Unit

_FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ITEM: Final = re.compile(r"^- (.*(?:\n  .*)*)", re.MULTILINE)
_LIBRARY: Final = re.compile(r"^Library: (\S+)(.*)$", re.MULTILINE)
_DATA: Final = re.compile(r"^Data: (\w+)$", re.MULTILINE)


@dataclass(slots=True)
class _Section:
    heading: str
    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def body(self) -> str:
        return "".join(self.lines).strip()


@cache
def load_course() -> Course:
    """Read the course that is shipped.

    Raises:
        CourseError: a file of it has a fault.
    """
    folder = course_folder()
    units = [read_unit(path) for path in sorted((folder / "units").glob("*.md"))]
    keys: dict[str, Key] = {}
    for path in sorted((folder / "answers").glob("*.md")):
        keys |= read_key(path)
    for unit in units:
        for exercise in unit.exercises:
            if exercise.id not in keys:
                raise CourseError(Fault(folder, 1, f"exercise {exercise.id} has no answer"))
    return Course(units=tuple(sorted(units, key=lambda unit: unit.number)), keys=keys)


def read_unit(path: Path) -> Unit:
    """Read one unit.

    Raises:
        CourseError: it is not as `fairpapers.queries.course.units` says.
    """
    text = path.read_text("utf-8")
    front, body = _front(path, text)
    offset = text[: len(text) - len(body)].count("\n")
    found: dict[str, Any] = {"worked": [], "exercises": []}
    for section in _sections(body, "## ", offset):
        kind, _, title = section.heading.partition(": ")
        match kind:
            case "Text":
                found["text"] = section.body
            case "Worked":
                found["worked"].append({"title": title, **_worked(section.body)})
            case "Exercise":
                name = f"{front.get('number')}.{len(found['exercises']) + 1}"
                found["exercises"].append({"id": name, "title": title, **_exercise(section.body)})
            case "Common mistakes":
                found["mistakes"] = _items(section.body)
            case "Key points":
                found["points"] = _items(section.body)
            case "Teacher":
                found["teacher"] = section.body
            case _:
                raise CourseError(Fault(path, section.line, f"no section is called {kind!r}"))
    try:
        return Unit.model_validate({**front, **found})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CourseError(Fault(path, 1, f"{where}: {first['msg']}")) from error


def read_key(path: Path) -> dict[str, Key]:
    """Read the answers of one unit, by exercise.

    Raises:
        CourseError: an answer is missing or a cause is none.
    """
    keys: dict[str, Key] = {}
    for section in _sections(path.read_text("utf-8"), "## ", 0):
        parts = list(_sections("".join(("### answer\n", *section.lines)), "### ", section.line - 1))
        blocks = [_FENCE.search(part.body + "\n") for part in parts]
        for part, block in zip(parts, blocks, strict=True):
            if block is None:
                raise CourseError(Fault(path, part.line, f"{part.heading}: no code block"))
        answer, *wrong = [block for block in blocks if block]
        mistakes = []
        for part, block in zip(parts[1:], wrong, strict=True):
            cause, _, says = part.heading.partition(": ")
            mistakes.append({"cause": cause, "says": says, "answer": block[2]})
        data = {"kind": answer[1], "answer": answer[2], "mistakes": mistakes}
        try:
            keys[section.heading] = Key.model_validate(data)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]["msg"]
            raise CourseError(Fault(path, section.line, f"{section.heading}: {fault}")) from error
    return keys


def _front(path: Path, text: str) -> tuple[dict[str, Any], str]:
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise CourseError(Fault(path, 1, "no front matter between lines of ---"))
    try:
        front = yaml.safe_load(parts[1])
    except yaml.YAMLError as error:
        raise CourseError(Fault(path, 1, f"front matter is no YAML: {error}")) from error
    if not isinstance(front, dict):
        raise CourseError(Fault(path, 1, "front matter must be lines of 'field: value'"))
    return front, parts[2]


def _sections(text: str, mark: str, offset: int) -> Iterator[_Section]:
    """Parts below headings of one level, in which a mark inside a code block is none."""
    section: _Section | None = None
    fenced = False
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        fenced ^= line.startswith("```")
        if line.startswith(mark) and not fenced:
            if section:
                yield section
            section = _Section(line.removeprefix(mark).strip(), number + offset)
        elif section:
            section.lines.append(line)
    if section:
        yield section


def _worked(body: str) -> dict[str, Any]:
    if named := _LIBRARY.search(body):
        values = dict(pair.split("=", 1) for pair in named[2].split())
        return {"text": _LIBRARY.sub("", body), "library": named[1], "values": values}
    block = _FENCE.search(body + "\n")
    return {"text": _FENCE.sub("", body + "\n"), "query": block[2] if block else ""}


def _exercise(body: str) -> dict[str, Any]:
    block = _FENCE.search(body + "\n")
    rest = _FENCE.sub("", body + "\n")
    data = _DATA.search(rest)
    return {
        "text": _DATA.sub("", _ITEM.sub("", rest)),
        "start": block[2] if block else "",
        "hints": _items(rest),
        **({"data": data[1]} if data else {}),
    }


def _items(text: str) -> list[str]:
    return [" ".join(item.split()) for item in _ITEM.findall(text)]
