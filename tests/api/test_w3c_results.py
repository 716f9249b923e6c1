"""The W3C's tests of the CSV, TSV and JSON result formats, through real HTTP."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, Namespace
from rdflib.collection import Collection

from fairpapers.api.workers.pool import StoreRef

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
XSD = "http://www.w3.org/2001/XMLSchema#"
TESTS = {"csv-tsv-res": 6, "json-res": 4}
TYPES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".srj": "application/sparql-results+json",
}

Rows = Counter[tuple[tuple[str, object], ...]]


def read(data: bytes, kind: str) -> tuple[object, Rows]:
    """The set of columns, or the truth value, and the rows; SELECT * has no order of columns."""
    if kind == "text/csv":
        names, *lines = csv.reader(io.StringIO(data.decode(), newline=""))
        return set(names), Counter(row(names, map(value, cells)) for cells in lines)
    found = ox.parse_query_results(data, ox.QueryResultsFormat.from_media_type(kind))
    if isinstance(found, ox.QueryBoolean):
        return bool(found), Counter()
    names = [variable.value for variable in found.variables]
    return set(names), Counter(row(names, map(comparable, cells)) for cells in found)


def row(names: Iterable[str], cells: Iterable[object]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(zip(names, cells, strict=True), key=lambda cell: cell[0]))


def comparable(term: object) -> object:
    """A term; blank nodes are alike, numbers are compared by value.

    The engine keeps xsd:negativeInteger and its like as xsd:integer.
    """
    if isinstance(term, ox.BlankNode):
        return "_:"
    if isinstance(term, ox.Literal):
        kind = term.datatype.value.removeprefix(XSD)
        if kind in ("decimal", "double") or kind.endswith(("integer", "Integer")):
            return "integer" if kind.endswith("Integer") else kind, float(term.value)
    return term


def value(cell: str) -> object:
    """A cell of CSV, which has no types."""
    if cell.startswith("_:"):
        return "_:"
    try:
        return float(cell)
    except ValueError:
        return cell


@pytest.mark.parametrize("folder", TESTS)
def test_result_formats(folder: str, shared: Path, serve: Any, tmp_path: Path) -> None:
    path = shared / "conformance/w3c" / folder
    graph = rdflib.Graph().parse(path / "manifest.ttl", publicID=path.as_uri() + "/")
    entries = graph.value(graph.value(None, RDF.type, MF.Manifest), MF.entries)
    assert entries is not None
    passed = 0
    for number, test in enumerate(Collection(graph, entries)):
        action = graph.value(test, MF.action)
        query, data, result = (
            path / str(graph.value(subject, predicate)).rpartition("/")[2]
            for subject, predicate in ((action, QT.query), (action, QT.data), (test, MF.result))
        )
        store = ox.Store(tmp_path / str(number))
        store.load(path=data, format=ox.RdfFormat.TURTLE, base_iri=data.as_uri())
        store.flush()
        del store
        kind = TYPES[result.suffix]
        with serve(StoreRef(str(number), tmp_path / str(number))) as server:
            response = server.ask(query.read_text(), kind)
        assert response.headers["Content-Type"].partition(";")[0] == kind
        assert read(response.content, kind) == read(result.read_bytes(), kind), test
        passed += 1
    assert passed == TESTS[folder]
