"""What a paper is said to do with resources: relations, and the claims that go with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ..extract.records import Entity, Record, Role
from ..ontology.terms import FP
from .iris import Iris
from .resolution import Resource

RELATIONS: Final[Mapping[Role, str]] = {
    "introduced": FP.introduces,
    "used": FP.uses,
    "mentioned": FP.mentions,
}
_STRENGTH: Final[Mapping[Role, int]] = {"introduced": 0, "used": 1, "mentioned": 2}


@dataclass(slots=True)
class Relation:
    """One paper and one resource: the strongest role, and every mention behind it.

    Attributes:
        resource: the resource.
        role: the strongest one.
        confidence: the highest of that role.
        mentions: IRIs of mentions.
        names: every name that the paper has for it.
    """

    resource: Resource
    role: Role
    confidence: float
    mentions: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def add(self, entity: Entity, mentions: Iterable[str]) -> None:
        """Take in one more entity that is this resource."""
        self.mentions.update(mentions)
        self.names |= {entity.canonical, *entity.surfaces}
        if _STRENGTH[entity.role] < _STRENGTH[self.role]:
            self.role, self.confidence = entity.role, entity.confidence
        elif entity.role == self.role:
            self.confidence = max(self.confidence, entity.confidence)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person decided of a claim, a result or a size.

    Attributes:
        status: ``confirmed``, ``rejected`` or ``corrected``.
        review: IRI of the review.
        date: when it was, as a lexical ``xsd:dateTime``.
        revises: IRI of what this is put in the place of.
    """

    status: str
    review: str
    date: str
    revises: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a paper, and what backs it.

    Attributes:
        iri: of the claim.
        predicate: of the statement.
        resource: IRI of its object.
        confidence: how sure it is; 1 where a person gave it.
        mentions: IRIs of the mentions that it rests on.
        found: whether extraction found it; else it comes from the review.
        verdict: what people decided; None where nobody has.
    """

    iri: str
    predicate: str
    resource: str
    confidence: float
    mentions: frozenset[str]
    found: bool = True
    verdict: Verdict | None = None

    @property
    def stated(self) -> bool:
        """Whether the graph makes the statement."""
        return self.verdict is None or self.verdict.status != "rejected"


def relations_of(
    record: Record,
    entities: Iterable[Entity],
    resources: Mapping[str, tuple[str, Resource]],
    iris: Iris,
) -> dict[str, Relation]:
    """The paper's relation to each resource, by IRI and in its order."""
    mentions: dict[str, list[str]] = {}
    for each in record.mentions:
        iri = iris.mention(record.key, each.start, each.end)
        mentions.setdefault(each.entity, []).append(iri)
    relations: dict[str, Relation] = {}
    for entity in entities:
        iri, resource = resources[entity.id]
        new = Relation(resource, entity.role, entity.confidence)
        relations.setdefault(iri, new).add(entity, mentions[entity.id])
    return dict(sorted(relations.items()))


def statements(relations: Mapping[str, Relation]) -> Iterator[tuple[str, str, Relation]]:
    """Every statement of a paper that a claim goes with: predicate, object, and what backs it."""
    for iri, relation in relations.items():
        yield RELATIONS[relation.role], iri, relation
        if relation.resource.label == "Task" and relation.role != "mentioned":
            yield FP.addressesTask, iri, relation


def claims_of(key: str, relations: Mapping[str, Relation], iris: Iris) -> list[Claim]:
    """The claims of a paper as extraction found them."""
    return [
        Claim(iris.claim(key, n), predicate, iri, each.confidence, frozenset(each.mentions))
        for n, (predicate, iri, each) in enumerate(statements(relations), 1)
    ]
