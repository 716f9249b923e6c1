"""Checks of the whole store, each one query that finds the nodes at fault.

The ids of rules (N1, D4, S2, ...) are those of the list in this folder's README.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pyoxigraph import BlankNode, NamedNode, QuerySolutions, Store

from ..ontology.terms import PREFIXES
from .errors import Severity, Violation
from .iris import Iris

SHOWN: Final = 100
_PREFIXES: Final = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        id: its name in reports.
        rule: the rule of the README that it belongs to; None where it belongs to none.
        message: what is wrong with a node that is found.
        query: finds the nodes at fault as ``?focus``; ``%(core)s`` and ``%(evidence)s`` stand for
            the graphs, ``%(year)s`` for this year.
        severity: a build refuses a graph with a violation, and reports a warning.
    """

    id: str
    rule: str | None
    message: str
    query: str
    severity: Severity = "violation"


CHECKS: Final = (
    Check(
        "statement-has-one-claim",
        "S2",
        "has a statement that not exactly one claim goes with",
        """SELECT ?focus WHERE {
             GRAPH <%(core)s> {
               ?focus ?p ?o
               FILTER(?p IN (fp:introduces, fp:uses, fp:mentions, fp:addressesTask))
             }
             OPTIONAL {
               GRAPH <%(evidence)s> {
                 ?claim rdf:subject ?focus ; rdf:predicate ?p ; rdf:object ?o
                 FILTER NOT EXISTS { ?claim prov:invalidatedAtTime ?time }
               }
             }
           } GROUP BY ?focus ?p ?o HAVING(COUNT(?claim) != 1)""",
    ),
    Check(
        "claim-has-statement",
        "S2",
        "is a claim without its statement",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> {
               ?focus rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o
               FILTER NOT EXISTS { ?focus prov:invalidatedAtTime ?time }
             }
             FILTER NOT EXISTS { GRAPH <%(core)s> { ?s ?p ?o } }
           }""",
    ),
    Check(
        "rejected-is-not-stated",
        "S2",
        "is rejected and stated all the same",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> { ?focus prov:invalidatedAtTime ?time }
             OPTIONAL {
               GRAPH <%(evidence)s> { ?focus rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }
             }
             FILTER(
               EXISTS { GRAPH <%(core)s> { ?s ?p ?o } } && BOUND(?s)
               || EXISTS { GRAPH <%(core)s> { ?paper fp:reportsResult|fp:reportsSize ?focus } }
             )
           }""",
    ),
    Check(
        "one-relation-per-resource",
        None,
        "states more than the most specific relation to a resource",
        """SELECT ?focus WHERE {
             GRAPH <%(core)s> {
               ?focus ?p ?o FILTER(?p IN (fp:introduces, fp:uses, fp:mentions))
             }
           } GROUP BY ?focus ?o HAVING(COUNT(?p) != 1)""",
    ),
    Check(
        "claim-has-mention-of-its-paper",
        "S3",
        "is a claim without a mention of its object in the text of its paper",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> {
               ?focus a fp:Claim ; rdf:subject ?paper ; rdf:object ?resource
               FILTER NOT EXISTS { ?focus prov:invalidatedAtTime ?time }
               OPTIONAL {
                 ?focus fp:supportedBy ?mention .
                 ?mention oa:hasBody ?resource ; fp:inText ?text .
                 ?paper fp:hasText ?text
               }
             }
           } GROUP BY ?focus HAVING(COUNT(?mention) = 0)""",
    ),
    Check(
        "support-is-of-the-same-paper",
        "S3",
        "is supported by a mention in another text",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> { ?focus fp:supportedBy ?mention . ?mention fp:inText ?text }
             OPTIONAL { GRAPH <%(evidence)s> { ?focus rdf:subject ?subject } }
             OPTIONAL { GRAPH <%(core)s> { ?reporter fp:reportsResult|fp:reportsSize ?focus } }
             BIND(COALESCE(?subject, ?reporter) AS ?paper)
             FILTER NOT EXISTS { GRAPH <%(evidence)s> { ?paper fp:hasText ?text } }
           }""",
    ),
    Check(
        "span-fits-text",
        "D4",
        "has a span that is empty or ends behind its text",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> {
               ?focus fp:inText ?text ; fp:start ?start ; fp:end ?end .
               ?text fp:textLength ?length
               FILTER(?start >= ?end || ?end > ?length)
             }
           }""",
    ),
    Check(
        "result-is-complete",
        "S4",
        "is a result without value, metric, kind or place in the text",
        """SELECT ?focus WHERE {
             GRAPH <%(core)s> {
               ?focus a fp:Result
               FILTER NOT EXISTS {
                 ?focus fp:value ?v ; fp:byMetric ?m ; fp:valueKind ?k ; fp:comparator ?c
               }
             }
           }""",
    ),
    Check(
        "size-is-complete",
        None,
        "is a size without number, what is counted, or the one resource whose size it is",
        """SELECT ?focus WHERE {
             GRAPH <%(core)s> {
               ?focus a fp:Size
               OPTIONAL { ?resource fp:size ?focus }
               OPTIONAL { ?focus fp:value ?v ; fp:counted ?what ; fp:comparator ?c }
             }
           } GROUP BY ?focus HAVING(COUNT(?resource) != 1 || COUNT(?v) != 1)""",
    ),
    Check(
        "resource-is-named",
        None,
        "is related to a paper but has no type or name",
        """SELECT DISTINCT ?focus WHERE {
             GRAPH <%(core)s> {
               ?paper ?p ?focus FILTER(?p IN (fp:introduces, fp:uses, fp:mentions))
               FILTER NOT EXISTS { ?focus a ?type ; skos:prefLabel ?name ; fp:paperCount ?count }
             }
           }""",
    ),
    Check(
        "paper-count-is-right",
        None,
        "has an fp:paperCount that differs from its papers",
        """SELECT ?focus WHERE {
             GRAPH <%(core)s> {
               ?focus fp:paperCount ?stated .
               OPTIONAL { ?paper ?p ?focus FILTER(?p IN (fp:introduces, fp:uses, fp:mentions)) }
             }
           } GROUP BY ?focus ?stated HAVING(COUNT(DISTINCT ?paper) != ?stated)""",
    ),
    Check(
        "confidence-is-a-share",
        "D3",
        "has a confidence that is no xsd:decimal from 0 to 1",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> {
               ?focus fp:confidence ?c
               FILTER(DATATYPE(?c) != xsd:decimal || ?c < 0 || ?c > 1)
             }
           }""",
    ),
    Check(
        "surface-form-is-short",
        "D7",
        "quotes more than 80 characters",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> { ?focus fp:surfaceForm ?words FILTER(STRLEN(?words) > 80) }
           }""",
    ),
    Check(
        "surface-form-fits-span",
        "D5",
        "has a surface form that is not as long as its span",
        """SELECT ?focus WHERE {
             GRAPH <%(evidence)s> { ?focus fp:surfaceForm ?words ; fp:start ?start ; fp:end ?end }
             FILTER(STRLEN(?words) != IF(?end - ?start > 80, 80, ?end - ?start))
           }""",
    ),
    Check(
        "text-has-digest",
        "D6",
        "has no text with a digest and a length",
        """SELECT ?focus WHERE {
             GRAPH <%(core)s> { ?focus a fp:Paper }
             MINUS {
               GRAPH <%(evidence)s> {
                 ?focus fp:hasText ?text . ?text fp:textSha256 ?digest ; fp:textLength ?length
               }
             }
           }""",
    ),
    Check(
        "date-is-not-ahead",
        "D8",
        "is dated after this year",
        """SELECT ?focus WHERE {
             GRAPH <%(core)s> { ?focus schema:datePublished ?date }
             FILTER(xsd:integer(SUBSTR(STR(?date), 1, 4)) > %(year)s)
           }""",
        "warning",
    ),
    Check(
        "leading-metric-has-direction",
        "S5",
        "is the metric of absolute results, and it is not known whether higher or lower is better",
        """SELECT DISTINCT ?focus WHERE {
             GRAPH <%(core)s> {
               ?result fp:valueKind fpv:absolute ; fp:byMetric ?focus
               FILTER NOT EXISTS { ?focus fp:direction ?direction }
             }
           }""",
        "warning",
    ),
    Check(
        "name-is-not-ambiguous",
        "S6",
        "has an alternative name that is the preferred name of another resource of its kind",
        """SELECT DISTINCT ?focus WHERE {
             GRAPH <%(core)s> {
               ?focus skos:altLabel ?name ; a ?kind . ?other skos:prefLabel ?name ; a ?kind
               FILTER(?focus != ?other)
             }
           }""",
        "warning",
    ),
    Check(
        "label-is-not-blank",
        None,
        "has a name that is empty or white space",
        """SELECT DISTINCT ?focus WHERE {
             GRAPH <%(core)s> {
               ?focus skos:prefLabel|skos:altLabel ?name FILTER(!REGEX(?name, "\\\\S"))
             }
           }""",
    ),
    Check(
        "no-cycle-of-broader",
        "C4",
        "is broader than itself",
        """SELECT DISTINCT ?focus WHERE {
             GRAPH ?any { ?focus skos:broader ?above }
             GRAPH ?any { ?above skos:broader* ?focus }
           }""",
    ),
)


def check(store: Store, iris: Iris, *, year: int | None = None) -> Iterator[Violation]:
    """Ask every check of the whole store; at most `SHOWN` faults each.

    Args:
        store: with every graph loaded.
        iris: of the graph.
        year: this year, by the calendar where it is None.
    """
    known = {name: iris.graph(name) for name in ("core", "evidence")}
    known["year"] = str(year or datetime.now(UTC).year)
    for each in CHECKS:
        found = store.query(f"{_PREFIXES}{each.query % known} LIMIT {SHOWN}")
        assert isinstance(found, QuerySolutions)
        for focus in sorted({iri_of(solution["focus"]) for solution in found}):
            yield Violation(each.id, focus, each.message, each.severity, each.rule)


def iri_of(term: object) -> str:
    """IRI of a node; a blank node, which an update can bring in, as it is written in Turtle."""
    assert isinstance(term, NamedNode | BlankNode)
    return term.value if isinstance(term, NamedNode) else str(term)
