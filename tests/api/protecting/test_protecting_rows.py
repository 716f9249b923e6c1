"""Rows counted in the bytes of an answer, however these are cut into pieces."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.workers.rows import TooManyRows, row_counter

FORMATS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
VALUES = st.sampled_from(
    ["", 'a"b', "},{", '"},{"', "\\", '\\"', "\n", "\r\n", ",", "[{", "<result>"]
)


def answer(rows: list[tuple[str | None, str | None]], media_type: str) -> bytes:
    cells = [
        f"({' '.join('UNDEF' if cell is None else str(ox.Literal(cell)) for cell in row)})"
        for row in rows
    ]
    found = ox.Store().query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {' '.join(cells)} }} }}")
    assert isinstance(found, ox.QuerySolutions)
    body = found.serialize(None, FORMATS[media_type])
    assert body is not None
    return body


def fits(body: bytes, media_type: str, limit: int, size: int) -> bool:
    count = row_counter(media_type, limit)
    try:
        for start in range(0, len(body), size):
            count(body[start : start + size])
    except TooManyRows:
        return False
    return True


@pytest.mark.parametrize("media_type", list(FORMATS))
@given(
    rows=st.lists(st.tuples(st.none() | VALUES, st.none() | VALUES), max_size=6),
    size=st.integers(1, 200),
)
def test_the_limit_is_met_exactly_in_every_format(
    media_type: str, rows: list[tuple[str | None, str | None]], size: int
) -> None:
    body = answer(rows, media_type)
    assert fits(body, media_type, max(len(rows), 1), size)
    if rows:
        assert fits(body, media_type, len(rows), size)
        assert not fits(body, media_type, len(rows) - 1, size)


def test_a_piece_may_end_within_an_escape() -> None:
    rows: list[tuple[str | None, str | None]] = [(None, None)] * 3
    body = answer([*rows, (None, "\\"), (None, '"},{"')], "application/sparql-results+json")
    for size in range(1, len(body)):
        assert fits(body, "application/sparql-results+json", 5, size)
        assert not fits(body, "application/sparql-results+json", 4, size)


@pytest.mark.parametrize("accept", list(FORMATS))
def test_a_table_with_too_many_rows_is_told_and_one_that_fits_is_whole(
    serve: Any, big_store: Any, accept: str
) -> None:
    with serve(big_store, max_result_rows=10) as server:
        response = server.ask("SELECT * { ?s ?p ?o } LIMIT 11", accept)
        assert response.status_code == 503
        assert response.json()["type"].endswith("/too-many-rows")
        assert server.ask("SELECT * { ?s ?p ?o } LIMIT 10", accept).status_code == 200
        before = server.pool.pids
        assert server.ask("ASK {}").status_code == 200
        assert server.pool.pids == before


def test_triples_count_as_rows(serve: Any, big_store: Any) -> None:
    with serve(big_store, max_result_rows=10) as server:
        query = "CONSTRUCT WHERE { ?s ?p ?o } LIMIT "
        assert server.ask(query + "11", "text/turtle").status_code == 503
        assert server.ask(query + "10", "application/n-triples").text.count("\n") == 10


def test_without_the_setting_all_rows_come(serve: Any, big_store: Any) -> None:
    with serve(big_store) as server:
        body = server.ask("SELECT * { ?s ?p ?o } LIMIT 20000").content
        assert len(json.loads(body)["results"]["bindings"]) == 20_000
