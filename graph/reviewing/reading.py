"""A reviewer's own file of decisions, CSV or JSON Lines, and what each line is about.

A line names a statement by the IRI of its claim, result or size, or by subject, predicate and
object. What is stored is its content, taken from the graph and its records.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from ...extract.records import Record
from ...ontology.terms import PREFIXES
from ..errors import GraphError
from ..evidence import evidence_of, point_at
from ..evidence.chain import Item
from ..iris import Iris
from ..store import EmbeddedStore
from .amending import ROLES
from .decisions import Counted, Decision, Figure, Place, Related, Span, by_paper, make_decision

COLUMNS: Final = (
    "statement",
    "subject",
    "predicate",
    "object",
    "decision",
    "reviewer",
    "date",
    "comment",
    "new_role",
    "new_label",
    "new_name",
    "new_metric",
    "new_value",
    "new_unit",
    "new_kind",
    "new_comparator",
    "new_subject",
    "new_dataset",
    "new_task",
    "new_number",
    "new_counted",
    "label",
    "start",
    "end",
    "words",
)
# Columns of `template` that only tell the reviewer what is stated.
_TOLD: Final = frozenset({"says", "confidence", "status"})
_LABELS: Final[dict[str, str]] = {
    name.lower(): name for name in ("Dataset", "Model", "Method", "Metric", "Task")
}
_VERBS: Final[dict[str, Any]] = {
    f"{PREFIXES['fp']}{verb}": verb for verb in (*ROLES, "addressesTask")
}
_ROLE_VERBS: Final[dict[str, Any]] = {
    **{role: verb for verb, role in ROLES.items()},
    **{v: v for v in ROLES},
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that is no decision."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class ReviewReader:
    """Turns lines into decisions by means of the graph that they are about.

    Args:
        store: the published graph.
        iris: of it.
        record: finds the record of a paper by its key; None where there is none.
        kept: decisions that were made before.
        reviewer: for lines that name none.
        date: for lines that give none.
    """

    def __init__(
        self,
        store: EmbeddedStore,
        iris: Iris,
        record: Callable[[str], Record | None],
        kept: Sequence[Decision] = (),
        *,
        reviewer: str = "",
        date: str = "",
    ) -> None:
        self._store, self._iris, self._record = store, iris, record
        self._kept = by_paper(kept)
        self._reviewer, self._date = reviewer, date

    def read(self, path: Path, refused: Callable[[Refused], None]) -> Iterator[Decision]:
        """Yield the decisions of a file; a line that is none is told and passed over.

        Raises:
            OSError: the file cannot be read.
        """
        text = path.read_bytes().decode("utf-8-sig", "replace")
        rows = _json_rows(text) if text.lstrip().startswith("{") else _csv_rows(text)
        for line, row in rows:
            try:
                if isinstance(row, str):
                    raise ValueError(row)
                if (decision := self.decision(row)) is not None:
                    yield decision
            except (ValueError, GraphError) as error:
                refused(Refused(str(path), line, str(error)))

    def decision(self, row: Mapping[str, Any]) -> Decision | None:
        """The decision of one line; None for a line of a template that is not filled in.

        Raises:
            ValueError: a field is missing, unknown or wrong.
            GraphError: the statement is not in the graph.
        """
        if "judged" in row:
            return make_decision(**row)
        fields = {name: str(value).strip() for name, value in row.items() if value is not None}
        unknown = sorted(set(fields) - {*COLUMNS, *_TOLD} - {""})
        if unknown:
            raise ValueError(f"unknown column {unknown[0]!r}; known are {', '.join(COLUMNS)}")
        given = {name: value for name, value in fields.items() if value}
        if not given.get("decision"):
            if given.keys() & {name for name in COLUMNS if name.startswith("new_")}:
                raise ValueError("has no decision: confirmed, rejected or corrected")
            return None
        common = {
            "decision": given["decision"],
            "reviewer": given.get("reviewer") or self._reviewer,
            "date": given.get("date") or self._date,
            "comment": given.get("comment", ""),
        }
        for name in ("reviewer", "date"):
            if not common[name]:
                raise ValueError(f"has no {name}; give it in the line or with --{name}")
        if "start" in given:
            return self._addition(given, common)
        item = self._item(given)
        if item.kind == "claim":
            return self._of_claim(item, given, common)
        return self._of_figure(item, given, common)

    def _item(self, given: Mapping[str, str]) -> Item:
        words = [given[each] for each in ("subject", "predicate", "object") if each in given]
        words = [given["statement"]] if "statement" in given else words
        evidence = evidence_of(point_at(words, self._store, self._iris), self._store, self._iris)
        items = [item for item in evidence.items if item.kind != "mention"]
        if evidence.derived or len(items) != 1 or len(items) != len(evidence.items):
            raise ValueError(
                "names no one claim, result or size: a derived statement or a mention is judged "
                "by what stands behind it, which `fairpapers evidence` shows"
            )
        return items[0]

    def _known(self, key: str) -> Record:
        record = self._record(key)
        if record is None:
            raise ValueError(f"the graph directory has no record of {key}")
        return record

    def _of_claim(
        self, item: Item, given: Mapping[str, str], common: Mapping[str, str]
    ) -> Decision:
        assert item.statement is not None
        _, predicate, resource = item.statement
        label, name = self._named(resource, item)
        judged = Related(_VERBS[predicate], label, name)
        instead = None
        if common["decision"] == "corrected":
            verb = _ROLE_VERBS.get(given.get("new_role", ""), judged.verb)
            if "new_role" in given and given["new_role"] not in _ROLE_VERBS:
                raise ValueError(f"new_role {given['new_role']!r} is no role: {', '.join(ROLES)}")
            new_label = _label(given.get("new_label", label))
            instead = Related(verb, new_label, given.get("new_name", name))
            if instead == judged:
                raise ValueError("corrects nothing: give new_role, new_label or new_name")
        record = self._known(item.paper.key)
        spans = tuple(self._whole(record, span.start, span.end) for span in item.mentions)
        place = Place(item.paper.text_sha256, tuple(each for each in spans if each is not None))
        return make_decision(
            paper=item.paper.key, judged=judged, instead=instead, place=place, **common
        )

    def _named(self, resource: str, item: Item) -> tuple[Any, str]:
        """Label and name; what only rejected claims name has the name that was rejected."""
        label = _LABELS[resource.rsplit("/", 2)[1]]
        rows = self._store.select(
            f"SELECT ?r ?n WHERE {{ ?r <{PREFIXES['skos']}prefLabel> ?n }}",
            {"r": NamedNode(resource)},
        ).rows
        if rows and isinstance(rows[0][1], Literal):
            return label, rows[0][1].value
        places = {(span.start, span.end) for span in item.mentions}
        for each in self._kept.get(item.paper.key, ()):
            spans = each.place.spans if each.place else ()
            if (
                isinstance(each.judged, Related)
                and each.judged.label == label
                and places & {(span.start, span.end) for span in spans}
            ):
                return label, each.judged.name
        return label, str(item.mentions[0].words)

    def _whole(self, record: Record, start: int, end: int) -> Span | None:
        """A span with all its words: the graph keeps 80 characters."""
        words = (m.text for m in record.mentions if (m.start, m.end) == (start, end))
        found = next(words, None)
        return Span(start, end, found) if found is not None else None

    def _of_figure(
        self, item: Item, given: Mapping[str, str], common: Mapping[str, str]
    ) -> Decision:
        record = self._known(item.paper.key)
        n = int(item.iri.rpartition("/")[2])
        found = record.results if item.kind == "result" else record.sizes
        if n > len(found):
            raise ValueError(
                f"was given by a reviewer: judge what it revises, {item.review.revises}"
            )
        figure = found[n - 1]
        kind = Figure if item.kind == "result" else Counted
        names = list(kind.__dataclass_fields__)
        content = {name: getattr(figure, name) for name in names}
        judged = kind(**content)
        instead = None
        if common["decision"] == "corrected":
            columns = {"of": "new_counted", "entity": "new_name"}
            new = {
                name: given[columns.get(name, f"new_{name}")]
                for name in names
                if columns.get(name, f"new_{name}") in given
            }
            instead = make_figure(kind, {**content, **{k: _none(v) for k, v in new.items()}})
            if instead == judged:
                raise ValueError("corrects nothing: give a column such as new_value")
            self._check_names(instead, record)
        place = Place(record.text_sha256.lower(), (Span(figure.start, figure.end, figure.value),))
        return make_decision(
            paper=record.key, judged=judged, instead=instead, place=place, **common
        )

    def _check_names(self, figure: Figure | Counted, record: Record) -> None:
        slots = (
            {"metric": ("Metric",), "dataset": ("Dataset",), "task": ("Task",)}
            | {"subject": ("Model", "Method", "Dataset")}
            if isinstance(figure, Figure)
            else {"entity": ("Dataset", "Model")}
        )
        for slot, labels in slots.items():
            name = getattr(figure, slot)
            known = {e.canonical for e in record.entities if e.label in labels}
            if name is not None and name not in known:
                raise ValueError(
                    f"new {slot} {name!r} is no name that the paper has for a "
                    f"{' or '.join(labels)}: {', '.join(sorted(known)) or 'it has none'}"
                )

    def _addition(self, given: Mapping[str, str], common: Mapping[str, str]) -> Decision:
        """A statement that extraction missed: paper, relation, name, kind and span are given."""
        missing = [
            name
            for name in ("subject", "predicate", "object", "label", "end", "words")
            if name not in given
        ]
        if missing or common["decision"] != "confirmed":
            raise ValueError(
                "what extraction missed is 'confirmed' with subject, predicate, object, label, "
                f"start, end and words{'; missing: ' + ', '.join(missing) if missing else ''}"
            )
        subject = given["subject"].strip("<>")
        key = self._iris.paper_key(subject)
        if key is None and subject.removeprefix("id/").startswith("paper/"):
            key = self._iris.paper_key(f"{self._iris.base}/id/{subject.removeprefix('id/')}")
        record = self._known(key or subject)
        verb: Any = given["predicate"].removeprefix(PREFIXES["fp"]).removeprefix("fp:")
        if verb not in ROLES:
            raise ValueError(f"predicate {verb!r} is none of {', '.join(ROLES)}")
        start, end = int(given["start"]), int(given["end"])
        if not start < end <= record.text_length or len(given["words"]) != end - start:
            raise ValueError(
                f"span {start}-{end} is not as long as {given['words']!r}, or outside the text of "
                f"{record.text_length} characters"
            )
        return make_decision(
            paper=record.key,
            judged=Related(verb, _label(given["label"]), given["object"]),
            place=Place(record.text_sha256.lower(), (Span(start, end, given["words"]),)),
            **common,
        )


def make_figure(kind: type[Figure] | type[Counted], content: dict[str, Any]) -> Figure | Counted:
    """Validate a corrected figure.

    Raises:
        ValueError: a value is none that the field takes; the message names it.
    """
    try:
        return kind(**content)
    except ValueError as error:
        raise ValueError(" ".join(str(error).split("\n")[1:3])) from error


def _none(value: str) -> str | None:
    """A dash empties a field."""
    return None if value in ("-", "–") else value


def _label(word: str) -> Any:
    found = _LABELS.get(word.lower())
    if found is None:
        raise ValueError(f"label {word!r} is none of {', '.join(_LABELS.values())}")
    return found


def _csv_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="")
    last = 1
    for row in reader:
        named = {(name or "").strip(): value for name, value in row.items()}
        yield last + 1, "has more cells than the first line" if row.get("") else named
        last = reader.line_num


def _json_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            yield number, f"is no JSON ({error})"
            continue
        yield number, row if isinstance(row, dict) else "is no JSON object"
