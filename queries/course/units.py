"""The units of the course: what a file of ``units/`` and its answer key hold."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ..errors import UnknownLessonError
from ..metadata import Line, Text
from .data import Data

AnswerKind = Literal["sparql", "turtle"]
# The mistakes that the checker can name; `causes` says how it finds each.
Cause = Literal[
    "syntax",
    "form",
    "columns",
    "empty",
    "unknown-term",
    "direction",
    "type",
    "duplicates",
    "order",
    "limit",
    "required",
    "optional",
    "missing",
    "extra",
    "count",
    "different",
]
ExerciseId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}\.[0-9]$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class Worked(_Part):
    """A query that is shown with its answer.

    Attributes:
        title: what it asks.
        text: Markdown before it.
        query: SPARQL, unless ``library`` names a query of the library.
        library: id of a query of the library.
        values: of its parameters.
    """

    title: Line
    text: Text
    query: str = ""
    library: str = ""
    values: Mapping[str, str] = Field(default_factory=dict)


class Mistake(_Part):
    """A wrong answer that is often given: its text, what the checker finds, and what to say."""

    cause: Cause
    says: Line
    answer: str


class Key(_Part):
    """The answer of one exercise, and usual wrong ones."""

    kind: AnswerKind
    answer: str
    mistakes: tuple[Mistake, ...] = ()


class Exercise(_Part):
    """A task for the learner.

    Attributes:
        id: number of the unit and of the exercise, such as 3.2.
        title: its name.
        text: what to do, Markdown.
        start: what the learner begins with; empty where that is nothing.
        hints: from a nudge to nearly the answer.
        data: what is asked.
    """

    id: ExerciseId
    title: Line
    text: Text
    start: str = ""
    hints: tuple[Line, ...] = Field(min_length=2)
    data: Data = "sample"


class FrontMatter(_Part):
    """What a unit says of itself before its text."""

    number: int = Field(ge=1, le=12)
    title: Line
    goal: Line
    minutes: int = Field(ge=10, le=180)
    level: int = Field(ge=1, le=5)
    teaches: tuple[Line, ...] = Field(min_length=1)
    picture: Text = Field(description="a CONSTRUCT whose triples the picture shows")


class Unit(FrontMatter):
    """One unit.

    Attributes:
        text: what to read first, Markdown.
        worked: three queries with their answers.
        exercises: in order.
        mistakes: common ones.
        points: what to keep in mind.
        teacher: notes for whoever teaches it.
    """

    text: Text
    worked: tuple[Worked, ...] = Field(min_length=3, max_length=3)
    exercises: tuple[Exercise, ...] = Field(min_length=3, max_length=5)
    mistakes: tuple[Line, ...] = Field(min_length=2)
    points: tuple[Line, ...] = Field(min_length=2)
    teacher: Text

    @property
    def slug(self) -> str:
        """Name of its files, such as ``03-first-queries``."""
        words = "".join(each if each.isalnum() else " " for each in self.title.lower()).split()
        return "-".join((f"{self.number:02}", *words))


class Course(_Part):
    """All units in order, with the answer key."""

    units: tuple[Unit, ...]
    keys: Mapping[str, Key]

    def unit(self, number: str | int) -> Unit:
        """The unit of that number.

        Raises:
            UnknownLessonError: there is none.
        """
        for unit in self.units:
            if str(unit.number) == str(number):
                return unit
        raise UnknownLessonError("unit", str(number), (str(unit.number) for unit in self.units))

    def exercise(self, name: str) -> Exercise:
        """The exercise of that number, such as 3.2.

        Raises:
            UnknownLessonError: there is none.
        """
        exercises = [each for unit in self.units for each in unit.exercises]
        for exercise in exercises:
            if exercise.id == name:
                return exercise
        raise UnknownLessonError("exercise", name, (each.id for each in exercises))
