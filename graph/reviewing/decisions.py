"""The decisions of a graph directory: what is stored, one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as plain_field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.dataclasses import dataclass as validated

from ...extract.records import Comparator, Label, Offset, ValueKind
from ..errors import DecisionsDamaged

Verb: TypeAlias = Literal["introduces", "uses", "mentions", "addressesTask"]
Status: TypeAlias = Literal["confirmed", "rejected", "corrected"]
_STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)
_Name = Annotated[str, Field(min_length=1, pattern=r"\S")]


@validated(frozen=True, slots=True, config=_STRICT)
class Related:
    """A statement: the paper introduces, uses, mentions or addresses the resource of this name."""

    verb: Verb
    label: Label
    name: _Name


@validated(frozen=True, slots=True, config=_STRICT)
class Figure:
    """A reported figure, in the names that its paper's record has; fields as in `Result`."""

    metric: _Name
    value: _Name
    unit: str | None
    kind: ValueKind
    comparator: Comparator
    subject: str | None
    dataset: str | None
    task: str | None


@validated(frozen=True, slots=True, config=_STRICT)
class Counted:
    """A size; fields as in `Size`."""

    entity: str | None
    value: _Name
    number: _Name
    of: _Name
    comparator: Comparator


@validated(frozen=True, slots=True, config=_STRICT)
class Span:
    """Words of the text and where they stand; code points, end exclusive."""

    start: Offset
    end: Offset
    words: str


@validated(frozen=True, slots=True, config=_STRICT)
class Place:
    """Where the reviewer saw it: the text by its SHA-256, and the spans that the statement rests on."""

    text_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    spans: tuple[Span, ...]


@validated(frozen=True, slots=True, config=_STRICT)
class Decision:
    """What a person decided of one statement of one paper.

    Attributes:
        paper: key of the paper.
        judged: the statement.
        decision: ``confirmed``, ``rejected`` or ``corrected``.
        reviewer: name, ORCID iD or both.
        date: ISO 8601, a day or a point in time.
        instead: what is so, where the decision is a correction.
        place: where in the text.
        comment: why.
    """

    paper: _Name
    judged: Related | Figure | Counted
    decision: Status
    reviewer: _Name
    date: str
    instead: Related | Figure | Counted | None = None
    place: Place | None = None
    comment: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Decision:
        point_in_time(self.date)
        if (self.decision == "corrected") != (self.instead is not None):
            raise ValueError("a correction, and nothing else, says what is so instead")
        if self.instead is not None and type(self.instead) is not type(self.judged):
            raise ValueError("a correction must be of the same kind as what it corrects")
        for each in (self.judged, self.instead):
            if isinstance(each, Related) and each.verb == "addressesTask" and self.instead:
                raise ValueError("addressesTask follows from the relation beside it: correct that")
        return self

    @property
    def key(self) -> tuple[str, str]:
        """What is judged: two decisions with one key are about the same statement."""
        content = json.loads(_JUDGED.dump_json(self.judged))
        if not isinstance(self.judged, Related) and self.place and self.place.spans:
            content["at"] = self.place.spans[0].start
        return self.paper, json.dumps(content, ensure_ascii=False, sort_keys=True)

    @property
    def order(self) -> tuple[str, str]:
        """Later decisions win; those of one time are ordered by their content."""
        return point_in_time(self.date), self.to_json()

    def to_json(self) -> str:
        """One line of JSON, without the line end."""
        return _DECISION.dump_json(self).decode()

    @classmethod
    def from_json(cls, line: str | bytes) -> Decision:
        """Parse what `to_json` wrote.

        Raises:
            ValueError: the line is no decision; the message names the field and the fault.
        """
        try:
            return _DECISION.validate_json(line)
        except ValidationError as error:
            raise ValueError(_first(error)) from error


def make_decision(**fields: object) -> Decision:
    """Validate the fields of a decision.

    Raises:
        ValueError: a field is missing or wrong; the message names it.
    """
    try:
        return _DECISION.validate_python(fields)
    except ValidationError as error:
        raise ValueError(_first(error)) from error


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    return f"{field}: {message}" if field else message


def point_in_time(text: str) -> str:
    """Canonical ``xsd:dateTime`` in UTC; a day is its beginning.

    Raises:
        ValueError: the text is neither a day nor a point in time of ISO 8601.

    >>> point_in_time("2026-11-30"), point_in_time("2026-11-30T10:00:00+02:00")
    ('2026-11-30T00:00:00Z', '2026-11-30T08:00:00Z')
    """
    try:
        moment = (
            datetime.combine(date.fromisoformat(text), datetime.min.time())
            if len(text) == len("2026-11-30")
            else datetime.fromisoformat(text)
        )
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        utc = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"date {text!r} is no day such as 2026-11-30 and no time") from error
    return f"{utc.isoformat()}Z"


_DECISION: Final = TypeAdapter(Decision)
_JUDGED: TypeAdapter[Related | Figure | Counted] = TypeAdapter(Related | Figure | Counted)


def decisions_file(directory: Path) -> Path:
    """Where a graph directory keeps its decisions."""
    return directory / "review" / "decisions.jsonl"


def read_decisions(path: Path) -> Iterator[Decision]:
    """Read a file of decisions; a missing one holds none, blank lines are passed over.

    Raises:
        DecisionsDamaged: a line is no decision.
    """
    if not path.exists():
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield Decision.from_json(line)
                except ValueError as error:
                    raise DecisionsDamaged(path, number, str(error)) from error


def write_decisions(decisions: Iterable[Decision], path: Path) -> None:
    """Write decisions in the order of what they judge."""
    lines = [each.to_json() + "\n" for each in sorted(decisions, key=lambda d: (d.key, d.order))]
    path.write_text("".join(lines), encoding="utf-8")


def keep_decisions(decisions: Iterable[Decision], directory: Path, work: Path) -> None:
    """Replace the decisions of a graph directory by these, all at once; none leave no file.

    Args:
        decisions: one for each statement.
        directory: the graph directory, which the caller holds.
        work: a directory on the same file system.
    """
    kept, target = tuple(decisions), decisions_file(directory)
    if not kept and not target.exists():
        return
    write_decisions(kept, work / target.name)
    target.parent.mkdir(exist_ok=True)
    (work / target.name).replace(target)


def by_paper(decisions: Iterable[Decision]) -> dict[str, tuple[Decision, ...]]:
    """Decisions by key of the paper."""
    found: dict[str, tuple[Decision, ...]] = {}
    for each in decisions:
        found[each.paper] = (*found.get(each.paper, ()), each)
    return found


@dataclass(frozen=True, slots=True)
class Merged:
    """One decision for each statement.

    Attributes:
        decisions: the latest of each statement, in the order of what they judge.
        tied: decisions that lost against another of the same time; a finer date would tell.
    """

    decisions: tuple[Decision, ...]
    tied: tuple[Decision, ...] = plain_field(default=())


def merge(decisions: Iterable[Decision]) -> Merged:
    """Keep the latest decision of each statement, whatever order they come in."""
    latest: dict[tuple[str, str], Decision] = {}
    tied: dict[str, Decision] = {}
    for each in sorted(set(decisions), key=lambda d: d.order):
        before = latest.get(each.key)
        if before is not None and point_in_time(before.date) == point_in_time(each.date):
            tied[before.to_json()] = before
        latest[each.key] = each
    kept = tuple(latest[key] for key in sorted(latest))
    return Merged(kept, tuple(tied[line] for line in sorted(tied)))
