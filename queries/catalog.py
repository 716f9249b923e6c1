"""The tables of the documentation that are made from the library and its schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pydantic import BaseModel

from .key_numbers import KeyNumber
from .library import Library
from .linting.catalog import CHECKS
from .metadata import Column, Metadata, Parameter


def library_table(library: Library) -> str:
    """The queries as a Markdown table: id, question, level, parameters with defaults."""
    rows = [
        (
            query.id,
            query.title,
            query.question,
            str(query.level),
            ", ".join(f"`{each.name}`" for each in query.parameters) or "–",
        )
        for query in library.values()
    ]
    return _markdown(("id", "title", "question", "level", "parameters"), rows)


def groups_table(library: Library) -> str:
    """The groups of the library as a Markdown table, each with its ids and its first question."""
    rows = [
        (name, f"{queries[0].id} … {queries[-1].id}", str(len(queries)), queries[0].question)
        for name, queries in library.groups().items()
    ]
    return _markdown(("group", "ids", "queries", "the first one asks"), rows)


def defaults_table(library: Library) -> str:
    """Every parameter with its default, the values that fit the demo graph, as Markdown."""
    rows = [
        (query.id, f"`{each.name}`", each.type, f"`{each.default}`")
        for query in library.values()
        for each in query.parameters
    ]
    return _markdown(("query", "parameter", "type", "default"), rows)


def front_matter_tables() -> str:
    """The fields of the front matter, of a parameter and of a column, as Markdown tables."""
    parts = (
        ("Front matter", Metadata),
        ("Each of `parameters`", Parameter),
        ("Each of `columns`", Column),
    )
    return "\n".join(f"**{title}**\n\n{_fields(model)}" for title, model in parts)


def checks_table() -> str:
    """The checks of `fairpapers lint` as a Markdown table."""
    rows = [
        (
            f"`{each.name}`",
            "warning" if each.warning else "error",
            "with `--graph`" if each.on_graph else "always",
            each.holds,
        )
        for each in CHECKS.values()
    ]
    return _markdown(("check", "if not", "made", "makes sure that"), rows)


def key_numbers_table(numbers: Mapping[str, KeyNumber]) -> str:
    """The key numbers of the demo graph, and how each is asked, as a Markdown table."""
    rows = [
        (
            name,
            f"{number.value:,}",
            number.query,
            ", ".join(f"`{column}` is `{value}`" for column, value in number.row.items()),
            f"`{number.column}`",
        )
        for name, number in numbers.items()
    ]
    return _markdown(("key", "value", "query", "row", "column"), rows)


def refresh_readme(readme: str, library: Library, numbers: Mapping[str, KeyNumber]) -> str:
    """The ``README.md`` of this folder with its tables made anew.

    Raises:
        ValueError: a block is missing.
    """
    readme = replace_block(readme, "front-matter", front_matter_tables())
    readme = replace_block(readme, "checks", checks_table())
    readme = replace_block(readme, "key-numbers", key_numbers_table(numbers))
    readme = replace_block(readme, "library", library_table(library))
    return replace_block(readme, "defaults", defaults_table(library))


def replace_block(document: str, name: str, content: str) -> str:
    r"""Put content between ``<!-- name: begin -->`` and ``<!-- name: end -->``.

    Raises:
        ValueError: the document has no such block.

    >>> replace_block("<!-- a: begin -->old<!-- a: end -->", "a", "new")
    '<!-- a: begin -->\nnew\n<!-- a: end -->'
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    block = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not block.search(document):
        raise ValueError(f"the document has no block {begin} … {end}")
    return block.sub(lambda _: f"{begin}\n{content.strip()}\n{end}", document)


def _fields(model: type[BaseModel]) -> str:
    rows = [
        (f"`{name}`", "yes" if field.is_required() else "", field.description or "")
        for name, field in model.model_fields.items()
    ]
    return _markdown(("field", "required", "meaning"), rows)


def _markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    escaped = ([cell.replace("|", r"\|") for cell in line] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in escaped)
