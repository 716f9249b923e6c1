"""Decisions on what a paper does with resources, applied to what extraction found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ...ontology.terms import FP
from ..claims import RELATIONS, Claim, Relation, Verdict, claims_of, statements
from ..iris import Iris
from ..resolution import Resource
from .amending import ROLES, SURE, Amended, folded, same_text, statement_of
from .decisions import Decision, Related, point_in_time


@dataclass(slots=True)
class _Standing:
    """A relation that holds, and the decision that says so."""

    relation: Relation
    decision: Decision | None = None
    revises: str | None = None


@dataclass(slots=True)
class Judged:
    """What holds of a paper's relations after the decisions.

    Attributes:
        relations: that hold, by IRI of the resource.
        tasks: IRIs of tasks that the paper does not address, though it has the relation.
        claims: every claim, rejected ones too.
        replaced: IRI of the resource that a corrected one turned out to be.
        used: decisions that changed or confirmed something.
        unmatched: decisions that are about nothing here.
    """

    relations: dict[str, Relation]
    tasks: frozenset[str] = frozenset()
    claims: list[Claim] = field(default_factory=list)
    replaced: dict[str, str] = field(default_factory=dict)
    used: list[Decision] = field(default_factory=list)
    unmatched: list[Decision] = field(default_factory=list)

    def body(self, iri: str) -> str | None:
        """IRI of what a name of a resource stands for now; None where it stands for nothing."""
        seen = {iri}
        while iri not in self.relations and iri in self.replaced:
            iri = self.replaced[iri]
            if iri in seen:
                return None
            seen.add(iri)
        return iri if iri in self.relations else None


def judge(
    amended: Amended,
    extracted: Mapping[str, Relation],
    resources: Mapping[str, tuple[str, Resource]],
    iris: Iris,
) -> Judged:
    """Apply the decisions on relations of one paper, the earlier before the later.

    Args:
        amended: the record and the decisions.
        extracted: what extraction found, by IRI of the resource.
        resources: IRI and resource by id of each entity, those of reviewers too.
        iris: mints the IRIs.
    """
    found = claims_of(amended.record.key, extracted, iris)
    if not amended.decisions:
        return Judged(dict(extracted), claims=found)
    return _Judge(amended, extracted, resources, iris, found).judged()


class _Judge:
    def __init__(
        self,
        amended: Amended,
        extracted: Mapping[str, Relation],
        resources: Mapping[str, tuple[str, Resource]],
        iris: Iris,
        found: list[Claim],
    ) -> None:
        self._amended = amended
        self._extracted = extracted
        self._resources = resources
        self._iris = iris
        self._found = found
        self._numbers = {(each.predicate, each.resource): each for each in found}
        self._standing = {iri: _Standing(each) for iri, each in extracted.items()}
        self._removed: dict[str, Decision] = {}
        self._tasks: dict[str, Decision] = {}
        self._replaced: dict[str, str] = {}
        self._used: list[Decision] = []
        self._unmatched: list[Decision] = []

    def judged(self) -> Judged:
        for n, decision in enumerate(self._amended.decisions):
            if isinstance(decision.judged, Related):
                applied = self._apply(n, decision, decision.judged)
                (self._used if applied else self._unmatched).append(decision)
        relations = {iri: self._standing[iri].relation for iri in sorted(self._standing)}
        denied = frozenset(i for i, d in self._tasks.items() if d.decision == "rejected")
        return Judged(
            relations,
            denied,
            [*map(self._looked_at, self._found), *self._given(relations, denied)],
            self._replaced,
            self._used,
            self._unmatched,
        )

    def _apply(self, n: int, decision: Decision, judged: Related) -> bool:
        old = self._find(decision, judged)
        if judged.verb == "addressesTask":
            return self._judge_task(decision, old)
        if decision.decision == "rejected":
            return self._reject(decision, judged, old)
        stated = statement_of(decision)
        assert stated is not None
        entity = self._amended.added.get(n)
        new = self._resources[entity][0] if entity else old
        if new is None or (entity is None and decision.decision == "corrected"):
            return False
        self._state(decision, stated, old, new)
        return True

    def _judge_task(self, decision: Decision, old: str | None) -> bool:
        standing = self._standing.get(old) if old else None
        if old is None or standing is None or standing.relation.role == "mentioned":
            return False
        self._tasks[old] = decision
        return True

    def _reject(self, decision: Decision, judged: Related, old: str | None) -> bool:
        standing = self._standing.get(old) if old else None
        if old is None or standing is None:
            return False
        # What is not even mentioned is neither used nor introduced.
        if judged.verb != "mentions" and ROLES[judged.verb] != standing.relation.role:
            return False
        del self._standing[old]
        self._removed[old] = decision
        return True

    def _state(self, decision: Decision, stated: Related, old: str | None, new: str) -> None:
        role = ROLES[stated.verb]
        revises = self._claim_of(old) if decision.decision == "corrected" else None
        if old is not None and old != new and decision.decision == "corrected":
            self._standing.pop(old, None)
            self._removed[old] = decision
            self._replaced[old] = new
            self._replaced.pop(new, None)
        before = self._standing.get(new)
        if before is not None and before.relation.role == role:
            before.decision, before.revises = decision, revises
            return
        if before is not None:
            revises = revises or self._claim_of(new)
        known = self._extracted.get(new)
        spans = self._mentions(new)
        relation = Relation(
            known.resource if known else self._resource(new),
            role,
            SURE,
            spans | (known.mentions if known else set()),
            set(known.names) if known else {stated.name},
        )
        if known is not None and known.role == role:
            # It was rejected, or another role was given, before.
            relation.confidence = known.confidence
        self._standing[new] = _Standing(relation, decision, revises)

    def _resource(self, iri: str) -> Resource:
        return next(resource for found, resource in self._resources.values() if found == iri)

    def _mentions(self, new: str) -> set[str]:
        """IRIs of the mentions that reviewers gave for a resource."""
        record = self._amended.record
        own = {e for e in self._amended.taken if self._resources[e][0] == new}
        return {
            self._iris.mention(record.key, each.start, each.end)
            for each in record.mentions
            if each.entity in own
        }

    def _claim_of(self, resource: str | None) -> str | None:
        """IRI of the extracted claim on a relation to a resource."""
        relation = self._extracted.get(resource) if resource else None
        if resource is None or relation is None:
            return None
        return self._numbers[RELATIONS[relation.role], resource].iri

    def _find(self, decision: Decision, judged: Related) -> str | None:
        """The resource that a decision is about; None where there is none or several."""
        wanted = folded(judged.name, judged.label)
        everything = {**self._extracted, **{i: s.relation for i, s in self._standing.items()}}
        same = {i: r for i, r in everything.items() if r.resource.label == judged.label}
        seen = decision.place.spans if decision.place else ()
        words = {folded(span.words, judged.label) for span in seen}
        places = {(span.start, span.end) for span in seen}
        at_place = places if same_text(decision, self._amended.record) else set()

        def called(relation: Relation) -> set[str]:
            return {folded(name, judged.label) for name in relation.names}

        tests: tuple[Callable[[Relation], bool], ...] = (
            lambda r: folded(r.resource.name, judged.label) == wanted,
            lambda r: wanted in called(r),
            lambda r: bool(words & called(r)),
            lambda r: any(_overlap(place, iri) for iri in r.mentions for place in at_place),
        )
        for test in tests:
            hits = sorted(iri for iri, relation in same.items() if test(relation))
            standing = [iri for iri in hits if iri in self._standing]
            if hits:
                best = standing or hits
                return best[0] if len(best) == 1 else None
        return None

    def _verdict(self, decision: Decision, status: str, revises: str | None = None) -> Verdict:
        review = review_iri(decision, self._iris)
        return Verdict(status, review, point_in_time(decision.date), revises)

    def _looked_at(self, claim: Claim) -> Claim:
        """A claim of extraction with what was decided of it."""
        standing = self._standing.get(claim.resource)
        task = self._tasks.get(claim.resource) if claim.predicate == FP.addressesTask else None
        if standing is None:
            return replace(claim, verdict=self._verdict(self._removed[claim.resource], "rejected"))
        if claim.predicate == FP.addressesTask:
            if standing.relation.role == "mentioned":
                by = standing.decision
                assert by is not None
                return replace(claim, verdict=self._verdict(by, "rejected"))
            return replace(claim, verdict=self._verdict(task, task.decision)) if task else claim
        if standing.decision is None:
            return claim
        if RELATIONS[standing.relation.role] != claim.predicate:
            return replace(claim, verdict=self._verdict(standing.decision, "rejected"))
        status = standing.decision.decision
        revises = standing.revises if standing.revises != claim.iri else None
        return replace(claim, verdict=self._verdict(standing.decision, status, revises))

    def _given(self, relations: Mapping[str, Relation], denied: frozenset[str]) -> Iterator[Claim]:
        """Claims that only reviewers make, numbered behind the others."""
        n = len(self._found)
        for predicate, iri, relation in statements(relations):
            if (predicate, iri) in self._numbers:
                continue
            if predicate == FP.addressesTask and iri in denied:
                continue
            standing = self._standing[iri]
            by = standing.decision
            assert by is not None
            n += 1
            is_task = predicate == FP.addressesTask
            yield Claim(
                self._iris.claim(self._amended.record.key, n),
                predicate,
                iri,
                relation.confidence,
                frozenset(relation.mentions),
                found=False,
                verdict=self._verdict(by, by.decision, None if is_task else standing.revises),
            )


def _overlap(place: tuple[int, int], mention: str) -> bool:
    start, _, end = mention.rpartition("/m/")[2].partition("-")
    return place[0] < int(end) and int(start) < place[1]


def review_iri(decision: Decision, iris: Iris) -> str:
    """IRI of a review, from all that was decided."""
    return iris.activity("review", decision.to_json())
