"""What holds of every query of the library, file by file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

import pyoxigraph
import pytest
import rdflib
from rdflib.namespace import (
    DCTERMS,
    FOAF,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    XSD,
    DefinedNamespace,
)
from rdflib.plugins.sparql import prepareQuery

from fairpapers.graph.lexer import tokens
from fairpapers.graph.store import Store
from fairpapers.ontology.terms import PREFIXES
from fairpapers.queries import Library, Query, load_library
from fairpapers.queries.answers import Table, Term, Triples, Truth
from fairpapers.queries.runner import choices, run

FOREIGN: tuple[type[DefinedNamespace], ...] = (
    *(DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, XSD),
)
# Vocabularies that rdflib does not know, and what of them the queries write.
OUTSIDE = {
    *(f"{PREFIXES['oa']}{name}" for name in ("Annotation", "SpecificResource", "identifying")),
    *(f"{PREFIXES['oa']}{name}" for name in ("TextPositionSelector", "TextQuoteSelector")),
    *(f"{PREFIXES['oa']}has{name}" for name in ("Body", "Target", "Source", "Selector")),
    *(f"{PREFIXES['oa']}{name}" for name in ("motivatedBy", "start", "end", "exact")),
    *(f"{PREFIXES['nif']}{name}" for name in ("Context", "Phrase", "RFC5147String", "sourceUrl")),
    *(
        f"{PREFIXES['nif']}{name}"
        for name in ("beginIndex", "endIndex", "anchorOf", "referenceContext")
    ),
    *(f"{PREFIXES['itsrdf']}{name}" for name in ("taIdentRef", "taConfidence", "taAnnotatorsRef")),
    *(f"{PREFIXES['as']}{name}" for name in ("Application", "generator")),
    "http://www.w3.org/ns/dqv#isMeasurementOf",
    "http://www.w3.org/ns/dqv#value",
    "http://www.w3.org/ns/shacl#SPARQLExecutable",
    "http://qudt.org/vocab/unit/PERCENT",
    "https://schema.org/observationAbout",
    "https://schema.org/measuredProperty",
    "https://schema.org/Observation",
}
INTEGERS = {"integer", "nonNegativeInteger"}
QUERIES = [pytest.param(query, id=query.id) for query in load_library().values()]
each_query = pytest.mark.parametrize("query", QUERIES)


Row = tuple[object, ...]


def rows_of(table: Table) -> list[Row]:
    return [tuple(map(comparable, row)) for row in table.rows]


def comparable(term: object) -> object:
    """A term of either engine; numbers by value, since stores may rewrite how they are typed."""
    if isinstance(term, pyoxigraph.Literal):
        datatype = term.datatype.value
        return literal(term.value, datatype, term.language)
    if isinstance(term, rdflib.Literal):
        datatype = str(term.datatype or (RDF.langString if term.language else XSD.string))
        return literal(str(term), datatype, term.language)
    return term.value if isinstance(term, pyoxigraph.NamedNode) else term and str(term)


def literal(value: str, datatype: str, language: str | None) -> object:
    kind = datatype.removeprefix(PREFIXES["xsd"])
    return Decimal(value) if kind in INTEGERS | {"decimal"} else (value, kind, language)


def rdflib_rows(dataset: rdflib.Dataset, text: str, names: Iterable[str]) -> list[Row]:
    rows = [
        tuple(comparable(row.get(rdflib.Variable(name))) for name in names)
        for row in dataset.query(text).bindings
    ]
    # rdflib gives one row of nothing for groups of nothing; SPARQL 1.1, 18.5.1 has no group then.
    return [row for row in rows if any(cell is not None for cell in row)]


def test_the_groups_are_complete(library: Library) -> None:
    groups = {"A": 8, "B": 8, "C": 6, "D": 7, "E": 5, "F": 9, "G": 5, "H": 7, "I": 5, "J": 6}
    wanted = {f"{letter}{n:02}" for letter, count in groups.items() for n in range(1, count + 1)}
    assert wanted | {"K07", "L01", "L02", "L06"} <= set(library)


@each_query
def test_it_parses_in_a_second_engine(query: Query) -> None:
    prepareQuery(query.bind())


# rdflib's own query engine calls what rdflib has deprecated.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
@each_query
def test_both_engines_give_the_same_answer(
    query: Query, store: Store, dataset: rdflib.Dataset, sample_values: dict[str, dict[str, str]]
) -> None:
    values = sample_values.get(query.id, {})
    text = query.bind(values)
    answer = run(store, query, values)
    if isinstance(answer, Truth):
        assert answer.value == dataset.query(text).askAnswer
    elif isinstance(answer, Triples):
        described = dataset.query(text).graph
        assert described is not None
        rows = [tuple(map(comparable, triple)) for triple in described]
        assert sorted(rows_of(answer.table()), key=repr) == sorted(rows, key=repr)
    elif query.sampled:
        second = rdflib_rows(dataset, text, answer.variables)
        everything = re.sub(r"LIMIT \d+", "", text)
        known = set(rdflib_rows(dataset, everything, answer.variables))
        assert len(answer.rows) == len(second)
        assert set(rows_of(answer)) <= known
    else:
        # In the same order too: it is the query that fixes it, not the engine.
        assert rows_of(answer) == rdflib_rows(dataset, text, answer.variables)


@each_query
def test_it_answers_on_the_sample(
    query: Query, store: Store, sample_values: dict[str, dict[str, str]]
) -> None:
    answer = run(store, query, sample_values.get(query.id))
    if query.empty:
        return
    match answer:
        case Truth(value):
            assert value
        case Triples(triples):
            assert triples
        case Table(_, rows):
            assert rows


@each_query
def test_rows_keep_what_the_columns_promise(
    query: Query, store: Store, sample_values: dict[str, dict[str, str]]
) -> None:
    answer = run(store, query, sample_values.get(query.id))
    if not isinstance(answer, Table):
        assert query.columns == ()
        return
    assert answer.variables == tuple(column.name for column in query.columns)
    cells_of = [list(cells) for cells in zip(*answer.rows, strict=True)] or [[]] * len(
        query.columns
    )
    for column, cells in zip(query.columns, cells_of, strict=True):
        assert column.optional or None not in cells, column.name
        kinds = {kind_of(cell) for cell in cells if cell is not None}
        assert column.type == "any" or kinds == {column.type} or not answer.rows, column.name


def kind_of(term: Term) -> str:
    if isinstance(term, pyoxigraph.NamedNode):
        return "iri"
    assert isinstance(term, pyoxigraph.Literal)
    kind = term.datatype.value.removeprefix(PREFIXES["xsd"])
    return "integer" if kind in INTEGERS else {"gYear": "year"}.get(kind, kind)


@each_query
def test_its_rows_are_ordered_and_differ(
    query: Query, store: Store, sample_values: dict[str, dict[str, str]]
) -> None:
    answer = run(store, query, sample_values.get(query.id))
    if isinstance(answer, Table):
        words = {token.text.upper() for token in tokens(query.text) if token.kind == "word"}
        assert query.sampled or "ORDER" in words
        assert len(set(answer.rows)) == len(answer.rows)


@each_query
def test_it_uses_defined_terms_only(query: Query, own_terms: frozenset[str]) -> None:
    unknown = {term for term in terms_of(query.text) if not defined(term, own_terms)}
    assert unknown == set()


@each_query
def test_it_declares_the_prefixes_that_it_uses(query: Query) -> None:
    declared = prefixes_of(query.text)
    names = [token.text for token in tokens(query.text) if token.kind == "name"]
    used = [name.partition(":")[0] for name in names]
    # Once where it is declared, and once more at least.
    assert {prefix for prefix in declared if used.count(prefix) < 2} == set()
    assert declared == {prefix: PREFIXES[prefix] for prefix in declared}


@each_query
def test_it_reads_the_union_of_all_graphs(query: Query) -> None:
    words = {token.text.upper() for token in tokens(query.text) if token.kind == "word"}
    assert words & {"GRAPH", "FROM", "SERVICE"} == set()


@each_query
def test_offered_values_are_valid(query: Query, store: Store) -> None:
    for parameter in query.parameters:
        offered = choices(store, query, parameter.name)
        assert offered or parameter.type != "resource"
        for choice in offered:
            assert choice.label
            query.bind({parameter.name: choice.value})


@each_query
def test_its_lines_fit_a_page(query: Query) -> None:
    assert max(map(len, query.text.splitlines())) <= 110


def test_the_reading_order_visits_every_query_once(library: Library) -> None:
    visited = ["A01"]
    while (following := library[visited[-1]].next) and following not in visited:
        visited.append(following)
    assert sorted(visited) == list(library)


def test_group_a_is_a_first_lesson(library: Library) -> None:
    for query in library.values():
        if query.id.startswith("A"):
            assert query.level == 1
            assert query.text.count("{") <= 2


def prefixes_of(text: str) -> dict[str, str]:
    found = [token for token in tokens(text) if token.text.strip() and token.kind != "comment"]
    return {
        name.text.removesuffix(":"): iri.text[1:-1]
        for keyword, name, iri in zip(found, found[1:], found[2:], strict=False)
        if keyword.text.upper() == "PREFIX"
    }


def terms_of(text: str) -> set[str]:
    prefixes = prefixes_of(text)
    names = [token.text.partition(":") for token in tokens(text) if token.kind == "name"]
    iris = {token.text[1:-1] for token in tokens(text) if token.kind == "iri"}
    expanded = {prefixes[prefix] + local for prefix, _, local in names if local}
    return expanded | (iris - set(prefixes.values()))


def defined(term: str, own: frozenset[str]) -> bool:
    return term in own | OUTSIDE or any(rdflib.URIRef(term) in namespace for namespace in FOREIGN)
