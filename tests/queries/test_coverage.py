"""The library as a whole: what of the ontology it asks for, and what of SPARQL it teaches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pytest
import rdflib
from rdflib import OWL, RDF

from fairpapers.graph.lexer import tokens
from fairpapers.ontology import ontology_file
from fairpapers.ontology.terms import PREFIXES
from fairpapers.queries import Library, Query
from fairpapers.queries.linting.algebra import read_algebra
from fairpapers.queries.linting.texts import declared_prefixes, used_terms

KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
# What the units of the course speak of, by the words under "teaches" and by what the query must
# hold then: a word, a sign, or an operator as rdflib calls it.
SYLLABUS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "1 triple patterns": ("triple pattern|fixed subject", "BGP"),
        "2 prefixes": ("prefixes", "PREFIX"),
        "2 the semicolon": ("semicolon|about one subject", ";"),
        "2 a for rdf:type": ("rdf:type|class and label", "A"),
        "2 blank nodes": ("blank nodes", "["),
        "2 language tags": ("language tags", "LANG"),
        "2 typed literals": ("decimal|casting|year", "BGP"),
        "3 SELECT": ("^SELECT$", "SELECT"),
        "3 variables": ("variables", "BGP"),
        "3 LIMIT": ("LIMIT", "LIMIT"),
        "3 ASK": ("^ASK$", "ASK"),
        "4 joins": ("join", "BGP"),
        "4 chains": ("chain|two steps", "BGP"),
        "5 FILTER": ("FILTER", "FILTER"),
        "5 ORDER BY": ("ORDER BY", "ORDER"),
        "5 DISTINCT": ("^DISTINCT", "DISTINCT"),
        "5 strings": ("CONTAINS|REGEX|STRSTARTS|STRAFTER|LCASE", "BGP"),
        "5 dates": ("dates", "BGP"),
        "6 OPTIONAL": ("OPTIONAL", "LeftJoin"),
        "6 NOT EXISTS": ("NOT EXISTS", "Builtin_NOTEXISTS"),
        "6 MINUS": ("MINUS", "Minus"),
        "6 BOUND": ("BOUND", "Builtin_BOUND"),
        "6 COALESCE": ("COALESCE", "Builtin_COALESCE"),
        "6 the open world": ("open world", "BGP"),
        "7 COUNT": ("^COUNT$|COUNT against", "Aggregate_Count"),
        "7 COUNT DISTINCT": ("COUNT DISTINCT", "Aggregate_Count"),
        "7 GROUP BY": ("GROUP BY", "GROUP"),
        "7 HAVING": ("HAVING", "HAVING"),
        "7 subqueries": ("subquer", "SELECT"),
        "8 VALUES": ("VALUES", "VALUES"),
        "8 UNION": ("UNION", "Union"),
        "8 alternative paths": ("alternative paths", "AlternativePath"),
        "8 sequences of paths": ("sequence path|with a path", "SequencePath"),
        "8 inverse paths": ("inverse path", "InvPath"),
        "8 paths with plus": ("path with plus", "MulPath+"),
        "8 paths with star": ("path with star", "MulPath*"),
        "9 n-ary facts": ("n-ary|results as nodes", "BGP"),
        "9 the row of the maximum": ("row of the|running maximum", "SELECT"),
        "9 arithmetic": ("arithmetic|percentages", "BGP"),
        "10 provenance": ("provenance", "BGP"),
        "10 claims and confidence": ("claims beside|evidence", "BGP"),
        "10 named graphs": ("named graphs", "Graph"),
        "11 sub-properties and sub-classes": ("sub-propert|sub-class", "BGP"),
        "12 CONSTRUCT": ("CONSTRUCT", "CONSTRUCT"),
        "12 DESCRIBE": ("^DESCRIBE", "DESCRIBE"),
        "12 SERVICE": ("SERVICE", "SERVICE"),
    }
)


def signs(query: Query) -> set[str]:
    """Words, signs and operators of a query."""
    used = {each.text.upper() for each in tokens(query.text) if each.kind in ("word", "other")}
    return used | read_algebra(query.bind()).names


@pytest.fixture(scope="module")
def used(library: Library) -> set[str]:
    return {
        iri
        for query in library.values()
        for _, iri in used_terms(query.text, declared_prefixes(query.text))
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.fragment)
def test_every_class_and_property_of_the_ontology_is_asked_for(
    used: set[str], kind: rdflib.URIRef
) -> None:
    ontology = rdflib.Graph().parse(ontology_file())
    terms = {str(term) for term in ontology.subjects(RDF.type, kind)}
    own = {term for term in terms if term.startswith(PREFIXES["fp"])}
    assert len(own) > 10
    assert own - used == set()


@pytest.mark.parametrize("topic", SYLLABUS)
def test_two_queries_teach_each_topic_of_the_course(library: Library, topic: str) -> None:
    words, sign = SYLLABUS[topic]
    teaching = [
        query for query in library.values() if any(re.search(words, each) for each in query.teaches)
    ]
    assert len([query.id for query in teaching if sign in signs(query)]) >= 2


def test_a_query_holds_what_it_says_it_teaches(library: Library) -> None:
    """Words in capitals under "teaches" are keywords and functions of SPARQL."""
    missing = [
        f"{query.id}: {word}"
        for query in library.values()
        for word in re.findall(r"\b[A-Z_]{3,}\b", " ".join(query.teaches))
        if word not in {"RDF", "DQV", "IRI"}
        if word not in {each.text.upper() for each in tokens(query.text) if each.kind == "word"}
    ]
    assert missing == []
