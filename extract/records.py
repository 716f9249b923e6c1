"""The record: what was extracted from one paper, as one JSON object a line.

`Record` is the format between extraction and the graph, and what the scorer reads.
Offsets are Unicode code points in ``Paper.text``, end exclusive.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

Label = Literal["Dataset", "Model", "Method", "Metric", "Task"]
Role = Literal["introduced", "used", "mentioned"]
ValueKind = Literal["absolute", "improvement", "relative-improvement", "ratio", "range", "bound"]
Comparator = Literal["=", "≈", ">", "≥", "<", "≤"]

LABELS: tuple[Label, ...] = ("Dataset", "Model", "Method", "Metric", "Task")
ROLES: tuple[Role, ...] = ("introduced", "used", "mentioned")

Confidence = Annotated[float, Field(ge=0.0, le=1.0)]
Offset = Annotated[int, Field(ge=0)]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=_STRICT)
class Mention:
    """A span of text that names a resource; ``entity`` is an `Entity.id` of the same record."""

    start: Offset
    end: Offset
    text: str
    label: Label
    confidence: Confidence
    entity: str


@dataclass(frozen=True, slots=True, config=_STRICT)
class Entity:
    """One resource within one paper: its label, name, surface forms and role."""

    id: str
    label: Label
    canonical: str
    surfaces: tuple[str, ...]
    role: Role
    confidence: Confidence


@dataclass(frozen=True, slots=True, config=_STRICT)
class Result:
    """One reported figure.

    ``metric`` is the canonical name of a Metric entity of the same record; ``subject`` that of a
    Model or Method (a Dataset where that is what is measured), ``dataset`` of a Dataset and
    ``task`` of a Task, or None where the text does not say. ``value`` is as written ("60.83",
    "1,200"); ``unit`` is "%", "points", "x", "s", … or None. The span covers the value.
    """

    metric: str
    value: str
    unit: str | None
    kind: ValueKind
    comparator: Comparator
    subject: str | None
    dataset: str | None
    task: str | None
    start: Offset
    end: Offset
    confidence: Confidence


@dataclass(frozen=True, slots=True, config=_STRICT)
class Size:
    """One count that describes a data set or a model.

    ``entity`` is the canonical name of a Dataset or Model entity of the same record, None where the
    text gives the data no name. ``value`` is as written ("137K"), ``number`` what it amounts to
    ("137000"), ``of`` what is counted, in the words of the text. The span covers both.
    """

    entity: str | None
    value: str
    number: str
    of: str
    comparator: Comparator
    start: Offset
    end: Offset
    confidence: Confidence


@dataclass(frozen=True, slots=True, config=_STRICT)
class SourceInfo:
    """Where the paper was read and what is known of it beside its text."""

    file: str
    line: int | None
    format: str
    year: int | None = None
    authors: tuple[str, ...] = ()
    venue: str | None = None
    doi: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, config=_STRICT)
class Generator:
    """What made a record: program, version, model and the SHA-256 of the model's files."""

    name: str
    version: str
    model: str
    model_sha256: str


@dataclass(frozen=True, slots=True, config=_STRICT)
class Record:
    """Everything extracted from one paper; ``key`` is `Paper.key`."""

    id: str
    key: str
    title: str
    source: SourceInfo
    text_sha256: str
    text_length: int
    mentions: tuple[Mention, ...]
    entities: tuple[Entity, ...]
    results: tuple[Result, ...]
    generator: Generator
    sizes: tuple[Size, ...] = ()

    def to_json(self) -> str:
        """One line of JSON, without the line end."""
        return _RECORD.dump_json(self).decode()

    @classmethod
    def from_json(cls, line: str | bytes) -> Record:
        """Parse what `to_json` wrote.

        Raises:
            RecordError: the line is no record; the message names the field and the fault.
        """
        try:
            return _RECORD.validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = ".".join(str(part) for part in first["loc"]) or "the line"
            raise RecordError(field, first["msg"]) from error


class RecordError(ValueError):
    """A line that is no record; carries the field and the fault."""

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field}: {fault}")
        self.field = field
        self.fault = fault


_RECORD = TypeAdapter(Record)
