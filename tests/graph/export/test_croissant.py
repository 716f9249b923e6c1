from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from fairpapers.graph.export.croissant import CROISSANT_FILE, Croissant
from fairpapers.graph.export.tables import TABLES, Tables

from .conftest import Export

# Runs beside the validator: every record of every record set as one line of JSON.
LOADER = """
import json, os, sys
import mlcroissant
dataset = mlcroissant.Dataset(sys.argv[1])
for record_set in dataset.metadata.record_sets:
    for record in dataset.records(record_set.uuid):
        print(json.dumps([record_set.uuid, record], default=lambda value: bytes(value).decode()
            if isinstance(value, bytes) else list(value) if hasattr(value, "__len__")
            else float(value)))
sys.stdout.flush()
# Threads of a library below are sometimes still there when Python ends, which then aborts.
os._exit(0)
"""


@pytest.fixture(scope="module", params=["demo", "awkward"])
def folder(
    request: pytest.FixtureRequest,
    demo_graph: Path,
    awkward_graph: Path,
    export: Export,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A release with tables and their description."""
    release = tmp_path_factory.mktemp("croissant") / "release"
    graph = demo_graph if request.param == "demo" else awkward_graph
    export(
        release,
        (Tables(), Croissant()),
        graph=graph,
        creator='A "B" & C {d}',
        homepage="https://example.org/kg",
    )
    return release


@pytest.fixture(scope="module")
def described(folder: Path) -> Any:
    return json.loads((folder / CROISSANT_FILE).read_text("utf-8"))


def test_the_description_is_valid_croissant_without_a_warning(
    folder: Path, validator: Path
) -> None:
    done = subprocess.run(
        [str(validator / "mlcroissant"), "validate", "--jsonld", str(folder / CROISSANT_FILE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Done." in done.stderr
    assert "WARNING" not in done.stderr
    assert "] " not in done.stderr.replace("] Done.", "")


def test_every_record_set_loads_and_is_the_table(
    folder: Path, validator: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [str(validator / "python"), "-c", LOADER, str(folder / CROISSANT_FILE)],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    loaded: dict[str, list[dict[str, Any]]] = {table.name: [] for table in TABLES}
    for line in done.stdout.splitlines():
        name, record = json.loads(line)
        loaded[name].append({key.partition("/")[2]: value for key, value in record.items()})
    for table in TABLES:
        rows = pq.read_table(folder / "tables" / f"{table.name}.parquet").to_pylist()
        assert len(loaded[table.name]) == len(rows), table.name
        names = [column.name for column in table.columns if column.required]
        for name in names:
            number = table.column(name).kind in ("decimal", "share")
            expected = [float(row[name]) if number else row[name] for row in rows]
            assert [record[name] for record in loaded[table.name]] == expected, (table.name, name)


def test_sizes_and_digests_are_those_of_the_files(folder: Path, described: Any) -> None:
    for file in described["distribution"]:
        content = (folder / file["contentUrl"]).read_bytes()
        assert file["contentSize"] == f"{len(content)} B"
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert {file["@id"] for file in described["distribution"]} == {
        f"tables/{table.name}.{form}" for table in TABLES for form in ("parquet", "csv")
    }


def test_who_made_it_when_and_how_to_cite_it_are_said(described: Any) -> None:
    assert described["version"] == "1.0"
    assert described["datePublished"] == "2026-01-31"
    assert described["creator"]["name"] == 'A "B" & C {d}'
    assert described["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert described["url"] == "https://example.org/kg"
    assert 'author = {{A "B" \\& C \\{d\\}}}' in described["citeAs"]
    assert described["citeAs"].count("{") == described["citeAs"].count("}")


def test_without_tables_there_is_no_description(export: Export, tmp_path: Path) -> None:
    export(tmp_path / "release", (Croissant(),))
    assert not (tmp_path / "release" / CROISSANT_FILE).exists()
