"""Everything that can go wrong with queries.

QueriesError
├── LibraryError         query files with faults, each with file and line
├── UnknownQueryError    no query of that id
├── ParameterError       a value that a parameter does not take
├── UnknownParameterError
├── FederatedQueryError  a query that asks other endpoints, where nobody may be asked
├── ClauseError          a SERVICE clause that cannot be asked (`federation.clauses`)
├── FixtureError         stored answers that do not read (`federation.fixtures`)
├── FormatError          an answer cannot be written in that format
├── KeyNumberError       a figure of the documents that its query does not give
├── CourseError          a file of the course with a fault, with its line
├── CourseTurtleError    a learner's text that should be Turtle
└── UnknownLessonError   no unit or exercise of that number
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


class QueriesError(Exception):
    """Base of all errors of this layer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a query file, and on which line.

    Attributes:
        path: the file.
        line: counted from 1.
        message: what is wrong, and what to do.
        check: which check found it, of `fairpapers.queries.linting.CHECKS`.
        warning: whether the query can be used as it is.
    """

    path: Path
    line: int
    message: str
    check: str = "file"
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class LibraryError(QueriesError):
    """Query files that make no library; ``faults`` holds all that is wrong, file by file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class UnknownQueryError(QueriesError, KeyError):
    """No query of that id; ``near`` holds ids that look like it."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        ids = tuple(known)
        self.name = name
        # Of one group first: C11 is meant to be one of C.
        group = tuple(id_ for id_ in ids if id_[:1] == name[:1].upper())
        self.near = _near(name, group) or _near(name, ids)
        super().__init__(f"no query {name!r} in the library{_advice(self.near, ids)}")

    def __str__(self) -> str:
        # KeyError would show the repr of the message.
        return str(self.args[0])


class ParameterError(QueriesError, ValueError):
    """A value that a parameter does not take; ``expected`` says what would be valid."""

    def __init__(self, parameter: str, value: str, expected: str) -> None:
        shown = value if len(value) <= 80 else value[:79] + "…"
        super().__init__(f"parameter {parameter}: {shown!r} is not valid; expected {expected}")
        self.parameter = parameter
        self.value = value
        self.expected = expected


class UnknownParameterError(QueriesError, KeyError):
    """A parameter that the query does not have."""

    def __init__(self, query: str, name: str, known: Iterable[str]) -> None:
        names = tuple(known)
        self.query = query
        self.name = name
        self.near = _near(name, names)
        advice = _advice(self.near, names) if names else "; it has none"
        super().__init__(f"query {query} has no parameter {name!r}{advice}")

    def __str__(self) -> str:
        return str(self.args[0])


class FederatedQueryError(QueriesError):
    """A query that asks other endpoints, where nobody may be asked; ``hosts`` are those it asks."""

    def __init__(self, query: str, hosts: Iterable[str], advice: str = "") -> None:
        self.query = query
        self.hosts = tuple(hosts)
        names = ", ".join(self.hosts)
        super().__init__(
            f"query {query} asks {names} too, which is not allowed here"
            f"{advice or '; its stored answers can be used instead'}"
        )


class FormatError(QueriesError, ValueError):
    """An answer cannot be written in that format; ``valid`` holds those in which it can."""

    def __init__(self, format: str, valid: Iterable[str]) -> None:  # noqa: A002
        self.format = format
        self.valid = tuple(valid)
        super().__init__(f"format {format!r} does not fit; expected {', '.join(self.valid)}")


class KeyNumberError(QueriesError):
    """A figure of the documents that its query does not give."""


class CourseError(QueriesError):
    """A file of the course that does not read; ``fault`` says where and why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


class CourseTurtleError(QueriesError, ValueError):
    """A learner's text that should be Turtle and is not."""


class UnknownLessonError(QueriesError, KeyError):
    """No unit or exercise of that number."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.name = name
        super().__init__(f"the course has no {kind} {name!r}; there are {', '.join(known)}")

    def __str__(self) -> str:
        return str(self.args[0])


def _near(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    folded = {each.casefold(): each for each in known}
    return tuple(folded[match] for match in get_close_matches(name.casefold(), folded, cutoff=0.5))


def _advice(near: tuple[str, ...], known: tuple[str, ...]) -> str:
    if near:
        return f"; did you mean {' or '.join(near)}?"
    return f"; there are {', '.join(known)}" if known else ""
