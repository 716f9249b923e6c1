"""The front matter of a query file: what it must say of the query.

``queries/README.md`` shows these fields as a table that is generated from the models here.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ParameterType = Literal["iri", "resource", "label", "string", "integer", "decimal", "year"]
ColumnType = Literal["iri", "string", "integer", "decimal", "boolean", "year", "dateTime", "any"]
Visual = Literal["table", "bar", "line", "network", "none"]
Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\n]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
QueryId = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z0-9_]*$")]
Endpoint = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$")]
FixtureName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+\.json$")]
Number = Annotated[str, StringConstraints(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Parameter(_Part):
    """One blank of a query, written ``$name`` in its text."""

    name: Name = Field(description="the `$name` in the query")
    type: ParameterType = Field(
        description=(
            "`iri`; `resource`: an IRI of this graph, or its path below `<base>/id/` such as "
            "`dataset/squad`; `label`: a name, spaces folded; `string`; `integer`; `decimal`; "
            "`year`: four digits"
        )
    )
    label: Line = Field(description="what a form shows before the field")
    description: Line = Field(description="one sentence: what it does, what is valid")
    default: str = Field(
        description="the value where none is given, so that every query runs as it is"
    )
    values: tuple[str, ...] | Text | None = Field(
        default=None,
        description=(
            "valid values as a list, or a SELECT of `?value` and `?label` that offers some "
            "(all prefixes of fairpapers are declared for it)"
        ),
    )
    minimum: Number | None = Field(default=None, description="least value of a number")
    maximum: Number | None = Field(default=None, description="greatest value of a number")


class Column(_Part):
    """One column of the answer."""

    name: Name = Field(description="the variable without `?`")
    type: ColumnType = Field(description="`any` where the terms are of several types")
    description: Line = Field(description="what stands in it")
    optional: bool = Field(default=False, description="true where a cell may be empty")


class Metadata(_Part):
    """The front matter of one query."""

    id: QueryId = Field(description="group letter and two digits; the file name starts with it")
    title: Line = Field(description="a noun phrase of at most 60 characters", max_length=60)
    question: Line = Field(description="the question it answers, in plain words")
    description: Text = Field(description="what to know to read the answer rightly")
    group: Line = Field(description="name of the group, the same for all of one letter")
    level: int = Field(ge=1, le=5, description="1 for a first lesson to 5 for experts")
    teaches: tuple[Line, ...] = Field(min_length=1, description="what of SPARQL a reader learns")
    parameters: tuple[Parameter, ...] = Field(default=(), description="see below")
    columns: tuple[Column, ...] = Field(
        default=(), description="see below; of a SELECT, in the order of its variables"
    )
    empty: Line | None = Field(
        default=None,
        description="what it means that there is no row; only of a query whose answer may be empty",
    )
    federates: tuple[Endpoint, ...] = Field(
        default=(),
        description="IRIs of the endpoints that its SERVICE clauses ask, in their order",
    )
    fixture: FixtureName | None = Field(
        default=None,
        description="file in `fixtures/` with stored answers of these; required with `federates`",
    )
    visual: Visual = Field(default="table", description="how a page shows the answer")
    related: tuple[QueryId, ...] = Field(default=(), description="ids of similar queries")
    next: QueryId | None = Field(default=None, description="id of the query to read after it")
    licence: Line = Field(description="SPDX identifier")
