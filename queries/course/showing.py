"""What a unit shows besides its text: the answers of its worked queries, made anew each time."""

from __future__ import annotations

from dataclasses import dataclass

from ..answers import Answer
from ..library import Library
from ..query import query_form
from ..runner import run
from .data import CourseStore
from .units import Unit, Worked


@dataclass(frozen=True, slots=True)
class Shown:
    """A worked query with the text that was asked and its answer on the sample."""

    worked: Worked
    query: str
    answer: Answer


def worked_answers(unit: Unit, library: Library) -> list[Shown]:
    """Answer the worked queries of a unit on the sample.

    Raises:
        UnknownQueryError: one names a query that the library does not have.
        QueryError: one has no answer.
    """
    store = CourseStore.of("sample")
    try:
        shown = []
        for worked in unit.worked:
            if worked.library:
                query = library.find(worked.library)
                text = query.bind(worked.values)
                shown.append(Shown(worked, text, run(store, query, worked.values)))
            else:
                shown.append(Shown(worked, worked.query, store.answer(worked.query)))
        return shown
    finally:
        store.close()


def is_query(text: str) -> bool:
    """Whether a start text is SPARQL, and not Turtle."""
    return query_form(text) is not None
