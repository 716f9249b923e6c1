"""What holds for every command: help, errors, interruption, start-up."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from typing import Any

import click
import pytest

from fairpapers.api.cli import main
from fairpapers.graph.errors import GraphError

Run = Any
COMMANDS = list(main.commands) or main.list_commands(click.Context(main))


def test_help_lists_every_command_in_the_order_of_use(run: Run) -> None:
    shown = run("--help").stdout
    places = [shown.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)
    assert "..." not in shown.partition("Commands:")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches_by_examples(run: Run, name: str) -> None:
    done = run(name, "--help")
    assert done.exit_code == 0
    examples = done.stdout.partition("Examples:\n")[2]
    assert f"fairpapers {name}" in examples
    command = main.get_command(click.Context(main), name)
    assert command is not None
    for parameter in command.params:
        assert not isinstance(parameter, click.Option) or parameter.help, parameter.name


def test_the_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").stdout.strip() == f"fairpapers, version {version('fairpapers')}"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from fairpapers.api.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n"
        "    print(sorted({'spacy', 'pyoxigraph', 'fastapi', 'rdflib', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("typed", "meant"), [("bild", "build"), ("querys", "query")])
def test_a_mistyped_command_is_answered_with_the_nearest(run: Run, typed: str, meant: str) -> None:
    done = run(typed)
    assert done.exit_code == 2
    assert f"Did you mean '{meant}" in done.stderr


def test_an_unknown_command_is_answered_with_all(run: Run) -> None:
    done = run("xyzzy")
    assert done.exit_code == 2
    assert all(name in done.stderr for name in COMMANDS)


def raising(error: BaseException) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_an_error_of_the_libraries_is_one_line_without_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fairpapers.queries.load_library", raising(GraphError("no such graph")))
    done = run("queries")
    assert done.exit_code == 1
    assert done.stderr == "Error: no such graph\n"


def test_an_error_of_the_system_names_the_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    error = PermissionError(13, "Permission denied", "graph/current")
    monkeypatch.setattr("fairpapers.queries.load_library", raising(error))
    done = run("queries")
    assert done.exit_code == 1
    assert done.stderr == "Error: graph/current: Permission denied\n"


def test_a_defect_keeps_its_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairpapers.queries.load_library", raising(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        run("queries", catch_exceptions=False)


def test_an_interrupted_command_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairpapers.queries.load_library", raising(KeyboardInterrupt()))
    done = run("queries")
    assert done.exit_code == 130
    assert done.stderr == "\nInterrupted.\n"
