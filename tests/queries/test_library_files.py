"""What holds of every query of the library, file by file."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib.namespace import RDF, XSD

from fairpapers.graph.store import OpenStore, Store
from fairpapers.ontology.terms import PREFIXES
from fairpapers.queries import Library, Query, library_folder, load_library
from fairpapers.queries.answers import Answer, Table, Triples, Truth
from fairpapers.queries.defaults import is_empty
from fairpapers.queries.federation import load_fixture, stored_text
from fairpapers.queries.federation.checks import bare
from fairpapers.queries.library import query_files
from fairpapers.queries.linting import lint
from fairpapers.queries.linting.answers import answer_faults
from fairpapers.queries.linting.texts import declared_prefixes, used_terms
from fairpapers.queries.parsing import read_query
from fairpapers.queries.runner import run

# Of the endpoints that federated queries ask.
REMOTE_PREFIXES = {
    "dblp": "https://dblp.org/rdf/schema#",
    "lpwc": "https://linkedpaperswithcode.com/property/",
    "org": "http://www.w3.org/ns/org#",
    "soa": "https://semopenalex.org/ontology/",
    "wdt": "http://www.wikidata.org/prop/direct/",
}
# What they have, as the publishers' own schemas, samples and example queries say.
REMOTE_TERMS = {
    *(f"{REMOTE_PREFIXES['dblp']}{name}" for name in ("doi", "title", "hasSignature")),
    *(f"{REMOTE_PREFIXES['dblp']}signature{name}" for name in ("Ordinal", "DblpName")),
    *(f"{REMOTE_PREFIXES['dblp']}{name}" for name in ("publishedIn", "yearOfPublication")),
    *(f"{REMOTE_PREFIXES['lpwc']}has{name}" for name in ("Dataset", "Model", "EvaluationResult")),
    *(f"{REMOTE_PREFIXES['lpwc']}metric{name}" for name in ("Name", "Value")),
    *(f"{REMOTE_PREFIXES['wdt']}{name}" for name in ("P31", "P279", "P356", "P577")),
    f"{REMOTE_PREFIXES['org']}memberOf",
    f"{REMOTE_PREFIXES['soa']}citedByCount",
    "http://prismstandard.org/namespaces/basic/2.0/doi",
    "http://purl.org/spar/datacite/doi",
    "http://schema.org/description",
}
INTEGERS = {"integer", "nonNegativeInteger"}
QUERIES = [pytest.param(query, id=query.id) for query in load_library().values()]
each_file = pytest.mark.parametrize(
    "path", query_files(library_folder()), ids=lambda path: path.stem
)
each_query = pytest.mark.parametrize("query", QUERIES)


Row = tuple[object, ...]


@dataclass(frozen=True)
class Graph:
    """A graph in two engines."""

    store: Store
    dataset: rdflib.Dataset
    values: Mapping[str, Mapping[str, str]]

    def answer(self, query: Query) -> Answer:
        return run(self.store, query, self.values.get(query.id), stored=load_fixture(query))

    def text(self, query: Query) -> str:
        return stored_text(query, load_fixture(query), self.values.get(query.id))


@pytest.fixture(scope="module")
def far(root: Path) -> Graph:
    """What the stored answers of other endpoints join with."""
    turtle = (root / "tests/queries/federated.ttl").read_text("utf-8")
    dataset = rdflib.Dataset(default_union=True)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="rdflib")
        dataset.parse(data=turtle, format="turtle")
    loaded = pyoxigraph.Store()
    loaded.load(turtle.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    return Graph(OpenStore(loaded), dataset, {})


@pytest.fixture
def graph_of(
    store: Store,
    dataset: rdflib.Dataset,
    sample_values: Mapping[str, Mapping[str, str]],
    far: Graph,
) -> Callable[[Query], Graph]:
    """The graph on which a query has an answer."""
    sample = Graph(store, dataset, sample_values)
    return lambda query: far if query.federates else sample


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
    wanted |= {f"K{n:02}" for n in range(1, 8)}
    assert wanted | {"L01", "L02", "L06", "L08"} <= set(library)


def test_lint_finds_nothing_wrong_with_them(library: Library) -> None:
    linted = lint([library_folder()], {})
    assert linted.files == len(library)
    assert list(map(str, linted.faults)) == []


# rdflib's own query engine calls what rdflib has deprecated.
@pytest.mark.filterwarnings("ignore:Dataset.contexts is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
@each_query
def test_both_engines_give_the_same_answer(
    query: Query, graph_of: Callable[[Query], Graph]
) -> None:
    graph = graph_of(query)
    dataset, text = graph.dataset, graph.text(query)
    answer = graph.answer(query)
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
def test_it_answers_on_the_sample(path: Path, graph_of: Callable[[Query], Graph]) -> None:
    file = read_query(path)
    graph = graph_of(file.query)
    assert answer_faults(file, graph.store, graph.values.get(file.query.id)) == []
    # That one may be empty is told in its file; the graph for these was made to join.
    assert not file.query.federates or not is_empty(graph.answer(file.query))


@each_query
def test_its_prefixes_are_ours(query: Query) -> None:
    declared = declared_prefixes(query.text)
    known = PREFIXES | (REMOTE_PREFIXES if query.federates else {})
    assert declared == {prefix: known[prefix] for prefix in declared}


@each_query
def test_it_asks_other_endpoints_for_terms_that_they_have(query: Query) -> None:
    def terms(text: str) -> set[str]:
        return {iri for _, iri in used_terms(text, declared_prefixes(text))}

    asked = terms(query.text) - terms(bare(query.text)) - set(query.federates)
    assert {
        iri for iri in asked - REMOTE_TERMS if not iri.startswith(tuple(PREFIXES.values()))
    } == set()


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
