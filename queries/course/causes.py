"""Why a query finds nothing: each triple pattern on its own, its terms, its direction, its types."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pyoxigraph import NamedNode
from rdflib import BNode, Literal, URIRef, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Node

from ..rendering import compact
from .comparing import Difference
from .data import COURSE_PREFIXES, CourseStore

# Turning each of them is one question to the store.
_MOST_TURNED: Final = 8


@dataclass(frozen=True, slots=True)
class Pattern:
    """One triple pattern of a query."""

    subject: Node
    predicate: Node
    object: Node

    def ask(self, *, swapped: bool = False) -> str:
        """An ASK for this pattern alone."""
        first, last = (self.object, self.subject) if swapped else (self.subject, self.object)
        return f"ASK {{ {_write(first)} {_write(self.predicate)} {_write(last)} }}"

    def turned(self) -> Pattern:
        """The same with subject and object in each other's place."""
        return Pattern(self.object, self.predicate, self.subject)

    def write(self) -> str:
        """It as SPARQL."""
        return f"{_write(self.subject)} {_write(self.predicate)} {_write(self.object)} ."

    def __str__(self) -> str:
        return " ".join(map(_show, (self.subject, self.predicate, self.object)))


def why_empty(store: CourseStore, query: str) -> Difference | None:
    """Find what keeps a query from matching; None where each of its patterns matches alone."""
    all_patterns = list(patterns(query))
    for pattern in all_patterns:
        if store.ask(pattern.ask()):
            continue
        return (
            _unknown(store, pattern)
            or _turned(store, pattern)
            or _mistyped(store, pattern)
            or Difference("empty", f"nothing in the data matches {pattern}")
        )
    return _turned_in_company(store, all_patterns)


def turned_round(store: CourseStore, query: str) -> Difference | None:
    """Find a pattern that matches nothing as it stands and something the other way round."""
    for pattern in patterns(query):
        if not store.ask(pattern.ask()) and (found := _turned(store, pattern)):
            return found
    return None


def patterns(query: str) -> Iterator[Pattern]:
    """The triple patterns of a query whose predicate is no path, in the order of the algebra.

    Nothing of a query that only the other engine understands.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            algebra = prepareQuery(query, initNs=dict(COURSE_PREFIXES)).algebra
    except Exception:
        return
    yield from _walk(algebra)


def _walk(part: object) -> Iterator[Pattern]:
    if not isinstance(part, dict):
        return
    for triple in part.get("triples", ()) or ():
        if isinstance(triple, tuple) and len(triple) == 3:
            pattern = Pattern(*triple)
            if isinstance(pattern.predicate, URIRef | Variable):
                yield pattern
    for name, value in sorted(part.items(), key=lambda item: str(item[0])):
        if name != "triples":
            yield from _walk(value)


def _unknown(store: CourseStore, pattern: Pattern) -> Difference | None:
    for term in (pattern.predicate, pattern.object, pattern.subject):
        if not isinstance(term, URIRef) or _occurs(store, str(term)):
            continue
        known = {compact(NamedNode(iri)): iri for iri in _all_iris(store)}
        name = compact(NamedNode(str(term)))
        near = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
        advice = f"; did you mean {near[0]}?" if near else "; check its spelling and its prefix"
        return Difference("unknown-term", f"{name} does not occur in the data{advice}")
    return None


def _turned(store: CourseStore, pattern: Pattern) -> Difference | None:
    if isinstance(pattern.object, Literal) or not isinstance(pattern.predicate, URIRef):
        return None
    if not store.ask(pattern.ask(swapped=True)):
        return None
    return Difference(
        "direction",
        f"{pattern} matches nothing, and the other way round it does: swap subject and object",
    )


def _turned_in_company(store: CourseStore, all_patterns: list[Pattern]) -> Difference | None:
    """A pattern that matches alone and fits the others only the other way round."""
    if len(all_patterns) > _MOST_TURNED or store.ask(_ask(all_patterns)):
        return None
    for place, pattern in enumerate(all_patterns):
        if isinstance(pattern.object, Literal) or not isinstance(pattern.predicate, URIRef):
            continue
        if store.ask(_ask([*all_patterns[:place], pattern.turned(), *all_patterns[place + 1 :]])):
            return Difference(
                "direction",
                f"each pattern matches alone; together they do once {pattern} is turned round: "
                "swap subject and object",
            )
    return None


def _ask(all_patterns: list[Pattern]) -> str:
    return f"ASK {{ {' '.join(each.write() for each in all_patterns)} }}"


def _mistyped(store: CourseStore, pattern: Pattern) -> Difference | None:
    term = pattern.object
    if not isinstance(term, Literal):
        return None
    first, predicate = _write(pattern.subject), _write(pattern.predicate)
    rows = store.select(f"SELECT DISTINCT ?o {{ {first} {predicate} ?o }} ORDER BY ?o").rows
    for (found,) in rows:
        value = getattr(found, "value", "")
        if value == str(term) or (isinstance(found, NamedNode) and value.endswith(f"/{term}")):
            return Difference(
                "type",
                f"{pattern} matches nothing: the data has {found}, which is another kind of term",
            )
    return None


def _occurs(store: CourseStore, iri: str) -> bool:
    node = NamedNode(iri)
    return store.ask(
        f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s {node} ?o }} UNION {{ ?s ?p {node} }} }}"
    )


def _all_iris(store: CourseStore) -> list[str]:
    rows = store.select(
        "SELECT DISTINCT ?iri { { ?iri ?p ?o } UNION { ?s ?iri ?o } UNION { ?s ?p ?iri } "
        "FILTER(isIRI(?iri)) } ORDER BY ?iri"
    ).rows
    return [row[0].value for row in rows if isinstance(row[0], NamedNode)]


def _write(term: Node) -> str:
    if isinstance(term, Variable | BNode):
        # A blank node of a query is a variable that nobody sees.
        return f"?{'b' if isinstance(term, BNode) else ''}{term}"
    return term.n3() if isinstance(term, URIRef | Literal) else str(term)


def _show(term: Node) -> str:
    return compact(NamedNode(str(term))) if isinstance(term, URIRef) else _write(term)
