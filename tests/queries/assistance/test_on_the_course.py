"""The answer key of the course: right answers are not blamed, and empty wrong ones explained."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fairpapers.graph.errors import QueryError
from fairpapers.queries.assistance import Probe, advise, answered, explain_empty, read
from fairpapers.queries.course import COURSE_PREFIXES, Exercise, load_course
from fairpapers.queries.course.data import CourseStore
from fairpapers.queries.defaults import is_empty

DECLARED = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in COURSE_PREFIXES.items())


def exercises() -> list[Exercise]:
    course = load_course()
    return [
        each
        for unit in course.units
        for each in unit.exercises
        if read(course.keys[each.id].answer).query is not None
    ]


def wrong() -> Iterator[tuple[str, str, str]]:
    """Name, cause and text of each wrong answer."""
    course = load_course()
    for exercise in exercises():
        for number, mistake in enumerate(course.keys[exercise.id].mistakes):
            yield f"{exercise.id} {number}", mistake.cause, mistake.answer


@pytest.mark.parametrize("exercise", exercises(), ids=lambda each: each.id)
def test_right_answers_are_not_blamed(exercise: Exercise) -> None:
    text = DECLARED + load_course().keys[exercise.id].answer
    assert [each.message for each in advise(text)] == []


def test_empty_wrong_answers_are_explained() -> None:
    course = load_course()
    explained = 0
    for name, cause, answer in wrong():
        view = read(DECLARED + answer)
        store = CourseStore.of(course.exercise(name.partition(" ")[0]).data)

        def ask(probe: Probe, store: CourseStore = store) -> int:
            ((count,),) = store.select(probe.query).rows
            return int(getattr(count, "value", ""))

        try:
            empty = is_empty(store.answer(answer))
        except QueryError:
            assert cause == "syntax", name
            continue
        found = answered(explain_empty(view), ask)
        assert (found.outcome == "found") is empty, name
        explained += empty
        if empty and cause == "direction":
            assert "the other way round" in found.advice[0] or "turned round" in found.advice[0]
        if empty and cause == "unknown-term":
            kinds = {each.kind for each in advise(view)}
            assert "unknown-term" in kinds or "check its spelling" in found.advice[0], name
    assert explained > 15
