"""What reviewers gave, as entities and mentions of a record, before names are resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ...extract.records import Entity, Label, Mention, Record, Role
from ..names import fold
from ..spelling import plain
from .decisions import Decision, Related, Span

ROLES: Final[Mapping[str, Role]] = {
    "introduces": "introduced",
    "uses": "used",
    "mentions": "mentioned",
}
SURE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Amended:
    """A record with what reviewers gave.

    Attributes:
        record: entities of reviewers stand behind those that were extracted.
        decisions: of this paper, in the order in which they hold.
        added: id of the entity that a decision gave, by the decision's place among them.
        taken: ids of all entities that reviewers gave.
    """

    record: Record
    decisions: tuple[Decision, ...] = ()
    added: Mapping[int, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()


def amend(record: Record, decisions: Iterable[Decision]) -> Amended:
    """Add what the decisions on a paper state to its record.

    An entity needs words in the text: those that the reviewer saw where the text is the same, else
    those of the entity that extraction has under the name that was judged. Without either nothing
    is added.
    """
    ordered = tuple(sorted(decisions, key=lambda each: each.order))
    if not ordered:
        return Amended(record, (), {})
    taken = {entity.id for entity in record.entities}
    entities: list[Entity] = []
    mentions: list[Mention] = []
    added: dict[int, str] = {}
    for n, decision in enumerate(ordered):
        stated = statement_of(decision)
        if stated is None or not (spans := _spans(decision, record)):
            continue
        identity = next(f"{mark}{n}" for mark in _marks() if f"{mark}{n}" not in taken)
        taken.add(identity)
        added[n] = identity
        words = tuple(dict.fromkeys(span.words for span in spans))
        role = ROLES[stated.verb]
        entities.append(Entity(identity, stated.label, stated.name, words, role, SURE))
        mentions += (_mention(span, stated, identity, record) for span in spans)
    changed = replace(
        record,
        entities=(*record.entities, *entities),
        mentions=(*record.mentions, *mentions),
    )
    return Amended(changed, ordered, added, frozenset(added.values()))


def statement_of(decision: Decision) -> Related | None:
    """The relation that a decision says is so; None where it says none."""
    stated = decision.instead or decision.judged
    wanted = decision.decision != "rejected" and isinstance(stated, Related)
    return stated if wanted and isinstance(stated, Related) and stated.verb in ROLES else None


def same_text(decision: Decision, record: Record) -> bool:
    """Whether the reviewer saw the text that the record was made from."""
    place = decision.place
    return place is not None and place.text_sha256 == record.text_sha256.lower()


def names_of(entity: Entity) -> set[str]:
    """Folded names that a text has for an entity."""
    return {folded(name, entity.label) for name in (entity.canonical, *entity.surfaces)}


def folded(name: str | None, label: Label) -> str:
    """Form under which spellings of one name are equal; empty for none."""
    return fold(plain(name, label)) if name else ""


def _marks() -> Iterator[str]:
    mark = "review-"
    while True:
        yield mark
        mark = f"x{mark}"


def _spans(decision: Decision, record: Record) -> list[Span]:
    if decision.place is not None and same_text(decision, record):
        return [
            span
            for span in decision.place.spans
            if span.start < span.end <= record.text_length
            and len(span.words) == span.end - span.start
        ]
    judged = decision.judged
    if not isinstance(judged, Related):
        return []
    wanted = folded(judged.name, judged.label)
    same = {e.id for e in record.entities if e.label == judged.label and wanted in names_of(e)}
    return [Span(m.start, m.end, m.text) for m in record.mentions if m.entity in same]


def _mention(span: Span, stated: Related, entity: str, record: Record) -> Mention:
    """A span that was extracted keeps its confidence."""
    known = (m.confidence for m in record.mentions if (m.start, m.end) == (span.start, span.end))
    sure = max(known, default=SURE)
    return Mention(span.start, span.end, span.words, stated.label, sure, entity)
