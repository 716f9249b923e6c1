"""Imports between the folders go one way, and the top level stays as it was agreed."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

LAYERS = ("ontology", "extract", "graph", "queries", "api")
TOP_LEVEL = {
    *LAYERS,
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "pyproject.toml",
    "tests",
    "uv.lock",
}


def imported_layers(source: str, package: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Line and layer of every import, in a module of ``package``, of one of our folders."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if isinstance(node, ast.ImportFrom) and node.level:
            above = package[: len(package) - node.level + 1]
            target = (*above, *(node.module or "").split("."))
            names = [".".join(part for part in target if part)]
            if not node.module:
                names = [".".join((*above, alias.name)) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.removeprefix("fairpapers.").split(".")
            if parts[0] in LAYERS:
                yield node.lineno, parts[0]


def modules(root: Path) -> Iterator[tuple[str, Path]]:
    for layer in LAYERS:
        for path in sorted((root / layer).rglob("*.py")):
            yield layer, path


def test_imports_go_one_way(root: Path) -> None:
    wrong = [
        f"{path.relative_to(root)}:{line} imports {target}"
        for layer, path in modules(root)
        for line, target in imported_layers(path.read_text(), path.relative_to(root).parent.parts)
        if LAYERS.index(target) > LAYERS.index(layer)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "package", "expected"),
    [
        ("from ..graph import Store", ("extract",), "graph"),
        ("from ...api import app", ("extract", "corpus"), "api"),
        ("from .. import queries", ("graph",), "queries"),
        ("import fairpapers.api.app", ("graph",), "api"),
        ("from fairpapers.api import app", ("graph",), "api"),
        ("def f():\n    from ..api import app", ("graph",), "api"),
    ],
)
def test_the_check_sees_every_way_to_import(
    source: str, package: tuple[str, ...], expected: str
) -> None:
    assert [layer for _, layer in imported_layers(source, package)] == [expected]


def test_imports_between_folders_are_relative(root: Path) -> None:
    """An absolute import would make a second copy of the module when run from the checkout."""
    wrong = [
        f"{path.relative_to(root)}:{node.lineno}"
        for _, path in modules(root)
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.ImportFrom) and not node.level)
        and (node.module or "").split(".")[0] in {"fairpapers", *LAYERS}
    ]
    assert wrong == []


def test_top_level_holds_what_was_agreed(root: Path) -> None:
    if not (root / ".git").exists():
        pytest.skip("needs the git checkout to know which files belong to it")
    listed = subprocess.run(
        ["git", "ls-files"], cwd=root, check=True, capture_output=True, text=True
    )
    assert {line.split("/")[0] for line in listed.stdout.splitlines()} == TOP_LEVEL
