"""Stored answers of other endpoints: tests replay them, and so can who has no network.

A fixture is one JSON file a query, ``fixtures/<id>.json``: what each service answered, in the
SPARQL 1.1 Query Results JSON Format with the IRI of the service beside ``head`` and ``results``.
``recorded`` is the day on which the services were asked. It is null where a person wrote the file;
``note`` then says from what.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ..errors import QueriesError
from ..metadata import Line, QueryId
from .tables import Rows, UnusableAnswerError, read_rows

if TYPE_CHECKING:
    from ..query import Query


class FixtureError(QueriesError):
    """A fixture that is not there, does not read, or has no answer of a service."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoredAnswer(_Part):
    """What one service answered."""

    service: Line = Field(description="IRI of the endpoint")
    head: dict[str, Any] = Field(description="as in the SPARQL 1.1 Query Results JSON Format")
    results: dict[str, Any] = Field(description="likewise")

    @property
    def body(self) -> bytes:
        """The answer as the service sent it."""
        return json.dumps({"head": self.head, "results": self.results}).encode()

    @property
    def rows(self) -> Rows:
        """The answer as a table.

        Raises:
            UnusableAnswerError: it is none.
        """
        return read_rows(self.body)


class Fixture(_Part):
    """The stored answers of one query."""

    query: QueryId = Field(description="id of the query")
    recorded: date | None = Field(description="when the services were asked; null: by hand")
    note: Line = Field(description="where the rows come from")
    answers: tuple[StoredAnswer, ...] = Field(min_length=1)

    @field_validator("answers")
    @classmethod
    def _readable(cls, answers: tuple[StoredAnswer, ...]) -> tuple[StoredAnswer, ...]:
        for answer in answers:
            try:
                answer.rows  # noqa: B018 - reading it is the check
            except UnusableAnswerError as error:
                raise ValueError(f"{answer.service}: {error}") from error
        return answers

    def answer(self, service: str) -> StoredAnswer:
        """What a service answered.

        Raises:
            FixtureError: there is no answer of it.
        """
        for each in self.answers:
            if each.service == service:
                return each
        known = ", ".join(each.service for each in self.answers)
        raise FixtureError(f"fixture {self.query}: no answer of <{service}>; it has {known}")

    def text(self) -> str:
        """The file, the same bytes for the same answers: rows in the order of their text."""
        document = self.model_dump(mode="json")
        for answer in document["answers"]:
            answer["results"]["bindings"].sort(key=lambda row: json.dumps(row, sort_keys=True))
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def fixture_folder() -> Path:
    """The folder of the fixtures that are shipped."""
    return Path(__file__).resolve().parent.parent / "fixtures"


def fixture_path(name: str, file: Path | None = None) -> Path:
    """Where the fixture of that name is.

    Args:
        name: as the front matter gives it.
        file: of the query; without it the query is one of those that are shipped.
    """
    if file is None:
        return fixture_folder() / name
    # In a release the fixtures are below the queries, in a library beside the folder of these.
    below = file.parent / "fixtures" / name
    return below if below.is_file() else file.parent.parent / "fixtures" / name


def load_fixture(query: Query, file: Path | None = None) -> Fixture | None:
    """The stored answers for a query; None where it asks nobody but its graph.

    Args:
        query: one of a library.
        file: where it stands; without it the query is one of those that are shipped.

    Raises:
        FixtureError: the file does not read; the message names it.
    """
    return None if query.fixture is None else read_fixture(fixture_path(query.fixture, file))


def read_fixture(path: Path) -> Fixture:
    """Read one file.

    Raises:
        FixtureError: it is not there, or is no fixture.
    """
    try:
        return Fixture.model_validate_json(path.read_bytes())
    except OSError as error:
        raise FixtureError(f"{path}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise FixtureError(f"{path}: {place}: {first['msg']}") from error
