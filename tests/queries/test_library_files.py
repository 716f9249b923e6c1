"""What holds of every query of the library, file by file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib.namespace import RDF, XSD

from fairpapers.graph.store import Store
from fairpapers.ontology.terms import PREFIXES
from fairpapers.queries import Library, Query, library_folder, load_library
from fairpapers.queries.answers import Table, Triples, Truth
from fairpapers.queries.library import query_files
from fairpapers.queries.linting import lint
from fairpapers.queries.linting.answers import answer_faults
from fairpapers.queries.linting.texts import declared_prefixes
from fairpapers.queries.parsing import read_query
from fairpapers.queries.runner import run

INTEGERS = {"integer", "nonNegativeInteger"}
QUERIES = [pytest.param(query, id=query.id) for query in load_library().values()]
each_file = pytest.mark.parametrize(
    "path", query_files(library_folder()), ids=lambda path: path.stem
)
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
    groups = {"A": 8, "B": 9, "C": 8, "D": 7, "E": 6, "F": 10, "G": 5, "H": 12, "I": 5, "J": 8}
    wanted = {f"{letter}{n:02}" for letter, count in groups.items() for n in range(1, count + 1)}
    assert wanted | {"K07", "L01", "L02", "L06", "L08"} <= set(library)


def test_lint_finds_nothing_wrong_with_them(library: Library) -> None:
    linted = lint([library_folder()], {})
    assert linted.files == len(library)
    assert list(map(str, linted.faults)) == []


# rdflib's own query engine calls what rdflib has deprecated.
@pytest.mark.filterwarnings("ignore:Dataset.contexts is deprecated:DeprecationWarning")
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


@each_file
def test_it_answers_on_the_sample(
    path: Path, store: Store, sample_values: dict[str, dict[str, str]]
) -> None:
    file = read_query(path)
    assert answer_faults(file, store, sample_values.get(file.query.id)) == []


@each_query
def test_its_prefixes_are_ours(query: Query) -> None:
    declared = declared_prefixes(query.text)
    assert declared == {prefix: PREFIXES[prefix] for prefix in declared}


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
