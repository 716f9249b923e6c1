"""Reviews and reviewers as triples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from ...ontology.terms import FP, REVIEW_STATUSES
from .. import terms
from ..claims import Verdict
from ..iris import Iris
from ..terms import node, term
from .decisions import Decision, point_in_time
from .judging import review_iri

_Triple: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal]
_ORCID = re.compile(r"(?:https?://orcid\.org/)?\b(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\b")
_AROUND: Final = " \t()[]<>,;"


def origin_triples(
    iri: str, verdict: Verdict | None, run: NamedNode, *, found: bool
) -> Iterator[_Triple]:
    """What made a claim, a result or a size, and what was decided of it.

    Args:
        iri: of it.
        verdict: what was decided; None where nobody has looked at it.
        run: the extraction that made the record.
        found: whether that found it; else it comes from the review.
    """
    subject = node(iri)
    if found or verdict is None:
        yield subject, term("prov:wasGeneratedBy"), run
    if verdict is None:
        return
    review = node(verdict.review)
    if not found:
        yield subject, term("prov:wasGeneratedBy"), review
    yield subject, node(FP.reviewStatus), node(REVIEW_STATUSES[verdict.status])
    yield subject, node(FP.reviewedIn), review
    if verdict.status == "rejected":
        yield subject, term("prov:invalidatedAtTime"), terms.moment(verdict.date)
    if verdict.revises is not None:
        yield subject, term("prov:wasRevisionOf"), node(verdict.revises)


def review_triples(decisions: Iterable[Decision], iris: Iris) -> Iterator[_Triple]:
    """The reviews of one paper that changed or confirmed something."""
    for decision in decisions:
        review = node(review_iri(decision, iris))
        yield review, term("rdf:type"), node(FP.Review)
        reviewer = node(reviewer_iri(decision.reviewer, iris))
        yield review, term("prov:wasAssociatedWith"), reviewer
        yield review, term("prov:endedAtTime"), terms.moment(point_in_time(decision.date))
        if decision.comment:
            yield review, term("rdfs:comment"), Literal(decision.comment)


def reviewer_triples(reviewers: Iterable[str], iris: Iris) -> Iterator[_Triple]:
    """People who reviewed, each once; one ORCID iD is one person under the first name."""
    people: dict[str, str] = {}
    for reviewer in sorted(reviewers):
        people.setdefault(reviewer_iri(reviewer, iris), reviewer)
    for iri, reviewer in sorted(people.items()):
        orcid, name = identified(reviewer)
        yield node(iri), term("rdf:type"), term("prov:Person")
        yield node(iri), term("schema:name"), Literal(name)
        if orcid:
            yield node(iri), term("schema:sameAs"), node(f"https://orcid.org/{orcid}")


def reviewer_iri(reviewer: str, iris: Iris) -> str:
    """IRI of a person: of the ORCID iD where there is one, else of the name."""
    orcid, name = identified(reviewer)
    return iris.agent("reviewer", orcid or name)


def identified(reviewer: str) -> tuple[str | None, str]:
    """ORCID iD and name of a reviewer; the iD stands for the name where there is no other.

    An iD has a check digit (ISO 7064, MOD 11-2); digits that fail it are part of the name.

    >>> identified("Josiah Carberry (https://orcid.org/0000-0002-1825-0097)")
    ('0000-0002-1825-0097', 'Josiah Carberry')
    >>> identified("0000-0002-1825-0098")
    (None, '0000-0002-1825-0098')
    """
    found = _ORCID.search(reviewer)
    if not found or not _checks(found[1]):
        return None, reviewer.strip()
    name = (reviewer[: found.start()] + reviewer[found.end() :]).strip(_AROUND)
    return found[1], name or found[1]


def _checks(orcid: str) -> bool:
    total = 0
    digits = orcid.replace("-", "")
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return digits[-1] == ("X" if check == 10 else str(check))
