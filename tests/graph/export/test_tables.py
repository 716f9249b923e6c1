from __future__ import annotations

import csv
import hashlib
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from fairpapers.graph.errors import TableError
from fairpapers.graph.export.tables import TABLES, Tables
from fairpapers.graph.export.tables.cells import read_cell
from fairpapers.graph.export.tables.columns import Column, Row, Table
from fairpapers.graph.export.tables.lookup import Lookup
from fairpapers.graph.export.tables.rows import rows
from fairpapers.graph.export.tables.subjects import Subject
from fairpapers.graph.export.tables.writing import ROW_GROUP, TableFiles, read_parquet
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.ontology.terms import FP, PREFIXES, REVIEW_STATUSES

from .conftest import Export
from .csv2rdf import triples

PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
COUNTS = {
    "papers": "?x a fp:Paper",
    "authors": "?x fp:authorName ?y",
    "texts": "?x a fp:SourceText",
    "resources": "?x skos:prefLabel ?y ; fp:paperCount ?z",
    "aliases": "?x fp:paperCount ?z ; skos:altLabel ?y",
    "statements": "?x a fp:Claim",
    "mentions": "?x a fp:Mention ; oa:hasBody ?y",
    "results": "?x a fp:Result",
    "sizes": "?x a fp:Size",
    "evaluated_on": "?x fp:evaluatedOn ?y",
    "links": (
        "GRAPH <https://w3id.org/fairpapers/graph/links>"
        " { ?x ?y ?z FILTER NOT EXISTS { ?x a owl:Axiom } }"
    ),
    "runs": "?x a fp:ExtractionActivity",
    "measures": (
        "?x a dqv:QualityMeasurement FILTER NOT EXISTS { ?x prov:wasGeneratedBy ?evaluation }"
    ),
    "quality": "?x a dqv:QualityMeasurement ; prov:wasGeneratedBy ?evaluation",
}
SUMS = {
    ("resources", "paper_count"): "?x fp:paperCount ?n",
    ("statements", "confidence"): "?x a fp:Claim ; fp:confidence ?n",
    ("mentions", "end"): "?x a fp:Mention ; fp:end ?n",
    ("results", "value"): "?x a fp:Result ; fp:value ?n",
    ("results", "value_normalized"): "?x fp:valueNormalized ?n",
    ("sizes", "value"): "?x a fp:Size ; fp:value ?n",
    ("measures", "value"): (
        "?x dqv:value ?n FILTER NOT EXISTS { ?x prov:wasGeneratedBy ?evaluation }"
    ),
    ("quality", "value"): "?x dqv:value ?n ; prov:wasGeneratedBy ?evaluation",
}


@pytest.fixture(scope="module")
def folder(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of tables in a release of the demo graph."""
    release = tmp_path_factory.mktemp("tables") / "release"
    export(release, (Tables(),))
    return release / "tables"


@pytest.fixture(scope="module")
def graph(demo_graph: Path) -> Store:
    return Store.read_only(str(current_snapshot(demo_graph).store))


@pytest.fixture(scope="module")
def awkward(
    awkward_graph: Path, export: Export, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Store]:
    """Tables of papers with names that CSV must quote, and their graph."""
    release = tmp_path_factory.mktemp("awkward") / "release"
    export(release, (Tables(),), graph=awkward_graph)
    return release / "tables", Store.read_only(str(current_snapshot(awkward_graph).store))


def single(graph: Store, query: str) -> Decimal:
    """The one number that a query over all graphs answers."""
    solutions = graph.query(PREFIX + query, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    value = next(solutions)[0]
    assert isinstance(value, Literal)
    return Decimal(value.value)


def csv_rows(table: Table, path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            {column.name: read_cell(column, row[column.name]) for column in table.columns}
            for row in csv.DictReader(lines)
        ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_as_many_rows_as_the_graph_has_answers(
    table: Table, folder: Path, graph: Store
) -> None:
    expected = single(graph, f"SELECT (COUNT(*) AS ?n) WHERE {{ {COUNTS[table.name]} }}")
    assert pq.read_metadata(folder / f"{table.name}.parquet").num_rows == expected
    assert len(csv_rows(table, folder / f"{table.name}.csv")) == expected


@pytest.mark.parametrize(("table", "column"), SUMS)
def test_sums_are_those_of_the_graph_to_the_last_digit(
    table: str, column: str, folder: Path, graph: Store
) -> None:
    cells = pq.read_table(folder / f"{table}.parquet").column(column).to_pylist()
    pattern = SUMS[table, column]
    assert sum(Decimal(cell) for cell in cells if cell is not None) == single(
        graph, f"SELECT (SUM(?n) AS ?sum) WHERE {{ {pattern} }}"
    )


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_parquet_and_csv_hold_the_same_rows(table: Table, folder: Path) -> None:
    rows = list(read_parquet(folder / f"{table.name}.parquet"))
    assert rows == csv_rows(table, folder / f"{table.name}.csv")
    keys = [tuple(str(row[name]) for name in table.key) for row in rows]
    assert len(set(keys)) == len(keys)


def test_numbers_are_decimals_in_parquet_and_as_written_in_the_graph_in_csv(folder: Path) -> None:
    schema = pq.read_schema(folder / "results.parquet")
    assert schema.field("value").type == pa.decimal128(38, 18)
    assert schema.field("confidence").type == pa.decimal128(5, 4)
    with (folder / "results.csv").open(encoding="utf-8", newline="") as lines:
        values = [row["value"] for row in csv.DictReader(lines)]
    assert values == [format(Decimal(value), "f") for value in values]
    assert any("." in value for value in values)


def test_every_reference_is_to_a_row(folder: Path) -> None:
    rows = {table.name: list(read_parquet(folder / f"{table.name}.parquet")) for table in TABLES}
    for table in TABLES:
        for column in table.columns:
            if column.references:
                other, name = column.references.split(".")
                known = {row[name] for row in rows[other]}
                cells = [row[column.name] for row in rows[table.name]]
                flat = {
                    one for cell in cells for one in (cell if isinstance(cell, list) else [cell])
                }
                assert flat - {None} <= known, (table.name, column.name)


def test_names_for_people_stand_beside_their_iris(folder: Path) -> None:
    names = {row["resource"]: row["label"] for row in read_parquet(folder / "resources.parquet")}
    results = list(read_parquet(folder / "results.parquet"))
    for column in ("metric", "model", "method", "dataset", "task"):
        assert any(row[column] for row in results)
        assert all(row[f"{column}_label"] == names.get(row[column]) for row in results)
    assert {row["comparator_name"] for row in results} <= set("=≈>≥<≤")
    statements = list(read_parquet(folder / "statements.parquet"))
    assert {row["relation_name"] for row in statements} == {
        "introduces",
        "uses",
        "mentions",
        "addressesTask",
    }
    introduced = {
        (row["resource"], row["paper"])
        for row in statements
        if row["relation_name"] == "introduces"
    }
    assert introduced == {
        (row["resource"], paper)
        for row in read_parquet(folder / "resources.parquet")
        for paper in cast("list[str]", row["introduced_by"])
    }


def test_the_same_graph_gives_the_same_bytes(export: Export, folder: Path, tmp_path: Path) -> None:
    export(tmp_path / "again", (Tables(),))
    again = {path.name: path.read_bytes() for path in (tmp_path / "again" / "tables").iterdir()}
    assert again == {path.name: path.read_bytes() for path in folder.iterdir()}


def test_csvw_makes_core_and_links_of_the_tables_and_nothing_that_the_graph_does_not_say(
    folder: Path, graph: Store
) -> None:
    known = {quad.triple for quad in graph}
    stated = {triple for _, triple in triples(folder / "csvw-metadata.json")}
    assert not stated - known
    for name in ("core", "links"):
        of = NamedNode(f"https://w3id.org/fairpapers/graph/{name}")
        assert {quad.triple for quad in graph.quads_for_pattern(None, None, None, of)} <= stated


def test_names_with_quotes_commas_and_line_feeds_are_those_of_the_graph(
    awkward: tuple[Path, Store],
) -> None:
    folder, graph = awkward
    authors = {row["name"] for row in read_parquet(folder / "authors.parquet")}
    assert {'Ada "A." Łovelace', "Hopper, Grace", "Two\nLines", "=1+1"} < authors
    papers = list(read_parquet(folder / "papers.parquet"))
    assert {row["year"] for row in papers} == {900, 901, 902, 903, 904}
    for table in TABLES:
        rows = list(read_parquet(folder / f"{table.name}.parquet"))
        assert rows == csv_rows(table, folder / f"{table.name}.csv")
    core = NamedNode("https://w3id.org/fairpapers/graph/core")
    stated = {triple for _, triple in triples(folder / "csvw-metadata.json")}
    assert not stated - {quad.triple for quad in graph}
    assert {quad.triple for quad in graph.quads_for_pattern(None, None, None, core)} <= stated


def test_what_a_person_decided_of_a_claim_is_in_its_row() -> None:
    claim = "https://example.org/id/paper/doi:10.1000:x/c/1"
    decided = {
        PREFIXES["rdf"] + "type": FP.Claim,
        PREFIXES["rdf"] + "predicate": FP.uses,
        FP.reviewStatus: REVIEW_STATUSES["confirmed"],
    }
    subject = Subject(claim, {predicate: [value] for predicate, value in decided.items()})
    ((found, row),) = rows(subject, Lookup())
    assert found.name == "statements"
    assert row["review_status"] == REVIEW_STATUSES["confirmed"]
    assert row["review_status_name"] == "confirmed"


def test_the_data_dictionary_explains_every_column_of_every_table(folder: Path) -> None:
    text = (folder / "README.md").read_text("utf-8")
    sections = {part.split("\n", 1)[0]: part for part in text.split("\n## ")[1:]}
    assert list(sections) == [table.name for table in TABLES]
    for table in TABLES:
        rows = pq.read_metadata(folder / f"{table.name}.parquet").num_rows
        assert f" {rows:,} rows; key: `{table.key[0]}`" in sections[table.name]
        lines = [line for line in sections[table.name].splitlines() if line.startswith("| `")]
        names = [line.split("|")[1].strip(" `") for line in lines]
        assert names == pq.read_schema(folder / f"{table.name}.parquet").names


def test_csvw_metadata_and_files_are_valid(
    folder: Path, awkward: tuple[Path, Store], validator: Path
) -> None:
    for place in (folder, awkward[0]):
        done = subprocess.run(
            [str(validator / "csvwvalidate"), "-v", str(place / "csvw-metadata.json")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout.strip()) == (0, "OK"), done.stderr


def test_csvw_validation_finds_a_damaged_table(
    folder: Path, validator: Path, tmp_path: Path
) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (folder / "runs.csv").read_text("utf-8")
    (tmp_path / "runs.csv").write_text(text.replace("/activity/", "/other/"), "utf-8")
    done = subprocess.run(
        [str(validator / "csvwvalidate"), str(tmp_path / "csvw-metadata.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0


NAMES = Table(
    "names",
    "Names",
    "A name.",
    "name",
    ("name",),
    (
        Column("name", "A name.", "string", required=True),
        Column("other", "Another.", "string"),
        Column("value", "A figure.", "decimal"),
        Column("year", "A year.", "year"),
        Column("papers", "Papers.", many=True),
    ),
)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
figures = st.decimals(allow_nan=False, allow_infinity=False, places=15).filter(
    lambda value: abs(value) < 10**15
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "name": texts
                | st.sampled_from(['a "b"', "a,b", "a\nb", "a\r\nb", "'", " a ", "=1"]),
                "other": st.none() | texts,
                "value": st.none() | figures,
                "year": st.none() | st.integers(1, 9999),
                "papers": st.lists(st.sampled_from(["https://example.org/a", "urn:x:1"])),
            }
        )
    )
)
def test_any_name_comes_back_from_csv_and_from_parquet(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    folder = tmp_path_factory.mktemp("names")
    with TableFiles(NAMES, folder / "names.parquet", folder / "names.csv") as files:
        for row in rows:
            files.add(row)
    assert list(read_parquet(folder / "names.parquet")) == rows
    assert csv_rows(NAMES, folder / "names.csv") == rows


def test_lines_end_as_rfc_4180_has_it_and_row_groups_are_bounded(tmp_path: Path) -> None:
    row: Row = {"name": 'x "y"', "other": None, "value": None, "year": 33, "papers": []}
    with TableFiles(NAMES, tmp_path / "n.parquet", tmp_path / "n.csv") as files:
        for _ in range(ROW_GROUP + 1):
            files.add(row)
    lines = (tmp_path / "n.csv").read_bytes().split(b"\r\n")
    assert lines[:2] == [b"name,other,value,year,papers", b'"x ""y""",,,0033,']
    assert len(lines) == ROW_GROUP + 3
    assert pq.read_metadata(tmp_path / "n.parquet").num_row_groups == 2


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"value": Decimal(10) ** 21}, "value"), ({"name": None}, "name")],
    ids=["too large", "empty"],
)
def test_a_cell_that_a_column_cannot_hold_is_an_error(
    cells: Row, column: str, tmp_path: Path
) -> None:
    row: Row = {"name": "x", "other": None, "value": None, "year": None, "papers": []}
    with (
        pytest.raises(TableError, match=f"'{column}' of the table 'names'"),
        TableFiles(NAMES, tmp_path / "n.parquet", tmp_path / "n.csv") as files,
    ):
        files.add(row | cells)


def test_the_digest_of_a_table_is_that_of_its_file(export: Export, tmp_path: Path) -> None:
    for file in export(tmp_path / "release", (Tables(),)):
        content = (tmp_path / "release" / file.path).read_bytes()
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
