"""The generated tables: commands, settings, and the parts of a release in ``graph/README.md``.

``python -m fairpapers.api.documentation api`` writes them again; a test holds them current.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from ..queries.catalog import replace_block
from .cli import main as group
from .cli.export import release_parts
from .settings import Settings

_PLACE = re.compile(r"\s+")


def commands_table() -> str:
    """Each command with its arguments, its options and what it does, as Markdown."""
    context = click.Context(group)
    rows = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        rows.append(
            (f"`{_usage(name, command)}`", _options(command), command.get_short_help_str(200))
        )
    return _markdown(("command", "options", "what it does"), rows)


def settings_table() -> str:
    """Each setting as the environment variable that sets it, as Markdown."""
    rows = [
        (f"`FAIRPAPERS_{name.upper()}`", _default(name), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    return _markdown(("variable", "default", "meaning"), rows)


def parts_table() -> str:
    """Each part of a release in the order in which they are written, as Markdown."""
    rows = [
        (f"`{part.name}`", (type(part).__doc__ or "").partition("\n")[0])
        for part in release_parts()
    ]
    return _markdown(("part", "what it writes"), rows)


def refresh(folder: Path) -> None:
    """Write the tables into the documents of a checkout's folder ``api`` and beside it.

    Raises:
        ValueError: a document has no place for its table.
    """
    for name, block, table in (
        ("README.md", "commands", commands_table()),
        ("SETTINGS.md", "settings", settings_table()),
        ("../graph/README.md", "parts", parts_table()),
    ):
        document = folder / name
        document.write_text(replace_block(document.read_text("utf-8"), block, table), "utf-8")


def _usage(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name)
    arguments = (
        parameter.make_metavar(context)
        for parameter in command.params
        if isinstance(parameter, click.Argument)
    )
    return " ".join((name, *arguments))


def _options(command: click.Command) -> str:
    options = (option for option in command.params if isinstance(option, click.Option))
    return ", ".join(f"`{option.opts[-1]}`" for option in options)


def _default(name: str) -> str:
    field = Settings.model_fields[name]
    if field.default_factory is not None:
        return "number of processors, at least 2"
    return {None: "", (): "none"}.get(field.default, f"`{field.default}`")


def _markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(_lines(header, rows))


def _lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for line in (header, ["---"] * len(header), *rows):
        cells = (_PLACE.sub(" ", cell).replace("|", r"\|") for cell in line)
        yield f"| {' | '.join(cells)} |\n"


def main() -> None:
    """Write the tables of a checkout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder api of the checkout")
    refresh(parser.parse_args().folder)


if __name__ == "__main__":
    main()
