"""The course as web pages: ``/learn``, ``/learn/3``, and exercises that are checked by POST."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any, Final
from urllib.parse import parse_qs

from fastapi import APIRouter
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ..queries import Library, render
from ..queries.answers import Answer, Table, Triples, Truth
from ..queries.course import COURSE_PREFIXES, Unit, data_text, load_course
from ..queries.course.data import Data
from ..queries.course.picture import unit_picture
from ..queries.course.showing import worked_answers
from ..queries.errors import UnknownLessonError
from .cells import Cell, JsonTerm, table
from .context import Context
from .course_checking import CourseChecker
from .errors import ApiError, ContentTooLargeError
from .formats import TURTLE
from .links import Links
from .marking import blocks, inline
from .page_errors import PageNotFoundError
from .problems import problem

_SECTION: Final = "/learn"
# What a form adds to the characters of an answer, each of which may become three.
_ENCODED: Final = 3
RUBRIC: Final = (
    ("Question", "One question, answerable with this graph", "Vague, or not of this graph", "None"),
    ("Query", "Right, ordered, readable", "Right with detours, or rows twice", "Does not run"),
    ("Absence", "Says what an empty cell means", "Reports absence as none", "Not noticed"),
    ("Provenance", "Snapshot, threshold and query named", "One of them is missing", "None named"),
    ("Data quality", "Four sentences: what, how, how good, not for what", "Some of them", "None"),
)


def course_router(context: Context) -> APIRouter:
    """Routes of the course. They ask the data of the course and never the graph that is served."""
    router = APIRouter(tags=["Course"])
    checker = CourseChecker(context.settings)

    @router.get("/learn", summary="List the units of the course")
    async def course_map() -> Response:
        units = load_course().units
        return context.pages.render(
            "learn.html",
            heading="Learn",
            section=_SECTION,
            units=units,
            minutes=sum(unit.minutes for unit in units),
            prefixes=COURSE_PREFIXES.items(),
            to=_address,
        )

    @router.get("/learn/teacher", summary="Show the teacher's kit")
    async def teacher() -> Response:
        units = load_course().units
        return context.pages.render(
            "learn-teacher.html",
            heading="Teacher's kit",
            section=_SECTION,
            units=units,
            notes={unit.number: blocks(unit.teacher) for unit in units},
            minutes=sum(unit.minutes for unit in units),
            rubric=RUBRIC,
            to=_address,
        )

    for name in ("sample", "faults"):
        router.get(f"/learn/{name}.ttl", summary=f"Download the course's data: {name}")(
            partial(_data, name)
        )

    @router.get("/learn/{number}", summary="Show a unit of the course")
    async def show(number: str) -> Response:
        return await _unit_page(context, _unit(number), {})

    @router.post("/learn/{number}/{place}", summary="Check an answer to an exercise")
    async def check(request: Request, number: str, place: str) -> Response:
        unit = _unit(number)
        name = f"{number}.{place}"
        if all(exercise.id != name for exercise in unit.exercises):
            raise PageNotFoundError(request.url.path, "the unit has no such exercise", "/learn")
        text = await _answer_of(context, request)
        checked: dict[str, Any] = {
            "id": name,
            "text": text,
            "verdict": None,
            "problem": None,
            "columns": (),
            "table": None,
        }
        status = 200
        try:
            verdict = await checker.check(name, text)
        except ApiError as error:
            made = problem(error)
            status, checked["problem"] = made.status, json.loads(made.body)
        else:
            checked["verdict"] = verdict
            rows = verdict["rows"]
            if rows:
                names = rows["head"]["vars"]
                cells = _cells(names, rows["results"]["bindings"], context.links)
                checked["columns"], checked["table"] = names, cells
        return await _unit_page(context, unit, checked, status)

    return router


async def _data(name: Data) -> Response:
    return Response(
        data_text(name), headers={"Content-Type": f"{TURTLE.media_type}; charset=utf-8"}
    )


def _unit(number: str) -> Unit:
    try:
        return load_course().unit(number)
    except UnknownLessonError as error:
        raise PageNotFoundError(f"/learn/{number}", str(error), "/learn") from error


async def _answer_of(context: Context, request: Request) -> str:
    """The field ``answer`` of a form.

    Raises:
        ContentTooLargeError: it is longer than a query may be.
    """
    limit = context.settings.max_query_bytes
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > limit * _ENCODED + 100:
            raise ContentTooLargeError(limit)
    form = parse_qs(data.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10)
    return form.get("answer", [""])[-1].replace("\r\n", "\n")


async def _unit_page(
    context: Context, unit: Unit, checked: dict[str, Any], status: int = 200
) -> Response:
    values = await run_in_threadpool(unit_values, unit, context.library, context.links)
    return context.pages.render(
        "learn-unit.html",
        status,
        headers={"Cache-Control": "no-store"} if checked else {},
        section=_SECTION,
        checked=checked,
        to=_address,
        **values,
    )


def _address(target: str) -> str:
    """Address of a page of the course, or of another that it speaks of."""
    return f"/{target}"


def unit_values(unit: Unit, library: Library, links: Links) -> dict[str, Any]:
    """What the template of a unit shows."""
    return {
        "heading": f"{unit.number}. {unit.title}",
        "unit": unit,
        "last": len(load_course().units),
        "picture": _picture(unit.number),
        "text": blocks(unit.text),
        "worked": _shown(unit.number, library, links),
        "exercises": [
            {
                "id": exercise.id,
                "place": exercise.id.partition(".")[2],
                "title": exercise.title,
                "text": blocks(exercise.text),
                "start": exercise.start,
                "hints": [inline(hint) for hint in exercise.hints],
                "data": exercise.data,
            }
            for exercise in unit.exercises
        ],
        "mistakes": [inline(each) for each in unit.mistakes],
        "points": [inline(each) for each in unit.points],
    }


@cache
def _picture(number: int) -> Markup:
    return Markup(unit_picture(load_course().unit(number)))  # noqa: S704 - ours, and escaped


def _shown(number: int, library: Library, links: Links) -> list[dict[str, Any]]:
    """The worked queries with their answers, as the template shows them."""
    return [
        {
            "title": each.worked.title,
            "text": blocks(each.worked.text),
            "query": each.query,
            "library": each.worked.library,
            **_drawn(each.answer, links),
        }
        for each in worked_answers(load_course().unit(number), library)
    ]


def _drawn(answer: Answer, links: Links) -> dict[str, Any]:
    if isinstance(answer, Truth):
        return {"boolean": answer.value, "columns": (), "table": None}
    found = answer.table() if isinstance(answer, Triples) else answer
    assert isinstance(found, Table)
    document = json.loads(render(found, "json"))
    cells = _cells(found.variables, document["results"]["bindings"], links)
    return {"boolean": None, "columns": found.variables, "table": cells}


def _cells(
    names: Sequence[str], rows: Iterable[Mapping[str, JsonTerm]], links: Links
) -> list[list[Cell]]:
    """Cells whose things lead nowhere, for the graph that is served may not know them."""
    things = f"{links.base}/id/"
    return [
        [
            replace(each, href=None, local=False) if each.title.startswith(things) else each
            for each in row
        ]
        for row in table(names, rows, links)
    ]
