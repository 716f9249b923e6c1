"""The documentation of commands, settings and routes is what the program has."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from fairpapers.api.cli import main
from fairpapers.api.documentation import commands_table, parts_table, settings_table
from fairpapers.api.settings import Settings

Site = Any


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "api" / "README.md").read_text()


@pytest.fixture(scope="module")
def settings_document(root: Path) -> str:
    return (root / "api" / "SETTINGS.md").read_text()


@pytest.fixture(scope="module")
def graph_readme(root: Path) -> str:
    return (root / "graph" / "README.md").read_text()


def test_the_tables_are_current(readme: str, settings_document: str, graph_readme: str) -> None:
    assert f"-->\n{parts_table()}<!--" in graph_readme
    assert f"-->\n{commands_table()}<!--" in readme
    assert f"-->\n{settings_table()}<!--" in settings_document


def test_every_command_and_option_is_documented(readme: str) -> None:
    context = click.Context(main)
    rows = commands_table().splitlines()
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        (line,) = (row for row in rows if re.match(rf"\| `{name}[` ]", row))
        assert line in readme
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[-1] in line


def test_every_setting_is_documented_with_a_meaning(settings_document: str) -> None:
    rows = settings_table().splitlines()[2:]
    assert len(rows) == len(Settings.model_fields)
    for name, row in zip(Settings.model_fields, rows, strict=True):
        variable, _, meaning = row.strip("| ").split(" | ")
        assert variable == f"`FAIRPAPERS_{name.upper()}`"
        assert meaning.endswith(".")
        assert row in settings_document


def test_every_route_is_documented(readme: str, site: Site, library: Any) -> None:
    paths = site.get("/openapi.json").json()["paths"].keys()
    general = {path for path in paths if path.removeprefix("/queries/") not in library}
    for path in general | {"/", "/editor", "/docs", "/openapi.json", "/robots.txt"}:
        assert f"`{path}`" in readme, path


def test_every_exit_code_is_documented_in_help_and_readme(readme: str) -> None:
    assert main.help is not None
    for code in ("0", "1", "2", "3", "130"):
        assert f"| {code} |" in readme
        assert re.search(rf"^ +{code} +\w", main.help, re.M)


def test_the_readme_is_one_page(readme: str) -> None:
    assert len(readme.splitlines()) <= 100


def test_the_tables_are_written_by_a_command(
    readme: str, settings_document: str, graph_readme: str, tmp_path: Path
) -> None:
    current = {
        "api/README.md": readme,
        "api/SETTINGS.md": settings_document,
        "graph/README.md": graph_readme,
    }
    for name, text in current.items():
        stale = text.replace("| `serve", "| `server").replace("| `FAIRPAPERS_PORT", "| `PORT")
        stale = stale.replace("| `quads` |", "| `quints` |", 1)
        assert stale != text
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(stale)
    command = [sys.executable, "-m", "fairpapers.api.documentation", str(tmp_path / "api")]
    subprocess.run(command, check=True)
    assert {name: (tmp_path / name).read_text() for name in current} == current
