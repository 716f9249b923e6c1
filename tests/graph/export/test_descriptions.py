"""RO-Crate, DataCite and CITATION.cff, as their own validators and rules see them."""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from fairpapers.graph.export.citation import Citation
from fairpapers.graph.export.turtle import TurtleFiles
from fairpapers.graph.licences import CC0, CC_BY

from .conftest import Export

_DATACITE = (
    "import json, sys; from datacite.schema45 import validator;"
    " faults = [fault.message for fault in validator.iter_errors(json.load(sys.stdin))];"
    " print(faults); sys.exit(bool(faults))"
)


def crate_issues(validator: Path, root: Path, crate: Path, work: Path) -> tuple[int, Any]:
    """Exit status and report of all required and recommended checks of RO-Crate 1.1."""
    script, report = root / "tests" / "validators" / "rocrate_offline.py", work / "report.json"
    arguments = ["--profile-identifier", "ro-crate-1.1", "--requirement-severity", "recommended"]
    output = ["--output-format", "json", "--output-file", str(report), "--verbose", "--no-paging"]
    command = [validator / "python", script, crate, work / "cache"]
    run = [*map(str, command), *arguments, *output]
    status = subprocess.run(run, check=False, capture_output=True).returncode
    return status, json.loads(report.read_text())


def test_the_crate_passes_every_required_and_recommended_check(
    validator: Path, root: Path, whole: Path, tmp_path: Path
) -> None:
    status, report = crate_issues(validator, root, whole, tmp_path)
    assert report["issues"] == []
    assert status == 0
    assert report["statistics"]["total_skipped_checks"] == 0
    assert report["statistics"]["total_passed_checks"] >= 62


def test_the_validator_sees_a_missing_file(
    validator: Path, root: Path, whole: Path, tmp_path: Path
) -> None:
    crate = tmp_path / "crate"
    crate.mkdir()
    (crate / "ro-crate-metadata.json").write_bytes((whole / "ro-crate-metadata.json").read_bytes())
    status, report = crate_issues(validator, root, crate, tmp_path)
    assert status == 1
    assert any("graph.nq.gz" in issue["message"] for issue in report["issues"])


def test_the_crate_holds_every_file_with_its_digest(whole: Path) -> None:
    graph = json.loads((whole / "ro-crate-metadata.json").read_text())["@graph"]
    files = {entity["@id"]: entity for entity in graph if entity["@type"] == "File"}
    there = {path.relative_to(whole).as_posix() for path in whole.rglob("*") if path.is_file()}
    assert files.keys() == there - {"ro-crate-metadata.json"}
    for path, entity in files.items():
        if path != "SHA256SUMS":
            content = (whole / path).read_bytes()
            assert entity["sha256"] == hashlib.sha256(content).hexdigest()
            assert entity["contentSize"] == str(len(content))
    known = {entity["@id"] for entity in graph}
    used = {entity["license"]["@id"] for entity in graph if "license" in entity}
    assert used <= known


def test_datacite_fits_the_schema(validator: Path, whole: Path) -> None:
    def check(content: str) -> subprocess.CompletedProcess[str]:
        command = [str(validator / "python"), "-c", _DATACITE]
        return subprocess.run(command, input=content, text=True, capture_output=True, check=False)

    content = (whole / "datacite.json").read_text()
    checked = check(content)
    assert checked.returncode == 0, checked.stdout
    without = {key: value for key, value in json.loads(content).items() if key != "publisher"}
    assert "publisher" in check(json.dumps(without)).stdout


# The rules of the schema of CFF 1.2.0 for the keys that are used; the schema itself is CC BY.
_REQUIRED = {"cff-version", "message", "title", "authors"}
_KEYS = _REQUIRED | {
    *("abstract", "commit", "contact", "date-released", "doi", "identifiers", "keywords"),
    *("license", "license-url", "preferred-citation", "references", "repository"),
    *("repository-artifact", "repository-code", "type", "url", "version"),
}


@pytest.mark.parametrize("licence", [CC0, CC_BY, "https://example.org/licence"])
@pytest.mark.parametrize("homepage", [None, "https://example.org/data"])
def test_the_citation_follows_the_rules_of_its_format(
    licence: str, homepage: str | None, export: Export, tmp_path: Path
) -> None:
    changed: dict[str, Any] = {
        "licence": licence,
        "homepage": homepage,
        "creator": "Ålesund: data & co",
    }
    export(tmp_path / "release", (Citation(),), **changed)
    content = yaml.safe_load((tmp_path / "release" / "CITATION.cff").read_text(encoding="utf-8"))
    assert content.keys() >= _REQUIRED
    assert content.keys() <= _KEYS
    assert content["cff-version"] == "1.2.0"
    assert content["type"] == "dataset"
    assert content["date-released"] == date(2026, 1, 31)
    assert content["version"] == "1.0"
    assert content["authors"] == [{"name": "Ålesund: data & co"}]
    assert content.get("license") in {"CC0-1.0", "CC-BY-4.0", None}
    assert ("license" in content) != ("license-url" in content)
    assert content.get("url") == homepage
    for identifier in content["identifiers"]:
        assert identifier.keys() <= {"type", "value", "description"}
        assert identifier["type"] == "url"
    assert len(content["keywords"]) == len(set(content["keywords"]))


def test_ontology_and_queries_keep_their_own_licence(export: Export, tmp_path: Path) -> None:
    files = export(tmp_path / "release", (TurtleFiles(),), licence=CC_BY)
    licences = {file.path.partition(".")[0]: file.licence for file in files}
    assert licences["data/ontology"] == licences["data/vocab"] == licences["data/core"] == CC_BY
    files = export(tmp_path / "other", (TurtleFiles(),), licence=CC0)
    licences = {file.path.partition(".")[0]: file.licence for file in files}
    assert licences["data/ontology"] == licences["data/vocab"] == CC_BY
    assert licences["data/core"] == licences["data/graph"] == CC0
