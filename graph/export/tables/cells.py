"""A cell as text, and back: what CSV holds."""

from __future__ import annotations

from decimal import Decimal

from ...values import canonical_decimal
from .columns import LIST_SEPARATOR, Column


def write_cell(column: Column, value: object) -> str:
    """Text of a cell; empty for nothing and for an empty list."""
    if value is None:
        return ""
    if isinstance(value, list):
        return LIST_SEPARATOR.join(value)
    if isinstance(value, Decimal):
        return canonical_decimal(value)
    if column.kind == "year":
        return f"{value:04d}"
    return str(value)


def read_cell(column: Column, text: str) -> object:
    """Value of a cell from its text; `write_cell` the other way round."""
    if column.many:
        return text.split(LIST_SEPARATOR) if text else []
    if not text:
        return None
    if column.kind in ("count", "year"):
        return int(text)
    return Decimal(text) if column.kind in ("decimal", "share") else text
