"""Versions agree everywhere, and nothing of one machine is in the repository."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml


def tracked_texts(root: Path) -> dict[str, str]:
    if not (root / ".git").exists():
        pytest.skip("needs the git checkout to know which files belong to it")
    listed = subprocess.run(
        ["git", "ls-files"], cwd=root, check=True, capture_output=True, text=True
    )
    texts = {}
    for name in listed.stdout.splitlines():
        try:
            texts[name] = (root / name).read_text()
        except UnicodeDecodeError:
            continue
    return texts


def test_versions_agree(root: Path) -> None:
    declared = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    citation = yaml.safe_load((root / "CITATION.cff").read_text())
    changelog = re.findall(r"^## \[(\d[^\]]*)\]", (root / "CHANGELOG.md").read_text(), re.M)
    assert version("fairpapers") == declared
    assert citation["version"] == declared
    assert changelog[0] == declared


def test_every_runtime_dependency_is_justified(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[><=]", requirement)[0] for requirement in project["dependencies"]}
    table = re.findall(r"^\| (\S+) \| \S.+ \|$", (root / "CONTRIBUTING.md").read_text(), re.M)
    assert names == set(table) - {"package"}


def test_no_path_of_one_machine_is_in_the_repository(root: Path) -> None:
    pattern = re.compile(rf"{re.escape(str(root.parent))}/|/home/\w|/root/|/Users/\w")
    this = Path(__file__).name
    found = [
        name
        for name, text in tracked_texts(root).items()
        if pattern.search(text) and not name.endswith(this)
    ]
    assert found == []


def test_readme_is_short(root: Path) -> None:
    assert len((root / "README.md").read_text().splitlines()) <= 120
