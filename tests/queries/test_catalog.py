"""The tables in the documentation are those of the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairpapers.queries import Library, Metadata
from fairpapers.queries.catalog import (
    defaults_table,
    front_matter_tables,
    library_table,
    refresh_readme,
    replace_block,
)
from fairpapers.queries.key_numbers import key_numbers_file, read_key_numbers


def test_the_readme_holds_what_the_library_is(root: Path, library: Library) -> None:
    readme = (root / "queries/README.md").read_text("utf-8")
    numbers = read_key_numbers(key_numbers_file())
    assert refresh_readme(readme, library, numbers) == readme, "run 'make golden'"


def test_every_query_is_in_the_table(library: Library) -> None:
    lines = library_table(library).splitlines()
    assert len(lines) == len(library) + 2
    assert all(
        line.startswith(f"| {query.id} | {query.title} | {query.question} | {query.level} |")
        for line, query in zip(lines[2:], library.values(), strict=True)
    )


def test_every_parameter_is_in_the_table_of_defaults(library: Library) -> None:
    table = defaults_table(library)
    for query in library.values():
        for each in query.parameters:
            assert f"| {query.id} | `{each.name}` | {each.type} | `{each.default}` |" in table


def test_every_field_is_explained() -> None:
    table = front_matter_tables()
    for name, field in Metadata.model_fields.items():
        assert field.description
        assert (
            f"| `{name}` | {'yes' if field.is_required() else ''} | {field.description} |" in table
        )


def test_a_bar_does_not_end_a_cell(library: Library) -> None:
    query = library["A01"].model_copy(update={"title": "a|b"})
    assert r"| A01 | a\|b |" in library_table(Library({"A01": query}))


def test_a_document_without_the_block_is_refused() -> None:
    with pytest.raises(ValueError, match="no block <!-- tables: begin -->"):
        replace_block("text", "tables", "x")
